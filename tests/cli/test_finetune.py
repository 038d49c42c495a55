import json
import re
import sys

import pytest
import torch
import transformers

from lmkit.cli import main
from lmkit.data import Batch
from lmkit.evaluation import Interval
from lmkit.finetuning import load_fine_tuned
from lmkit.models import SpecialIds, load_pretrained, load_special_ids, load_tokenizer, save_pretrained
from lmkit.recipes import TASK_RECIPES
from lmkit.recipes.matching import correlation
from lmkit.tasks import bio_tags

SHORT = "--train 12 --test 6 --num-steps 2 --batch-size 4 --device cpu --no-progress"


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
    scores = facts["scores"]
    assert list(scores) == ["fine-tuned", f"baseline: {TASK_RECIPES[name].baseline_name}"]
    for score in scores.values():
        assert score["low"] <= score["value"] <= score["high"]
        assert str(Interval(**score)) in shown
    assert (facts["training examples"], facts["test examples"], facts["steps"]) == (12, 6, 2)
    assert facts["seconds"] > 0
    options = f"--model {base} --output {tmp_path}{' --method lora' * (method == 'lora')} --train 12 --test 6"
    assert facts["command"] == f"lmkit finetune {name} {options} --num-steps 2 --batch-size 4"
    card = (tmp_path / "README.md").read_text()
    for part in (facts["command"], facts["machine"], f"| fine-tuned | {scores['fine-tuned']['value']:.3f} |"):
        assert part in card

    # What was saved answers the same examples as well as what was trained.
    evaluated = run(capsys, f"evaluate --task {name} --model {tmp_path} --test 6 --device cpu")
    assert f"{TASK_RECIPES[name].metric}: {Interval(**scores['fine-tuned'])}" in evaluated


def test_a_users_own_file(bases, tmp_path, capsys):
    reviews = [{"text": f"the {n} {word} day", "label": word} for n in range(30) for word in ("good", "bad")]
    (tmp_path / "reviews.jsonl").write_text("\n".join(map(json.dumps, reviews)))
    command = f"finetune sentiment --data {tmp_path}/reviews.jsonl --model {bases['storyworld-bert']}"
    run(capsys, f"{command} --output {tmp_path}/model {SHORT}")
    facts = json.loads((tmp_path / "model" / "evaluation.json").read_text())
    assert facts["labels"] == ["bad", "good"]
    assert facts["data"] == f"{tmp_path}/reviews.jsonl"
    assert facts["scores"]["baseline: bag of words"]["value"] == 1  # one word tells
    card = (tmp_path / "model" / "README.md").read_text()
    assert f"Data: {tmp_path}/reviews.jsonl, 12 training and " in card
    assert re.search(r"bad \(\d+\), good \(\d+\)", card)
    assert "story" not in card.lower().replace(str(bases["storyworld-bert"]), "").replace(str(tmp_path), "")
    evaluate = f"evaluate --task sentiment --model {tmp_path}/model --device cpu"
    shown = run(capsys, f"{evaluate} --data {tmp_path}/reviews.jsonl")
    assert "examples  60" in shown
    assert 0 <= float(re.search(r"accuracy: ([\d.]+)", shown)[1]) <= 1
    (tmp_path / "other.jsonl").write_text('{"text": "a day", "label": "so-so"}')
    with pytest.raises(SystemExit, match="label"):
        main(f"{evaluate} --data {tmp_path}/other.jsonl".split())


