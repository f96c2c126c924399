"""A child of `potok up` loads its libraries while the servers start and migrate; then it is told to go."""

import json
import os
import sys


def wait_for_go() -> None:
    """Wait for the addresses of database and queue. Returns at once when nobody asked us to wait.

    The supervisor writes one JSON object of environment settings into the pipe POTOK_GO_FD and closes it.
    """
    pipe = os.environ.pop("POTOK_GO_FD", "")
    if not pipe:
        return
    with os.fdopen(int(pipe), encoding="utf-8") as go:
        told = go.read()
    if not told:
        sys.exit(1)  # the supervisor gave up
    os.environ.update(json.loads(told))
