import json
import os
import re
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest

import lmkit
from lmkit.cli import COMMANDS, main
from lmkit.models import GPT, GPTConfig, Llama, LlamaConfig, SpecialIds, save_pretrained
from lmkit.recipes import HELD_OUT_SEED
from lmkit.storyworld import StoryWorld
from lmkit.tokenizers import train_bpe
from lmkit.training import load_checkpoint

mpl.use("svg")

TINY = "--model.d-model 16 --model.num-layers 2 --model.num-heads 2 --model.context-length 16 --batch-size 4"
SHORT = "--training.num-steps 6 --training.evaluate-every 3 --training.checkpoint-every 2 --no-progress --device cpu"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """A folder of thirty small texts."""
    folder = tmp_path_factory.mktemp("corpus")
    for number in range(30):
        text = " ".join(f"Anna has {number * n % 7} apples and Ben has {number + n} pears." for n in range(12))
        (folder / f"{number}.txt").write_text(text)
    return folder


@pytest.fixture(scope="module")
def trained(corpus, tmp_path_factory):
    """A folder in which a model was trained for a few steps."""
    output = tmp_path_factory.mktemp("run")
    main(f"train --corpus {corpus} --output {output} {TINY} {SHORT}".split())
    return output


def run(capsys, command):
    main(command.split())
    return capsys.readouterr().out


def test_help_is_there_before_torch_is():
    program = "import sys; from lmkit.cli import main\ntry: main(['--help'])\nfinally: print('torch' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert shown.endswith("False\n")
    for name, summary in COMMANDS.items():
        assert re.search(rf"{name} +{summary}", shown)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name, capsys):
    with pytest.raises(SystemExit) as stop:
        main([name, "--help"])
    assert stop.value.code == 0
    shown = capsys.readouterr().out
    assert f"usage: lmkit {name}" in shown
    assert not re.search(r":\w+:`|``", shown)  # the markup of docstrings is for the reference


def test_the_version_is_told_also_by_the_module():
    shown = subprocess.run([sys.executable, "-m", "lmkit", "--version"], capture_output=True, text=True, check=True)
    assert shown.stdout == f"lmkit {lmkit.__version__}\n"


def test_an_interruption_is_one_line(monkeypatch, capsys):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("lmkit.cli.tokenize.Command.run", interrupted)
    with pytest.raises(SystemExit) as stop:
        main(["tokenize"])
    assert stop.value.code == 130
    assert capsys.readouterr().err == "lmkit tokenize: interrupted\n"


def test_training_says_what_it_chose_and_leaves_a_model(corpus, tmp_path, capsys):
    shown = run(capsys, f"train --corpus {corpus} --output {tmp_path} {TINY} {SHORT} --tensorboard")
    num_bytes = sum(path.stat().st_size for path in corpus.iterdir())
    assert f"corpus: 30 documents, {num_bytes:,} bytes" in shown
    for part in (
        "tokenizer: byte-level BPE with",
        "validation:",
        "model: GPT with",
        "training: 6 steps",
        "on cpu in fp32",
    ):
        assert part in shown
    loss = float(re.search(r"loss: at best ([\d.]+) nats per token on validation text, after 6 of 6 steps", shown)[1])
    checkpoint = load_checkpoint(tmp_path / "checkpoints" / "step-000000006")
    assert checkpoint.history.validation[-1][1] == pytest.approx(loss, abs=1e-3)
    assert json.loads((tmp_path / "config.json").read_text())["n_embd"] == 16
    assert (tmp_path / "loss.svg").stat().st_size > 1000
    assert list((tmp_path / "tensorboard").iterdir())


def test_a_text_that_is_read_often_brings_dropout(corpus, tmp_path, capsys):
    command = f"train --corpus {corpus} {TINY} {SHORT} --output {tmp_path}"
    often = "--batch-size 256 --training.num-steps 8"
    assert "dropout 0\n" in run(capsys, f"{command}/once")
    assert "dropout 0.2\n" in run(capsys, f"{command}/often {often}")
    assert "dropout 0\n" in run(capsys, f"{command}/forced {often} --no-regularise")
    assert "dropout 0.1\n" in run(capsys, f"{command}/own {often} --model.dropout 0.1")


