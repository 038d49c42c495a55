import json
import os
import re
import signal

import matplotlib as mpl
import pytest
import torch

from lmkit.cli import main
from lmkit.models import load_special_ids, load_tokenizer
from lmkit.recipes import StoppableBatches
from lmkit.recipes.run_folder import locked_folder
from lmkit.training import load_checkpoint, newest_checkpoint

mpl.use("svg")

TINY = "--model.d-model 16 --model.num-layers 1 --model.num-heads 2 --model.context-length 16 --batch-size 4"
SHORT = "--training.num-steps 4 --training.evaluate-every 2 --no-progress --device cpu"


@pytest.fixture(autouse=True)
def _interrupts_as_in_a_terminal():
    """A process that was started in the background ignores Ctrl-C; these tests are about one that does not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def corpus(tmp_path):
    (tmp_path / "text.txt").write_text("It was the best of times, it was the worst of times.\n" * 40)
    return tmp_path / "text.txt"


def train(capsys, corpus, options=""):
    main(f"train --corpus {corpus} --output {corpus.parent}/run {TINY} {SHORT} {options}".split())
    return capsys.readouterr().out


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_twenty_bytes_are_enough(corpus, capsys):
    corpus.write_text("It was a good story.")
    shown = train(capsys, corpus)
    assert re.search(r"training: windows of \d+ tokens, because the text is shorter than the context", shown)
    assert "after 4 of 4 steps" in shown or "after 2 of 4 steps" in shown


def test_three_bytes_are_too_few(corpus, capsys):
    corpus.write_text("It.")
    with pytest.raises(SystemExit, match=r"the corpus has \d tokens: too few to train and evaluate on"):
        train(capsys, corpus)
    corpus.write_text("It was the best of times. " * 40)  # and the folder can be used
    assert "after 4 of 4 steps" in train(capsys, corpus)


def test_thirty_sentences_are_enough(corpus, capsys):
    folder = corpus.parent / "folder"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number}.txt").write_text(f"Anna has {number} apples.")
    shown = train(capsys, folder, "--model.context-length 128")
    assert re.search(r"validation: windows of \d+ tokens, because the text is shorter than the context", shown)
    assert re.search(r"loss: at best [\d.]+ nats per token", shown)


def test_the_last_rows_of_an_epoch_may_be_fewer_than_the_micro_batches(corpus, capsys):
    corpus.write_text("It was the best of times. " * 9)
    assert "steps" in train(capsys, corpus, "--training.num-micro-batches 4 --training.num-steps 9")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("--model.d-model 32", "holds a run with d_model=16, not 32"),
        ("--training.seed 1", "holds a run with seed=0, not 1"),
        ("--model.context-length 8", "holds a run with context_length=16, not 8"),
    ],
)
def test_another_model_leaves_the_folder_as_it_was(change, message, corpus, capsys):
    train(capsys, corpus)
    before = files(corpus.parent / "run")
    with pytest.raises(SystemExit, match=message):
        train(capsys, corpus, change)
    assert files(corpus.parent / "run") == before


def test_another_text_leaves_the_folder_as_it_was(corpus, capsys):
    train(capsys, corpus)
    before = files(corpus.parent / "run")
    corpus.write_text(corpus.read_text() + "More.")
    with pytest.raises(SystemExit, match=r"holds a run with corpus=.*text.txt .*: give another --output"):
        train(capsys, corpus)
    assert files(corpus.parent / "run") == before


def test_a_model_from_elsewhere_is_not_overwritten(corpus, capsys):
    (corpus.parent / "run").mkdir()
    (corpus.parent / "run" / "tokenizer.json").write_text("{}")
    with pytest.raises(SystemExit, match=r"already has tokenizer.json, but no run.json"):
        train(capsys, corpus)
    assert (corpus.parent / "run" / "tokenizer.json").read_text() == "{}"


def test_a_folder_in_use_is_locked(corpus, capsys):
    with locked_folder(corpus.parent / "run"), pytest.raises(SystemExit, match="in use by another run"):
        train(capsys, corpus)
    assert "after 4 of 4 steps" in train(capsys, corpus)


def test_going_on_is_said(corpus, capsys):
    assert "resuming" not in train(capsys, corpus)
    assert "resuming: the run in" in (shown := train(capsys, corpus, "--training.num-steps 6"))
    assert "continues after step 4" in shown


def test_validation_is_shown(corpus, capsys):
    shown = train(capsys, corpus)
    history = newest_checkpoint(corpus.parent / "run" / "checkpoints").history
    assert [step for step, _ in history.validation] == [2, 4]
    for step, loss_nats in history.validation:
        assert f"step {step}: {loss_nats:.3f} nats per token on validation text" in shown


def test_the_card_has_the_command_as_a_shell_takes_it(tmp_path, capsys):
    folder = tmp_path / "my texts"
    folder.mkdir()
    (folder / "it's.txt").write_text("It was the best of times. " * 40)
    main([*f"train {TINY} {SHORT} --output {tmp_path}/run --corpus".split(), str(folder)])
    card = (tmp_path / "run" / "README.md").read_text()
    assert f"    lmkit train --corpus '{folder}' --output {tmp_path}/run --model.context-length 16" in card
    facts = json.loads((tmp_path / "run" / "evaluation.json").read_text())
    assert facts["steps"] == 4
    assert f"| perplexity | {facts['scores']['perplexity']} |" in card
    assert len((tmp_path / "run" / "log.csv").read_text().splitlines()) == 1  # fewer steps than a line sums up
    end_id = load_tokenizer(tmp_path / "run").special_tokens["<|endoftext|>"]
    special_ids = load_special_ids(tmp_path / "run")
    assert (special_ids.end_ids, special_ids.packed, special_ids.starts_texts) == ((end_id,), True, False)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_saves_and_the_same_command_goes_on(number, corpus, capsys, monkeypatch):
    whole = corpus.parent / "whole"
    main(f"train --corpus {corpus} --output {whole} {TINY} {SHORT} --training.num-steps 8".split())
    take = StoppableBatches.__next__

    def interrupted_at_the_third(batches):
        if batches.batches.num_seen == 8:  # after two batches of 4 windows
            os.kill(os.getpid(), number)
        return take(batches)

    monkeypatch.setattr(StoppableBatches, "__next__", interrupted_at_the_third)
    with pytest.raises(SystemExit) as stop:
        train(capsys, corpus, "--training.num-steps 8")
    assert stop.value.code == 130
    assert "interrupted after 2 of 8 steps" in capsys.readouterr().out
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert not (corpus.parent / "run" / "model.safetensors").exists()
    monkeypatch.undo()
    assert "continues after step 2" in train(capsys, corpus, "--training.num-steps 8")
    one, two = (load_checkpoint(folder / "checkpoints" / "step-000000008") for folder in (whole, corpus.parent / "run"))
    assert one.history.loss_nats == two.history.loss_nats
    assert all(torch.equal(weight, two.model[name]) for name, weight in one.model.items())


def test_tokens_on_disk_train_a_model(tmp_path, capsys):
    texts = [{"text": f"Anna has {n} apples and Ben has {n * n} pears."} for n in range(400)]
    (tmp_path / "texts.jsonl").write_text("\n".join(map(json.dumps, texts)))
    encode = (
        f"tokenize --corpus {tmp_path}/texts.jsonl --tokenizer {tmp_path}/tokenizer.json --shards {tmp_path}/tokens "
        "--vocab-size 300 --validation 0.1 --no-progress"
    )
    main(encode.split())
    shown = capsys.readouterr().out
    assert f"try lmkit train --tokens {tmp_path}/tokens" in shown
    main(encode.split())  # finds that all is done
    command = f"train --tokens {tmp_path}/tokens --output {tmp_path}/run {TINY} {SHORT}"
    main(command.split())
    shown = capsys.readouterr().out
    assert re.search(r"tokens: [\d,]+ for training and [\d,]+ for validation", shown)
    assert re.search(r"loss: at best [\d.]+ nats per token", shown)
    main(f"generate --model {tmp_path}/run --prompt Anna --max-new-tokens 3 --device cpu".split())
    assert capsys.readouterr().out.startswith("Anna")
    with pytest.raises(SystemExit, match="give --corpus or --tokens"):
        main(f"{command} --corpus {tmp_path}/texts.jsonl".split())
    with pytest.raises(SystemExit, match="holds a run with corpus="):
        main(f"train --corpus {tmp_path}/texts.jsonl --output {tmp_path}/run {TINY} {SHORT}".split())
