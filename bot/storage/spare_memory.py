"""Gives memory that nothing holds any more back to the system.

The C library keeps what was freed for what may come; after content was parsed, an index built or a model
loaded, that is tens of megabytes that never come again.
"""

import ctypes
from contextlib import suppress


def hand_back() -> None:
    """Hand spare memory back, where the C library can (that of GNU); elsewhere nothing happens."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
