import ctypes
import subprocess
import sys

import pytest

from lmkit.training import keep_freed_memory

PROGRAM = """
import resource, sys
import torch
from lmkit.training import keep_freed_memory

def pages_of_a_step():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    kept = [torch.ones(2**20) for _ in range(20)]  # 4 MiB each
    del kept
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

if sys.argv[1] == "kept":
    assert keep_freed_memory()
pages_of_a_step()
print(min(pages_of_a_step() for _ in range(3)))
"""


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or not hasattr(ctypes.CDLL(None), "mallopt"), reason="no mallopt"
)
def test_a_step_gets_no_new_pages_for_what_another_has_freed():
    pages = {}
    for how in ("returned", "kept"):
        run = subprocess.run([sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True)
        pages[how] = int(run.stdout)
    assert pages["returned"] > 10_000  # 80 MiB are 20,480 pages
    assert pages["kept"] < 100


@pytest.mark.parametrize("setting", [-1, -3])
def test_where_memory_cannot_be_kept_nothing_happens(monkeypatch, setting):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())  # another C library
    assert not keep_freed_memory()

    class Refuses:
        mallopt = staticmethod(lambda which, value: int(which != setting))

    monkeypatch.setattr(ctypes, "CDLL", lambda name: Refuses)
    assert not keep_freed_memory()
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ctypes, "CDLL", lambda name: pytest.fail("there is no mallopt"))
    assert not keep_freed_memory()
