"""What a token says of a person: how the trace names him, his scopes, and the unit that he is bound to."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.unit_code import CODE, LONGEST_CODE
from app.errors import Forbidden, RefusalCode
from app.services.identity.token_errors import NO_SUBJECT, invalid
from app.services.rights import Scope

LONGEST_NAME, LONGEST_SUBJECT = 60, 255
ANYBODY = "*"
Claims = Mapping[str, object]

NO_UNIT = RefusalCode(
    "token_unit_missing",
    "The token of {name} names no unit in `{claim}`; let the identity provider put the code of one there, or name one "
    "of its roles in CHISO_OIDC_WHOLE.",
    "Mã truy cập của {name} không nêu đơn vị nào trong `{claim}`; hãy cấu hình hệ thống định danh để ghi mã đơn vị vào "
    "đó, hoặc khai báo một vai trò trong CHISO_OIDC_WHOLE.",
    Forbidden,
)
BAD_UNIT = RefusalCode(
    "token_unit_unknown",
    "The token of {name} names in `{claim}` what is no unit's code, or that of one which is unknown here or has ended: "
    "{unit}.",
    "Mã truy cập của {name} nêu trong `{claim}` giá trị không phải mã đơn vị, hoặc mã của đơn vị không có hoặc đã chấm "
    "dứt hoạt động: {unit}.",
    Forbidden,
)


@dataclass(frozen=True, slots=True)
class IdentityTerms:
    """Whose tokens are taken, and how they are read; names of claims may lead inside, as `realm_access.roles`.

    `scopes`: what values of the claim of scopes stand for. `whole`: those of them whose holders need no unit.
    """

    issuer: str
    audience: str
    jwks: str
    algorithms: frozenset[str]
    scopes_claim: str
    scopes: Mapping[str, tuple[str, ...]]
    unit_claim: str
    whole: frozenset[str]
    name_claim: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who a verified token is about; `until`: when it ends (µs). `unit`: as it stands there, None for the whole."""

    name: str
    scopes: frozenset[str]
    unit: str | None
    until: int


def person_of(claims: Claims, terms: IdentityTerms, until: int) -> Person:
    """The person of verified claims; Unauthorized without a subject, Forbidden where he has neither unit nor all."""
    values = texts_in(claim(claims, terms.scopes_claim))
    name = name_of(claims, terms)
    unit = claim(claims, terms.unit_claim)
    if unit in (None, "", []):
        if not terms.whole & {*values, ANYBODY}:
            raise NO_UNIT.error(name=name, claim=terms.unit_claim)
        return Person(name, scopes_of(values, terms), None, until)
    return Person(name, scopes_of(values, terms), unit_in(unit, name, terms), until)


def claim(claims: Claims, path: str) -> object:
    """What a claim says, by its name, or by the names that lead to it; None where it is absent.

    A name with points in it, such as that of an address, is looked for as it is first.

    >>> claim({"realm_access": {"roles": ["a"]}, "https://x.vn/unit": "H60"}, "realm_access.roles")
    ['a']
    >>> claim({"https://x.vn/unit": "H60"}, "https://x.vn/unit")
    'H60'
    """
    if path in claims:
        return claims[path]
    found: object = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def texts_in(value: object) -> list[str]:
    """The values of a claim: a text separated by spaces, or a list.

    >>> texts_in("openid values:read"), texts_in(["a b", 3]), texts_in(None)
    (['openid', 'values:read'], ['a b'], [])
    """
    if isinstance(value, str):
        return value.split()
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def scopes_of(values: list[str], terms: IdentityTerms) -> frozenset[str]:
    """The scopes of values: those that they stand for, and those whose names they are.

    `admin` by its name alone is none: providers have roles of that name which mean something else.
    """
    own = {value for value in values if value in set(Scope) and value != Scope.ADMIN}
    return frozenset(own.union(*(terms.scopes.get(value, ()) for value in values)))


def name_of(claims: Claims, terms: IdentityTerms) -> str:
    """The name of a person in the trace: what people call him, which may change hands, and the subject, which may not.

    No key is named so, and no two persons are: a subject has no space.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not is_plain(subject) or len(subject) > LONGEST_SUBJECT:
        raise invalid(NO_SUBJECT)
    said = claim(claims, terms.name_claim)
    shown = "".join(sign for sign in said if sign.isalnum() or sign in " ._-@+'") if isinstance(said, str) else ""
    shown = " ".join(shown.split())[:LONGEST_NAME].strip()
    return f"oidc:{subject}" if shown in ("", subject) else f"oidc:{shown} ({subject})"


def is_plain(text: str) -> bool:
    """Whether a text is made of ASCII that shows, without spaces."""
    return text != "" and text.isascii() and text.isprintable() and " " not in text


def unit_in(value: object, name: str, terms: IdentityTerms) -> str:
    """The code of the one unit that a claim names, alone or in a list of one."""
    code = value[0] if isinstance(value, list) and len(value) == 1 else value
    if not isinstance(code, str) or len(code) > LONGEST_CODE or not CODE.fullmatch(code):
        raise BAD_UNIT.error(name=name, claim=terms.unit_claim, unit=printable(code))
    return code


def printable(value: object) -> str:
    """What somebody sent, as an answer can repeat it."""
    return ascii(value)[:80]
