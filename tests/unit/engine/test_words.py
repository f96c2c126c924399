"""Every error the engine or a hook can give has words in every language."""

import re
from pathlib import Path

import pytest

import potok
from potok.words import LOCALES, codes

ROOT = Path(potok.__file__).parent
_ERRORS = re.compile(r'(?:make_error|_ended)\((?:run, )?"([a-z_]+)"')
_PROBLEMS = re.compile(r'(?:problem = |return params, |Problem\(\d+, |_later\([^,]+, )"([a-z_]+)"')


def _used(folder: str, pattern: re.Pattern[str]) -> set[str]:
    return {
        code for file in sorted((ROOT / folder).glob("*.py")) for code in pattern.findall(file.read_text("utf-8"))
    }


@pytest.mark.parametrize("locale", LOCALES)
def test_every_engine_error_has_words(locale: str) -> None:
    used = _used("engine", _ERRORS) | _used("engine", _PROBLEMS)
    assert len(used) > 10
    spoken_by_the_scenario = {"stopped"}
    assert {f"engine.{code}" for code in used - spoken_by_the_scenario} <= codes(locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_answer_of_a_hook_has_words(locale: str) -> None:
    used = _used("server", _PROBLEMS)
    used = {code for code in used if f"hooks.{code}" in codes("en")} | {"not_published", "scenario_disabled"}
    assert len(used) > 8
    assert {f"hooks.{code}" for code in used} <= codes(locale)
