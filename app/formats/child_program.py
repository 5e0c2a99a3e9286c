"""What every program that runs in a limited child does: it takes the limits upon itself, and tells what it refuses.

Standard library only.
"""

import decimal
import errno
import resource
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

from app.formats.office_archive import OfficeLimits, OfficeRefused

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    decimal.DecimalException,
    EOFError,
    LookupError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What readers raise over bytes that are no whole file."""

Report = dict[str, object]


def take_limits(limits: OfficeLimits) -> None:
    """From here on this process may use no more; beyond them it is ended, or memory and files are refused."""
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.output, limits.output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def reported(work: Callable[[], Report], limits: OfficeLimits) -> Report:
    """What `work` found, or why it is refused."""
    try:
        return work()
    except OfficeRefused as refused:
        return {"refused": refused.code, "context": refused.context}
    except MemoryError:
        return {"refused": "too_costly", "context": {}}
    except OSError as error:
        if error.errno == errno.EFBIG:
            what = {"what": "output", "found": limits.output + 1, "limit": limits.output}
            return {"refused": "too_large", "context": what}
        if error.errno == errno.EINVAL:  # the archive names a place that no file has, and was asked for it
            return {"refused": "broken", "context": {"why": "damaged"}}
        return {"failed": error.errno}
    except BROKEN:
        return {"refused": "broken", "context": {"why": "damaged"}}
