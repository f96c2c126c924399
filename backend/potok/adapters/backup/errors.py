"""What a backup or a restore refuses with."""


class BackupError(Exception):
    """It cannot be done, and nothing was changed unless the message says so. `fix` says how to mend it."""

    def __init__(self, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.message, self.fix = message, fix
