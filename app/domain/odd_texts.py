"""What is odd about a text that people read and that is kept all the same."""

from app.domain.characters import correction
from app.domain.lost_letters import lost_letters_fault
from app.domain.old_fonts import old_font_fault
from app.errors import Fault


def oddities(sent: object, kept: str) -> list[Fault]:
    """The warnings of a text as it was sent and as it is kept.

    Codes: `letters_corrected`, `text_in_old_font`, `letters_lost`.
    """
    found = correction(sent, kept), old_font_fault(kept), lost_letters_fault(kept)
    return [fault for fault in found if fault is not None]
