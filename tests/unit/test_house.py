"""The house keeps its own rules: files say why they exist and stay small, imports and links lead somewhere."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 400
PYTHON = ("backend", "plugins", "tests", "tools", "alembic")
CONFIGURATION = (".lock", ".toml", ".json", ".yml", ".yaml", ".sh", ".npmrc", "")
SCRIPT = (".ts", ".tsx", ".js", ".mjs", ".css")


def tracked(*folders: str) -> list[Path]:
    """Files of ours that git knows or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *folders],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in sorted(set(listed.stdout.splitlines())) if (ROOT / line).is_file()]


def sources() -> list[Path]:
    """Code written by hand."""
    ours = [path for path in tracked(*PYTHON, "frontend") if path.suffix in (".py", *SCRIPT)]
    # named after the file whose look or behaviour they are
    ours = [path for path in ours if not re.search(r"\.(module\.css|test\.tsx?)$", path.name)]
    return [path for path in ours if not {"gen", "generated", "static", "node_modules"} & set(path.parts)]


def shown(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def first_line(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((line for line in lines if line.strip() and not line.startswith("#!")), "")


def says_why(path: Path) -> bool:
    line = first_line(path)
    if path.suffix == ".py":
        return line.startswith(('"""', 'r"""')) and len(line) > 15
    return line.startswith(("//", "/*")) and (len(line) > 10 or line == "/**")  # JSDoc speaks on its second line


def test_the_first_line_of_every_file_says_why_it_exists() -> None:
    silent = [path for path in sources() if path.read_text(encoding="utf-8").strip() and not says_why(path)]
    assert shown(silent) == []


def test_no_file_grows_beyond_one_sitting() -> None:
    long = [path for path in sources() if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST]
    assert shown(long) == []


def imported(path: Path) -> set[str]:
    """Names of all modules a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
    return found


def beyond_the_sdk(path: Path) -> list[str]:
    """Modules of Potok a plugin must not know."""
    return [name for name in sorted(imported(path)) if f"{name}.".startswith("potok.") and "potok.sdk" not in name]


def test_plugins_know_the_sdk_and_nothing_else_of_potok() -> None:
    plugins = [path for path in tracked("plugins") if path.suffix == ".py" and not path.name.startswith("test_")]
    assert plugins
    wrong = {str(path.relative_to(ROOT)): beyond for path in plugins if (beyond := beyond_the_sdk(path))}
    assert wrong == {}


def test_only_the_graphql_files_know_strawberry() -> None:
    wrong = [
        path
        for path in tracked("backend")
        if path.suffix == ".py"
        and any(name.split(".")[0] == "strawberry" for name in imported(path))
        and "server" not in path.parts
        and not {"graphql", "graphql.py", "gql.py"} & set(path.parts)  # gql.py: what the rooms' files share
    ]
    assert shown(wrong) == []


@pytest.mark.parametrize("document", shown([path for path in tracked() if path.suffix == ".md"]))
def test_links_in_the_docs_lead_somewhere(document: str) -> None:
    path = ROOT / document
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", text)
    dead = [
        target
        for target in targets
        if not target.startswith(("http:", "https:", "mailto:", "#"))
        and not (path.parent / target.split("#")[0]).exists()
    ]
    assert dead == []


def test_no_file_names_this_machine_or_a_registry() -> None:
    """A lock or a script that names one machine's folders or mirror works on that machine only."""
    lines = [
        f"{path.relative_to(ROOT)}: {found.group(0)}"
        for path in tracked()
        if path.suffix in (".lock", ".toml", ".json", ".yml", ".yaml", ".sh", ".npmrc", "")
        and path.name != "LICENSE"
        if (found := re.search(r'/root/|/home/\w+/|--index-url \S+|"resolved": "http\S+', _text(path)))
    ]
    assert lines == []


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
