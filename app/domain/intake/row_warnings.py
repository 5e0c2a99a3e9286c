"""What is odd about a row of an import that is taken all the same."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from app.domain.characters import as_kept
from app.domain.figures import SCALE
from app.domain.intake.import_row import ImportedRow
from app.domain.intake.row_figures import plain
from app.domain.odd_texts import oddities
from app.domain.rates import fits, printed_rate
from app.errors import ErrorCode, Fault

RATE_DIFFERS = ErrorCode(
    "rate_differs_from_counts",
    "{numerator}/{denominator} is {expected}%, stated is {stated}%; points use the counts.",
    "{numerator}/{denominator} là {expected}%, nhưng ghi {stated}%; điểm được tính theo số lượng.",
)
NONE_BESIDE_RATE = ErrorCode(
    "rate_differs_from_counts",
    "`numerator` is 0, and stated is {stated}%; none of anything is 0%. Points use the rate; correct one of the two.",
    "`numerator` ghi 0 nhưng tỷ lệ ghi {stated}%; tử số 0 thì tỷ lệ là 0%. Điểm tính theo tỷ lệ; hãy sửa lại.",
)
COUNT_NOT_WHOLE = ErrorCode(
    "count_not_whole",
    "`{name}` is {value}, which is not whole; if the point marks thousands, send it as text under `locale=vi`.",
    "`{name}` là {value}, không phải số nguyên; nếu dấu chấm ngăn hàng nghìn, hãy gửi chuỗi ký tự với `locale=vi`.",
)


@lru_cache(maxsize=1000)
def note_warnings(note: str) -> Sequence[Fault]:
    """What is odd about a note; notes repeat themselves over a file."""
    return oddities(note, as_kept(note))


def with_right_note(line: ImportedRow) -> ImportedRow:
    """A line whose note has the letters that it is kept with."""
    return line if line.note is None or line.note.isascii() else line._replace(note=as_kept(line.note))


def warnings_of(line: ImportedRow) -> Iterator[Fault]:
    """What is odd about a line that is taken all the same.

    Codes: `rate_differs_from_counts`, `count_not_whole`, `letters_corrected`, `text_in_old_font`,
    `letters_lost`.
    """
    for name, count in (("numerator", line.numerator), ("denominator", line.denominator)):
        if count is not None and count % 10_000:
            yield line.place.fault(COUNT_NOT_WHOLE, name, {"name": name, "value": plain(count)})
    if (warning := rate_warning(line)) is not None:
        yield warning
    if line.note is not None:
        yield from (line.place.at("note", each) for each in note_warnings(line.note))


def rate_warning(line: ImportedRow) -> Fault | None:
    """What to say where a stated percentage is not that of its counts."""
    if line.value is None or line.numerator is None or line.decimals is None:
        return None
    if fits(line.value, line.numerator, line.denominator, line.decimals):
        return None
    if line.denominator is None:
        return line.place.fault(NONE_BESIDE_RATE, "value", {"stated": plain(line.value)})
    expected = printed_rate(line.numerator, line.denominator, line.decimals)
    counts = {"numerator": plain(line.numerator), "denominator": plain(line.denominator)}
    rates = {"expected": "-" if expected is None else plain(int(expected * SCALE)), "stated": plain(line.value)}
    return line.place.fault(RATE_DIFFERS, "value", {**counts, **rates})
