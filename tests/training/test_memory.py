import ctypes
import subprocess
import sys

import pytest

from lmkit.training import keep_freed_memory

PROGRAM = """
import sys
import psutil, torch
from lmkit.training import keep_freed_memory

def memory():
    return psutil.Process().memory_info().rss / 2**20

if sys.argv[1] == "kept":
    assert keep_freed_memory()
before = memory()
step = [torch.ones(2**20) for _ in range(20)]  # 4 MiB each
assert memory() - before > 75
del step
print(memory() - before)
"""


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or not hasattr(ctypes.CDLL(None), "mallopt"), reason="no mallopt"
)
def test_what_a_step_frees_is_kept_for_the_next():
    mebibytes = {}
    for how in ("returned", "kept"):
        run = subprocess.run([sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True)
        mebibytes[how] = float(run.stdout)
    assert mebibytes["returned"] < 20
    assert mebibytes["kept"] > 75


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
