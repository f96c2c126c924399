"""Plugins while everything runs: a dropped file appears in the open builder, a broken one harms nothing."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Enter, running
from tests.e2e.office import Office, post

SHIPPED = Path(__file__).resolve().parents[2] / "plugins"
SHOUT = '''"""Writes louder."""

from typing import Annotated

from potok.sdk import Field, Model, action


class Loud(Model):
    """What was shouted."""

    text: Annotated[str, Field(title="Loud text")]


@action("shout.text", effect="pure", sample=Loud(text="HELLO"), icon="speakerphone")
def shout(text: Annotated[str, Field(kind="template", title="Words")]) -> Loud:
    """Shout. Writes the words in capitals."""
    return Loud(text=text.upper())
'''
BY_HAND = """format: potok/1
title: By hand
nodes:
  - {id: hand, type: manual.started, at: [0, 0]}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plugins folder of one's own, with the shipped ones in it."""
    copy = tmp_path_factory.mktemp("office") / "plugins"
    shutil.copytree(SHIPPED, copy, ignore=shutil.ignore_patterns("__pycache__", "test_*"))
    return copy


@pytest.fixture(scope="module")
def office(folder: Path) -> Iterator[Office]:
    """An office that takes its plugins from `folder`."""
    with running(plugins=str(folder)) as potok:
        yield Office(potok)


def test_a_dropped_file_is_in_the_open_palette_and_its_step_runs(
    office: Office, folder: Path, enter: Enter
) -> None:
    page = enter(f"/scenarios/{office.make(BY_HAND, publish=False).id}")
    palette = page.get_by_role("complementary", name="Steps to add")
    expect(palette.get_by_role("button", name="Set fields")).to_be_visible()
    page.evaluate("window.neverReloaded = true")

    (folder / "shout.py").write_text(SHOUT)
    palette.get_by_role("button", name="Shout").click()
    settings = page.get_by_role("complementary", name="Step: Shout")
    settings.get_by_role("textbox", name="Words").fill("good news")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    page.get_by_role("button", name="Run now").click()
    expect(page.get_by_role("group", name="Then: Shout")).to_contain_text("done")
    page.get_by_role("group", name="Then: Shout").click()
    settings.get_by_role("tab", name="In this run").click()
    expect(settings).to_contain_text("GOOD NEWS")
    assert page.evaluate("window.neverReloaded")


def test_a_broken_file_is_named_with_its_line_harms_nothing_and_heals(
    office: Office, folder: Path, enter: Enter
) -> None:
    orders = office.make_orders()
    page = enter("/plugins")
    expect(page.get_by_role("region", name="Logic")).to_be_visible()

    (folder / "greet.py").write_text(SHOUT.replace("shout", "greet").replace("-> Loud:", "-> Loud"))
    broken = page.get_by_role("region", name=re.compile("does not work"))
    expect(broken).to_contain_text(re.compile(r"greet\.py, line 15"))
    expect(broken).to_contain_text("expected ':'")
    post(orders.hook, {"amount": 5000})
    office.wait_for_runs(orders.id, 1)
    expect(page.get_by_role("region", name="Logic")).to_be_visible()

    (folder / "greet.py").write_text(SHOUT.replace("shout", "greet").replace("Shout", "Greet"))
    expect(broken).to_be_hidden()
    expect(page.get_by_text("Greet", exact=True)).to_be_visible()
