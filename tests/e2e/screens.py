"""What a person does on the screens, in words; found by role and name wherever the screen has them."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from tests.e2e.office import PASSWORD

PICTURES = Path(__file__).resolve().parents[2] / "build" / "pictures"


def picture(page: Page, name: str) -> None:
    """Keep a screenshot for people to look at."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


def set_up(page: Page, link: str) -> None:
    """Follow the one-time link and become the owner."""
    page.goto(link)
    page.get_by_role("textbox", name="Your name").fill("Olga")
    page.get_by_role("textbox", name="E-mail").fill("olga@example.com")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name=re.compile("Olga"))).to_be_visible()


class Builder:
    """The canvas and what stands around it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.canvas = page.get_by_role("application")
        self.wires = self.canvas.locator(".react-flow__edge")
        self.settings = page.get_by_role("complementary", name=re.compile("^Step:"))

    def open_new(self) -> None:
        """From the home screen to an empty canvas."""
        self.page.get_by_role("button", name="Build a scenario").first.click()
        expect(self.canvas).to_be_visible()

    def node(self, title: str) -> Locator:
        """A step on the canvas."""
        return self.canvas.get_by_role("group", name=re.compile(rf": {re.escape(title)}$"))

    def drag(self, title: str, x: int, y: int) -> None:
        """Drag a step from the palette and drop it there (pixels of the window)."""
        item = self.page.get_by_role("complementary", name="Steps to add").get_by_role(
            "button", name=title, exact=True
        )
        item.scroll_into_view_if_needed()
        self._carry(item, 20, 10, x, y)
        expect(self.node(title)).to_be_visible()

    def add_by_slash(self, words: str, type_id: str) -> None:
        """Press / and type: the step that is found lands on the canvas."""
        self.page.keyboard.press("/")
        expect(self.page.get_by_test_id("add-step").get_by_role("combobox")).to_be_focused()
        self.page.keyboard.type(words)
        expect(self.page.get_by_test_id(f"add-{type_id}")).to_have_attribute("aria-selected", "true")
        self.page.keyboard.press("Enter")

    def connect(self, source: str, port: str, target: str) -> None:
        """Drag a wire from a way out to the next step, unless dropping it there has drawn it already."""
        ids = [self.node(title).get_attribute("data-id") for title in (source, target)]
        if self.canvas.locator(f'.react-flow__edge[data-id="{ids[0]}:{port}:{ids[1]}"]').count() > 0:
            return
        start = self.node(source).locator(f'[data-handleid="{port}"]')
        end = self.node(target).locator('[data-handleid="in"]')
        before = self.wires.count()
        box = end.bounding_box()
        assert box is not None
        self._carry(start, 7, 7, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(self.wires).to_have_count(before + 1)

    def choose(self, title: str) -> None:
        """Open the settings of a step."""
        self.node(title).click()
        expect(self.settings).to_be_visible()

    def close_settings(self) -> None:
        """Back to the canvas alone."""
        self.page.get_by_role("button", name="Close the settings").click()
        expect(self.settings).to_be_hidden()

    def insert(self, field: str, name: str) -> None:
        """Put data of an earlier step into a field, by its name in the tree."""
        self.settings.get_by_role("button", name=f"Insert data: {field}").click()
        picker = self.page.get_by_role("dialog", name="Data of earlier steps")
        picker.get_by_role("combobox", name="Find data").fill(name)
        picker.get_by_role("treeitem", name=re.compile(rf"^{name} ")).click()
        expect(picker).to_be_hidden()

    def _carry(self, item: Locator, dx: float, dy: float, x: float, y: float) -> None:
        box = item.bounding_box()
        assert box is not None
        mouse = self.page.mouse
        mouse.move(box["x"] + dx, box["y"] + dy)
        mouse.down()
        mouse.move(x - 40, y, steps=8)
        mouse.move(x, y, steps=4)
        mouse.up()
