import json
import re

import pytest

from lmkit.cli import main
from lmkit.data import END_OF_TEXT
from lmkit.models import BERT, GPT, BERTConfig, EncoderDecoder, EncoderDecoderConfig, GPTConfig, save_pretrained
from lmkit.recipes import TASK_RECIPES
from lmkit.recipes.matching import correlation
from lmkit.recipes.storyworld_translation import END_OF_SENTENCE, PADDING
from lmkit.storyworld import StoryWorld
from lmkit.tokenizers import train_bpe, train_wordpiece

SIZES = {"context_length": 300, "d_model": 16, "num_layers": 1, "num_heads": 2}
SHORT = "--train 12 --test 6 --num-steps 2 --batch-size 4 --device cpu --no-progress"


@pytest.fixture(scope="module")
def bases(tmp_path_factory):
    """Small models that know nothing, in place of those that come with the package."""
    stories = list(StoryWorld().stories(40, seed=1))
    wordpiece = train_wordpiece([story.text for story in stories], 300, progress=False)
    texts = [text for story in stories for text in (story.text, story.text_zh)]
    bpe = train_bpe(texts, 600, (END_OF_TEXT, END_OF_SENTENCE, PADDING), progress=False)
    models = {
        "storyworld-bert": (BERT(BERTConfig(vocab_size=wordpiece.vocab_size, **SIZES)), wordpiece),
        "storyworld-gpt": (GPT(GPTConfig(vocab_size=bpe.vocab_size, **SIZES)), bpe),
        "storyworld-translation": (EncoderDecoder(EncoderDecoderConfig(vocab_size=bpe.vocab_size, **SIZES)), bpe),
    }
    folders = {}
    for name, (model, tokenizer) in models.items():
        folders[name] = tmp_path_factory.mktemp(name)
        save_pretrained(model, folders[name])
        tokenizer.save(folders[name] / "tokenizer.json")
    return folders


def run(capsys, command):
    main(command.split())
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "method"),
    [(name, "lora" if number % 2 else "full") for number, name in enumerate(TASK_RECIPES)],
)
def test_a_task_is_learnt_judged_and_saved(name, method, bases, tmp_path, capsys):
    base = bases[TASK_RECIPES[name].model]
    shown = run(capsys, f"finetune {name} --model {base} --method {method} --output {tmp_path} {SHORT}")
    facts = json.loads((tmp_path / "evaluation.json").read_text())
    figures = facts["figures"]
    assert list(figures) == ["fine-tuned", f"baseline: {TASK_RECIPES[name].baseline_name}"]
    for figure in figures.values():
        assert figure["low"] <= figure["value"] <= figure["high"]
        assert f"{figure['value']:.3g} (95 % interval {figure['low']:.3g} to {figure['high']:.3g})" in shown
    assert (facts["training examples"], facts["test examples"], facts["steps"]) == (12, 6, 2)
    assert facts["seconds"] > 0
    options = f"--model {base} --output {tmp_path}{' --method lora' * (method == 'lora')} --train 12 --test 6"
    assert facts["command"] == f"lmkit finetune {name} {options} --num-steps 2 --batch-size 4"
    card = (tmp_path / "README.md").read_text()
    for part in (facts["command"], facts["machine"], f"| fine-tuned | {figures['fine-tuned']['value']:.3f} |"):
        assert part in card

    # What was saved answers the same examples as well as what was trained.
    evaluated = run(capsys, f"evaluate --task {name} --model {tmp_path} --test 6 --device cpu")
    assert shown.splitlines()[0] in evaluated


def test_a_users_own_file(bases, tmp_path, capsys):
    reviews = [{"text": f"the {n} {word} day", "label": word} for n in range(30) for word in ("good", "bad")]
    (tmp_path / "reviews.jsonl").write_text("\n".join(map(json.dumps, reviews)))
    command = f"finetune sentiment --data {tmp_path}/reviews.jsonl --model {bases['storyworld-bert']}"
    run(capsys, f"{command} --output {tmp_path}/model {SHORT}")
    facts = json.loads((tmp_path / "model" / "evaluation.json").read_text())
    assert facts["labels"] == ["bad", "good"]
    assert facts["data"] == f"{tmp_path}/reviews.jsonl"
    assert facts["figures"]["baseline: bag of words"]["value"] == 1  # one word tells
    assert "It knows the classes bad, good." in (tmp_path / "model" / "README.md").read_text()
    evaluate = f"evaluate --task sentiment --model {tmp_path}/model --device cpu"
    shown = run(capsys, f"{evaluate} --data {tmp_path}/reviews.jsonl")
    assert "examples  60" in shown
    assert 0 <= float(re.search(r"accuracy: ([\d.]+)", shown)[1]) <= 1
    (tmp_path / "other.jsonl").write_text('{"text": "a day", "label": "so-so"}')
    with pytest.raises(SystemExit, match="label"):
        main(f"{evaluate} --data {tmp_path}/other.jsonl".split())


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("finetune sentiment --model nowhere --train 3 --test 3", "neither a folder with a model nor the name of one"),
        ("finetune answers --model {storyworld-gpt} --method head --train 3 --test 3", "GPT has no head"),
        ("finetune answers --model {storyworld-bert} --train 3 --test 3", "<|endoftext|>"),
        ("evaluate --task sentiment --model {storyworld-bert} --test 3", "not SequenceClassifier"),
        ("evaluate --model {storyworld-bert}", "give --corpus, or --task and maybe --data"),
    ],
)
def test_mistakes_end_with_their_reason(command, message, bases, tmp_path):
    output = f" --output {tmp_path}" * command.startswith("finetune")
    with pytest.raises(SystemExit) as stop:
        main(f"{command.format(**bases)}{output} --device cpu --no-progress".split())
    assert message in str(stop.value.code)


def test_correlation():
    assert correlation([(1.0, 3.0), (2.0, 5.0), (3.0, 7.0)]) == pytest.approx(1)
    assert correlation([(1.0, 3.0), (2.0, 2.0), (3.0, 1.0)]) == pytest.approx(-1)
    assert correlation([(1.0, 3.0), (1.0, 5.0)]) == 0


def test_a_recipe_sets_what_the_user_leaves_open():
    recipe = TASK_RECIPES["problems"]
    assert recipe.config().learning_rate == recipe.learning_rate != TASK_RECIPES["answers"].config().learning_rate
    assert recipe.config(method="lora").learning_rate is None
    assert recipe.config(learning_rate=1e-4, num_steps=3).learning_rate == 1e-4
