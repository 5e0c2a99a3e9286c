"""Webhooks: what they are told, how it is signed and tried again, and where they may point to."""

import base64
import hashlib
import hmac
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Event
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from app.config import Settings
from app.services.rights import Scope
from app.services.webhooks.addresses import AddressRules
from app.services.webhooks.attempts import JITTER, PAUSES_S
from app.services.webhooks.delivery import WebhookSender
from app.services.webhooks.posting import Post, Reply
from app.store.changes import record_change
from app.store.db import Database
from app.store.webhooks import find_webhook
from tests.api.conftest import Clock
from tests.make import BOOTSTRAP_KEY, a_commune, a_unit, with_figures, with_units
from tests.support.evaluations import a_province, drafted, published, totals
from tests.support.receiver import Message, Receiver, receiving

Client = httpx.AsyncClient
CallerMaker = Callable[..., httpx.AsyncClient]
PATH = "/v1/webhooks/ours"


@pytest.fixture
def settings(database_url: str) -> Settings:
    hosts = ("127.0.0.1", "hooks.example.vn", "two.example.vn")
    return Settings(
        _env_file=None,
        database_url=database_url,
        bootstrap_key=BOOTSTRAP_KEY,
        webhook_hosts=hosts,
        webhook_private=True,
    )


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def sender(service: FastAPI) -> WebhookSender:
    """That of the service; a test says when it sends."""
    found: WebhookSender = service.state.webhooks
    return found


async def stated(client: Client, receiver: Receiver, **more: Any) -> dict[str, Any]:
    answer = await client.put(PATH, json={"url": receiver.url, **more})
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def signed_by(secret: str, message: Message) -> str:
    """The signature that Standard Webhooks wants, worked out anew."""
    said = f"{message.headers['webhook-id']}.{message.headers['webhook-timestamp']}.".encode() + message.content
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.digest(key, said, hashlib.sha256)).decode()


def types(receiver: Receiver) -> list[str]:
    return [message.body["type"] for message in receiver.messages]


async def deliveries(api: Client, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await api.get(f"{PATH}/deliveries", params=query)).json()["items"]
    return found


