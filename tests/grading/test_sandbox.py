import json
import subprocess
import sys

import pytest

from lmkit.grading import sandbox, sandbox_problem

FLOOD = """
import json, resource, sys
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from lmkit.grading.sandbox import SandboxedKernelManager
cells = [new_code_cell("print('before')"), new_code_cell("print('z' * 2**28)"), new_code_cell("print('after')")]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
client = NotebookClient(new_notebook(cells=cells), timeout=60, kernel_manager_class=SandboxedKernelManager)
cells = client.execute(cwd=sys.argv[1]).cells
printed = ["".join(output.text for output in cell.outputs) for cell in cells]
print(json.dumps([resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, printed]))
"""

LOADED = """
import sys
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from lmkit.grading.sandbox import SandboxedKernelManager
source = "import gc, sys; print('statistics' in sys.modules, gc.isenabled(), gc.get_freeze_count() > 1000)"
source += "; import helper"
manager = SandboxedKernelManager(modules=["statistics", "no_such_module"])
client = NotebookClient(new_notebook(cells=[new_code_cell(source)]), km=manager, timeout=60)
print(client.execute(cwd=sys.argv[1]).cells[0].outputs[0].text, end="")
"""


def test_a_flood_of_output_stays_out_of_the_graders_memory(tmp_path):
    """One message of 256 MiB: it would be in memory three times before anybody could cut it."""
    if problem := sandbox_problem():
        pytest.skip(f"no sandbox: {problem}")
    done = subprocess.run([sys.executable, "-c", FLOOD, str(tmp_path)], capture_output=True, text=True, check=True)
    kibibytes, printed = json.loads(done.stdout.splitlines()[-1])
    assert kibibytes < 150 * 2**10
    assert printed[0] == "before\n"
    assert len(printed[1]) < 2**20  # what came before the flood, if anything


def test_a_kernel_has_loaded_what_is_slow_and_finds_the_notebooks_files(tmp_path):
    if problem := sandbox_problem():
        pytest.skip(f"no sandbox: {problem}")
    (tmp_path / "statistics.py").write_text("raise SystemExit('in place of the library')", encoding="utf-8")
    (tmp_path / "helper.py").write_text("print('given with the assignment')", encoding="utf-8")
    command = [sys.executable, "-c", LOADED, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "True True True\ngiven with the assignment\n"


def test_a_machine_without_bubblewrap_is_told_to_install_it(monkeypatch):
    sandbox_problem.cache_clear()
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    assert sandbox_problem() == "install bubblewrap"
    sandbox_problem.cache_clear()


def test_a_bubblewrap_that_does_not_start_is_named(monkeypatch):
    sandbox_problem.cache_clear()
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(sandbox, "sandbox_command", lambda *_: ["sh", "-c", "echo no namespaces >&2; exit 1"])
    assert sandbox_problem() == "bubblewrap is installed but does not start: no namespaces"
    sandbox_problem.cache_clear()
