"""A Dask cluster: the one whose address is given, or one on this machine."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any


@contextmanager
def dask_client(scheduler: str | None, num_workers: int | None) -> Iterator[Any]:
    """Connect to a cluster, or start one for the duration of the block.

    Args:
        scheduler: The address of a running Dask scheduler. ``None`` starts workers on this machine.
        num_workers: How many to start; ``None`` for one per core.

    Yields:
        A ``distributed.Client``.

    Raises:
        ImportError: If the extra ``lmkit-book[data]`` is not installed.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ImportError("work on many files needs the package distributed: pip install 'lmkit-book[data]'") from error
    with ExitStack() as stack:
        if scheduler is None:
            count = num_workers or os.cpu_count()
            address = stack.enter_context(
                LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address="127.0.0.1:0")
            )
        else:
            address = scheduler
        yield stack.enter_context(Client(address))
