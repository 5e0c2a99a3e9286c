"""Why a command ended: a sentence for whoever typed it, and exit code 1."""

import httpx
import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.config import PREFIX, UNKNOWN, Settings
from app.domain.suggest import similar
from app.errors import AppError


class CommandRefused(Exception):
    """What was asked for is not done; the sentence says why and names the way out."""


REASONS = (CommandRefused, AppError, ValidationError, SQLAlchemyError, OSError, httpx.HTTPError)
"""What goes wrong for a reason that the caller can mend."""


def reason_of(error: Exception) -> str:
    """Why a command ended, for whoever typed it. Values of settings are left out: they may be secrets."""
    if isinstance(error, CommandRefused):
        return str(error)
    if isinstance(error, AppError):
        return "\n".join([str(error), *(fault.detail("en") for fault in error.faults)])
    if isinstance(error, ValidationError):
        return "\n".join(_of_setting(each) for each in error.errors())
    if isinstance(error, DBAPIError):
        place = "".join(f" at {note}" for note in getattr(error, "__notes__", [])[:1])
        return f"The database{place} does not answer: {str(error.orig).strip().splitlines()[0]}"
    if isinstance(error, httpx.HTTPError):
        return f"The service does not answer: {error}"
    if isinstance(error, OSError):
        place = "" if error.filename is None else f"{error.filename}: "
        return f"{place}{error.strerror or error}."
    return f"CHISO_DATABASE_URL cannot be used: {error}"


def _of_setting(fault: ErrorDetails) -> str:
    name, said = ".".join(map(str, fault["loc"])), fault["msg"].removeprefix("Value error, ")
    if not name:  # it is about several, which the sentence names
        return f"{said}."
    if fault["type"] == UNKNOWN:
        near = similar(name.lower(), list(Settings.model_fields))
        said += f"; did you mean {PREFIX}{near.upper()}?" if near else ", in the environment or in .env."
        return f"{PREFIX}{name.upper()}: {said}"
    return f"{PREFIX}{name.upper()}: {said}."


def misuse(error: typer.TyperException) -> str | None:
    """What is wrong with how a command was written, and where to read on; None where only help was asked for."""
    message, context = error.format_message().strip(), getattr(error, "ctx", None)
    if not message or "\n" in message:
        return None
    path = "chiso" if context is None else context.command_path
    return f"{message.rstrip('.')}; see `{path} --help`."
