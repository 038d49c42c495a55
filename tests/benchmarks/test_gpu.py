"""The program for GPUs runs on a CPU in tiny sizes, and one section that fails leaves the others alone."""

import json
from dataclasses import replace

import jaxtyping
import pytest
import torch

from benchmarks import tables
from benchmarks.gpu import __main__ as program
from benchmarks.gpu.sizes import SIZES

CPU = torch.device("cpu")
pytestmark = pytest.mark.filterwarnings(  # torch's own, while it compiles
    "ignore:.*autograd.function.Function.* should not be instantiated:DeprecationWarning"
)
CHECKS = [name for name, (where, _) in program.SECTIONS.items() if where.startswith("checks.")]


@pytest.fixture(autouse=True)
def _no_checks_of_shapes(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)  # they do not compile
    torch._dynamo.reset()  # or the sections, which have a process each, would share one limit of compilations


@pytest.mark.parametrize("name", CHECKS)
def test_every_check_holds_on_a_cpu(name):
    found = program.load_section(name)(SIZES["tiny"], CPU)
    assert found.checks
    assert [check for check in found.checks if not check["holds"]] == []


def test_a_check_can_fail(monkeypatch):
    """A compiled objective whose loss has another gradient is found out."""
    monkeypatch.setattr(torch, "compile", lambda objective, **_: lambda *arguments: 1.01 * objective(*arguments))
    found = program.load_section("compiled_step")(SIZES["tiny"], CPU)
    assert not any(check["holds"] for check in found.checks if "fp32" in str(check["check"]))


@pytest.mark.parametrize(
    "name", ["training", "decoding_one_row", "decoding_many_rows", "eager_training", "eager_decoding"]
)
def test_rows_are_measured(name):
    found = program.load_section(name)(replace(SIZES["tiny"], rounds=1), CPU)
    assert found.rows
    assert all(row["tokens/s"] > 0 for row in found.rows)


def test_a_failing_section_leaves_the_others_alone(monkeypatch, tmp_path):
    monkeypatch.setitem(program.SECTIONS, "missing", ("nowhere.nothing", 60))
    results = tmp_path / "gpu.json"
    program.run_all(["missing", "machine"], "tiny", "cpu", 300, results)
    sections = json.loads(results.read_text())["sections"]
    assert "exit status 2" in sections["missing"]["error"]
    assert sections["machine"]["error"] is None
    assert sections["machine"]["notes"]["memory read and written, TB/s"] > 0


def test_no_section_starts_without_time(tmp_path):
    everything = program.run_all(["machine"], "tiny", "cpu", 1, tmp_path / "gpu.json")
    assert everything["sections"]["machine"]["error"] == "no time was left"


def test_results_become_rows_of_the_readme(monkeypatch, tmp_path):
    readme = tmp_path / "README.md"
    begin_end = "<!-- {0}: begin -->\n<!-- {0}: end -->\n"
    readme.write_text(begin_end.format("gpu checks") + begin_end.format("gpu"))
    monkeypatch.setattr(tables, "README", readme)
    section = {
        "checks": [{"check": "a equals b", "measured": "1e-7", "holds": True}],
        "rows": [{"work": "training", "tokens/s": 3000.0, "peer": 2000.0, "required": "2,500"}],
    }
    results = tmp_path / "gpu.json"
    results.write_text(json.dumps({"machine": "Fast One", "sections": {"all": section}}))
    program.main(["--enter", str(results)])
    assert "| Fast One | a equals b | 1e-7 | yes |" in readme.read_text()
    assert "| Fast One | training | 3,000 | 2,000 | 1.50 | 2,500 |" in readme.read_text()