async def test_a_publication_is_told_signed_and_without_its_figures(
    api: Client, clock: Clock, receiver: Receiver, sender: WebhookSender
) -> None:
    await a_province(api, clock)
    made = await stated(api, receiver, kinds=["evaluations"])
    evaluation = await published(api)
    sender.send_due("ours")

    assert types(receiver) == ["evaluation.created", "evaluation.published"]
    message = receiver.messages[1]
    assert (message.path, message.headers["content-type"]) == ("/chiso", "application/json")
    assert message.headers["webhook-signature"] == signed_by(made["secret"], message)
    assert message.headers["webhook-timestamp"] == str(clock() // 1_000_000)
    assert (message.body["timestamp"], message.body["data"]["at"]) == (evaluation["published_at"],) * 2
    assert message.body["data"]["path"] == f"/v1/evaluations/{evaluation['id']}"
    assert (await api.get(message.body["data"]["path"])).json() == evaluation
    assert "81.5" not in message.content.decode()
    assert [each["state"] for each in await deliveries(api)] == ["delivered", "delivered"]
    sender.send_due("ours")
    assert len(receiver.messages) == 2


async def test_nothing_is_told_of_what_changed_before_there_was_a_webhook(
    api: Client, receiver: Receiver, sender: WebhookSender
) -> None:
    await with_units(api, [a_unit()])
    await stated(api, receiver)
    sender.send_due("ours")
    await with_units(api, [a_commune()])
    sender.send_due("ours")

    assert types(receiver) == ["unit.stated"]
    assert receiver.messages[0].body["data"]["unit"] == "H60.100"


async def test_an_import_is_one_message_that_says_where_its_changes_are(
    api: Client, clock: Clock, receiver: Receiver, sender: WebhookSender
) -> None:
    await a_province(api, clock)
    await stated(api, receiver, kinds=["values"])
    await with_figures(api, totals("2024-05", {"H60.101": "1", "H60.102": "2", "H60.103": "3"}))
    sender.send_due("ours")

    [message] = receiver.messages
    data = message.body["data"]
    assert (data["count"], data["unit"], data["period"], data["kind"]) == (3, None, "2024-05", "values")
    version = data["version"]
    assert data["path"] == f"/v1/changes?after={version - 1}&kinds=values"


async def test_a_secret_is_shown_once_and_both_sign_while_it_is_changed(
    api: Client, clock: Clock, database: Database, receiver: Receiver, sender: WebhookSender
) -> None:
    old = (await stated(api, receiver))["secret"]
    assert "secret" not in await stated(api, receiver)
    assert "secret" not in (await api.get(PATH)).json()
    new = (await stated(api, receiver, rotate_secret=True))["secret"]
    await api.post(f"{PATH}/test")
    sender.send_due("ours")
    clock.forward(hours=24)
    await api.post(f"{PATH}/test")
    sender.send_due("ours")

    with database.reading() as session:
        row = find_webhook(session, "ours")
    assert row is not None
    assert (row.secret, row.old_secret) == (new, None), "what signs no more is kept no more"
    during, after = receiver.messages
    assert during.headers["webhook-signature"].split() == [signed_by(new, during), signed_by(old, during)]
    assert after.headers["webhook-signature"] == signed_by(new, after)
    assert old not in (await api.get("/v1/audit")).text
    assert new not in (await api.get("/v1/audit")).text


async def test_nothing_is_tried_where_a_webhook_is_switched_off(api: Client, receiver: Receiver) -> None:
    await stated(api, receiver)
    await api.post(f"{PATH}/test")
    await stated(api, receiver, enabled=False)
    [row] = await deliveries(api)

    refused = [await api.post(f"{PATH}/{way}") for way in ("test", f"deliveries/{row['id']}/retry")]

    assert [(each.status_code, each.json()["code"]) for each in refused] == [(409, "webhook_disabled")] * 2
    assert (await api.post(f"{PATH}/deliveries/{row['id'] + 1}/retry")).status_code == 404
    assert await deliveries(api) == [row]


async def test_a_message_is_tried_again_after_growing_pauses_then_given_up_and_sent_again_by_hand(
    api: Client, clock: Clock, receiver: Receiver, sender: WebhookSender
) -> None:
    await stated(api, receiver)
    await api.post(f"{PATH}/test")
    receiver.status = 400
    sender.send_due("ours")
    waited = []
    for pause in PAUSES_S:
        [row] = await deliveries(api)
        assert row["state"] == "pending"
        waited.append(row["next_attempt_at"] > clock.present.isoformat())
        clock.forward(seconds=pause * 0.99)
        sender.send_due("ours")
        assert (await deliveries(api))[0]["attempts"] == row["attempts"]
        clock.forward(seconds=pause * (JITTER + 0.01))
        sender.send_due("ours")

    [dead] = await deliveries(api, state="dead")
    assert all(waited)
    assert (dead["attempts"], dead["last_status"]) == (len(PAUSES_S) + 1, 400)
    assert len({message.headers["webhook-id"] for message in receiver.messages}) == 1
    receiver.status = 200
    again = await api.post(f"{PATH}/deliveries/{dead['id']}/retry")
    sender.send_due("ours")
    assert (again.json()["state"], again.json()["attempts"]) == ("pending", 0)
    assert receiver.messages[-1].headers["webhook-id"] == dead["event"]
    assert await deliveries(api, state="dead") == []


async def test_what_a_receiver_refuses_keeps_it_from_nothing_else(
    api: Client, receiver: Receiver, sender: WebhookSender
) -> None:
    await stated(api, receiver)
    await api.post(f"{PATH}/test")
    receiver.status = 422
    sender.send_due("ours")
    await api.post(f"{PATH}/test")
    receiver.status = 200
    sender.send_due("ours")

    assert [row["state"] for row in await deliveries(api)] == ["delivered", "pending"]


async def test_a_receiver_that_is_ill_is_left_alone_for_a_while(
    api: Client, clock: Clock, receiver: Receiver, sender: WebhookSender
) -> None:
    await stated(api, receiver)
    for _ in range(3):
        await api.post(f"{PATH}/test")
    receiver.status, receiver.answer_headers = 503, {"Retry-After": "120"}
    sender.send_due("ours")
    clock.forward(seconds=119)
    sender.send_due("ours")
    assert len(receiver.messages) == 1

    clock.forward(seconds=40)
    receiver.status = 200
    sender.send_due("ours")

    assert len(receiver.messages) == 4
    assert [row["state"] for row in await deliveries(api)] == ["delivered"] * 3


async def test_a_receiver_that_is_gone_is_told_nothing_more_until_it_is_switched_on(
    api: Client, receiver: Receiver, sender: WebhookSender
) -> None:
    await stated(api, receiver, kinds=["units"])
    receiver.status = 410
    await with_units(api, [a_unit()])
    sender.send_due("ours")
    found = (await api.get(PATH)).json()
    await with_units(api, [a_commune()])
    sender.send_due("ours")
    assert (found["enabled"], found["gone"], len(receiver.messages)) == (False, True, 1)
    assert (await api.get("/v1/audit")).json()["items"][1]["action"] == "webhook.disabled"

    receiver.status = 200
    found = await stated(api, receiver, kinds=["units"])
    [first] = await deliveries(api)
    await api.post(f"{PATH}/deliveries/{first['id']}/retry")
    sender.send_due("ours")

    assert (found["enabled"], found["gone"]) == (True, False)
    assert sorted(message.body["data"]["unit"] for message in receiver.messages[1:]) == ["H60", "H60.100"]


async def test_a_redirect_is_not_followed(api: Client, receiver: Receiver, sender: WebhookSender) -> None:
    with receiving() as other:
        receiver.status, receiver.answer_headers = 307, {"Location": other.url}
        await stated(api, receiver)
        await api.post(f"{PATH}/test")
        sender.send_due("ours")

        [row] = await deliveries(api)
        assert (row["state"], row["last_error"]) == ("pending", "redirects are not followed")
        assert (len(receiver.messages), len(other.messages)) == (1, 0)


async def test_a_subtree_hears_of_itself_and_of_what_is_public(
    api: Client, as_key: CallerMaker, clock: Clock, receiver: Receiver, sender: WebhookSender
) -> None:
    await a_province(api, clock)
    await with_units(api, [a_commune("H19.100")])
    own, other = as_key(Scope.ADMIN, unit="H60"), as_key(Scope.ADMIN, unit="H19")
    made = await stated(own, receiver, kinds=["values", "evaluations"])
    await with_figures(api, totals("2024-05", {"H19.100": "1"}))
    await with_figures(api, totals("2024-05", {"H60.101": "1"}))
    await drafted(api, under="H19")
    sender.send_due("ours")

    assert made["unit"] == "H60"
    assert [(each.body["type"], each.body["data"]["unit"]) for each in receiver.messages] == [
        ("value.imported", "H60.101")
    ]
    assert (await other.get(PATH)).status_code == 404
    assert [len((await each.get("/v1/webhooks")).json()["items"]) for each in (own, other, api)] == [1, 0, 1]
    for unit in ("H60", None):
        refused = await other.put(PATH, json={"url": receiver.url, "unit": unit})
        assert (refused.status_code, refused.json()["code"]) == (403, "unit_forbidden")
    keys, itself = [await own.put(PATH, json={"url": receiver.url, "kinds": [kind]}) for kind in ("keys", "webhooks")]
    assert (keys.status_code, keys.json()["code"]) == (403, "whole_service_only")
    assert (itself.status_code, itself.json()["code"]) == (422, "webhook_kind_forbidden")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://elsewhere.example.vn/", "webhook_host_forbidden"),
        ("https://hooks.example.vn.evil.example/", "webhook_host_forbidden"),
        ("https://hooks.example.vn@evil.example/", "webhook_url_invalid"),
        ("https://user:pass@hooks.example.vn/", "webhook_url_invalid"),
        ("https://hooks.example.vn/#a", "webhook_url_invalid"),
        ("https://hooks.example.vn:0/", "webhook_url_invalid"),
        ("https://hooks.example.vn:99999/", "webhook_url_invalid"),
        ("https://hooks.example.vn/a\r\nX: y", "webhook_url_invalid"),
        ("https:///path", "webhook_url_invalid"),
        ("ftp://hooks.example.vn/", "request_invalid"),
    ],
)
async def test_addresses_that_are_none_of_the_named_hosts_are_refused(api: Client, url: str, code: str) -> None:
    refused = await api.put(PATH, json={"url": url})

    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert refused.json()["errors"][0]["pointer"] == "/url"
    assert (await api.get(PATH)).status_code == 404


