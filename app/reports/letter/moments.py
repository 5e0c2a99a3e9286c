"""When the figures of a letter were looked up: what it may print as a fact, and what to know of it first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.answers.report_letter import LetterSource
from app.domain.letter_format import printed_count, printed_day
from app.domain.period import local_day
from app.reports.letter.office_words import BLANK
from app.reports.letter.parts import Note
from app.reports.letter.sentences import looked_up

NOT_SAID = (
    "Chưa nêu thời điểm tra cứu số liệu: văn bản để trống, không in thời điểm nhập số liệu. Hãy ghi `observed_at` khi "
    "nhập, hoặc `looked_up` trong nội dung văn bản của kỳ."
)
PARTLY_SAID = "{count} số liệu chưa nêu thời điểm tra cứu; thời điểm in trong văn bản là của các số liệu còn lại."
DIFFERENT = "Số liệu được tra cứu vào các ngày khác nhau, từ ngày {first} đến ngày {last}."
UNLIKE = (
    "Văn bản ghi số liệu tra cứu ngày {stated}, còn số liệu được tra cứu {figures}: hãy sửa `looked_up` của nội dung "
    "văn bản, hoặc tra cứu lại."
)
AFTER = "Số liệu được tra cứu ngày {last}, sau ngày của văn bản ({on})."
OPEN_DAY = f"ngày {BLANK}"
"""Stands in a sentence where nobody has said when."""


@dataclass(frozen=True, slots=True)
class LookUps:
    """The first and the last look-up of some figures, None where nobody has said when; `unsaid`: of how many not.

    `figures`: their own, where the office has stated another moment for all of them.
    """

    first: datetime | None
    last: datetime | None
    unsaid: int = 0
    figures: "LookUps | None" = None

    def words(self) -> str:
        """When, in a sentence: at one moment, within a day, or from a day to another."""
        if self.first is None or self.last is None:
            return f"vào {OPEN_DAY}"
        days = [printed_day(local_day(each)) for each in (self.first, self.last)]
        if days[0] != days[1]:
            return f"từ ngày {days[0]} đến ngày {days[1]}"
        return f"vào {looked_up(self.first)}" if self.first == self.last else f"vào ngày {days[0]}"

    def notes(self, on: date, source: LetterSource, about: str) -> list[Note]:
        """What speaks against them in a letter of the day `on`; `about`: the place where it prints them."""
        if self.first is None or self.last is None:
            return [Note("looked_up_missing", NOT_SAID, source, about)]
        first, last = local_day(self.first), local_day(self.last)
        notes = self._unlike(source, about)
        if self.unsaid:
            notes.append(Note("looked_up_missing", PARTLY_SAID.format(count=printed_count(self.unsaid)), source, about))
        if first != last:
            said = DIFFERENT.format(first=printed_day(first), last=printed_day(last))
            notes.append(Note("looked_up_differs", said, source, about))
        if last > on:
            said = AFTER.format(last=printed_day(last), on=printed_day(on))
            notes.append(Note("looked_up_later", said, source, about))
        return notes

    def _unlike(self, source: LetterSource, about: str) -> list[Note]:
        """That the office has stated another day than the figures have."""
        own = self.figures
        if own is None or own.first is None or own.last is None or self.first is None:
            return []
        stated = local_day(self.first)
        if local_day(own.first) == local_day(own.last) == stated:
            return []
        said = UNLIKE.format(stated=printed_day(stated), figures=own.words())
        return [Note("looked_up_differs", said, source, about)]


def look_ups(moments: Iterable[datetime], stated: datetime | None, asked: datetime | None = None) -> LookUps:
    """Those of figures, or the one that the office has stated for all of them, or until which they were asked for.

    >>> from datetime import UTC
    >>> imported, said = datetime(2024, 8, 28, 3, 12, 7, 81_352, UTC), datetime(2024, 8, 26, tzinfo=UTC)
    >>> look_ups([imported], None).words(), look_ups([imported, said], None).words()
    ('vào ngày ……………', 'vào lúc 07 giờ 00 phút ngày 26/8/2024')
    """
    if stated is None and asked is not None:
        return LookUps(asked, asked)
    moments = list(moments)
    said = [each for each in moments if is_stated(each)]
    figures = LookUps(min(said, default=None), max(said, default=None), len(moments) - len(said))
    return figures if stated is None else LookUps(stated, stated, figures=figures)


def is_stated(moment: datetime) -> bool:
    """Whether somebody has said when it was.

    Where nobody says when a source was looked up its figures bear the instant of their import, to the microsecond,
    which is no fact for a letter. Programs state milliseconds at most.

    >>> [is_stated(datetime(2024, 8, 26, 11, 0, 0, fraction)) for fraction in (0, 123_000, 123_417)]
    [True, True, False]
    """
    return moment.microsecond % 1000 == 0


def day_words(moment: datetime | None) -> str:
    """One look-up as letters tell it, or the blank in its place."""
    return OPEN_DAY if moment is None else looked_up(moment)
