"""The front door: every command of `potok`, one file per verb."""


def main() -> None:
    """Entry point of the `potok` script."""
    from potok.cli.app import main as run  # children import this package and need none of the command line

    run()
