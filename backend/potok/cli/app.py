"""The list of commands. Verbs load their libraries when called, so `potok --help` answers at once."""

import sys

import typer

from potok import __version__
from potok.cli import audit, backup, doctor, keys, migrate, prune, run, runs, scenario, setup, up
from potok.cli.say import CliError, explain, fail

app = typer.Typer(
    name="potok",
    help="Potok: self-hosted automation with a visual builder. `potok up` starts everything.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
key_app = typer.Typer(help="API keys for programs.", no_args_is_help=True)
scenario_app = typer.Typer(help="Scenarios as readable text files.", no_args_is_help=True)
audit_app = typer.Typer(help="The audit log: who did what.", no_args_is_help=True)
runs_app = typer.Typer(help="The history of runs.", no_args_is_help=True)

app.command("up")(up.up)
app.command("serve")(run.serve)
app.command("worker")(run.worker)
app.command("migrate")(migrate.migrate)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("doctor")(doctor.doctor)
app.command("setup")(setup.setup)
key_app.command("create")(keys.create)
scenario_app.command("import")(scenario.import_)
scenario_app.command("export")(scenario.export)
scenario_app.command("list")(scenario.list_)
runs_app.command("list")(runs.list_)
runs_app.command("prune")(prune.prune)
audit_app.command("verify")(audit.verify)
app.add_typer(audit_app, name="audit")
app.add_typer(key_app, name="key")
app.add_typer(scenario_app, name="scenario")
app.add_typer(runs_app, name="runs")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"potok {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", help="Print the version.", callback=_version, is_eager=True),
) -> None:
    """Options before the command."""


def main() -> None:
    """Run a command; whatever goes wrong is said in words, with exit code 1 (2 for wrong usage)."""
    try:
        app()
    except CliError as error:
        fail(error)
        sys.exit(error.code)
    except Exception as error:
        fail(explain(error))
        sys.exit(1)
