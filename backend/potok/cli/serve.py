"""One API process: uvicorn on the socket the supervisor holds, or on its own."""

import logging
import os
import socket
import sys

import uvicorn

from potok.cli.go import wait_for_go
from potok.cli.logs import configure_logs
from potok.server.app import create_app
from potok.server.collector import calm_collector
from potok.settings import Settings


def main() -> None:
    """Serve until SIGTERM or SIGINT; requests in flight get ten seconds."""
    wait_for_go()
    settings = Settings()
    configure_logs(settings.log_json)
    listening = os.environ.pop("POTOK_LISTEN_FD", "")
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        access_log=False,
        log_config=None,
        log_level="warning",
        proxy_headers=False,  # potok.server.proxies decides, by POTOK_TRUSTED_PROXIES alone
        server_header=False,
        date_header=False,
        backlog=2048,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=10,
    )
    calm_collector()
    server = uvicorn.Server(config)
    server.run(sockets=[socket.socket(fileno=int(listening))] if listening else None)
    if not server.started:
        logging.getLogger("potok").error("The server did not start.")
        sys.exit(1)


if __name__ == "__main__":
    main()
