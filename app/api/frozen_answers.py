"""Answers that rest on frozen evaluations alone: made once, kept whatever is written, whoever asks."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Annotated, NamedTuple
from weakref import WeakValueDictionary

from fastapi import Depends, Request, Response

from app.api.answers import LargeAnswer
from app.api.negotiation import accepted_formats, preferred_language
from app.store.evaluations import EvaluationRow

LARGEST_SHARE = 4
"""An answer may take one part in so many of the memory, so that no single one drives out all others."""


ENTRY = 20_000
"""Bytes that an entry is counted for beside its body: an address may have 16,000 of them, and is held with it."""


class KeptResponse(NamedTuple):
    """What is sent again: body, status and headers."""

    body: bytes
    status: int
    headers: list[tuple[bytes, bytes]]

    def response(self) -> Response:
        """A response of its own: the layers outside may change its headers."""
        answer = Response(self.body, self.status)
        answer.raw_headers = list(self.headers)
        return answer


class FrozenAnswers:
    """Answers by what they rest on, in a bounded memory (bytes); the one not asked for longest makes way.

    Of several who ask the same at once one makes the answer and the others wait for it.
    """

    def __init__(self, memory: int) -> None:
        self.memory, self.size = memory, 0
        self.kept: OrderedDict[Hashable, KeptResponse] = OrderedDict()
        self.lock = Lock()
        self.turns: WeakValueDictionary[Hashable, Lock] = WeakValueDictionary()

    def answer(self, key: Hashable, make: Callable[[], Response]) -> Response:
        """The kept answer, or the one that is made now. Refusals are raised and not kept."""
        with self.lock:
            turn = self.turns.setdefault(key, Lock())
        with turn:
            kept = self._find(key)
            if kept is not None:
                return kept.response()
            made = make()
            if not isinstance(made, LargeAnswer):
                self._keep(key, KeptResponse(bytes(made.body), made.status_code, list(made.raw_headers)))
            return made

    def _find(self, key: Hashable) -> KeptResponse | None:
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
            return self.kept.get(key)

    def _keep(self, key: Hashable, kept: KeptResponse) -> None:
        if len(kept.body) * LARGEST_SHARE > self.memory:
            return
        with self.lock:
            self.kept[key] = kept
            self.size += len(kept.body) + ENTRY
            while self.size > self.memory:
                _, gone = self.kept.popitem(last=False)
                self.size -= len(gone.body) + ENTRY


def frozen_answers_of(request: Request) -> FrozenAnswers:
    frozen: FrozenAnswers = request.app.state.frozen_answers
    return frozen


FrozenAnswersDep = Annotated[FrozenAnswers, Depends(frozen_answers_of)]


def question_over(request: Request, *rests_on: EvaluationRow | str) -> Hashable:
    """All that an answer over evaluations hangs on: what is asked, how it is to be told, what was frozen.

    What a row froze never changes under its seal; what is told of it depends on its status.
    """
    frozen = tuple(each if isinstance(each, str) else (each.id, each.seal, each.status) for each in rests_on)
    headers = request.scope["headers"]
    return request.url.path, request.url.query, accepted_formats(headers), preferred_language(headers), frozen
