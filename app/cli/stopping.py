"""How a process that serves ends: a first signal stops it within a time, a second one at once.

uvicorn waits for connections before it tells the application that it stops, and Python waits for every thread before
the process is gone. So a thread of its own keeps the time: it tells the jobs of the process at once, and ends the
process when the time is over, whoever is still waited for.
"""

import logging
import os
import signal
import time
from collections.abc import Callable
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from threading import Thread
from types import FrameType

log = logging.getLogger("chiso.stopping")

SIGNALS = (signal.SIGINT, signal.SIGTERM)
SHARE_OF_REQUESTS = 0.8
"""Of the time to stop, what requests in flight may take to end; the rest is for what they leave behind."""


def stop_within(seconds: float, stop: Callable[[], object]) -> None:
    """From now on a signal calls `stop` in a thread, beside what it did so far, and ends the process in time.

    For the main thread, once the server has set its own handlers. A second signal ends the process at once; in a worker
    it does not, whose parent sees to that: service managers signal all processes of a service, parents their workers.
    """
    listening, asking = os.pipe()
    for number in SIGNALS:
        signal.signal(number, _also_written_to(asking, signal.getsignal(number)))
    Thread(target=_keep_time, args=(listening, seconds, stop), name="stopping", daemon=True).start()


def _also_written_to(pipe: int, before: object) -> Callable[[int, FrameType | None], None]:
    """A handler that does what the one before did, and writes the number of the signal into a pipe.

    A handler interrupts the main thread wherever it is, so it takes no lock and starts no thread.
    """

    def handle(number: int, frame: FrameType | None) -> None:
        os.write(pipe, bytes([number]))
        if callable(before):
            before(number, frame)

    return handle


def _keep_time(listening: int, seconds: float, stop: Callable[[], object]) -> None:
    parent = parent_process()
    signals = Connection(listening, writable=False)
    wait([signals] if parent is None else [signals, parent.sentinel])
    if parent is not None and not parent.is_alive():  # nobody would replace or stop this process any more
        os.kill(os.getpid(), signal.SIGTERM)
    os.read(listening, 1)
    until = time.monotonic() + seconds
    Thread(target=stop, name="stopping-jobs", daemon=True).start()
    while (left := until - time.monotonic()) > 0:
        if wait([signals], left) and (number := os.read(listening, 1)[0]) and parent is None:
            log.warning("Ended at once, by a second signal")
            os._exit(128 + number)
    log.warning("Not everything has come to its end within %s seconds; what was left is cut off", seconds)
    os._exit(0)