async def test_private_addresses_are_not_called_unless_the_operator_allows_it(
    api: Client, service: FastAPI, receiver: Receiver, sender: WebhookSender
) -> None:
    await stated(api, receiver)
    service.state.settings = service.state.settings.model_copy(update={"webhook_private": False})
    strict = WebhookSender(service.state.database, type(sender.rules)(sender.rules.hosts))
    await api.post(f"{PATH}/test")
    strict.send_due("ours")

    refused = await api.put(PATH, json={"url": receiver.url})
    [row] = await deliveries(api)
    assert (refused.status_code, refused.json()["code"]) == (422, "webhook_url_invalid")
    assert (row["state"], row["last_error"]) == ("pending", "address_forbidden: 127.0.0.1")
    assert receiver.messages == []


async def test_a_repetition_does_not_bring_a_secret_back(api: Client, receiver: Receiver) -> None:
    once = {"Idempotency-Key": "once"}

    made, again = [await api.put(PATH, json={"url": receiver.url}, headers=once) for _ in range(2)]

    assert made.json()["secret"].startswith("whsec_")
    assert (again.status_code, again.json()["code"]) == (409, "idempotency_answer_not_kept")


async def test_the_next_address_of_a_host_is_called_where_one_does_not_answer(
    api: Client, receiver: Receiver, sender: WebhookSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stated(api, receiver, url=receiver.url.replace("127.0.0.1", "two.example.vn"))
    await api.post(f"{PATH}/test")
    found = {"two.example.vn": ["127.0.0.2", "127.0.0.1"]}

    def resolve(host: str, port: int, *_: object, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found.get(host, [host])]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)

    sender.send_due("ours")

    assert types(receiver) == ["webhook.test"]


