"""A whole Potok in one file and back: the database as of one moment, its secrets, and a manifest to check it by.

The file is a tar archive. `database/NNNNNN` are the pieces of one zstd stream of plain SQL, `secrets.json` is the
data folder's own, `manifest.json` comes last. Nothing in it needs Potok to be read:
`tar xf FILE && cat database/* | zstd -d | psql`.
"""

from potok.adapters.backup.bring import Restored, restore
from potok.adapters.backup.errors import BackupError
from potok.adapters.backup.make import backup
from potok.adapters.backup.manifest import Manifest, Plugin
from potok.adapters.backup.read import Checked, check

__all__ = ["BackupError", "Checked", "Manifest", "Plugin", "Restored", "backup", "check", "restore"]
