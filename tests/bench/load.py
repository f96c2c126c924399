"""A lean HTTP/1.1 load client: keep-alive connections, ready-made bytes, no library between us and the socket."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import cast


@dataclass(slots=True)
class Load:
    """What the clients saw."""

    accepted: int = 0
    refused: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    """Seconds from the first byte out to the last byte in."""

    def percentile(self, share: float) -> float:
        """Latency in milliseconds that this share of the answers did not exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def request(path: str, body: bytes, headers: str = "") -> bytes:
    """The bytes of one POST."""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\n{headers}\r\n"
    )
    return head.encode() + body


class _Client(asyncio.Protocol):
    """One connection: sends the next request when the answer to the last is complete."""

    def __init__(self, load: Load, message: bytes, quota: list[int], done: asyncio.Future[None]) -> None:
        self._load = load
        self._message = message
        self._quota = quota
        self._done = done
        self._buffer = b""
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class
        self._next()

    def _next(self) -> None:
        if self._quota[0] <= 0:
            self._transport.close()
            if not self._done.done():
                self._done.set_result(None)
            return
        self._quota[0] -= 1
        self._sent = time.perf_counter()
        self._transport.write(self._message)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end].lower()
        start = head.find(b"content-length:") + 15
        stop = head.find(b"\r\n", start)
        length = int(head[start : stop if stop >= 0 else end])
        if len(self._buffer) < end + 4 + length:
            return
        self._load.latencies.append(time.perf_counter() - self._sent)
        if head[9:12] == b"202":
            self._load.accepted += 1
        else:
            self._load.refused += 1
        self._buffer = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_result(None)


async def pour(host: str, port: int, message: bytes, connections: int, count: int) -> Load:
    """Send `count` requests over so many connections, each answering before the next on it."""
    loop = asyncio.get_running_loop()
    load = Load()
    quota = [count]
    ends: list[asyncio.Future[None]] = []
    began = time.perf_counter()
    for _ in range(connections):
        done: asyncio.Future[None] = loop.create_future()
        ends.append(done)
        await loop.create_connection(lambda done=done: _Client(load, message, quota, done), host, port)  # type: ignore[misc]
    await asyncio.gather(*ends)
    load.seconds = time.perf_counter() - began
    return load
