"""A DOCX as PDF, made by the LibreOffice of the machine: another program, in processes of its own with limits.

It gets a directory of its own for all that it writes, which goes with it. The same file gives the same bytes.
"""

import hashlib
import io
import logging
import os
import re
import shutil
import signal
import subprocess
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from app.errors import AppError, RefusalCode, Text, Unavailable

log = logging.getLogger("chiso.pdf")


class NotInstalled(AppError):  # noqa: N818 - named as its title says it
    """It takes a program that this machine does not have."""

    status = 501
    title = Text("Not installed here", "Chưa được cài đặt")


PROGRAMS = ("soffice", "libreoffice")
LIMITED = 'ulimit -c 0; ulimit -t {seconds}; ulimit -v {memory}; ulimit -f {blocks}; exec "$0" "$@"'
PATH = "/usr/local/bin:/usr/bin:/bin"
"""Where the program, a script, finds the commands that it is written in."""
DELIVERY = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--convert-to", "pdf")
SETTING = (
    '<item oor:path="/org.openoffice.Office.Common/{path}"><prop oor:name="{name}" oor:op="fuse">'
    "<value>{value}</value></prop></item>"
)
SETTINGS = (
    ("Security/Scripting", "DisableMacrosExecution", "true"),
    ("Security/Scripting", "DisableActiveContent", "true"),
    ("Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Filter/PDF/Export", "ExportNotes", "false"),  # remarks are for whoever works on the letter
)
"""No macros, nothing from elsewhere."""
PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    + "".join(SETTING.format(path=path, name=name, value=value) for path, name, value in SETTINGS)
    + "</oor:items>"
)
MADE_AT = re.compile(rb"(?<=/CreationDate\(D:)\d{14}")
IDS = re.compile(rb"(/ID\s*\[\s*<)[0-9A-F]{32}(>\s*<)[0-9A-F]{32}(>)|(/DocChecksum /)[0-9A-F]{32}")
"""The two places of the number that each run draws by chance; texts are written with the same signs."""
PROPERTIES, NO_MOMENT = "docProps/core.xml", b"19800101000000"
MODIFIED = re.compile(rb"<dcterms:modified[^>]*>(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z<")

NOT_INSTALLED = RefusalCode(
    "pdf_not_installed",
    "A PDF takes LibreOffice, which is not installed on the machine of the service (on Debian and Ubuntu: apt-get "
    "install --no-install-recommends libreoffice-writer-nogui fonts-liberation), or stands elsewhere than "
    "CHISO_PDF_PROGRAM says. Use `format=docx` meanwhile.",
    "Máy chủ chưa cài LibreOffice để lập tệp PDF (Debian, Ubuntu: apt-get install --no-install-recommends "
    "libreoffice-writer-nogui fonts-liberation), hoặc CHISO_PDF_PROGRAM chỉ sai chỗ. Trong khi chờ, hãy dùng "
    "`format=docx`.",
    NotInstalled,
)
FAILED = RefusalCode(
    "pdf_failed",
    "LibreOffice has made no PDF of the letter within {seconds} seconds. Try again later, or use `format=docx`.",
    "LibreOffice không lập được tệp PDF của văn bản trong {seconds} giây. Hãy thử lại sau, hoặc dùng `format=docx`.",
    Unavailable,
)
RETRY_AFTER = "30"


@dataclass(frozen=True, slots=True)
class PdfLimits:
    """What a PDF may take: `seconds` of its processor and by the clock, and kilobytes.

    `memory` are addresses, `output` a file that is written. A letter takes two seconds and 500,000 kilobytes.
    """

    seconds: int = 60
    memory: int = 2_000_000
    output: int = 100_000


def to_pdf(docx: bytes, program: str | None = None, limits: PdfLimits | None = None) -> bytes:
    """The pages of a DOCX as PDF. `program`: the LibreOffice to be used, else the one on the path.

    Raises NotInstalled `pdf_not_installed`, and Unavailable `pdf_failed` where it comes to no end or dies.
    """
    found = next(filter(None, map(shutil.which, [program] if program else PROGRAMS)), None)
    if found is None:
        raise NOT_INSTALLED.error()
    within = limits or PdfLimits()
    with TemporaryDirectory(prefix="chiso-pdf-", ignore_cleanup_errors=True) as directory:
        home = Path(directory)
        (home / "letter.docx").write_bytes(docx)
        said = _run(found, home, within)
        made = home / "letter.pdf"
        if not made.is_file():
            log.error("LibreOffice made no PDF: %s", said[-2000:].decode(errors="replace"))
            raise _failed(within)
        return _repeatable(made.read_bytes(), docx)


def _run(program: str, home: Path, limits: PdfLimits) -> bytes:
    """What the program says when it has ended. Raises Unavailable where it does not; none of its processes stays."""
    profile = home / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
    here = ["--outdir", str(home), str(home / "letter.docx")]
    limited = LIMITED.format(seconds=limits.seconds, memory=limits.memory, blocks=2 * limits.output)
    command = ["/bin/sh", "-c", limited, program, f"-env:UserInstallation={profile.as_uri()}", *DELIVERY, *here]
    surroundings = {"HOME": str(home), "TMPDIR": str(home), "PATH": PATH, "LANG": "C.UTF-8"}
    with subprocess.Popen(  # noqa: S603 - the office's own program; every argument is ours
        command,
        cwd=home,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        process_group=0,
    ) as running:
        try:
            return running.communicate(timeout=limits.seconds)[0]
        except subprocess.TimeoutExpired:
            raise _failed(limits) from None
        finally:
            with suppress(ProcessLookupError):  # the first of them may be gone, and others not
                os.killpg(running.pid, signal.SIGKILL)


def _failed(limits: PdfLimits) -> Exception:
    return FAILED.error(headers={"Retry-After": RETRY_AFTER}, seconds=limits.seconds)


def _repeatable(pdf: bytes, docx: bytes) -> bytes:
    """The same PDF, as long as it was, with the moment of the DOCX for its own and a number that is made of it."""
    number = hashlib.sha256(docx).hexdigest()[:32].upper().encode()
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        properties = archive.read(PROPERTIES) if PROPERTIES in archive.namelist() else b""
    modified = MODIFIED.search(properties)
    moment = b"".join(modified.groups()) if modified else NO_MOMENT
    return IDS.sub(partial(_numbered, number), MADE_AT.sub(moment, pdf))


def _numbered(number: bytes, found: re.Match[bytes]) -> bytes:
    """A place of the number, with this one."""
    if found[4]:
        return found[4] + number
    return found[1] + number + found[2] + number + found[3]
