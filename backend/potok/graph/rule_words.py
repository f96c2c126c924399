"""Says rules that decided, and why an event started nothing, in the reader's language."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from potok.graph.explain import RuleResult, read_rule
from potok.graph.formula_values import CODE, error_words
from potok.words import DEFAULT, Words, codes, ended, say

_PLAIN = re.compile(r"[+-]?\d+([.,]\d+)?|true|false", re.ASCII)
_SPEAKS_OF_ABSENCE = frozenset({"exists", "is_empty", "is_not_empty"})
_ENVELOPE = "body · "
"""The way into a webhook's body says nothing to people."""


def rule_words(rule: RuleResult, locale: str = DEFAULT) -> str:
    """ "amount (900) is not greater than 1000"."""
    end = "yes" if rule.holds else "no"
    right = _value(rule.wanted, locale)
    return say(f"considered.rule.{rule.op}.{end}", locale, left=_left(rule, locale), right=right).message


def all_words(rules: Iterable[RuleResult], locale: str = DEFAULT) -> str:
    """Several rules in one sentence."""
    return "; ".join(rule_words(rule, locale) for rule in rules)


def _left(rule: RuleResult, locale: str) -> str:
    label = rule.label.removeprefix(_ENVELOPE)
    if not label:
        return _value(rule.found, locale)
    if rule.found is None and rule.op in _SPEAKS_OF_ABSENCE:
        return label
    return say("considered.named", locale, label=label, found=_value(rule.found, locale)).message


def _value(text: str | None, locale: str) -> str:
    if text is None:
        return say("considered.nothing", locale).message
    return text if _PLAIN.fullmatch(text) else say("considered.quoted", locale, text=text).message


def rules_of(entry: Mapping[str, Any]) -> list[RuleResult]:
    """The rules that did not hold, as kept with an event."""
    kept = entry.get("rules")
    found = [read_rule(one) for one in (kept if isinstance(kept, list) else [])]
    return [one for one in found if one is not None]


def stop_words(entry: Mapping[str, Any], locale: str = DEFAULT) -> Words:
    """Why this scenario was not started, and how to mend it. `entry` as `scenarios.considered` describes it."""
    code = f"considered.reason.{entry.get('stopped_by')}"
    if code not in codes(DEFAULT):
        return say("considered.reason.other", locale, reason=entry.get("stopped_by"))
    words = say(
        code,
        locale,
        rules=all_words(rules_of(entry), locale),
        error=_error(entry, locale),
        times=entry.get("times", 1),
        first=_moment(entry.get("first")),
        last=_moment(entry.get("last")),
    )
    if "times" not in entry or "first" in entry:
        return ended(*words)
    return Words(f"{words.message} {say('considered.times', locale, times=entry['times']).message}", words.fix)


def _error(entry: Mapping[str, Any], locale: str) -> str:
    code, params = str(entry.get("code") or ""), entry.get("params")
    if code.startswith(CODE) and isinstance(params, dict):
        return error_words(code, params, locale).message
    return str(entry.get("error", ""))


def _moment(value: Any) -> str:
    try:
        return f"{datetime.fromisoformat(str(value)).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    except ValueError:
        return ""
