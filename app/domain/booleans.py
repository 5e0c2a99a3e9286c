"""Yes and no as text writes them: in a query and in a cell. JSON and YAML have `true` and `false` of their own."""

from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from app.domain.characters import trimmed

WORDS = {
    **dict.fromkeys(("true", "1", "yes", "y", "on", "t"), True),
    **dict.fromkeys(("false", "0", "no", "n", "off", "f"), False),
}


def read_flag(text: str) -> bool | None:
    """What a word says, capital or small; None where it says neither.

    >>> read_flag(" TRUE"), read_flag("0"), read_flag("maybe")
    (True, False, None)
    """
    return WORDS.get(trimmed(text).lower())


def stated_flag(given: object) -> object:
    """A flag of a query, which is text always."""
    flag = read_flag(given) if isinstance(given, str) else given
    if isinstance(flag, bool):
        return flag
    raise PydanticCustomError("bool_parsing", "write true or false")


QueryFlag = Annotated[bool, BeforeValidator(stated_flag)]
