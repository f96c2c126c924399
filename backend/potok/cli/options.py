"""Settings from the environment, overridden by a command's options; wrong values are said in words."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from potok.cli.say import CliError

if TYPE_CHECKING:
    from potok.settings import Settings

Data = Annotated[Path | None, typer.Option("--data", help="Data folder. [POTOK_DATA, default: data]")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def settings(**options: Any) -> "Settings":
    """Settings with the given options on top; None means not given. Raises CliError."""
    from pydantic import ValidationError  # pydantic costs 0.1 s, which `potok --help` does not need

    from potok.settings import Settings

    given = {name: value for name, value in options.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        lines = [f"{_name(item['loc'], given)}: {item['msg']} (got {item['input']!r})" for item in error.errors()]
        raise CliError("\n       ".join(lines), "`potok up --help` lists what may be set.", code=2) from None


def _name(location: tuple[int | str, ...], given: dict[str, Any]) -> str:
    field = str(location[0]) if location else ""
    return f"--{field.replace('_', '-')}" if field in given else f"POTOK_{field.upper()}"
