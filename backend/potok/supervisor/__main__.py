"""Started by `potok up` in its own place (exec), so that the command line's libraries leave the memory."""

import os
import sys

from potok.supervisor.plan import Plan
from potok.supervisor.run import Supervisor


def main() -> int:
    """Read the plan from the environment: addresses may hold passwords, and arguments are visible to everybody."""
    return Supervisor(Plan.from_json(os.environ.pop("POTOK_UP_PLAN"))).run()


if __name__ == "__main__":
    sys.exit(main())
