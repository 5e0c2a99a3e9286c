"""Routes that keep to `Accept` (RFC 9110, 12.5.1): a request whose `Accept` rules out all of them gets 406."""

from functools import cached_property
from typing import get_args

from fastapi import Request
from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from app.api.http_errors import NotAcceptable
from app.api.negotiation import MEDIA, is_acceptable
from app.errors import RefusalCode

ALL_REFUSED = RefusalCode(
    "not_acceptable",
    "`Accept` refuses everything that this address can send ({kinds}); name one of these, or leave the header out.",
    "`Accept` từ chối mọi định dạng mà địa chỉ này có ({kinds}); hãy nêu một trong số đó, hoặc bỏ `Accept`.",
    NotAcceptable,
)


class NegotiatedRoute(APIRoute):
    """A route whose reads are refused where `Accept` refuses every media type that they could be answered in.

    A write is carried out whatever its `Accept` says, and answered in JSON: the answer tells what was done.
    """

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "GET" and not self.chooses_format(scope):
            refuse_unacceptable(scope, self.offered)
        await super().handle(scope, receive, send)

    def chooses_format(self, scope: Scope) -> bool:
        """Whether a request names its format in the query, which counts before `Accept`."""
        return len(self.offered) > 1 and "format" in Request(scope).query_params

    @cached_property
    def offered(self) -> tuple[str, ...]:
        """The media types of its answers, the usual one first: of each `format` that it takes, else its only one."""
        if named := format_names(self.dependant):
            return tuple(media for name, media in MEDIA.items() if name in named)
        sent = self.response_class
        media = (sent.value if isinstance(sent, DefaultPlaceholder) else sent).media_type
        return () if media is None else (media,)


def refuse_unacceptable(scope: Scope, offered: tuple[str, ...]) -> None:
    """Raise NotAcceptable where `Accept` lets none of these media types be sent."""
    if offered and not is_acceptable(scope["headers"], offered):
        kinds = ", ".join(media.partition(";")[0] for media in offered)
        raise ALL_REFUSED.error(headers={"Vary": "Accept, Accept-Language"}, kinds=kinds)


def format_names(dependant: Dependant) -> set[str]:
    """What the parameter `format` of a route may say; nothing where it takes none."""
    choices = [
        choice
        for field in dependant.query_params
        if field.alias == "format"
        for choice in get_args(field.field_info.annotation)
    ]
    own = {name for choice in choices for name in get_args(choice)}
    return own.union(*(format_names(each) for each in dependant.dependencies))
