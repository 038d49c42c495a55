import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from lmkit.training import load_checkpoint, machine_name, pick_device, rank, world_size
from lmkit.training.checkpoint import checkpoint_path
from lmkit.training.distributed import stacked_blocks, sum_over_ranks
from tests.training.any_ranks import NUM_STEPS, run, run_bert

BERTS = ["ddp-masked", "fsdp-masked", "ddp-pairs", "fsdp-pairs"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Runs of one process and of two, from the start and from where the other stopped half-way."""
    folder = tmp_path_factory.mktemp("ranks")
    run(folder / "alone")
    for name in ("masked", "pairs"):
        run_bert(folder / f"alone-{name}", name)
    for strategy in ("ddp", "fsdp"):
        shutil.copytree(checkpoint_path(folder / "alone", 3), checkpoint_path(folder / f"{strategy}-from-alone", 3))
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    script = Path(__file__).with_name("any_ranks.py")
    subprocess.run(
        [*torchrun, script, folder, "ddp", "fsdp", "ddp-from-alone", "fsdp-from-alone", *BERTS],
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path.cwd())},
    )
    for strategy in ("ddp", "fsdp"):
        shutil.copytree(checkpoint_path(folder / strategy, 3), checkpoint_path(folder / f"alone-from-{strategy}", 3))
        run(folder / f"alone-from-{strategy}")
    return folder


@pytest.mark.parametrize(
    "place", ["ddp", "fsdp", "ddp-from-alone", "fsdp-from-alone", "alone-from-ddp", "alone-from-fsdp"]
)
def test_two_processes_equal_one_with_the_joint_batch(folder, place):
    """Though the ranks, and the parts of each batch, score different numbers of tokens."""
    one, two = (load_checkpoint(checkpoint_path(folder / name, NUM_STEPS)) for name in ("alone", place))
    assert two.history.loss_nats == pytest.approx(one.history.loss_nats, rel=1e-10)
    assert two.history.grad_norm == pytest.approx(one.history.grad_norm, rel=1e-8)
    assert two.history.num_tokens == one.history.num_tokens
    assert [loss for _, loss in two.history.validation] == pytest.approx(
        [loss for _, loss in one.history.validation], rel=1e-10
    )
    assert two.batches == one.batches
    for name, weight in one.model.items():
        torch.testing.assert_close(two.model[name], weight, atol=1e-8, rtol=0)
    assert two.optimizer["state"].keys() == one.optimizer["state"].keys()
    for number, entries in one.optimizer["state"].items():
        for name, value in entries.items():
            torch.testing.assert_close(two.optimizer["state"][number][name], value, atol=1e-8, rtol=0)


@pytest.mark.parametrize("place", BERTS)
def test_two_processes_train_a_bert_as_one_does(folder, place):
    """One of its heads may be unused, and its loss may be two means over different numbers of things."""
    name = place.partition("-")[2]
    one, two = (load_checkpoint(checkpoint_path(folder / each, NUM_STEPS)) for each in (f"alone-{name}", place))
    assert two.history.loss_nats == pytest.approx(one.history.loss_nats, rel=1e-10)
    assert two.history.grad_norm == pytest.approx(one.history.grad_norm, rel=1e-8)
    for weight_name, weight in one.model.items():
        torch.testing.assert_close(two.model[weight_name], weight, atol=1e-8, rtol=0)


def test_alone_there_is_one_rank():
    assert (rank(), world_size()) == (0, 1)
    assert sum_over_ranks(torch.tensor(2.5)) == 2.5


def test_auto_takes_the_accelerator_if_there_is_one(monkeypatch):
    for accelerator, expected in ((None, "cpu"), ("cuda", "cuda:1")):
        found = None if accelerator is None else torch.device(accelerator)
        monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda check_available, found=found: found)
        monkeypatch.setenv("LOCAL_RANK", "1")
        assert pick_device("auto") == torch.device(expected)
    assert pick_device("cpu") == torch.device("cpu")
    monkeypatch.delenv("LOCAL_RANK")  # without torchrun
    assert pick_device() == torch.device("cuda:0")


def test_a_machine_is_named_with_its_threads(monkeypatch):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"cpu_name": "Fast One"})
    for threads, name in ((1, "Fast One, 1 thread"), (3, "Fast One, 3 threads")):
        monkeypatch.setattr(torch, "get_num_threads", lambda threads=threads: threads)
        assert machine_name(torch.device("cpu")) == name
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"cpu_name": "Fast One", "avx512_bf16": True})
    assert machine_name(torch.device("cpu")) == "Fast One with bf16, 3 threads"
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: f"GPU {device.index}")
    assert machine_name(torch.device("cuda:1")) == "GPU 1"


def test_blocks_are_the_members_of_the_outermost_lists(model):
    assert stacked_blocks(model) == list(model.layers)
    assert stacked_blocks(torch.nn.Linear(1, 1)) == []
