"""A Potok one release ahead: this one's code, with two more migrations, one of each half."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.running import clean_env

from potok.revisions import head, scripts

ADDS, TAKES = "99990101_0001", "99990101_0002"
_FILE = '''"""{title}."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{down}"
branch_labels = None
depends_on = None
half = "{half}"


def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    {downgrade}
'''
_LINE = "\n    "
_ADD = (
    'op.create_table("next_thing", sa.Column("id", sa.Uuid(), primary_key=True))',
    'op.add_column("run", sa.Column("next_note", sa.Text(), nullable=True))',
    'op.add_column("event", sa.Column("next_size", sa.Integer(), nullable=False, server_default="0"))',
)
_TAKE_BACK = (
    'op.drop_column("event", "next_size")',
    'op.drop_column("run", "next_note")',
    'op.drop_table("next_thing")',
)
_MAIN = """
import runpy, sys
from pathlib import Path
import potok.revisions
_, folder, module, *arguments = sys.argv
potok.revisions.scripts = lambda: Path(folder)
sys.argv = ["potok", *arguments]
runpy.run_module(module, run_name="__main__")
"""


class Newer:
    """Its processes and its commands."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "alembic"
        shutil.copytree(scripts(), self._folder, ignore=shutil.ignore_patterns("__pycache__"))
        self._write("Add a table and two columns", ADDS, head(), "before", _ADD, _TAKE_BACK)
        self._write("Remove a column", TAKES, ADDS, "after", _TAKE_BACK[:1], _ADD[2:])

    def _write(self, title: str, revision: str, down: str, half: str, *ways: tuple[str, ...]) -> None:
        there, back = (_LINE.join(way) for way in ways)
        text = _FILE.format(title=title, revision=revision, down=down, half=half, upgrade=there, downgrade=back)
        (self._folder / "versions" / f"{revision}.py").write_text(text)

    def _command(self, module: str, *arguments: str) -> list[str]:
        return [sys.executable, "-c", _MAIN, str(self._folder), module, *arguments]

    def start(self, part: str, env: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
        """`serve` or `worker`."""
        with log.open("ab") as output:
            return subprocess.Popen(self._command(f"potok.cli.{part}"), env=env, stdout=output, stderr=output)

    def cli(self, *arguments: str, database_url: str) -> "subprocess.CompletedProcess[str]":
        """One command, to its end."""
        return subprocess.run(
            self._command("potok.cli", *arguments),
            env=clean_env(database_url=database_url),
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
