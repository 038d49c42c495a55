import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from lmkit.training import (
    SGD,
    AdamW,
    DamagedCheckpointError,
    History,
    TrainingConfig,
    constant,
    fused_adamw,
    load_checkpoint,
    newest_checkpoint,
    save_checkpoint,
    train,
    train_step,
)
from lmkit.training.checkpoint import checkpoint_path, remove_old_checkpoints
from lmkit.training.tensor_tree import put_tensors, take_tensors
from tests.training.tiny import batches, tiny_gpt


class Words:
    """Stands in for a tokenizer."""

    def save(self, path):
        path.write_text('{"words": ["a", "b"]}')


@pytest.fixture
def trained(model):
    """A model and its optimiser after two steps, the batches behind them, and what happened."""
    optimizer, source, history = fused_adamw(model, 0.01), batches(), History()
    for _ in range(2):
        history.add(train_step(model, optimizer, next(source)), seconds=1.0)
    return model, optimizer, source, history


def files_of(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def assert_same_weights(model, other):
    for (name, weight), (_, expected) in zip(model.state_dict().items(), other.state_dict().items(), strict=True):
        assert torch.equal(weight, expected), name


@pytest.mark.parametrize(
    "make",
    [
        lambda model: fused_adamw(model, 0.01),
        lambda model: AdamW(model.parameters(), 0.01),
        lambda model: SGD(model.parameters(), 0.01, momentum=0.9),
        lambda model: torch.optim.SGD(model.parameters(), 0.01),
    ],
)
def test_a_restored_run_goes_on_bit_by_bit(model, make, tmp_path):
    optimizer, source = make(model), batches()
    for _ in range(2):
        train_step(model, optimizer, next(source))
    save_checkpoint(tmp_path / "c", model, optimizer, history=History(), batches=source)
    restored = tiny_gpt(dropout=0.0)
    torch.nn.init.zeros_(restored.unembedding.weight)
    new_optimizer, new_source = make(restored), batches()
    load_checkpoint(tmp_path / "c").restore(restored, new_optimizer, new_source)
    for _ in range(3):
        expected, result = (
            train_step(m, o, next(s)) for m, o, s in ((model, optimizer, source), (restored, new_optimizer, new_source))
        )
        assert result == expected
    assert_same_weights(restored, model)
    assert restored.unembedding.weight is restored.token_embedding.weight


def test_everything_is_in_it(trained, tmp_path):
    model, optimizer, source, history = trained
    save_checkpoint(tmp_path / "c", model, optimizer, history=history, batches=source, tokenizer=Words())
    checkpoint = load_checkpoint(tmp_path / "c")
    assert checkpoint.history == history
    assert checkpoint.batches == source.state_dict()
    assert checkpoint.tokenizer_file.read_text() == '{"words": ["a", "b"]}'
    assert checkpoint.optimizer["state"][0]["step"] == 2
    assert list(files_of(tmp_path)) == [
        f"c/{name}"
        for name in ("manifest.json", "model.safetensors", "optimizer.safetensors", "state.json", "tokenizer.json")
    ]
    size = (tmp_path / "c" / "model.safetensors").stat().st_size
    assert size < 8 * sum(weight.numel() for weight in model.parameters()) + 4000  # tied weights are there once


def test_tuples_come_back_as_tuples(trained, tmp_path):
    model, optimizer, source, history = trained
    save_checkpoint(tmp_path / "c", model, optimizer, history=history, batches=source)
    betas = [group["betas"] for group in load_checkpoint(tmp_path / "c").optimizer["param_groups"]]
    assert betas == [(0.9, 0.95), (0.9, 0.95)]
    tree = {"empty": (), "nested": [(1, (torch.ones(2), [2])), {"a": ("b",)}]}
    again = put_tensors(*take_tensors(tree))
    assert again["empty"] == ()
    assert again["nested"][0][0] == 1
    assert isinstance(again["nested"][0][1], tuple)
    assert torch.equal(again["nested"][0][1][0], torch.ones(2))
    assert again["nested"][0][1][1] == [2]
    assert again["nested"][1] == {"a": ("b",)}


def test_without_a_tokenizer_there_is_none(trained, tmp_path):
    model, optimizer, source, history = trained
    save_checkpoint(tmp_path / "c", model, optimizer, history=history, batches=source)
    assert load_checkpoint(tmp_path / "c").tokenizer_file is None
    assert not (tmp_path / "c" / "tokenizer.json").exists()


def test_files_and_folders_follow_the_umask(trained, tmp_path):
    model, optimizer, source, history = trained
    before = os.umask(0o002)
    try:
        save_checkpoint(tmp_path / "all" / "c", model, optimizer, history=history, batches=source)
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "all").rglob("*")}
    assert modes.pop("c") == 0o775
    assert set(modes.values()) == {0o664}


