"""How large answers become, and how much of them is held at once."""

from dataclasses import dataclass

from fastapi import Request

from app.formats.xlsx_sheet import MAX_ROWS


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """`rows` of a table that is made as one whole, as JSON-stat is, `sheet_rows` of a sheet, its head among them: a
    longer one is refused where no `limit` is given. By the `first_rows` of a sheet its columns are as wide as they are.
    After `rows_between_looks` it is looked whether the client is still there.

    Of a file that is written row by row so many bytes are held `in_memory`; a larger one is sent from a temporary file,
    a `piece` at a time. Bodies of more than `repeatable` bytes are not kept for a repetition of their request: small
    requests could otherwise fill the disk for 30 days.
    """

    rows: int = 100_000
    sheet_rows: int = MAX_ROWS
    first_rows: int = 1_000
    rows_between_looks: int = 10_000
    in_memory: int = 4_000_000
    piece: int = 256_000
    repeatable: int = 1_000_000


USUAL = AnswerLimits()


def answer_limits_of(request: Request) -> AnswerLimits:
    limits: AnswerLimits = request.app.state.answer_limits
    return limits
