"""Webhooks: where changes are told to, and what is delivered there."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.answers.examples import load_example
from app.answers.webhooks import DeliveryList, DeliveryOut, DeliveryState, WebhookList, WebhookOut, WebhookStated
from app.api.answers import FormatParameter, LimitParameter, Page, answer
from app.api.conditions import Current, guarded, tag_of
from app.api.cursors import Cursor, read_cursor
from app.api.deps import ReadSession, SettingsDep, WriteSession, require
from app.api.examples import example, example_page
from app.api.headers import carries
from app.api.idempotency import keep_no_body
from app.api.problems import problems
from app.api.schemas import require_same
from app.api.strict_requests import StrictRoute
from app.config import Settings
from app.domain.unit_code import UnitCode
from app.domain.validation_faults import BY_PIECES
from app.domain.vocabulary import ChangeKind, Flag
from app.formats.delimited import Column
from app.services.rights import Caller, Scope
from app.services.webhooks import stated as service
from app.services.webhooks.addresses import AddressRules
from app.services.webhooks.stated import WebhookOrder

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], route_class=StrictRoute)

NAME = r"^[a-z0-9][a-z0-9_-]{0,59}$"
Name = Annotated[str, StringConstraints(pattern=NAME)]
OfName = Annotated[Name, Path(description="The name of a webhook.", examples=["bang-tin"])]
DeliveryId = Annotated[int, Path(ge=1, le=2**31 - 1, description="The number of a delivery.", examples=[1])]
WebhookAdmin = Annotated[Caller, Depends(require(Scope.ADMIN))]
COLUMNS = [
    Column("name", "Tên"),
    Column("url", "Địa chỉ"),
    Column("kinds", "Loại thay đổi"),
    Column("unit", "Đơn vị"),
    Column("enabled", "Đang bật"),
    Column("gone", "Bên nhận đã ngừng"),
    Column("created_at", "Tạo lúc"),
    Column("old_secret_until", "Mã cũ dùng đến"),
]
DELIVERIES = [
    Column("id", "Số"),
    Column("event", "Mã sự kiện"),
    Column("type", "Sự kiện"),
    Column("state", "Trạng thái"),
    Column("attempts", "Số lần gửi"),
    Column("created_at", "Tạo lúc"),
    Column("next_attempt_at", "Gửi tiếp lúc"),
    Column("last_attempt_at", "Gửi lần cuối"),
    Column("last_status", "Mã trả lời"),
    Column("last_error", "Lỗi"),
]


class WebhookBody(BaseModel):
    """Where to tell changes to, and which. `unit`: of it and the units below alone, besides what is public."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": load_example("webhook_request")})

    name: Name | None = Field(None, description="As a webhook is answered; that of the address.")
    url: Annotated[str, StringConstraints(pattern=r"^https?://", max_length=2000)]
    kinds: Annotated[list[ChangeKind], BY_PIECES, Field(min_length=1, max_length=20)] | None = Field(
        None, description="Only these kinds of changes, as `/v1/changes` names them; left out: all."
    )
    unit: UnitCode | None = None
    enabled: Flag = True
    rotate_secret: Flag = Field(
        False, description="Make a new secret, and show it; the old one signs as well for 24 hours."
    )


def rules_of(settings: Settings) -> AddressRules:
    """Where webhooks may point to, as the operator has said."""
    return AddressRules(tuple(host.lower() for host in settings.webhook_hosts), settings.webhook_private)


def current_webhook(caller: WebhookAdmin, session: WriteSession, name: OfName) -> Current:
    return lambda: tag_of(service.described(service.get(session, caller, name)))


Unchanged = Annotated[None, Depends(guarded(current_webhook), scope="function")]