def test_a_restored_checkpoint_can_be_restored_again(trained, tmp_path):
    model, optimizer, source, history = trained
    save_checkpoint(tmp_path / "c", model, optimizer, history=history, batches=source)
    checkpoint = load_checkpoint(tmp_path / "c")
    results = []
    for _ in range(2):
        restored = tiny_gpt()
        new_optimizer, new_source = fused_adamw(restored, 0.01), batches()
        checkpoint.restore(restored, new_optimizer, new_source)
        results.append([train_step(restored, new_optimizer, next(new_source)) for _ in range(2)])
    assert results[0] == results[1]


@pytest.mark.parametrize("name", ["manifest.json", "model.safetensors", "optimizer.safetensors", "state.json"])
@pytest.mark.parametrize("damage", ["cut", "flip", "remove"])
def test_damage_is_noticed_and_the_one_before_is_taken(trained, tmp_path, name, damage):
    model, optimizer, source, history = trained
    save_checkpoint(checkpoint_path(tmp_path, 1), model, optimizer, history=History(), batches=source)
    save_checkpoint(checkpoint_path(tmp_path, 2), model, optimizer, history=history, batches=source)
    file = checkpoint_path(tmp_path, 2) / name
    content = file.read_bytes()
    file.unlink()
    if damage == "cut":
        file.write_bytes(content[: len(content) // 2])
    elif damage == "flip":
        middle = len(content) // 2
        file.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    with pytest.raises(DamagedCheckpointError, match="step-000000002 is damaged"):
        load_checkpoint(checkpoint_path(tmp_path, 2))
    with pytest.warns(UserWarning, match=r"step-000000002 is damaged: .*; it is set aside and the checkpoint before"):
        checkpoint = newest_checkpoint(tmp_path)
    assert checkpoint.path == checkpoint_path(tmp_path, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["damaged-step-000000002", "step-000000001"]


def test_when_all_are_damaged_nothing_begins_anew_in_silence(trained, tmp_path):
    model, optimizer, _, history = trained
    assert newest_checkpoint(tmp_path) is None
    save_checkpoint(checkpoint_path(tmp_path, 2), model, optimizer, history=history)
    (checkpoint_path(tmp_path, 2) / "state.json").write_text("{}")
    with (
        pytest.warns(UserWarning, match="is damaged"),
        pytest.raises(DamagedCheckpointError, match="state.json is not what was written"),
    ):
        newest_checkpoint(tmp_path)


def test_a_full_disk_loses_nothing(trained, tmp_path):
    model, optimizer, source, history = trained
    save_checkpoint(checkpoint_path(tmp_path, 1), model, optimizer, history=history, batches=source, tokenizer=Words())
    before = files_of(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for largest in (0, 1000, 40_000):  # the system refuses to write more than so many bytes to a file
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
        try:
            with pytest.raises(OSError, match=r"File too large|could not write"):
                save_checkpoint(checkpoint_path(tmp_path, 2), model, optimizer, history=history, batches=source)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert files_of(tmp_path) == before
        assert [path.name for path in tmp_path.iterdir()] == ["step-000000001"]


def test_an_existing_checkpoint_is_not_written_over(trained, tmp_path):
    model, optimizer, _, history = trained
    save_checkpoint(tmp_path / "c", model, optimizer, history=history)
    before = files_of(tmp_path)
    with pytest.raises(FileExistsError, match="already exists"):
        save_checkpoint(tmp_path / "c", model, optimizer, history=history)
    assert files_of(tmp_path) == before


def test_old_checkpoints_and_leftovers_go(tmp_path):
    for name in ("step-000000009", "step-000000010", "step-000000100", ".partial-x", "notes"):
        (tmp_path / name).mkdir()
    remove_old_checkpoints(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes", "step-000000010", "step-000000100"]
    remove_old_checkpoints(tmp_path, keep=1, best=10)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes", "step-000000010", "step-000000100"]
    remove_old_checkpoints(tmp_path, keep=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes", "step-000000100"]


def test_a_position_is_needed_to_go_on(trained, tmp_path):
    model, optimizer, source, history = trained
    save_checkpoint(tmp_path / "c", model, optimizer, history=history)
    checkpoint = load_checkpoint(tmp_path / "c")
    checkpoint.restore(model, optimizer)
    with pytest.raises(ValueError, match="Batches must both hold a position"):
        checkpoint.restore(model, optimizer, source)


NUM_STEPS = 12


def run_to_the_end(folder):
    model = tiny_gpt(dropout=0.3, dtype=torch.float32)
    config = TrainingConfig(num_steps=NUM_STEPS, checkpoint_every=2, evaluate_every=3)
    history = train(
        model,
        fused_adamw(model, 0.01),
        batches(),
        constant(0.01),
        config,
        validation_batches=[next(batches(batch_size=2))],
        checkpoint_folder=folder,
        tokenizer=Words(),
        progress=False,
    )
    return history, model


def curves(history):
    return history.loss_nats, history.grad_norm, history.validation


def test_extending_a_finished_run_equals_a_longer_one(tmp_path):
    """The folder holds the first half, so that the same call goes on from there."""
    expected, expected_model = run_to_the_end(tmp_path / "whole")
    shutil.copytree(checkpoint_path(tmp_path / "whole", 10), checkpoint_path(tmp_path / "half", 10))
    history, model = run_to_the_end(tmp_path / "half")
    assert curves(history) == curves(expected)
    assert_same_weights(model, expected_model)
    assert sorted(path.name for path in (tmp_path / "half").iterdir()) == ["step-000000010", "step-000000012"]


# A child process imports everything once and then, before it has computed anything, forks one process for each
# line that it reads. That process kills itself with signal 9 before its n-th step of training or of writing.
CHILD = """
import os, signal, sys
from pathlib import Path
import torch, torch._dynamo  # which the first optimiser would import in each process
from lmkit.training import checkpoint, loop
from tests.training.test_checkpoint import run_to_the_end

torch.set_num_threads(1)

def dying(function, calls_left):
    def counted(*args, **kwargs):
        calls_left[0] -= 1
        if calls_left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)
    return counted

for line in sys.stdin:
    folder, num_calls = line.split()
    child = os.fork()
    if child == 0:
        calls_left = [int(num_calls)]
        os.fsync, Path.rename = dying(os.fsync, calls_left), dying(Path.rename, calls_left)
        checkpoint.save_file = dying(checkpoint.save_file, calls_left)
        checkpoint.shutil.rmtree = dying(checkpoint.shutil.rmtree, calls_left)
        loop.train_step = dying(loop.train_step, calls_left)
        run_to_the_end(Path(folder))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def test_killed_at_any_moment_it_goes_on_as_if_nothing_had_happened(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    ) as child:

        def run_in_child(folder, num_calls):
            child.stdin.write(f"{folder} {num_calls}\n")
            child.stdin.flush()
            return int(child.stdout.readline())

        assert run_in_child(tmp_path / "whole", 10**6) == 0  # calls are never used up
        expected = load_checkpoint(checkpoint_path(tmp_path / "whole", NUM_STEPS))
        lives = 1
        while (code := run_in_child(tmp_path / "killed", lives)) == -signal.SIGKILL:
            lives += 1  # each life is one call longer, until they are long enough to get further
        child.stdin.close()
    assert code == 0
    assert lives > 14  # so each moment between two checkpoints was somebody's last
    found = load_checkpoint(checkpoint_path(tmp_path / "killed", NUM_STEPS))
    assert curves(found.history) == curves(expected.history)
    for name, weight in expected.model.items():
        assert torch.equal(found.model[name], weight)
