"""Check and measure lmkit on a GPU: everything in one run of less than nine minutes, without network.

    python -m benchmarks.gpu --results gpu.json            # all checks and rows
    python -m benchmarks.gpu --sizes quick                 # the same in small numbers, for a first look
    python -m benchmarks.gpu --sections machine            # some of it
    python -m benchmarks.gpu --enter gpu.json              # no measurement: put results into benchmarks/README.md

Each section runs in a process of its own with a time limit, so that neither a hanging nor a crashing one takes the
others along. The file of results is written anew after each section.
"""

import argparse
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch

from benchmarks.gpu.findings import Section
from benchmarks.gpu.sizes import SIZES
from benchmarks.tables import header, line, write_rows
from lmkit.training import machine_name, pick_device

SECTIONS = {
    "machine": ("machine.machine", 40),
    "training": ("rows.training", 110),
    "decoding_one_row": ("rows.decoding_one_row", 70),
    "decoding_many_rows": ("rows.decoding_many_rows", 60),
    "eager_training": ("rows.eager_training", 60),
    "eager_decoding": ("rows.eager_decoding", 90),
    "compiled_step": ("checks.compiled_step_equals_eager", 80),
    "cuda_graph": ("checks.cuda_graph_equals_eager", 80),
    "one_rank": ("checks.one_rank", 50),
    "prefetch": ("checks.prefetched_batches", 40),
    "checkpointing": ("checks.activation_checkpointing", 50),
    "bf16_curve": ("checks.bf16_curve", 110),
    "compiled_peer": ("rows.compiled_peer", 110),
}
"""Where each section is, and the seconds that it may take."""

CHECK_COLUMNS = ("machine", "check", "measured", "holds")
ROW_COLUMNS = ("machine", "work", "tokens/s", "transformers tokens/s", "times as fast", "required")


def load_section(name: str) -> Section:
    """Import a section, and nothing that only others need."""
    module, function = SECTIONS[name][0].split(".")
    return getattr(importlib.import_module(f"benchmarks.gpu.{module}"), function)


def run_section(name: str, sizes: str, device: str, seconds: float) -> dict:
    """Run one section in a process of its own and return what it found, or how it failed."""
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder, "findings.json")
        command = [sys.executable, "-m", "benchmarks.gpu", "--sections", name, "--sizes", sizes, "--device", device]
        start = time.perf_counter()
        process = subprocess.Popen(
            [*command, "--into", into],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=max(seconds, 1))
            error = None if process.returncode == 0 else f"exit status {process.returncode}: {output[-3000:]}"
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            error = f"not done in {seconds:.0f} s: {process.communicate()[0][-3000:]}"
        taken = round(time.perf_counter() - start, 1)
        found = json.loads(into.read_text(encoding="utf-8")) if into.exists() else {}
        return {"seconds": taken, "error": error, "checks": [], "rows": [], "notes": {}} | found


def run_all(names: list[str], sizes: str, device: str, seconds: float, results: Path) -> dict:
    """Run sections one after another and write down what is known after each."""
    everything = {
        "machine": machine_name(torch.device(device)),
        "torch": torch.__version__,
        "python": sys.version.split()[0],
        "sizes": sizes,
        "sections": {},
    }
    end = time.perf_counter() + seconds
    for name in names:
        left = end - time.perf_counter()
        if left < 10:
            everything["sections"][name] = {"error": "no time was left", "checks": [], "rows": [], "notes": {}}
            continue
        found = run_section(name, sizes, device, min(SECTIONS[name][1], left))
        everything["sections"][name] = found
        results.write_text(json.dumps(everything, indent=1, ensure_ascii=False), encoding="utf-8")
        print(f"{name}: {found['seconds']} s{'' if found['error'] is None else ', FAILED ' + found['error']}")
        for check in found["checks"]:
            print(f"  {'holds' if check['holds'] else 'FAILS'}: {check['check']}: {check['measured']}")
        for row in found["rows"]:
            print("  " + line(row_cells("", row)[1:]).strip())
        for note, value in found["notes"].items():
            print(f"  {note}: {value}", flush=True)
    return everything


def row_cells(machine: str, row: dict) -> tuple[str, ...]:
    """The cells of a row of speed."""
    speed, peer = row["tokens/s"], row["peer"]
    beside = ("", "") if peer is None else (f"{peer:,.0f}", f"{speed / peer:.2f}")
    return machine, row["work"], f"{speed:,.0f}", *beside, row["required"]


def check_cells(machine: str, check: dict) -> tuple[str, ...]:
    """The cells of a check."""
    return machine, check["check"], check["measured"], "yes" if check["holds"] else "no"


def tables(everything: dict) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """The cells of all checks and of all rows."""
    machine, sections = everything["machine"], everything["sections"].values()
    checked = [check_cells(machine, check) for section in sections for check in section["checks"]]
    return checked, [row_cells(machine, row) for section in sections for row in section["rows"]]


def enter(results: Path) -> None:
    """Put the results of a run into the README."""
    checked, measured = tables(json.loads(results.read_text(encoding="utf-8")))
    write_rows("gpu checks", CHECK_COLUMNS, checked)
    write_rows("gpu", ROW_COLUMNS, measured)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sections", nargs="+", choices=SECTIONS, default=list(SECTIONS))
    parser.add_argument("--sizes", choices=SIZES, default="full")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--seconds", type=float, default=520, help="how long all sections together may take")
    parser.add_argument("--results", type=Path, default=Path("gpu.json"), help="the file of results")
    parser.add_argument("--enter", type=Path, metavar="RESULTS", help="put the results of a run into the README")
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.enter is not None:
        enter(options.enter)
        return
    device = pick_device(options.device)
    if options.into is not None:  # the process of one section
        section = load_section(options.sections[0])
        options.into.write_text(json.dumps(vars(section(SIZES[options.sizes], device))), encoding="utf-8")
        return
    everything = run_all(options.sections, options.sizes, str(device), options.seconds, options.results)
    checked, measured = tables(everything)
    print(header(CHECK_COLUMNS) + "".join(map(line, checked)))
    print(header(ROW_COLUMNS) + "".join(map(line, measured)))


if __name__ == "__main__":
    main()
