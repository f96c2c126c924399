"""Every sentence of the rooms exists in both languages, with the same placeholders."""

import json
import re
from pathlib import Path

import pytest

import potok.words

FOLDER = Path(potok.words.__file__).parent


@pytest.mark.parametrize("area", ["people", "runs", "scenarios", "server"])
def test_both_languages_say_the_same_things(area: str) -> None:
    english, russian = (
        json.loads((FOLDER / f"{area}.{locale}.json").read_text(encoding="utf-8")) for locale in ("en", "ru")
    )
    assert english.keys() == russian.keys()
    for code, sentences in english.items():
        for ours, theirs in zip(sentences, russian[code], strict=True):
            assert set(re.findall(r"\{(\w+)\}", ours)) == set(re.findall(r"\{(\w+)\}", theirs)), code
            assert bool(ours) == bool(theirs), code


@pytest.mark.parametrize("area", ["people", "runs", "scenarios", "server"])
def test_every_sentence_is_said_somewhere(area: str) -> None:
    codes = json.loads((FOLDER / f"{area}.en.json").read_text(encoding="utf-8"))
    source = "\n".join(
        path.read_text(encoding="utf-8") for path in FOLDER.parent.rglob("*.py") if "words" not in path.parts
    )
    assert [code for code in codes if f'"{code}"' not in source] == []