@pytest.mark.parametrize("host", ["https://hooks.vn", "hooks.vn:8443", "*.hooks.vn", "*", "hooks vn"])
def test_a_host_that_would_let_nothing_in_is_refused_at_the_start(host: str) -> None:
    with pytest.raises(ValueError, match="webhook_hosts"):
        Settings(_env_file=None, webhook_hosts=(host,))


async def test_what_is_deleted_is_told_nothing_more(api: Client, receiver: Receiver, sender: WebhookSender) -> None:
    await stated(api, receiver)
    await api.post(f"{PATH}/test")

    gone = await api.delete(PATH)
    sender.send_due("ours")

    assert (gone.status_code, receiver.messages) == (200, [])
    assert (await api.get(f"{PATH}/deliveries")).json()["code"] == "webhook_unknown"
    assert (await api.post(f"{PATH}/deliveries/1/retry")).status_code == 404


async def test_if_match_guards_a_webhook(api: Client, receiver: Receiver) -> None:
    await stated(api, receiver)
    held = (await api.get(PATH)).headers["ETag"]
    await stated(api, receiver, kinds=["units"])

    late = await api.put(PATH, json={"url": receiver.url}, headers={"If-Match": held})
    new = await api.put(PATH, json={"url": receiver.url}, headers={"If-None-Match": "*"})

    assert [each.status_code for each in (late, new)] == [412, 412]


async def test_another_process_does_not_send_what_one_sends(
    api: Client, clock: Clock, service: FastAPI, receiver: Receiver, sender: WebhookSender
) -> None:
    await stated(api, receiver)
    await api.post(f"{PATH}/test")
    other = WebhookSender(service.state.database, sender.rules)
    receiver.status = 400
    assert sender.send_next("ours")
    await api.post(f"{PATH}/test")

    assert not other.send_next("ours")
    assert len(receiver.messages) == 1
    clock.forward(seconds=31)
    assert other.send_next("ours")
    assert not sender.send_next("ours")


