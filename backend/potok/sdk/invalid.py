"""Invalid(): how a validator of a plugin's own type refuses a value with words people understand."""

from typing import Any

from pydantic_core import PydanticCustomError


def Invalid(code: str, message: str, **params: Any) -> PydanticCustomError:  # noqa: N802  # raised like a class
    """`raise Invalid("bad_cron", "This is not a cron line")` inside a pydantic validator.

    `code` names `errors.<code>` of the plugin's locales; `message` serves where there is none.
    """
    return PydanticCustomError(code, message.replace("{", "(").replace("}", ")"), params or None)
