"""The README tells the truth about settings and commands."""

import re
from pathlib import Path

from potok.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def settings_table() -> list[str]:
    """The rows as they must stand in the README."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.get_default()
        shown = "`plugins`" if name == "plugins" else f"`{default}`" if str(default) else ""
        rows.append(f"| `POTOK_{name.upper()}` | {shown} | {field.description} |")
    return rows


def test_the_settings_table_lists_every_setting_with_its_default_and_meaning() -> None:
    assert [line for line in README.splitlines() if line.startswith("| `POTOK_")] == settings_table()


def test_every_make_command_in_the_readme_exists() -> None:
    named = set(re.findall(r"`make (\w+)`", README))
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"run", "dev", "test", "check", "fmt", "bench"} <= named <= targets


def test_the_two_commands_come_first() -> None:
    assert README.index("make run") < README.index("![") < README.index("## ")


def test_every_folder_on_the_map_exists() -> None:
    lines = README.split("```")[3].strip().splitlines()
    named = {
        ROOT / ("backend/potok" if line.startswith("  ") else ".") / folder
        for line in lines
        for folder in re.findall(r"([\w/]+)/(?= |$)", line[:40].split("  floor")[0])
    }
    assert len(named) > 15
    assert [str(folder) for folder in named if not folder.is_dir()] == []
