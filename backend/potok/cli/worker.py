"""One worker process."""

from potok.cli.logs import configure_logs
from potok.server.worker import run_worker
from potok.settings import Settings


def main() -> None:
    """Work until SIGTERM or SIGINT; runs in progress reach their next checkpoint."""
    settings = Settings()
    configure_logs(settings.log_json)
    run_worker(settings)


if __name__ == "__main__":
    main()
