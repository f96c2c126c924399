"""`potok doctor`: is everything here that Potok needs, and does it work? Exit code 1 when something is wrong."""

import json

import typer

from potok.cli.options import Data, Json, settings


def doctor(data: Data = None, as_json: Json = False) -> None:
    """Check the machine, the data folder, the servers, the migrations and the plugins."""
    from potok.cli.checks import CHECKS  # the libraries it checks with: not for `potok --help`

    chosen = settings(data=data)
    findings = [finding for check in CHECKS for finding in check(chosen)]
    well = all(finding.ok for finding in findings)
    if as_json:
        report = {"ok": well, "checks": [finding.as_dict() for finding in findings]}
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            typer.echo(f"{'ok ' if finding.ok else 'BAD'}  {finding.check:<11} {finding.message}")
            if finding.fix:
                typer.echo(f"     {'':<11} → {finding.fix}")
        typer.echo("Everything is well." if well else "Something needs you: see the lines marked BAD.")
    raise typer.Exit(0 if well else 1)
