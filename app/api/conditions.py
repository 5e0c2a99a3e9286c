"""Preconditions of writes (RFC 9110, 13): `If-Match` and `If-None-Match: *`, judged within the writing transaction.

The ETag of a resource begins with a hash of its state; what follows behind a hyphen tells the representations of that
state apart (codings, formats, pages), so that whichever of them a client has read names the state it has seen.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Annotated, NamedTuple

from fastapi import Depends, Request, Response
from fastapi.dependencies.models import Dependant

from app.api.answers import content_of
from app.api.headers import listed
from app.api.http_errors import PreconditionFailed
from app.errors import AppError, Fault, Invalid, NotFound, RefusalCode
from app.formats.strict_json import write_json

Current = Callable[[], str | None]
"""Gives the ETag of the present state; None, or NotFound, where there is nothing yet."""

CHANGED = RefusalCode(
    "changed_meanwhile",
    "It is not as `If-Match` expects: read it again, then decide. Nothing was changed.",
    "Dữ liệu không còn như `If-Match` nêu: hãy đọc lại rồi quyết định. Chưa có gì thay đổi.",
    PreconditionFailed,
)
EXISTS = RefusalCode(
    "exists_already",
    "It exists already, or is as `If-None-Match` names it. Nothing was changed.",
    "Dữ liệu đã có, hoặc vẫn đúng như `If-None-Match` nêu. Chưa có gì thay đổi.",
    PreconditionFailed,
)
UNSUPPORTED = RefusalCode(
    "precondition_unsupported",
    "`{name}` has no meaning here: this address has no ETag that could be compared. Leave it out.",
    "`{name}` không có ý nghĩa ở đây: địa chỉ này không có ETag để so sánh. Hãy bỏ `{name}`.",
    Invalid,
)
NAMES = ("If-Match", "If-None-Match")


class Conditions(NamedTuple):
    """The two headers as they were sent; None where one was not."""

    if_match: str | None
    if_none_match: str | None

    def failure(self, present: str | None, changed: RefusalCode) -> AppError | None:
        """Why a write must not happen upon the state of that ETag: `changed` where it is not as `If-Match` names it.

        The refusal carries the ETag, so that who reads again and decides has what to send.
        """
        headers = None if present is None else {"ETag": present}
        if self.if_match is not None and not names_state(self.if_match, present):
            return changed.error(headers=headers)
        if self.if_none_match is not None and names_state(self.if_none_match.replace("W/", ""), present):
            return EXISTS.error(headers=headers)
        return None


def conditions_of(request: Request) -> Conditions:
    """The preconditions of a request. A route that depends on this takes them, and the contract says so."""
    headers = request.scope["headers"]
    sent = {name for name, _ in headers}
    match, none_match = (listed(headers, name) if name in sent else None for name in (b"if-match", b"if-none-match"))
    return Conditions(match, none_match)


def guarded(current: Callable[..., Current], changed: RefusalCode = CHANGED) -> Callable[..., Iterator[None]]:
    """A dependency that lets a route write only upon the state that its preconditions name.

    `current` is a dependency that gives the present ETag. It is judged before the write, in its transaction, which
    ends without a trace where the judgement is no; what the caller may not do or find (401, 403, 404) is said first.
    """

    def guard(
        conditions: Annotated[Conditions, Depends(conditions_of)],
        present: Annotated[Current, Depends(current, scope="function")],
    ) -> Iterator[None]:
        failure = None if conditions == (None, None) else conditions.failure(_tag_or_none(present), changed)
        try:
            yield
        except AppError as error:
            if failure is not None and error.status in (409, 422):
                raise failure from error
            raise
        if failure is not None:
            raise failure

    return guard


def names_state(tags: str, present: str | None) -> bool:
    """Whether a list of ETags names the present state, by the strong comparison: a weak tag names nothing."""
    if present is None:
        return False
    return any(tag == "*" or state_in(tag) == state_in(present) for tag in map(str.strip, tags.split(",")))


def state_in(tag: str) -> str:
    """The part of an ETag that names the state."""
    return tag if tag.startswith("W/") else tag.strip('"').partition("-")[0]


def tag_of(body: object) -> str:
    """The ETag of a resource whose whole state is this body."""
    canonical = json.dumps(json.loads(write_json(body)), sort_keys=True)
    return f'"{hashlib.sha256(canonical.encode()).hexdigest()[:32]}"'


def tagged_page(sent: Response, state: str) -> Response:
    """A page of a list whose writes take preconditions: the ETag of the whole list's state, and of these bytes."""
    shown = hashlib.sha256(repr(sent.raw_headers).encode() + content_of(sent)).hexdigest()[:16]
    sent.headers["ETag"] = f'{state.removesuffix(chr(34))}-{shown}"'
    return sent


def takes_conditions(dependant: Dependant) -> bool:
    """Whether a route takes preconditions."""
    return dependant.call is conditions_of or any(map(takes_conditions, dependant.dependencies))


def refuse_conditions(request: Request) -> None:
    """Raise Invalid where a write that could not honour a precondition was sent with one."""
    faults = [Fault(UNSUPPORTED, {"name": name}, parameter=name) for name in NAMES if name in request.headers]
    if faults:
        name = faults[0].parameter
        raise UNSUPPORTED.error(faults=faults, name=name)


def _tag_or_none(present: Current) -> str | None:
    try:
        return present()
    except NotFound:
        return None
