"""The texts of a long row: which figure it is of, and its note."""

from collections.abc import Mapping

from app.domain.characters import HIDDEN_CHARACTER, LINE_ENDS, hidden_character, trimmed, unseen_fault
from app.domain.garbled import garbled_fault
from app.domain.input_location import InputLocation
from app.domain.intake.row_figures import shown_value
from app.domain.vietnamese import nfc
from app.errors import ErrorCode, Fault

LONGEST_NOTE = 1000

TEXT_EXPECTED = ErrorCode("text_expected", "`{name}` must be text.", "`{name}` phải là chuỗi ký tự.")
NOTE_TOO_LONG = ErrorCode("text_too_long", "The note is longer than 1,000 characters.", "Ghi chú dài quá 1.000 ký tự.")


def read_text(raw: Mapping[str, object], name: str, place: InputLocation, faults: list[Fault]) -> str | None:
    """A field that holds text, composed, without what nobody sees at its edges; None where absent, blank or faulty.

    Of the others than notes, which are codes, odd spaces are named as well.
    """
    value = raw.get(name)
    if value is None:
        return None
    if isinstance(value, Fault):
        faults.append(value)
        return None
    if not isinstance(value, str):
        faults.append(place.fault(TEXT_EXPECTED, name, {"name": name}, value=shown_value(value)))
        return None
    text = trimmed(nfc(value))
    fault = garbled_fault(value) or (_note_fault(text) if name == "note" else unseen_fault(value))
    if fault is not None:
        faults.append(place.at(name, fault))
        return None
    return (LINE_ENDS.sub("\n", text) if name == "note" and "\r" in text else text) or None


def _note_fault(text: str) -> Fault | None:
    if len(text) > LONGEST_NOTE:
        return Fault(NOTE_TOO_LONG, value=text)
    hidden = hidden_character(text, lines=True)
    return None if hidden is None else Fault(HIDDEN_CHARACTER, hidden._asdict(), value=text)
