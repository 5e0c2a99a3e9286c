"""Long lists of models, validated a piece at a time.

pydantic validates a list in one call, during which the interpreter runs nothing else, and makes an error of every
fault: a megabyte of empty objects becomes 300,000 of them, which take seconds. In pieces others run in between, and a
list is given up at the first piece in which something is wrong.
"""

from typing import Any

from pydantic import ValidationError, ValidatorFunctionWrapHandler, WrapValidator

PIECE = 100
"""Items that are validated at once, and of which every fault is named."""


def in_pieces(most: int) -> Any:
    """The validator of a list of at most `most` items, to stand behind their `max_length`."""

    def validated(given: object, validate: ValidatorFunctionWrapHandler) -> object:
        if not isinstance(given, list) or not PIECE < len(given) <= most:
            return validate(given)
        made = []
        for start in range(0, len(given), PIECE):
            try:
                made += validate(given[start : start + PIECE])
            except ValidationError:
                return validate(given[: start + PIECE])  # once more from the beginning: the places are the list's
        return made

    return WrapValidator(validated)
