"""The tokens of an identity provider: verified, remembered until they end, and turned into callers like any other.

What is decided from a token before its signature was judged (whose it says it is, and by which key) lets nobody in.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import NamedTuple

import jwt
from jwt.types import Options
from sqlalchemy.orm import Session

from app.domain.instant import to_datetime
from app.domain.period import local_day
from app.services.identity import token_errors as errors
from app.services.identity.claims import BAD_UNIT, Claims, IdentityTerms, Person, is_plain, person_of, printable
from app.services.identity.key_set import FIRST_PAUSE_S, SECOND, KeySet, SigningKey
from app.services.rights import Caller, require_in_force
from app.store import units as units_store
from app.store.db import now

LONGEST_TOKEN = 8_192
LONGEST_KEY_ID = 200
MOST_REMEMBERED = 10_000
"""Verified tokens; of more, all are verified anew."""
LEEWAY = 30 * SECOND
"""µs by which the clocks of the provider and of the service may differ."""
LAST_MOMENT_S = 253_402_300_799
"""The last second of the year 9999."""
TYPES = (None, "jwt", "at+jwt", "application/at+jwt")
"""What `typ` may say of an access token (RFC 9068), in small letters."""
OURS: Options = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_sub": False,
    "verify_jti": False,
}
"""What is looked at below: times are compared with the clock of the service."""


class Sent(NamedTuple):
    """What a token says before anybody has judged it: its algorithm, its key (empty: none named) and its claims."""

    algorithm: str
    kid: str
    claims: Claims


class Remembered(NamedTuple):
    """A person whose token was verified with the keys of a generation."""

    person: Person
    generation: int


class IdentityProvider:
    """The one provider whose tokens the service takes; `clock` gives µs since 1970."""

    def __init__(self, terms: IdentityTerms, clock: Callable[[], int]) -> None:
        self.terms, self.clock = terms, clock
        self.keys = KeySet(terms.jwks, clock)
        self.remembered: dict[bytes, Remembered] = {}

    def takes(self, secret: str) -> bool:
        """Whether a secret is a token: `{"` in base64, and more behind a point; no key of ours begins so."""
        return secret.startswith("ey") and "." in secret

    async def prepare(self, secret: str) -> None:
        """Have the key at hand that a token is signed by. Raises as `caller` does where it is none of this provider."""
        if self.takes(secret) and self.find(secret) is None:
            await self.keys.have(self.read(secret).kid)

    def caller(self, session: Session, token: str) -> Caller:
        """Who calls with a token, or Unauthorized; Forbidden where the unit is none of those that there are today."""
        person = self.find(token) or self.verify(token)
        caller = Caller(person.name, person.scopes, person.unit, until=person.until, issuer=self.terms.issuer)
        require_in_force(caller, self.clock(), "")
        if person.unit is not None:
            life = units_store.lives(session, [person.unit]).get(person.unit)
            if life is None or (life[1] is not None and life[1] < local_day(to_datetime(now(session)))):
                raise BAD_UNIT.error(name=person.name, claim=self.terms.unit_claim, unit=person.unit)
        return caller

    def find(self, token: str) -> Person | None:
        """The person of a token that was verified before, with the keys that are held now."""
        kept = self.remembered.get(sha256(token.encode()).digest())
        return kept.person if kept is not None and kept.generation == self.keys.generation else None

    def verify(self, token: str) -> Person:
        """The person of a token that is judged in full: by signature, algorithm, audience, and from when until when."""
        generation = self.keys.generation
        sent = self.read(token)
        key = self.key_of(sent)
        try:
            claims = self.judged(token, key)
        except (jwt.InvalidAudienceError, jwt.MissingRequiredClaimError):
            raise errors.refused(errors.OTHER_AUDIENCE, expected=self.terms.audience) from None
        except jwt.PyJWTError:
            raise errors.invalid(errors.BAD_SIGNATURE) from None
        person = person_of(claims, self.terms, self.end_of(claims))
        if len(self.remembered) >= MOST_REMEMBERED:
            self.remembered.clear()
        self.remembered[sha256(token.encode()).digest()] = Remembered(person, generation)
        return person

    def judged(self, token: str, key: SigningKey) -> Claims:
        """The claims of a token whose signature, issuer and audience are right; PyJWTError else."""
        algorithms = list(self.terms.algorithms & key.algorithms)
        terms = self.terms
        return jwt.decode(token, key.key, algorithms, options=OURS, audience=terms.audience, issuer=terms.issuer)

    def read(self, token: str) -> Sent:
        """What a token says; Unauthorized where it is none that this service could take, whoever has signed it."""
        if len(token) > LONGEST_TOKEN:
            raise errors.refused(errors.TOO_LONG, limit=LONGEST_TOKEN)
        try:
            sent = jwt.decode_complete(token, options={"verify_signature": False})
        except jwt.PyJWTError:
            raise errors.invalid(errors.MALFORMED) from None
        header: Mapping[str, object] = sent["header"]
        claims: Claims = sent["payload"]
        kid = header.get("kid", "")
        if not isinstance(kid, str) or len(kid) > LONGEST_KEY_ID:
            raise errors.invalid(errors.MALFORMED)
        if str(header.get("typ", "JWT")).lower() not in TYPES:
            raise errors.invalid(errors.BAD_TYPE)
        algorithm = header.get("alg")
        if not isinstance(algorithm, str) or algorithm not in self.terms.algorithms:
            raise errors.invalid(errors.BAD_ALGORITHM)
        if claims.get("iss") != self.terms.issuer:
            issuer = printable(claims.get("iss"))
            raise errors.refused(errors.OTHER_ISSUER, issuer=issuer, expected=self.terms.issuer)
        return Sent(algorithm, kid, claims)

    def key_of(self, sent: Sent) -> SigningKey:
        """The key that a token is said to be signed by; Unavailable as long as none was read at all."""
        if self.keys.keys is None:
            raise errors.NO_KEYS.error(headers={"Retry-After": str(FIRST_PAUSE_S)})
        key = self.keys.find(sent.kid)
        if key is None:
            shown = sent.kid if is_plain(sent.kid) else printable(sent.kid)
            raise errors.refused(errors.NO_KEY, kid=shown)
        if sent.algorithm not in key.algorithms:
            raise errors.invalid(errors.BAD_ALGORITHM)
        return key

    def end_of(self, claims: Claims) -> int:
        """When the claims end (µs), the leeway included; Unauthorized where they have no end or do not hold yet."""
        end = moment_in(claims, "exp")
        if end is None:
            raise errors.invalid(errors.NO_END)
        for name in ("nbf", "iat"):
            begin = moment_in(claims, name)
            if begin is None and name in claims:
                raise errors.invalid(errors.BAD_TIME)
            if begin is not None and begin - LEEWAY > self.clock():
                raise errors.refused(errors.EARLY, moment=to_datetime(begin).isoformat())
        return end + LEEWAY


def moment_in(claims: Claims, name: str) -> int | None:
    """The moment of a claim in seconds since 1970, as µs; None where it is absent or no such number."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LAST_MOMENT_S:
        return None
    return int(value * SECOND)
