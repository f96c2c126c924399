"""Names in several languages, as one reader sees them."""

from collections.abc import Mapping
from typing import Any

from potok.words import DEFAULT


def localized(names: Mapping[str, Any], locale: str) -> Any:
    """The name in the reader's language, else in any."""
    return names.get(locale) or names.get(DEFAULT) or next(iter(names.values()), "")
