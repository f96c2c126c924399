"""What went wrong is a whole sentence before its remedy is joined to it, in both languages."""

import pytest

from potok.people.details import email_problems
from potok.words import LOCALES, Words, ended, say


@pytest.mark.parametrize("locale", LOCALES)
def test_a_reason_at_the_end_does_not_run_into_the_remedy(locale: str) -> None:
    for reason, end in (("no such line", "no such line."), ("really?", "really?"), ("done.", "done.")):
        assert say("plugins.syntax_error", locale, reason=reason).message.endswith(end)


def test_sentences_end_once_and_only_where_something_follows() -> None:
    assert ended("What: ", "Do.") == Words("What.", "Do.")
    assert ended("It is “x”", "Do.") == Words("It is “x”.", "Do.")
    assert ended("Title", "") == Words("Title", "")
    assert ended("", "Do.") == Words("", "Do.")


@pytest.mark.parametrize(
    ("locale", "message"), [("en", "The e-mail is not filled in."), ("ru", "Почта не указана.")]
)
def test_an_empty_email_is_called_missing(locale: str, message: str) -> None:
    [problem] = email_problems("", "email")
    assert problem.words(locale).message == message
