"""One worker process."""

from potok.cli.go import wait_for_go
from potok.cli.logs import configure_logs
from potok.server.worker import run_worker
from potok.settings import Settings


def main() -> None:
    """Work until SIGTERM or SIGINT; runs in progress reach their next checkpoint."""
    wait_for_go()
    settings = Settings()
    configure_logs(settings.log_json)
    run_worker(settings)


if __name__ == "__main__":
    main()