async def test_a_receiver_that_hangs_keeps_nobody_else_waiting(
    api: Client, receiver: Receiver, sender: WebhookSender
) -> None:
    with ExitStack() as closing:
        mute = closing.enter_context(socket.create_server(("127.0.0.1", 0)))
        await api.put("/v1/webhooks/mute", json={"url": f"http://127.0.0.1:{mute.getsockname()[1]}/"})
        await stated(api, receiver)
        await api.post("/v1/webhooks/mute/test")
        await api.post(f"{PATH}/test")
        sender.start()
        closing.callback(sender.stop)
        began = time.monotonic()
        while not receiver.messages:
            assert time.monotonic() - began < 9, "it waited for the other"
            time.sleep(0.02)
        assert (await api.get("/v1/webhooks")).is_success
        sender.stop()
        assert time.monotonic() - began < 9, "a stop does not wait for whoever hangs"
        found = (await api.get("/v1/webhooks/mute/deliveries")).json()["items"]
        assert [(row["state"], row["attempts"]) for row in found] == [("pending", 0)]


def looked(sender: WebhookSender) -> None:
    """Let a process look for work once, and do what it finds."""
    sender.look()
    for thread in list(sender.threads.values()):
        thread.join()


async def test_the_rest_of_a_large_write_is_told_by_whoever_looks_next(
    api: Client,
    clock: Clock,
    service: FastAPI,
    receiver: Receiver,
    sender: WebhookSender,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.services.webhooks.events.AT_ONCE", 2)
    await a_province(api, clock)
    await stated(api, receiver, kinds=["values"])
    await with_figures(api, totals("2024-05", {"H60.101": "1", "H60.102": "2", "H60.103": "3"}))
    assert sender.send_next("ours")  # then its process is killed

    clock.forward(seconds=31)
    looked(WebhookSender(service.state.database, sender.rules))

    assert [message.body["data"]["count"] for message in receiver.messages] == [2, 1]


async def test_a_process_goes_on_at_once_where_it_could_not_let_go(
    api: Client, receiver: Receiver, sender: WebhookSender
) -> None:
    await stated(api, receiver, kinds=["units"])
    await api.post(f"{PATH}/test")
    assert sender.send_next("ours")  # then the database is busy, and the lease stays
    await api.post(f"{PATH}/test")

    looked(sender)

    assert types(receiver) == ["webhook.test"] * 2


async def test_a_write_between_two_looks_at_the_data_is_told_once(
    api: Client, database: Database, receiver: Receiver, sender: WebhookSender
) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("nobody writes while SQLite notes what there is to send")
    await stated(api, receiver, kinds=["units"])
    await with_units(api, [a_unit()])
    meanwhile = ["H60.100"]

    def write(*arguments: Any) -> None:
        if "FROM clock" in arguments[2] and meanwhile:
            code = meanwhile.pop()
            with database.writing() as session:
                record_change(session, "units", "stated", f"unit:{code}", unit=code)

    event.listen(database.engine, "after_cursor_execute", write)
    sender.send_due("ours")
    event.remove(database.engine, "after_cursor_execute", write)
    sender.send_due("ours")

    assert meanwhile == []
    assert [message.body["data"]["unit"] for message in receiver.messages] == ["H60", "H60.100"]


async def test_what_was_taken_is_kept_a_week_and_what_was_given_up_for_ninety_days(
    api: Client, clock: Clock, receiver: Receiver, sender: WebhookSender
) -> None:
    await stated(api, receiver)
    await api.post(f"{PATH}/test")
    sender.send_due("ours")
    receiver.status = 400
    await api.post(f"{PATH}/test")
    for _ in range(len(PAUSES_S) + 1):
        sender.send_due("ours")
        clock.forward(days=2)
    receiver.status = 200
    kept = []
    for number, days in enumerate([1, 80, 10], start=1):
        clock.forward(days=days)
        await with_units(api, [a_unit(code=f"H{number}")])
        sender.send_due("ours")
        kept.append([row["state"] for row in await deliveries(api)])

    assert kept == [["delivered", "dead"], ["delivered", "dead"], ["delivered"]]


def test_a_resolver_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = Event()

    def resolve(*_: object, **__: object) -> list[object]:
        answered.wait(5)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 9))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    rules = AddressRules(("two.example.vn",), private=True)
    target = rules.read("http://two.example.vn/")
    began = time.monotonic()

    reply = Post(target, rules, total_s=0.1).send({}, b"{}")

    assert time.monotonic() - began < 4
    assert reply == Reply(None, "timeout")
    answered.set()
