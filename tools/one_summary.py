"""A pytest plugin that carries the results of one run into the next one's summary, so that one tells all."""

import json
from pathlib import Path
from typing import Any

import pytest
from _pytest.terminal import TerminalReporter

CARRIED = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The file that collects the results of all runs."""
    parser.addoption("--all-results", type=Path, default=None, help="Add up the results of several runs in FILE")


def _reporter(config: pytest.Config) -> TerminalReporter | None:
    plugin = config.pluginmanager.get_plugin("terminalreporter")
    return plugin if isinstance(plugin, TerminalReporter) else None


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Runs before the terminal's summary is written."""
    config = session.config
    reporter = _reporter(config)
    target: Path | None = config.getoption("--all-results")
    if target is None or reporter is None or hasattr(config, "workerinput"):
        return
    if target.exists():
        _restore(config, reporter, json.loads(target.read_text(encoding="utf-8")))
    target.write_text(json.dumps(_dump(config, reporter)), encoding="utf-8")


def _dump(config: pytest.Config, reporter: TerminalReporter) -> dict[str, list[Any]]:
    return {outcome: [_data(config, report) for report in reporter.stats.get(outcome, [])] for outcome in CARRIED}


def _data(config: pytest.Config, report: object) -> Any:
    data = config.hook.pytest_report_to_serializable(config=config, report=report)
    return {name: value for name, value in data.items() if name != "node"}  # xdist's worker, which stays here


def _restore(config: pytest.Config, reporter: TerminalReporter, earlier: dict[str, list[Any]]) -> None:
    for outcome, reports in earlier.items():
        restored = [_report(config, data) for data in reports]
        if restored:
            reporter.stats.setdefault(outcome, []).extend(restored)


def _report(config: pytest.Config, data: Any) -> object:
    report = config.hook.pytest_report_from_serializable(config=config, data=data)
    if isinstance(report.longrepr, list):  # why it was skipped: a tuple, which JSON does not know
        report.longrepr = tuple(report.longrepr)
    return report
