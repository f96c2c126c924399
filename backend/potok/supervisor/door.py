"""The listening socket, held by the supervisor: requests wait, not fail, while a crashed API starts again."""

import errno
import socket

from potok.supervisor.plan import StartError

_BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """Bind and listen; port 0 takes a free one. Raises StartError with clear words."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise StartError(f"The address {host} is not known here: {error}. Set POTOK_HOST.") from error
    door = socket.socket(family, kind, protocol)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
        door.listen(_BACKLOG)
    except OSError as error:
        door.close()
        raise StartError(_why(error, host, port)) from error
    return door


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is taken by another program. "
            "Stop it, or choose another port: POTOK_PORT=8081 (0 takes any free one)."
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"The system does not let you use port {port}. Choose one above 1023 with POTOK_PORT."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"This machine has no address {host}. Set POTOK_HOST, for example to 127.0.0.1 or 0.0.0.0."
    return f"Cannot listen on {host}:{port}: {error.strerror}."


def base_url(door: socket.socket, host: str, public_url: str) -> str:
    """The address for people's browsers."""
    if public_url:
        return public_url.rstrip("/")
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{door.getsockname()[1]}"


def answers(door: socket.socket, path: str = "/readyz") -> bool:
    """Whether the API behind the door answers 200; the standard library's HTTP client would cost 5 MB for this."""
    host, port = door.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104
        host = "127.0.0.1" if door.family == socket.AF_INET else "::1"
    try:
        with socket.create_connection((host, port), timeout=1) as client:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            return client.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False
