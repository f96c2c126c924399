"""The whole path in Russian: no English word leaks, no key without words, on screens and in refusals."""

import re

from playwright.sync_api import Page, expect
from tests.e2e.conftest import Enter, Look
from tests.e2e.office import Office, post

RUSSIAN = Look("ru", "light")
# Names of things that are called so in Russian too, and keys of a keyboard.
ALLOWED = frozenset(
    re.findall(
        "[a-z]+",
        """api authorization bearer ctrl esc del backspace enter shift alt http https json yaml cron url post
        get put patch delete head webhook curl python potok example com utc europe moscow english format""",
    )
)
# Addresses, files, ids of plugins and settings.
CODE = re.compile(r"\S+@\S+|https?://\S+|/\S+|\S+\.(?:py|yaml|toml|json)\b|core_\w+|POTOK_\w+|[\w-]+\.[\w.]+")
# What the person, a calling program or the author of a plugin (its README) has written.
OWN = "code, pre, kbd, .data-view, .run-chip, datalist, [data-ref], [class*=markdown]"
WORDS_SEEN = """(own) => {
    const seen = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const parent = walk.currentNode.parentElement;
        if (!parent || parent.closest(`script, style, ${own}`)) continue;
        seen.push(walk.currentNode.textContent);
    }
    for (const one of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) {
        if (one.closest(own)) continue;
        for (const name of ['aria-label', 'title', 'placeholder', 'alt']) seen.push(one.getAttribute(name) ?? '');
    }
    return [document.title, ...seen];
}"""


def speaks_russian(page: Page, screen: str, *own: str) -> None:
    """Every Latin word seen is allowed, or is the person's own (`own`)."""
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    allowed = ALLOWED | {word.lower() for text in own for word in re.findall("[A-Za-z]+", text)}
    for text in page.evaluate(WORDS_SEEN, OWN):
        bare = CODE.sub(" ", text)
        strange = [word for word in re.findall(r"[A-Za-z]{2,}", bare) if word.lower() not in allowed]
        assert not strange, f"{screen}: {strange} in {text!r}"


def test_the_whole_path_speaks_russian(office: Office, enter: Enter) -> None:
    mine = ("Office", "anna", "Olga", "vera", "tests")
    page = enter("/", RUSSIAN)
    expect(page.get_by_role("heading", level=1)).to_contain_text("anna")
    page.get_by_role("button", name="Собрать сценарий").first.click()
    expect(page.get_by_role("heading", name="С чего начинается сценарий?")).to_be_visible()
    speaks_russian(page, "empty canvas", *mine)
    page.get_by_role("textbox", name="Название сценария").fill("Крупные заявки")
    for title in ("Когда вызван вебхук", "Если", "Отправить письмо"):
        page.get_by_role("complementary", name="Шаги для добавления").get_by_role(
            "button", name=title, exact=True
        ).click()
        settings = page.get_by_role("complementary", name=f"Шаг: {title}")
        expect(settings).to_be_visible()
        speaks_russian(page, f"settings of {title}", *mine)
    page.get_by_role("button", name="Опубликовать").click()
    expect(page.get_by_role("dialog").get_by_role("button", name=re.compile("^Если:"))).to_be_visible()
    speaks_russian(page, "what blocks publishing", *mine)
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Отправить письмо:")).first.click()
    settings.get_by_role("textbox", name="Кому", exact=True).fill("head@example.com")
    settings.get_by_role("textbox", name="Тема").fill("Крупная заявка")
    settings.get_by_role("textbox", name="Текст").fill("Посмотрите сегодня")
    page.get_by_role("button", name="Показать всё").click()
    page.get_by_role("group", name="Если: Если").click()
    settings = page.get_by_role("complementary", name="Шаг: Если")
    settings.get_by_role("textbox", name=re.compile("что проверяем")).press("Alt+ArrowDown")
    page.get_by_role("combobox", name="Найти данные").fill("сумма")
    page.get_by_role("treeitem", name=re.compile("сумма")).first.click()
    settings.get_by_role("combobox", name=re.compile("как сравнить")).select_option("больше")
    settings.get_by_role("textbox", name=re.compile("с чем сравнить")).fill("1000")
    speaks_russian(page, "condition", *mine)
    page.get_by_role("group", name="Когда: Когда вызван вебхук").click()
    hook = page.get_by_test_id("hook-url").inner_text()
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-phase", "saved")
    page.get_by_role("button", name="Опубликовать").click()
    page.get_by_role("dialog").get_by_role("button", name="Опубликовать").click()
    expect(page.get_by_role("dialog")).to_be_hidden()

    assert post(hook, {"сумма": 1500}).status == 202
    letter = page.get_by_role("group", name="Затем: Отправить письмо")
    expect(letter).to_contain_text("готово")
    letter.click()
    speaks_russian(page, "after a run", *mine)
    page.get_by_role("link", name="Открыть запуск").click()
    expect(page.get_by_test_id("run-status")).to_contain_text("Выполнен")
    speaks_russian(page, "run page", *mine)


def test_every_list_speaks_russian(office: Office, enter: Enter) -> None:
    notices = office.graphql("{ notices { nodes { title body } } }")["notices"]["nodes"]
    written = [f"{notice['title']} {notice['body']}" for notice in notices]
    mine = ("Office", "anna", "Olga", "vera", "tests", *written)
    page = enter("/", RUSSIAN)
    for path in ("/plugins", "/people", "/keys", "/inbox", "/nowhere"):
        page.goto(office.url + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        speaks_russian(page, path, *mine)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    speaks_russian(page, "help with the keys", *mine)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog").get_by_role("option").first).to_be_visible()
    page.get_by_role("combobox").fill("rjyn")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("Профиль")).click()
    speaks_russian(page, "account", *mine)


def test_a_failed_run_is_explained_in_russian(office: Office, enter: Enter) -> None:
    made = office.make(
        """format: potok/1
title: Неудача
nodes:
  - {id: hook, type: webhook.received, at: [0, 0]}
  - {id: call, type: http.request, title: Спросить магазин, at: [352, 0], params: {url: "http://127.0.0.1:9/"}}
edges:
  - {from: hook, to: call}
"""
    )
    post(made.hook, {})
    office.wait_for_runs(made.id, 1, "FAILED")
    page = enter(f"/runs/{office.runs(made.id)[0]['id']}", RUSSIAN)
    expect(page.get_by_role("alert").first).to_contain_text("Что делать:")
    speaks_russian(page, "failed run", "Office", "anna")
