"""Every setting of Potok, read once from the environment (POTOK_*); `potok up` takes the same as options."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypeAlias

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

REPOSITORY = Path(__file__).resolve().parents[2]
Network: TypeAlias = IPv4Network | IPv6Network


def _default_plugins() -> Path:
    """The checkout's plugins folder, or the copy inside the wheel."""
    checkout = REPOSITORY / "plugins"
    return checkout if checkout.is_dir() else Path(__file__).parent / "_plugins"


def read_networks(text: str) -> tuple[Network, ...]:
    """Comma-separated addresses and networks. Raises ValueError that names the part nobody understands."""
    found = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        try:
            found.append(ip_network(part, strict=False))
        except ValueError:
            raise ValueError(f"{part!r} is neither an address nor a network such as 10.0.0.0/8") from None
    return tuple(found)


class Settings(BaseSettings):
    """What an admin may set. Sizes are bytes, times are seconds."""

    model_config = SettingsConfigDict(env_prefix="POTOK_", extra="ignore")

    data: Path = Field(default=Path("data"), description="Folder of the embedded servers, secrets and logs")
    host: str = Field(default="127.0.0.1", description="Address the web server listens on")
    port: int = Field(default=8080, ge=0, le=65535, description="Port of the web server; 0 picks a free one")
    public_url: str = Field(default="", description="How people reach Potok; default http://HOST:PORT")
    trusted_proxies: str = Field(
        default="",
        description="Comma-separated addresses or networks of proxies whose X-Forwarded-For and -Proto count",
    )
    database_url: str = Field(default="", description="PostgreSQL DSN; empty: the embedded server")
    redis_url: str = Field(default="", description="Valkey / Redis URL; empty: the embedded server")
    plugins: Path = Field(default_factory=_default_plugins, description="Folder of plugins")
    max_body: int = Field(default=10 * 1024 * 1024, description="Largest request body")
    import_bytes: int = Field(default=100 * 1024 * 1024, description="Largest file of records to import")
    ingest_queue: int = Field(default=5_000, description="Accepted requests that may wait for their commit")
    workers: int = Field(default=1, ge=1, le=64, description="Worker processes that `potok up` keeps")
    worker_runs: int = Field(default=500, description="Runs one worker advances at the same time")
    worker_memory: int = Field(
        default=2 * 1024 * 1024 * 1024,
        ge=0,
        description="Bytes of data one worker may hold; a step that wants more fails. 0: no limit",
    )
    inline_bytes: int = Field(
        default=32 * 1024, ge=1024, description="Bytes up to which a value stands in the history itself"
    )
    scenario_bytes: int = Field(
        default=1024 * 1024 * 1024,
        ge=0,
        description="Bytes on disk for larger values of one scenario; beyond it only their beginnings are kept",
    )
    claim_bytes: int = Field(
        default=64 * 1024 * 1024,
        gt=0,
        description="Bytes of larger values in one claim of a worker; one always fits",
    )
    worker_bytes: int = Field(
        default=256 * 1024 * 1024,
        gt=0,
        description="Bytes of memory one worker gives to runs over larger values; one run always fits",
    )
    step_block_seconds: float = Field(
        default=5.0, gt=0, description="How long a step may keep its worker from doing anything else"
    )
    lease_seconds: float = Field(default=10.0, description="How long a silent worker keeps its claimed runs")
    dedupe_days: int = Field(
        default=30, ge=1, le=3650, description="Days in which a delivery that comes again is known as a duplicate"
    )
    reply_timeout: float = Field(default=30.0, description="How long a synchronous webhook waits for its run")
    session_days: int = Field(default=30, description="Life of a sign-in")
    allow_private_hosts: str = Field(
        default="", description="Comma-separated hosts or networks outbound HTTP may reach although private"
    )
    log_json: bool = Field(default=False, description="Log as JSON lines")

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        read_networks(value)
        return value