def test_the_same_command_goes_on_where_it_was(corpus, tmp_path, capsys):
    command = f"train --corpus {corpus} --output {tmp_path} {TINY} {SHORT}"
    run(capsys, command.replace("num-steps 6", "num-steps 4"))
    before = load_checkpoint(tmp_path / "checkpoints" / "step-000000004").history
    run(capsys, command)
    after = load_checkpoint(tmp_path / "checkpoints" / "step-000000006").history
    assert after.loss_nats[:4] == before.loss_nats
    assert after.seconds[:4] == before.seconds  # these steps were not taken again
    assert after.num_steps == 6


def test_one_file_is_enough(tmp_path, capsys):
    (tmp_path / "book.txt").write_text("It was the best of times, it was the worst of times.\n" * 40)
    shown = run(capsys, f"train --corpus {tmp_path}/book.txt --output {tmp_path}/run {TINY} {SHORT}")
    assert re.search(r"validation: the last \d+ of \d+ tokens, because there are few documents", shown)
    assert "after 6 of 6 steps" in shown


def test_two_processes_train_what_one_does(corpus, trained, tmp_path):
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    words = f"--module lmkit.cli train --corpus {corpus} --output {tmp_path} {TINY} {SHORT} --strategy fsdp".split()
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path.cwd())}
    shown = subprocess.run([*torchrun, *words], env=environment, check=True, capture_output=True, text=True).stdout
    assert shown.count("corpus: 30 documents") == 1
    assert "by 2 processes (fsdp)" in shown
    one, two = (load_checkpoint(folder / "checkpoints" / "step-000000006") for folder in (trained, tmp_path))
    assert two.history.loss_nats == pytest.approx(one.history.loss_nats, rel=1e-4)
    assert (tmp_path / "model.safetensors").stat().st_size == (trained / "model.safetensors").stat().st_size


def test_generation_continues_the_prompt_as_the_seed_has_it(trained, capsys):
    def text(options):
        return run(capsys, f"generate --model {trained} --prompt Anna --max-new-tokens 10 --device cpu {options}")

    first = text("--seed 1")
    assert first.startswith("Anna")
    assert len(first) > len("Anna\n")
    assert text("--seed 1") == first
    assert text("--temperature 0 --seed 1") == text("--temperature 0 --seed 2")


def test_evaluation_scores_every_token(corpus, trained, capsys):
    shown = run(capsys, f"evaluate --model {trained} --corpus {corpus} --device cpu --no-progress")
    tokens, nats, perplexity, bits = (
        float(re.search(rf"{name} +([\d.,]+)", shown)[1].replace(",", ""))
        for name in ("tokens", "nats per token", "perplexity", "bits per byte")
    )
    num_bytes = sum(path.stat().st_size for path in corpus.iterdir())
    assert perplexity == pytest.approx(2.718281828**nats, rel=1e-2)
    assert bits == pytest.approx(nats / 0.69314718 * tokens / num_bytes, rel=1e-3)