@pytest.mark.parametrize(
    ("task", "auto", "example"),
    [
        ("sentiment", transformers.AutoModelForSequenceClassification, {"label": ["bad", "good"]}),
        ("entities", transformers.AutoModelForTokenClassification, {"spans": [[[0, 3, "what"]], [[4, 9, "when"]]]}),
    ],
)
def test_the_auto_classes_of_transformers_read_the_model_with_its_labels(task, auto, example, bases, tmp_path, capsys):
    field, values = next(iter(example.items()))
    rows = [{"text": f"the {n} good day", field: values[n % 2]} for n in range(20)]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    special_ids = SpecialIds(start_id=2, end_ids=(3,), pad_id=0, starts_texts=True, packed=False)
    save_pretrained(load_pretrained(bases["storyworld-bert"]), tmp_path / "base", special_ids=special_ids)
    load_tokenizer(bases["storyworld-bert"]).save(tmp_path / "base" / "tokenizer.json")
    folders = f"--data {tmp_path}/rows.jsonl --model {tmp_path}/base --output {tmp_path}/model"
    run(capsys, f"finetune {task} {folders} {SHORT}")
    theirs = auto.from_pretrained(tmp_path / "model").eval()
    labels = ["bad", "good"] if task == "sentiment" else list(bio_tags(["what", "when"]))
    assert theirs.config.id2label == dict(enumerate(labels))
    assert theirs.config.label2id == {label: number for number, label in enumerate(labels)}
    assert (theirs.config.bos_token_id, theirs.config.eos_token_id, theirs.config.pad_token_id) == (2, 3, 0)
    assert load_special_ids(tmp_path / "model") == special_ids
    ours, our_labels = load_fine_tuned(tmp_path / "model")
    assert list(our_labels) == labels
    token_ids = torch.arange(5, 12)[None]
    with torch.no_grad():
        expected = theirs(token_ids).logits
        actual = ours.logits(Batch(inputs=token_ids, targets=token_ids, segment_ids=torch.zeros_like(token_ids)))
    torch.testing.assert_close(actual, expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("finetune sentiment --model nowhere --train 3 --test 3", "neither a folder with a model nor the name of one"),
        ("finetune answers --model {storyworld-gpt} --method head --train 3 --test 3", "GPT has no head"),
        ("finetune answers --model {storyworld-bert} --train 3 --test 3", "is a BERT, an encoder"),
        ("finetune translation --model {storyworld-gpt} --train 3 --test 3", "a GPT cannot translate"),
        ("evaluate --task answers --model {storyworld-bert}", "was not fine-tuned for a task"),
        ("evaluate --task sentiment --model {storyworld-bert} --test 3", "was not fine-tuned for a task"),
        ("evaluate --model {storyworld-bert}", "give --corpus, or --task, --data or both"),
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


def write_rows(path, rows):
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def reviews(**counts):
    return [{"text": f"the {n} {word} day", "label": word} for word, count in counts.items() for n in range(count)]


def finetune(bases, path, options=""):
    base = bases["storyworld-bert"]
    main(
        f"finetune sentiment --data {path} --model {base} --output {path.parent}/model --num-steps 1 --device cpu "
        f"--no-progress {options}".split()
    )


def test_all_rows_are_used_unless_the_user_chooses(bases, tmp_path, capsys):
    path = write_rows(tmp_path / "x.jsonl", reviews(bad=700, good=700))
    finetune(bases, path)
    facts = json.loads((tmp_path / "model" / "evaluation.json").read_text())
    assert facts["training examples"] + facts["test examples"] == 1400
    assert sum(facts["labels in training"].values()) == facts["training examples"] > 1000
    assert f"{facts['training examples']:,} training examples" in capsys.readouterr().out
    finetune(bases, path, "--train 20 --test 5 --overwrite")
    facts = json.loads((tmp_path / "model" / "evaluation.json").read_text())
    assert (facts["training examples"], facts["test examples"]) == (20, 5)
    assert set(facts["labels in training"]) == {"bad", "good"}  # drawn from the whole file, which is sorted


def test_a_file_of_test_examples(bases, tmp_path):
    path = write_rows(tmp_path / "x.jsonl", reviews(bad=10, good=10))
    rows = [{"text": f"one {word} night", "label": word} for word in ("bad", "good")]
    finetune(bases, path, f"--test-data {write_rows(tmp_path / 'test.jsonl', rows)}")
    facts = json.loads((tmp_path / "model" / "evaluation.json").read_text())
    assert (facts["training examples"], facts["test examples"]) == (20, 2)


def test_a_typo_is_doubted_and_labels_refuse_it(bases, tmp_path, capsys):
    path = write_rows(tmp_path / "x.jsonl", [*reviews(bad=30, good=30), {"text": "some day", "label": "godo"}])
    finetune(bases, path)
    shown = capsys.readouterr()
    assert "labels: bad (30), godo (1), good (30)" in shown.out
    assert "note: label 'godo' has 1 example and looks like 'good', which has 30" in shown.err
    with pytest.raises(SystemExit, match="line 61, field 'label': 'godo' is not one of the labels"):
        finetune(bases, path, "--overwrite --labels bad good")


def test_numbers_are_labels(bases, tmp_path, capsys):
    path = write_rows(tmp_path / "x.jsonl", [{"text": f"day {n}", "label": n % 2} for n in range(40)])
    finetune(bases, path)
    assert "labels: 0 (20), 1 (20)" in capsys.readouterr().out
    main(["predict", "--model", str(tmp_path / "model"), "--device", "cpu", "a day"])
    assert json.loads(capsys.readouterr().out)["label"] in ("0", "1")


def test_what_is_wrong_is_said_before_the_training(bases, tmp_path, monkeypatch):
    def must_not_run(*_, **__):
        raise AssertionError("the training began")

    monkeypatch.setattr("lmkit.cli.finetune.learn_and_save", must_not_run)
    one_class = write_rows(tmp_path / "one.jsonl", reviews(good=30))
    with pytest.raises(SystemExit, match="all have the label 'good'; a classifier needs at least two"):
        finetune(bases, one_class)
    two = write_rows(tmp_path / "two.jsonl", reviews(bad=30, good=30))
    with pytest.raises(SystemExit, match="num_train=0 must be at least 1"):
        finetune(bases, two, "--train 0")
    for module in ("sklearn.feature_extraction.text", "sklearn.linear_model", "sklearn.pipeline"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(SystemExit, match="bag_of_words needs the package scikit-learn"):
        finetune(bases, two)
    assert not (tmp_path / "model").exists()


def test_a_model_is_not_overwritten_unless_told(bases, tmp_path):
    path = write_rows(tmp_path / "x.jsonl", reviews(bad=20, good=20))
    finetune(bases, path)
    before = (tmp_path / "model" / "model.safetensors").stat().st_mtime_ns
    with pytest.raises(SystemExit, match=r"already has config.json, model.safetensors.*--overwrite"):
        finetune(bases, path)
    assert (tmp_path / "model" / "model.safetensors").stat().st_mtime_ns == before


def test_the_model_is_saved_before_it_is_tested(bases, tmp_path, monkeypatch, capsys):
    def fail(*_):
        raise ValueError("the test failed")

    path = write_rows(tmp_path / "x.jsonl", reviews(bad=20, good=20))
    monkeypatch.setattr("lmkit.recipes.classification.predict_classes", fail)
    with pytest.raises(SystemExit, match="the test failed"):
        finetune(bases, path)
    monkeypatch.undo()
    main(["predict", "--model", str(tmp_path / "model"), "--device", "cpu", "a good day"])
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["label"] in ("bad", "good")
