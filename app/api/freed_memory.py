"""How much freed memory the C library holds, and when it gives it back to the system. Only glibc holds it and can."""

import ctypes

import numpy as np

M_ARENA_MAX = -8
ARENAS = 1
"""Heaps of the C library: with one a thread, as is its habit, each keeps what its largest request took. Threads that
share an interpreter hardly ever wait for another's."""
LARGE_BLOCK = 16 * 2**20
"""Bytes."""
PROCESS = ctypes.CDLL(None)


def limit_arenas() -> None:
    """Let all threads share one heap; at the start of a process, before threads have any."""
    if hasattr(PROCESS, "mallopt"):
        PROCESS.mallopt(M_ARENA_MAX, ARENAS)


def keep_for_arrays() -> None:
    """Let glibc keep freed memory for the next arrays; elsewhere this does nothing. At the start of a process.

    From a large block that is taken, never touched, and comes back, it learns to keep up to twice as much. Else it
    hands the few megabytes of each board back to the system, and fetching them again page by page takes as long as all
    the arithmetic.
    """
    np.empty(LARGE_BLOCK, dtype=np.int8)


def give_back() -> None:
    """Give back what is free; takes milliseconds."""
    if hasattr(PROCESS, "malloc_trim"):
        PROCESS.malloc_trim(0)