def test_tokens_are_shown_and_written(corpus, trained, tmp_path, capsys):
    shown = run(capsys, f"tokenize --tokenizer {trained} --text apples")
    pieces = re.findall(r"^ *\d+  '(.*)'$", shown, re.MULTILINE)
    assert "".join(pieces) == "apples"
    assert f"{len(pieces)} tokens for 6 bytes" in shown
    new, tokens = tmp_path / "new.json", tmp_path / "t.safetensors"
    shown = run(
        capsys, f"tokenize --tokenizer {new} --corpus {corpus} --vocab-size 300 --output {tokens} --no-progress"
    )
    assert "trained, 300 tokens" in shown
    assert tokens.exists()
    assert f"saved: {tokens}" in shown


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("train --corpus nowhere", "name='nowhere' is no corpus"),
        ("train --corpus pydocs --batch-size 4 --training.num-steps 0", "num_steps=0 must be at least 1"),
        ("generate --model nowhere", "model='nowhere' is neither a folder with a model nor the name of one"),
        ("tokenize", "give --text, --corpus or both"),
        ("tokenize --corpus nowhere --shards x", "name='nowhere' is no corpus"),
        ("tokenize --text a --scheduler tcp://a:1", "--scheduler tcp://a:1 needs --corpus and --shards"),
        (
            "tokenize --corpus pydocs --shards x --scheduler tcp://a:1",
            "corpus='pydocs' must be a file or folder, which the workers of --scheduler read",
        ),
        ("tokenize --tokenizer nowhere --text a", "there is no tokenizer nowhere"),
        ("generate --model storyworld-bert --prompt Once", "is a BERT, an encoder"),
        ("evaluate --model storyworld-bert --corpus pydocs", "is a BERT, an encoder"),
        ("evaluate --model storyworld-translation --corpus pydocs", "is an encoder-decoder"),
        ("generate --model storyworld-gpt --max-new-tokens -1", "max_new_tokens=-1 must be at least 0"),
    ],
)
def test_mistakes_end_with_their_reason(command, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stop:
        main(command.split())
    assert message in f"{stop.value.code} {capsys.readouterr()}"
    assert list(tmp_path.iterdir()) == []  # a mistake leaves nothing behind


def test_stories_are_scored_as_the_shipped_model_met_them(tmp_path, capsys):
    stories = [json.dumps({"text": text}) for text in StoryWorld().texts(60, seed=HELD_OUT_SEED)]
    (tmp_path / "stories.jsonl").write_text("\n".join(stories))
    shown = run(capsys, f"evaluate --model storyworld-gpt --corpus {tmp_path}/stories.jsonl --device cpu --no-progress")
    assert "60, each by itself" in shown
    assert 0.8 < float(re.search(r"nats per word +([\d.]+)", shown)[1]) < 0.92


def test_a_story_goes_on_after_its_first_word(capsys):
    text = run(capsys, "generate --model storyworld-gpt --prompt Once --max-new-tokens 6 --device cpu")
    assert text.startswith("Once upon a time")


def test_an_encoder_decoder_turns_the_prompt_into_another_text(capsys):
    story = next(StoryWorld().stories(1, seed=HELD_OUT_SEED))
    main(
        [
            "generate",
            "--model",
            "storyworld-translation",
            "--temperature",
            "0",
            "--device",
            "cpu",
            "--prompt",
            story.text,
        ]
    )
    assert capsys.readouterr().out == story.text_zh + "\n"


def test_the_window_slides_where_the_context_ends(trained, capsys):
    main(f"generate --model {trained} --prompt {'Anna' * 40} --max-new-tokens 40 --device cpu".split())
    shown = capsys.readouterr()
    assert shown.out.startswith("Anna" * 40)
    assert len(shown.out) > len("Anna" * 40 + "\n")
    assert shown.err == "note: the text exceeds the model's context of 16 tokens: the model sees only its end\n"


@pytest.mark.parametrize("family", ["llama", "gpt"])
def test_any_end_token_will_do(family, tmp_path, capsys):
    tokenizer = train_bpe("Anna met Tom. " * 30, 270, ("<s>", "</s>"), progress=False)
    sizes = {"vocab_size": tokenizer.vocab_size, "context_length": 32, "d_model": 16, "num_layers": 1, "num_heads": 2}
    model = GPT(GPTConfig(**sizes)) if family == "gpt" else Llama(LlamaConfig(**sizes, d_ff=32))
    start_id, end_id = (tokenizer.special_tokens[token] for token in ("<s>", "</s>"))
    special_ids = SpecialIds(start_id=start_id, end_ids=(end_id,), starts_texts=True)
    save_pretrained(model, tmp_path, special_ids=special_ids)
    tokenizer.save(tmp_path / "tokenizer.json")
    assert run(capsys, f"generate --model {tmp_path} --prompt Anna --max-new-tokens 5 --device cpu").startswith("Anna")
    (tmp_path / "x.txt").write_text("Anna met Tom. " * 9)
    shown = run(capsys, f"evaluate --model {tmp_path} --corpus {tmp_path}/x.txt --device cpu --no-progress")
    num_tokens = len(tokenizer.encode("Anna met Tom. " * 9)) + 1
    assert f"tokens          {num_tokens:,}" in shown


@pytest.mark.parametrize("name", ["storyworld-gpt", "storyworld-bert", "storyworld-translation"])
def test_shipped_tokenizers_are_known_by_name(name, capsys):
    assert re.search(r"\d+ tokens for 5 bytes", run(capsys, f"tokenize --tokenizer {name} --text kites"))
