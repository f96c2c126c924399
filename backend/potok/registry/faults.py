"""What is wrong with a plugin: the sentence for the admin page, the file and the line."""

import re
import traceback
from dataclasses import dataclass, field
from pathlib import Path

from potok.sdk.signature import DeclarationError
from potok.words import DEFAULT, Words, say


class PluginFault(Exception):
    """A plugin that cannot be loaded. `code` has words under `plugins.<code>`."""

    def __init__(
        self, code: str, *, file: str = "", line: int | None = None, details: str = "", **params: str
    ) -> None:
        super().__init__(code)
        self.fault = Fault(code, file, line, details, params)


@dataclass(frozen=True, slots=True)
class Fault:
    """The error of one plugin. `file` is relative to the plugins folder; `details` is the end of the traceback."""

    code: str
    file: str = ""
    line: int | None = None
    details: str = ""
    params: dict[str, str] = field(default_factory=dict)

    def words(self, locale: str = DEFAULT) -> Words:
        """What is wrong, and how to mend it."""
        return say(f"plugins.{self.code}", locale, **self.params)


def fault_of(error: BaseException, root: Path, entry: Path) -> Fault:
    """The fault behind whatever importing the plugin raised. Paths inside `root` are shown relative to it."""
    if isinstance(error, PluginFault):
        return error.fault
    if isinstance(error, SyntaxError):
        file = _relative(error.filename or str(entry), root)
        text = (error.text or "").strip()
        return Fault("syntax_error", file, error.lineno, text, {"reason": error.msg or "invalid syntax"})
    file, line = _place(error, root, entry)
    details = "".join(traceback.format_exception_only(error)).strip()
    if isinstance(error, DeclarationError):
        return Fault("bad_declaration", file, line, details, {"reason": str(error)})
    if isinstance(error, ImportError):
        reason = re.sub(r" \([^()]*[/\\][^()]*\)$", "", str(error))  # the machine's folders are nobody's business
        return Fault("import_error", file, line, reason, {"reason": reason})
    return Fault("load_error", file, line, details, {"reason": f"{type(error).__name__}: {error}"})


def _place(error: BaseException, root: Path, entry: Path) -> tuple[str, int | None]:
    """The last line of the plugin's own code that took part."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).is_relative_to(root):
            return _relative(frame.filename, root), frame.lineno
    return _relative(str(entry), root), None


def _relative(file: str, root: Path) -> str:
    path = Path(file)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
