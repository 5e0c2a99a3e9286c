"""Memory that the C library holds after heavy work, given back to the system. Only glibc holds it and can."""

import ctypes

M_ARENA_MAX = -8
ARENAS = 2
"""Heaps of the C library: with one a thread, as is its habit, each keeps what its largest request took."""
PROCESS = ctypes.CDLL(None)


def limit_arenas() -> None:
    """Let all threads share a few heaps; at the start of a process, before threads have any."""
    if hasattr(PROCESS, "mallopt"):
        PROCESS.mallopt(M_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Give back what is free; takes milliseconds."""
    if hasattr(PROCESS, "malloc_trim"):
        PROCESS.malloc_trim(0)
