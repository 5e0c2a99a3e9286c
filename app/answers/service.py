"""The answers about the service itself."""

from typing_extensions import TypedDict


class Alive(TypedDict):
    status: str


class Ready(TypedDict):
    """Ready to serve; `instance` is a random name of this start of the service."""

    status: str
    instance: str
