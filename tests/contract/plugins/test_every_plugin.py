"""What holds for every shipped plugin and every node type."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from potok.registry import Loaded, load
from potok.sdk import NodeType
from potok.sdk.fields import KINDS

PLUGINS = Path(__file__).parents[3] / "plugins"
LOADED: Loaded = load(PLUGINS)
CATALOG = LOADED.catalog
FOLDERS = sorted(folder for folder in PLUGINS.iterdir() if (folder / "__init__.py").is_file())
TYPES = list(CATALOG)
EXPECTED = {
    *("webhook.received", "manual.started", "schedule.fired", "logic.if", "logic.switch", "logic.filter"),
    *("data.set_fields", "data.text", "flow.wait", "flow.succeed", "flow.fail"),
    *("data.dedupe", "variable.set", "variable.get", "variable.add"),
    *("flow.join", "flow.loop", "flow.call", "flow.signal", "flow.send_signal", "code.python"),
    *("http.request", "mail.send", "notice.send"),
    *("record.created", "record.changed", "record.stage", "record.threshold", "record.deleted"),
    *("record.create", "record.update", "record.find", "record.upsert", "record.move_stage", "record.delete"),
    *("record.stamp_date", "record.add_items"),
}

by_type = pytest.mark.parametrize("node", TYPES, ids=lambda node: node.id)
by_folder = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def locale(folder: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "locales" / f"{name}.json").read_text(encoding="utf-8"))
    return found


def keys(value: Any, path: str = "") -> set[str]:
    """Every path in a nested object."""
    if not isinstance(value, dict):
        return {path}
    return {found for key, inner in value.items() for found in keys(inner, f"{path}/{key}")}


def test_all_node_types_of_the_foundation_are_there_and_no_plugin_is_broken() -> None:
    assert {plugin.id: plugin.error for plugin in LOADED.plugins if plugin.error} == {}
    assert {node.id for node in TYPES} == EXPECTED


@by_folder
def test_a_plugin_has_all_its_files(folder: Path) -> None:
    for name in ("plugin.toml", "README.md", "locales/ru.json", "locales/en.json"):
        assert (folder / name).is_file(), name
    assert (folder / "README.md").read_text(encoding="utf-8").startswith("# ")


@by_folder
def test_both_languages_say_the_same_things(folder: Path) -> None:
    ru, en = locale(folder, "ru"), locale(folder, "en")
    assert keys(ru) == keys(en)
    for code, (message, fix) in ru.get("errors", {}).items():
        english = en["errors"][code]
        assert message
        assert fix
        assert set(re.findall(r"{\w+}", message + fix)) == set(re.findall(r"{\w+}", "".join(english))), code


@by_folder
def test_a_plugin_imports_the_sdk_and_nothing_else_of_potok(folder: Path) -> None:
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            for name in names:
                assert not name.startswith("potok") or name in ("potok.sdk", "potok.sdk.testing"), (
                    f"{file.name}: {name}"
                )


@by_folder
def test_every_error_a_plugin_raises_has_words_in_both_languages(folder: Path) -> None:
    raised = set()
    for file in folder.glob("*.py"):
        source = file.read_text(encoding="utf-8")
        raised |= set(re.findall(r'\bcode="(\w+)"', source)) | set(re.findall(r'Invalid\("(\w+)"', source))
        if 'code=f"answer_{' in source:
            raised |= {"answer_number", "answer_boolean", "answer_datetime"}
    assert raised == set(locale(folder, "ru").get("errors", {}))


@by_type
def test_every_word_people_see_is_translated(node: NodeType) -> None:
    words = locale(PLUGINS / node.plugin, "ru")["nodes"][node.id]
    english = locale(PLUGINS / node.plugin, "en")["nodes"][node.id]
    assert words["title"]
    assert words["help"]
    assert english["title"] == node.title, "the docstring and the English words say the same"
    for name, field in node.input_schema["properties"].items():
        said = words["fields"][name]
        assert said["title"]
        assert bool(said.get("help")) == bool(field.get("description")), name
        assert set(said.get("choices", {})) == set(field.get("x-labels", {})), name
    assert set(words.get("ports", {})) == {port.id for port in node.ports if port.title}
    assert set(words.get("output", {})) == set(node.output_schema.get("properties", {}))


@by_type
def test_the_form_can_be_built_from_the_schema(node: NodeType) -> None:
    jsonschema.Draft202012Validator.check_schema(node.input_schema)
    fields = node.input_schema["properties"]
    assert [field["x-order"] for field in fields.values()] == list(range(len(fields)))
    for name, field in fields.items():
        assert field["x-kind"] in KINDS
        assert (field["x-kind"] in ("choice", "choices")) == bool(field.get("x-labels")), name
        for other, values in field.get("x-show-if", {}).items():
            assert set(values) <= set(fields[other]["x-labels"])


@by_type
def test_the_sample_is_what_the_output_schema_promises(node: NodeType) -> None:
    jsonschema.Draft202012Validator.check_schema(node.output_schema)
    jsonschema.validate(node.sample, node.output_schema)
    json.dumps(node.sample)


@by_type
def test_a_node_type_declares_what_it_is(node: NodeType) -> None:
    assert node.icon != "box", "choose an icon"
    assert (node.effect == "outward") <= (node.preview is not None)
    assert (node.kind == "trigger") == bool(node.start)
    assert (node.kind == "trigger" or bool(node.control)) == (node.call is None)
    assert node.group in ("trigger", "logic", "flow", "data", "messages", "web")


def test_the_catalog_is_json_in_both_languages() -> None:
    for name in ("en", "ru"):
        assert json.loads(json.dumps(CATALOG.localized(name))) == CATALOG.localized(name)
    assert CATALOG.type_title("mail.send", "ru") == "Отправить письмо"
    assert CATALOG.field_title("mail.send", "subject", "ru") == "Тема"
    assert [group["title"] for group in CATALOG.groups("ru")][:2] == ["Начало", "Логика"]
