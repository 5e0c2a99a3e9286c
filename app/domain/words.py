"""What words stand for, however they are written: in capitals, without accents, with other signs between them."""

from collections.abc import Iterable
from typing import Generic, TypeVar

from app.domain.characters import trimmed
from app.domain.vietnamese import accents_differ, fold

Meaning = TypeVar("Meaning")


def folded_words(text: str) -> str:
    """A heading or a name without what may be written otherwise; a sign alone, as `%`, is one too.

    >>> folded_words(" Tỷ lệ  ĐÚNG hạn"), folded_words("%")
    ('ti le dung han', '%')
    """
    return fold(text) or trimmed(text)


class Words(Generic[Meaning]):
    """Names and what they mean. Written without any accent a name is that of all that it may be; accents count else.

    >>> communes = Words([("Xã Đông Hà", 1), ("Xã Đồng Hạ", 2)])
    >>> communes.meanings("xã ĐỒNG hạ"), communes.meanings("Xa Dong Ha"), communes.meanings("Xã Đông Hạ")
    ({2}, {1, 2}, set())
    """

    def __init__(self, named: Iterable[tuple[str, Meaning]] = ()) -> None:
        self.named: dict[str, list[tuple[str, Meaning]]] = {}
        for name, meaning in named:
            self.add(folded_words(name), name, meaning)

    def add(self, folded: str, name: str, meaning: Meaning) -> None:
        """One that is looked up by these folded words, and of which that is the whole name with its accents."""
        self.named.setdefault(folded, []).append((name, meaning))

    def meanings(self, text: str) -> set[Meaning]:
        found = self.named.get(folded_words(text), ())
        return {meaning for name, meaning in found if not accents_differ(text, name)}

    def written(self, text: str) -> set[Meaning]:
        """What is called so to the letter, apart from capitals."""
        found = self.named.get(folded_words(text), ())
        return {meaning for name, meaning in found if name.casefold() == text.casefold()}

    def plain(self) -> dict[str, Meaning]:
        """What folded words mean that mean one thing alone."""
        found = {words: {meaning for _, meaning in named} for words, named in self.named.items()}
        return {words: meanings.pop() for words, meanings in found.items() if len(meanings) == 1}
