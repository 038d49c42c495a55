"""What happens to memory between one training step and the next."""

import ctypes
import sys

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""The numbers of two of the settings of ``mallopt``, from ``malloc.h``."""


def keep_freed_memory() -> bool:
    """Let this process keep the memory that a training step on a CPU frees, for the next step.

    By default, the C library of Linux gives much of it back to the system in each step and must fetch it again, page by
    page, each filled with zeros. Without that, steps of 69 and 359 ms take 57 and 333 on an AMD EPYC with two threads
    (the small and the mid configuration of ``benchmarks.training`` in bf16). The process may keep up to 1 GiB that it
    does not use. Tensors of more than 32 MiB are given back as before. The setting holds for the whole process, from
    then on.

    Returns:
        True if the C library accepted both settings; False where it is not GNU's.

    Source:
        The manual page mallopt(3).

    Example:
        >>> isinstance(keep_freed_memory(), bool)
        True
    """
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and bool(mallopt(MMAP_THRESHOLD, 2**25)) and bool(mallopt(TRIM_THRESHOLD, 2**30))
