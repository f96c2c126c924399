"""Plugins are found, loaded apart from each other, and a broken one harms nothing."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from potok.registry import Loaded, Loader, PluginInfo, load

GOOD = '''
from potok.sdk import action

@action("{id}")
async def act(text: str) -> str:
    """{title}. Some help."""
    return text + "{mark}"
'''


def code(type_id: str = "sms.send", title: str = "Send", mark: str = "") -> str:
    return GOOD.format(id=type_id, title=title, mark=mark)


Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(name: str, content: str) -> Path:
        file = tmp_path / "plugins" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
        return file

    return put


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "plugins"


def info(loaded: Loaded, plugin: str) -> PluginInfo:
    return next(one for one in loaded.plugins if one.id == plugin)


def test_one_file_is_a_plugin(write: Write, folder: Path) -> None:
    write("sms.py", code())
    loaded = load(folder)
    assert info(loaded, "sms") == PluginInfo("sms", "sms", "", "sms.py", ("sms.send",))
    node = loaded.catalog.get("sms.send")
    assert node is not None
    assert (node.plugin, node.icon, node.title) == ("sms", "box", "Send")


def test_a_folder_is_a_plugin_with_its_manifest_words_and_submodules(write: Write, folder: Path) -> None:
    write("sms/__init__.py", "from . import nodes\nfrom .nodes import act")
    write("sms/nodes.py", code())
    write("sms/plugin.toml", 'title = "SMS"\nversion = "1.2"\nicon = "message"\napi = 1\n')
    write(
        "sms/locales/ru.json",
        '{"title": "СМС", "nodes": {"sms.send": {"title": "Отправить"}}, "groups": {"sms": "СМС"}}',
    )
    loaded = load(folder)
    found = info(loaded, "sms")
    assert (found.title, found.version, found.error) == ("SMS", "1.2", None)
    assert (found.title_in("ru"), found.title_in("en")) == ("СМС", "SMS")
    entry = loaded.catalog.localized("ru")[0]
    assert (entry["title"], entry["help"], entry["icon"], entry["plugin"]) == (
        "Отправить",
        "Some help.",
        "message",
        "sms",
    )
    assert loaded.catalog.groups("ru") == [{"id": "sms", "title": "СМС"}]
    assert loaded.catalog.groups("en") == [{"id": "sms", "title": "Sms"}]


def test_tests_hidden_files_and_plain_folders_are_no_plugins(write: Write, folder: Path) -> None:
    for name in ("_draft.py", ".hidden.py", "test_x.py", "data/readme.md", "not-a-name.py", "notes.txt"):
        write(name, "raise RuntimeError")
    assert load(folder).plugins == []


def test_no_folder_is_no_plugins(folder: Path) -> None:
    assert load(folder).plugins == []


@pytest.mark.parametrize(
    ("files", "fault", "file", "line", "words"),
    [
        ({"bad.py": "x = 1\nif True\n  y"}, "syntax_error", "bad.py", 2, "expected ':'"),
        ({"bad.py": "\nimport nothing_like_this"}, "import_error", "bad.py", 2, "nothing_like_this"),
        ({"bad.py": "\n\n1 / 0"}, "load_error", "bad.py", 3, "ZeroDivisionError"),
        ({"bad.py": "import sys\nsys.exit(3)"}, "load_error", "bad.py", 2, "SystemExit"),
        ({"bad.py": "x = 1"}, "no_nodes", "bad.py", None, "no blocks"),
        ({"bad.py": code(title="")}, "bad_declaration", "bad.py", None, "docstring"),
        (
            {"bad.py": code("a.b") + code("a.b").replace("def act", "def other")},
            "duplicate_type",
            "bad.py",
            None,
            "a.b",
        ),
        (
            {"bad/__init__.py": "from . import inner", "bad/inner.py": "\nboom"},
            "load_error",
            "bad/inner.py",
            2,
            "boom",
        ),
        (
            {"bad/__init__.py": "from .inner import x", "bad/inner.py": "(("},
            "syntax_error",
            "bad/inner.py",
            1,
            "never closed",
        ),
        (
            {"bad/__init__.py": code(), "bad/plugin.toml": "x ="},
            "bad_manifest",
            "bad/plugin.toml",
            None,
            "plugin.toml",
        ),
        (
            {"bad/__init__.py": code(), "bad/plugin.toml": "colour = 1"},
            "bad_manifest",
            "bad/plugin.toml",
            None,
            "colour",
        ),
        (
            {"bad/__init__.py": code(), "bad/plugin.toml": "api = 9"},
            "other_api",
            "bad/plugin.toml",
            None,
            "version 9",
        ),
        (
            {"bad/__init__.py": code(), "bad/locales/ru.json": "{\n\n]"},
            "bad_locale",
            "bad/locales/ru.json",
            3,
            "words",
        ),
        (
            {"bad/__init__.py": code(), "bad/locales/en.json": '{"nodes": {"sms.send": {"name": "x"}}}'},
            "bad_locale",
            "bad/locales/en.json",
            None,
            "nodes.sms.send.name",
        ),
    ],
)
def test_a_broken_plugin_is_named_with_file_and_line_and_the_others_work(
    write: Write, folder: Path, files: dict[str, str], fault: str, file: str, line: int | None, words: str
) -> None:
    write("good.py", code("good.one"))
    for name, content in files.items():
        write(name, content)
    loaded = load(folder)
    error = info(loaded, "bad").error
    assert error is not None
    assert (error.code, error.file, error.line) == (fault, file, line)
    assert words in error.words("en").message
    assert error.words("en").fix
    assert error.words("ru").message != error.words("en").message
    assert str(folder) not in error.details
    assert [node.id for node in loaded.catalog] == ["good.one"]


def test_of_two_plugins_with_one_type_the_first_keeps_it(write: Write, folder: Path) -> None:
    write("a.py", code("x.y", "First"))
    write("b.py", code("x.y", "Second") + code("x.z", "Other").replace("def act", "def other"))
    loaded = load(folder)
    error = info(loaded, "b").error
    assert error is not None
    assert error.words("en").message == "The block type x.y is already provided by the plugin a."
    assert [node.title for node in loaded.catalog] == ["First"]


def test_a_file_and_a_folder_of_one_name_do_not_mix(write: Write, folder: Path) -> None:
    write("sms/__init__.py", code("x.y"))
    write("sms.py", code("x.z"))
    loaded = load(folder)
    assert [(one.id, one.error and one.error.code) for one in loaded.plugins] == [
        ("sms", None),
        ("sms.py", "duplicate_plugin"),
    ]


async def test_only_the_changed_plugin_runs_again_and_old_calls_keep_working(write: Write, folder: Path) -> None:
    write("a.py", code("a.x", mark="1"))
    write("b.py", code("b.x"))
    loader = Loader(folder)
    before = loader.load().catalog
    write("a.py", code("a.x", mark="2"))  # the same length, within the same second
    after = loader.load().catalog
    assert before.get("b.x") is after.get("b.x")
    old, new = before.get("a.x"), after.get("a.x")
    assert old is not None
    assert new is not None
    assert old.call is not None
    assert new.call is not None
    assert await old.call(None, text="a") == "a1"
    assert await new.call(None, text="a") == "a2"
    assert before.hash != after.hash


def test_a_plugin_can_break_and_mend_and_go_away(write: Write, folder: Path) -> None:
    file = write("a.py", code("a.x"))
    loader = Loader(folder)
    modules = {name for name in sys.modules if name.startswith("potok_plugin_")}
    loader.load()
    write("a.py", "((")
    assert len(loader.load().catalog) == 0
    write("a.py", code("a.x"))
    assert len(loader.load().catalog) == 1
    file.unlink()
    assert loader.load().plugins == []
    assert {name for name in sys.modules if name.startswith("potok_plugin_")} == modules, "nothing is left behind"


def test_the_hash_is_the_same_in_every_process(folder: Path, write: Write) -> None:
    write("a.py", code("a.x"))
    write("b/__init__.py", code("b.x"))
    script = (
        "from pathlib import Path\n"
        "from potok.registry import load\n"
        f"print(load(Path({str(folder)!r})).catalog.hash)"
    )
    hashes = {
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip()
        for _ in range(2)
    }
    assert hashes == {load(folder).catalog.hash}


def test_a_type_serves_older_versions_it_can_migrate_from(write: Write, folder: Path) -> None:
    migrated = code("a.x").replace('"a.x"', '"a.x", version=3') + "\nact.migrate(2)(lambda params: params)\n"
    write("a.py", migrated)
    catalog = load(folder).catalog
    assert catalog.get("a.x") is not None
    assert catalog.get("a.x", 3) is not None
    assert catalog.get("a.x", 2) is not None
    assert catalog.get("a.x", 1) is None
    assert catalog.get("a.x", 4) is None
    assert catalog.get("b.x") is None


def test_errors_of_a_run_are_told_in_the_readers_language(write: Write, folder: Path) -> None:
    write("sms/__init__.py", code())
    fields = '"nodes": {"sms.send": {"fields": {"text": {"title": "Текст"}}}}'
    ru = f'{{{fields}, "errors": {{"no_money": ["Нет денег: {{sum}}", "Пополните"]}}}}'
    write("sms/locales/ru.json", ru)
    catalog = load(folder).catalog
    own = {"code": "no_money", "message": "No money", "fix": "", "params": {"sum": 5}, "node_id": "a"}
    assert catalog.localize_error(own, "ru", "sms.send") == {**own, "message": "Нет денег: 5.", "fix": "Пополните"}
    assert catalog.localize_error(own, "en", "sms.send")["message"] == "No money"
    assert catalog.localize_error(own, "ru", "nobody.knows")["message"] == "No money"
    shared = {"code": "param_missing", "message": "text: missing", "params": {"name": "text"}, "field": "text"}
    assert catalog.localize_error(shared, "ru", "sms.send")["message"] == "Поле «Текст» пустое."
    assert catalog.localize_error(shared, "en", "sms.send")["message"] == "“Text” is empty."
    old = {"code": "param_bounds", "message": "kept", "params": {}}
    assert catalog.localize_error(old, "ru", "sms.send")["message"] == "kept", "an old error without params stays"


def test_installed_packages_bring_plugins_by_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    (site / "potok_plugin_pay").mkdir(parents=True)
    (site / "potok_plugin_pay" / "__init__.py").write_text(code("pay.send"))
    meta = site / "potok_plugin_pay-2.1.dist-info"
    meta.mkdir()
    (meta / "METADATA").write_text("Metadata-Version: 2.1\nName: potok-plugin-pay\nVersion: 2.1\n")
    (meta / "entry_points.txt").write_text(
        "[potok.plugins]\npay = potok_plugin_pay\nlost = potok_plugin_lost\nodd = potok_plugin_pay:act\n"
    )
    monkeypatch.syspath_prepend(str(site))
    loaded = load(tmp_path / "none")
    assert info(loaded, "pay") == PluginInfo("pay", "pay", "2.1", "package potok-plugin-pay", ("pay.send",))
    assert {one.id: one.error and one.error.code for one in loaded.plugins} == {
        "pay": None,
        "lost": "import_error",
        "odd": "bad_entry_point",
    }
