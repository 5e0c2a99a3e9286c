"""What a number format of a workbook makes of a number: the figure as it is stored, or something else that is shown.

A format has up to four sections (above zero; below; zero; texts), each perhaps under a condition. Only a figure that
is seen as it is stored may be read. Runs in the child process of `workbook`: standard library only.
"""

import re
from decimal import Decimal
from functools import cached_property

from app.formats.format_section import FormatSection, ShownNumber

SECTION = re.compile(r'(?:"[^"]*"|[\\!].|\[[^\]]{0,255}\]|[_*].|[^;])*', re.DOTALL)


class NumberFormat:
    """One number format.

    >>> seen = NumberFormat('#,##0.0" điểm";[Red]0').seen
    >>> seen("92.5").kind, seen("92.55"), seen("-3")
    ('number', ShownNumber(kind='other', text='92.6 điểm'), ShownNumber(kind='other', text='3'))
    """

    def __init__(self, code: str) -> None:
        self.sections = [FormatSection(part) for part in _sections(code)]

    def seen(self, exact: str) -> ShownNumber:
        """How a number, given as JSON writes it, is shown."""
        if len(self.sections) == 1 and self.sections[0].shows_whole(exact):
            return ShownNumber("number")
        number = Decimal(exact)
        section, signed = self._chosen(number)
        if section is None:
            return ShownNumber("other", "####")
        shown = section.seen(number, signed=signed)
        is_unsure = number < 0 and shown.kind == "other" and self._has_conditions
        return ShownNumber("unsigned") if is_unsure and not section.is_for_negatives else shown

    @cached_property
    def _has_conditions(self) -> bool:
        return any(section.condition for section in self.sections[:3])

    @cached_property
    def changes_texts(self) -> bool:
        """Whether a text may be shown as another one."""
        return len(self.sections) > 3 or self.sections[-1].holds_text

    def shown_text(self, text: str) -> str:
        """What is shown of a text."""
        if len(self.sections) > 3:
            return self.sections[3].around(text)
        last = self.sections[-1]
        return last.around(text) if last.holds_text else text

    def section_for(self, exact: str) -> FormatSection | None:
        """The section by which a number is shown; None where none is meant for it."""
        return self._chosen(Decimal(exact))[0]

    def _chosen(self, number: Decimal) -> tuple[FormatSection | None, bool]:
        """The section for a number, and whether a minus stands before one that is negative."""
        numeric = self.sections[:3]
        if self._has_conditions:
            met = (section for section in numeric if section.condition is None or section.is_met(number))
            return next(met, None), False  # whether a minus is added depends on the condition and on the program
        if len(numeric) == 1 or number > 0:
            return numeric[0], True
        place = 1 if number < 0 else 2 if len(numeric) > 2 else 0
        return numeric[place], False


def _sections(code: str) -> list[str]:
    """The sections of a format; a semicolon in quotes divides nothing."""
    found, at = list[str](), 0
    while at <= len(code) and len(found) < 4:
        match = SECTION.match(code, at)
        part = match[0] if match else ""
        found.append(part)
        at += len(part) + 1
    return found
