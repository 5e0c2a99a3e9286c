"""Standard output and error that never decide an exit code: what a command did stays done, whether it is read or not.

A letter that the encoding of a stream lacks is written plainly. A stream that cannot be written to any more (a pipe
whose reader has left, a full disk, a closed descriptor) swallows the rest and keeps the reason. A command whose product
is what it prints asks for that reason with `fail_if_unprinted`.
"""

import codecs
import errno
import io
import os
import sys
import unicodedata
from typing import TextIO

PLAIN_LETTERS = "plain_letters"
"""The name of the error handler of codecs."""
PLAIN = {"đ": "d", "Đ": "D", "–": "-", "—": "-", "→": "->", "×": "x", "≈": "~", "“": '"', "”": '"', "‘": "'", "’": "'"}


class GuardedStream(io.TextIOWrapper):
    """A text stream that does not raise; `failure` is why it was given up, None as long as it was not."""

    failure: OSError | None = None

    def write(self, text: str) -> int:
        if self.failure is None:
            try:
                return super().write(text)
            except OSError as error:
                self._give_up(error)
        return len(text)

    def flush(self) -> None:
        if self.failure is None:
            try:
                super().flush()
            except OSError as error:
                self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self.failure = error
        # What waits in the buffer would be tried again when the interpreter ends, and decide the exit code then.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)


def guard_streams() -> None:
    """Put guarded streams in the place of standard output and error, once, before anything is printed."""
    codecs.register_error(PLAIN_LETTERS, plain_letters)
    sys.stdout, sys.stderr = _guarded(sys.stdout), _guarded(sys.stderr)


def _guarded(stream: TextIO | None) -> TextIO:
    if stream is None:  # closed before the start, as by `>&-`
        guarded = GuardedStream(io.FileIO(os.devnull, "w"))
        guarded.failure = OSError(errno.EBADF, os.strerror(errno.EBADF))
        return guarded
    return GuardedStream(
        stream.buffer, encoding=stream.encoding, errors=PLAIN_LETTERS, line_buffering=bool(stream.line_buffering)
    )


def plain_letters(error: UnicodeError) -> tuple[str, int]:
    """Text that an encoding lacks, in ASCII: letters without their marks, `?` for what has none.

    >>> plain_letters(UnicodeEncodeError("ascii", "Sở Tài chính → 漢", 0, 16, ""))[0]
    'So Tai chinh -> ?'
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(letter: str) -> str:
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if part.isascii())
    return PLAIN.get(letter) or bare or ("" if unicodedata.combining(letter) else "?")


def fail_if_unprinted(*, reader_may_leave: bool = True) -> None:
    """OSError unless everything printed so far has left. `reader_may_leave`: as `head` does, having read enough."""
    sys.stdout.flush()
    failure: OSError | None = getattr(sys.stdout, "failure", None)
    if failure is None or (reader_may_leave and failure.errno == errno.EPIPE):
        return
    raise OSError(failure.errno, failure.strerror, "standard output")
