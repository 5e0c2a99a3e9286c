"""The bytes that the digests of an evaluation are taken of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from app.errors import NotFound, RefusalCode
from app.services.evaluations import get
from app.services.frozen_content import EvaluationContent
from app.services.rights import Caller
from app.store import evaluations as store
from app.store.evaluations import EvaluationRow

SealedPart = Literal["scores", "letter"]

ONE_SEAL = RefusalCode(
    "letter_not_sealed",
    "Evaluation {id} was drawn up when one digest covered scores and letters: its content has both.",
    "Kết quả đánh giá {id} được lập khi một mã băm dùng chung cho điểm và văn bản: nội dung của nó gồm cả hai.",
    NotFound,
)


@dataclass(frozen=True, slots=True)
class SealedBytes:
    """What is served of an evaluation: the digest that its bytes have, and how to read them."""

    evaluation: EvaluationRow
    digest: str
    read: Callable[[], bytes]


def sealed(session: Session, caller: Caller, id: int, part: SealedPart) -> SealedBytes:
    """One sealed part, for whoever may read the evaluation; NotFound where it has no seal of its own."""
    row = get(session, caller, id)
    digest = row.digest if part == "scores" else row.letter_digest
    if digest is None:
        raise ONE_SEAL.error(id=id)

    def read() -> bytes:
        content = EvaluationContent.of(store.load_parts(session, id))
        return content.sealed() if part == "scores" else content.letter_sealed() or b""

    return SealedBytes(row, digest, read)
