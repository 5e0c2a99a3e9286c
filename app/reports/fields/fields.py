"""Every field of a letter as plain data: what the reports know, under the names of the vocabulary."""

from datetime import date

from app.reports.data import ReportData


def letter_fields(data: ReportData, on: date, text: object | None) -> dict[str, object]:
    """The fields of the letter of `under`, drawn up as of a day; days and moments as ISO text in local time.

    `text`: what the letter of this period says besides its figures; None where nobody has stated it.
    """
    raise NotImplementedError
