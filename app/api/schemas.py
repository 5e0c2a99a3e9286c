"""Types that several requests and answers share."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError

from app.domain.instant import read_moment
from app.errors import Invalid, RefusalCode


def written_moment(moment: object) -> object:
    """A moment as text; pydantic would take a number as well, for seconds since 1970."""
    read = read_moment(moment) if isinstance(moment, str) else None
    if read is not None or moment is None:
        return read
    raise PydanticCustomError("datetime_from_date_parsing", "write the moment as 2024-07-08T11:00:00+07:00")


Moment = Annotated[AwareDatetime, BeforeValidator(written_moment)]
"""An instant as RFC 3339 with its offset."""


def within_the_years(moment: datetime) -> datetime:
    """The moment in UTC, where it is kept and told: its offset may lead out of the years that there are."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("datetime_from_date_parsing", "write the moment as 2024-07-08T11:00:00Z") from None


KeptMoment = Annotated[Moment, AfterValidator(within_the_years)]
"""A `Moment` that is kept as it is sent."""

CODE_DIFFERS = RefusalCode(
    "code_differs",
    "The body says {stated}, the address {code}; they must agree.",
    "Nội dung ghi {stated} nhưng địa chỉ là {code}; hai mã phải trùng nhau.",
    Invalid,
)


def require_same(stated: str | None, code: str) -> None:
    """Raise Invalid `code_differs` where a body names another thing than its address does."""
    if stated not in (None, code):
        raise CODE_DIFFERS.error(stated=stated, code=code)


LOST_PLUS = re.compile(r"(.+[0-9]{2}:[0-9]{2}(?::[0-9.]+)?) ([0-9]{2}:[0-9]{2})")


def with_its_plus(moment: object) -> object:
    """A moment of a query: whoever writes it into an address by hand sends a `+` that arrives as a space.

    >>> with_its_plus("2024-07-08T11:00:00 07:00")
    '2024-07-08T11:00:00+07:00'
    """
    lost = LOST_PLUS.fullmatch(moment) if isinstance(moment, str) else None
    return moment if lost is None else "+".join(lost.groups())


QueryMoment = Annotated[Moment, BeforeValidator(with_its_plus)]
"""A `Moment` in a query."""
