"""One worker process."""

import logging
import sys

from potok.cli.go import wait_for_go
from potok.cli.logs import configure_logs
from potok.cli.say import locale
from potok.server.schema_watch import Unfit
from potok.server.worker import run_worker
from potok.settings import Settings
from potok.words import say


def main() -> None:
    """Work until SIGTERM or SIGINT; runs in progress reach their next checkpoint."""
    wait_for_go()
    settings = Settings()
    configure_logs(settings.log_json)
    try:
        run_worker(settings)
    except Unfit as error:
        logging.getLogger("potok").error(" ".join(say(error.code, locale())))
        sys.exit(1)


if __name__ == "__main__":
    main()