@router.put(
    "/{name}",
    response_model=WebhookStated,
    responses={
        200: {**example("webhook"), "description": "It stood before, and is this now.", **carries("ETag")},
        201: {
            **example("webhook_stated"),
            "model": WebhookStated,
            "description": "There was none.",
            **carries("ETag"),
        },
        **problems(400, 401, 403, 404, 409, 410, 412, 413, 415, 422),
    },
)
def put_webhook(
    request: Request,
    caller: WebhookAdmin,
    session: WriteSession,
    settings: SettingsDep,
    unchanged: Unchanged,
    name: OfName,
    body: WebhookBody,
) -> Response:
    """Tell changes to an address from now on: small signed messages (Standard Webhooks) that say what to ask for anew.

    The secret that signs them is shown once, where it is new, and not again to a repetition with its `Idempotency-Key`.
    Only hosts that the operator has named may be told.
    """
    require_same(body.name, name)
    order = WebhookOrder(body.url, body.kinds, body.unit, body.enabled, body.rotate_secret)
    found = service.state(session, caller, name, order, rules_of(settings))
    described, shown = service.described(found.row), {}
    if found.secret is not None:
        shown = {"secret": found.secret}
        keep_no_body(request)
    return answer({**described, **shown}, 201 if found.is_new else 200, {"ETag": tag_of(described)})


@router.get("", response_model=WebhookList, responses={200: example_page("webhook"), **problems(401, 403, 422)})
def read_webhooks(
    request: Request,
    caller: WebhookAdmin,
    session: ReadSession,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """List webhooks by name; a subtree key sees those of its subtree."""
    page = Page(request, "webhooks", COLUMNS, limit, format)
    place = read_cursor("webhooks", cursor, [""])
    rows = service.list_visible(session, caller, after=place[0] if place else None, limit=page.reach)
    return page.send(map(service.described, rows), lambda item: [item["name"]])


@router.get(
    "/{name}",
    response_model=WebhookOut,
    responses={200: {**example("webhook"), **carries("ETag")}, **problems(401, 403, 404, 422)},
)
def read_webhook(caller: WebhookAdmin, session: ReadSession, name: OfName) -> Response:
    """A webhook, without its secret."""
    described = service.described(service.get(session, caller, name))
    return answer(described, headers={"ETag": tag_of(described)})


@router.delete(
    "/{name}",
    response_model=WebhookOut,
    responses={200: example("webhook"), **problems(401, 403, 404, 412, 422)},
)
def delete_webhook(caller: WebhookAdmin, session: WriteSession, unchanged: Unchanged, name: OfName) -> Response:
    """Tell an address nothing more; what was still to be sent there is forgotten."""
    return answer(service.described(service.withdraw(session, caller, name)))


@router.get(
    "/{name}/deliveries",
    response_model=DeliveryList,
    responses={200: example_page("webhook_delivery"), **problems(401, 403, 404, 422)},
)
def read_webhook_deliveries(
    request: Request,
    caller: WebhookAdmin,
    session: ReadSession,
    name: OfName,
    state: DeliveryState | None = None,
    limit: LimitParameter = None,
    cursor: Cursor = None,
    format: FormatParameter = None,
) -> Response:
    """List what was sent, is to be, or was given up (`dead`), the newest first.

    What was taken is kept for 7 days, what was given up for 90.
    """
    page = Page(request, "webhook-deliveries", DELIVERIES, limit, format)
    place = read_cursor("webhook-deliveries", cursor, [0])
    rows = service.deliveries(session, caller, name, state, before=place[0] if place else None, limit=page.reach)
    return page.send(map(service.delivery_described, rows), lambda item: [item["id"]])


@router.post(
    "/{name}/deliveries/{id}/retry",
    response_model=DeliveryOut,
    responses={200: example("webhook_delivery"), **problems(401, 403, 404, 409, 422)},
)
def retry_webhook_delivery(caller: WebhookAdmin, session: WriteSession, name: OfName, id: DeliveryId) -> Response:
    """Send a message again, whether it was given up, waits, or was taken; under the same `webhook-id`."""
    return answer(service.delivery_described(service.retry(session, caller, name, id)))


@router.post(
    "/{name}/test",
    status_code=202,
    response_model=DeliveryOut,
    responses={202: {**example("webhook_delivery"), **carries("Location")}, **problems(401, 403, 404, 409, 422)},
)
def test_webhook(caller: WebhookAdmin, session: WriteSession, name: OfName) -> Response:
    """Send a message `webhook.test`; what came of it stands among the deliveries."""
    row = service.test(session, caller, name)
    return answer(service.delivery_described(row), 202, {"Location": f"/v1/webhooks/{name}/deliveries"})
