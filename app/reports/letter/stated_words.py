"""The words that an office has stated for a letter: its text of the period, and behind it the profile of the unit."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.answers.letter_profiles import LetterProfile
from app.answers.letter_texts import LetterDue, LetterOrder, LetterText
from app.answers.report_letter import LetterSource, Signature
from app.domain.letter_format import printed_day
from app.reports.letter.order_numbers import is_numbered, number_of, unmarked
from app.reports.letter.parts import Paragraph, Section, items, sentence
from app.services.letter_profiles import EMPTY

ORDERS, DUE = "Tổ chức thực hiện", "Thời hạn thực hiện"


@dataclass(frozen=True, slots=True)
class StatedWords:
    """What is said, its places filled: the profile with what the text of the period puts in its stead.

    `of_text`: which members of it come from the text. `given`: the orders as they were stated, `orders` as they are
    printed. `due`: what is to be done by when. `looked_up` None: as the figures tell.
    """

    profile: LetterProfile
    of_text: frozenset[str]
    given: Sequence[LetterOrder]
    orders: Sequence[Section]
    due: Sequence[LetterDue]
    looked_up: datetime | None

    def source(self, member: str) -> LetterSource:
        """Where a member that was stated is from."""
        return "letter" if member in self.of_text else "profile"


def stated_words(
    profile: LetterProfile | None, text: LetterText | None, period: str, against: str | None
) -> StatedWords:
    """The words of the office; `period` and `against` are put in where it left places for them."""
    places = {"{period}": period, "{against}": against or "kỳ trước"}

    def fill(said: str) -> str:
        for place, words in places.items():
            said = said.replace(place, words)
        return said

    stated: LetterProfile = EMPTY if profile is None else {**EMPTY, **profile}
    if text is None:
        filled = _filled(stated, fill)
        return StatedWords(filled, frozenset(), _given(filled), _ordered(filled["orders"]), [], None)
    signature = text["signature"]
    of_text = frozenset(name for name in OF_TEXT if text.get(name))
    filled = _filled({**stated, **_only(text, of_text), "signature": _signed(stated["signature"], signature)}, fill)
    orders = list(_order_sections(text["orders"], fill)) or _ordered(filled["orders"])
    moment = text["looked_up"]
    looked_up = None if moment is None else datetime.fromisoformat(moment)
    given = _filled_orders(text["orders"], fill) or _given(filled)
    due: list[LetterDue] = [{"what": fill(each["what"]), "on": each["on"]} for each in text["due_dates"]]
    return StatedWords(filled, of_text, given, [*orders, *_due(due)], due, looked_up)


OF_TEXT = ("subject", "addressees", "basis", "opening", "closing", "recipients")
"""What the text of a period puts in the stead of the profile's."""


def _only(text: LetterText, names: frozenset[str]) -> LetterProfile:
    found: LetterProfile = {name: value for name, value in text.items() if name in names}  # type: ignore[assignment]
    return found


def _signed(always: Signature, here: Signature) -> Signature:
    """Who signs: where the text names an authority or office, whom it names and nobody else; else the profile's."""
    if here["authority"] or here["office"]:
        return here
    return {**always, "name": here["name"] or always["name"]}


def _filled(stated: LetterProfile, fill: Callable[[str], str]) -> LetterProfile:
    """The same with the words for its places put in."""

    def fill_if_stated(text: str | None) -> str | None:
        return None if text is None else fill(text)

    return {
        "superior": fill_if_stated(stated["superior"]),
        "issuer": fill_if_stated(stated["issuer"]),
        "symbol": fill_if_stated(stated["symbol"]),
        "place": fill_if_stated(stated["place"]),
        "subject": fill_if_stated(stated["subject"]),
        "addressees": [fill(text) for text in stated["addressees"]],
        "basis": [fill(text) for text in stated["basis"]],
        "opening": fill_if_stated(stated["opening"]),
        "closing": fill_if_stated(stated["closing"]),
        "orders": [fill(text) for text in stated["orders"]],
        "signature": stated["signature"],
        "recipients": [fill(text) for text in stated["recipients"]],
    }


def _given(profile: LetterProfile) -> list[LetterOrder]:
    return [{"text": text, "items": []} for text in profile["orders"]]


def _filled_orders(orders: Sequence[LetterOrder], fill: Callable[[str], str]) -> list[LetterOrder]:
    return [{"text": fill(each["text"]), "items": _filled_orders(each["items"], fill)} for each in orders]


def _ordered(orders: Sequence[str]) -> list[Section]:
    """What the office always orders, numbered where it is more than one thing."""
    paragraphs = [_headed(text, "profile", len(orders), 0) for text in orders]
    return [Section(ORDERS, "profile", paragraphs)] if orders else []


def _headed(text: str, source: LetterSource, of: int, depth: int) -> Paragraph:
    return Paragraph(sentence(text), source, "heading" if is_numbered(text, of, depth) else "text")


def _order_sections(orders: Sequence[LetterOrder], fill: Callable[[str], str]) -> Iterator[Section]:
    """A section for each order: below it 1.1 where there are several, a) below these, and a dash below that."""
    for order in orders:
        paragraphs: list[Paragraph] = []
        for part in order["items"]:
            paragraphs.append(_headed(fill(part["text"]), "letter", len(order["items"]), 1))
            for place, point in enumerate(part["items"], start=1):
                said = sentence(fill(point["text"]))
                lettered = is_numbered(said, len(part["items"]), 2)
                paragraphs.append(Paragraph(f"{number_of('', place, 2)} {said}" if lettered else said, "letter"))
                paragraphs += (_dashed(fill(each["text"])) for each in point["items"])
        said = unmarked(fill(order["text"]))
        yield Section(said if paragraphs else sentence(said), "letter", paragraphs)


def _dashed(text: str) -> Paragraph:
    return Paragraph(sentence(text), "letter", "item" if is_numbered(text, 1, 3) else "text")


def _due(due: Sequence[LetterDue]) -> list[Section]:
    """By when the office wants what."""
    lines = [f"{each['what']}: chậm nhất ngày {printed_day(date.fromisoformat(each['on']))}" for each in due]
    return [Section(DUE, "letter", items(lines, "letter"))] if lines else []
