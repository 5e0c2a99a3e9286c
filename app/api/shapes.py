"""Types that several answers share."""

from decimal import Decimal
from typing import Annotated

from pydantic import WithJsonSchema

Number = Annotated[Decimal, WithJsonSchema({"type": "number"})]
"""An exact number, written as a JSON number. (pydantic alone would declare a Decimal of an answer as text.)"""
