import io
import json

import pytest

from lmkit.cli import main
from lmkit.finetuning import load_fine_tuned, predict_probabilities
from lmkit.models import load_tokenizer
from lmkit.recipes import TASK_RECIPES
from lmkit.tasks import given_fields, read_examples, standard_format


@pytest.fixture(scope="module")
def models(bases, tmp_path_factory):
    """One model for each task, fine-tuned in a single step."""
    folders = {}
    for name, recipe in TASK_RECIPES.items():
        folders[name] = tmp_path_factory.mktemp("models") / name
        main(
            f"finetune {name} --model {bases[recipe.model]} --output {folders[name]} --train 8 --test 3 --num-steps 1 "
            "--batch-size 4 --device cpu --no-progress".split()
        )
    return folders


def predict(capsys, *words):
    main(["predict", "--device", "cpu", *map(str, words)])
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("name", [name for name in TASK_RECIPES if name != "search"])
def test_answers_are_examples_of_the_task(name, models, tmp_path, capsys, monkeypatch):
    recipe = TASK_RECIPES[name]
    names = given_fields(recipe.kind)
    rows = [dict.fromkeys(names, text) for text in ("Anna met Tom in the park.", "Ben gave Anna a new compass.")]
    data = tmp_path / "data.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    answers = predict(capsys, "--model", models[name], "--data", data)
    assert [{name: answer[name] for name in names} for answer in answers] == rows
    assert all(set(answer) == {*names, recipe.answer_field} for answer in answers)

    plain = ["\t".join(row.values()) for row in rows]
    assert predict(capsys, "--model", models[name], *plain) == answers
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(plain)))
    assert predict(capsys, "--model", models[name]) == answers
    assert predict(capsys, "--model", models[name], "--data", data, "--output", tmp_path / "answers.jsonl") == []
    assert [json.loads(line) for line in (tmp_path / "answers.jsonl").read_text().splitlines()] == answers
    if recipe.answer_field in ("label", "spans"):
        assert len(read_examples(tmp_path / "answers.jsonl", recipe.kind, label_type=recipe.label_type)) == 2


@pytest.mark.parametrize("name", ["sentiment", "relations"])
def test_probabilities_are_added_where_answers_are_classes(name, models, tmp_path, capsys):
    text = "Anna met Tom in the park." if name == "sentiment" else "Anna met Tom.\tTom met Anna."
    options = ("--model", models[name], text, text, "--batch-size", 1)
    plain, answers = predict(capsys, *options), predict(capsys, *options, "--probabilities")
    labels = json.loads((models[name] / "evaluation.json").read_text())["labels"]
    model, config_labels = load_fine_tuned(models[name])
    assert list(config_labels) == labels
    input_format = standard_format(load_tokenizer(models[name]), model.encoder.config.context_length)
    texts = [tuple(text.split("\t")) if "\t" in text else text]
    expected = dict(zip(labels, predict_probabilities(model, texts, input_format)[0].tolist(), strict=True))
    for answer, without in zip(answers, plain, strict=True):
        probabilities = answer.pop("probabilities")
        assert answer == without
        assert probabilities == pytest.approx(expected, abs=1e-5)
        assert sum(probabilities.values()) == pytest.approx(1, abs=1e-5)
        assert probabilities[answer["label"]] == max(probabilities.values())


def test_search_ranks_documents(models, tmp_path, capsys):
    documents = ["Anna met Tom.", "Ben lost a compass.", "It rained."]
    (tmp_path / "documents.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in documents))
    search = ("--model", models["search"], "--documents", tmp_path / "documents.jsonl")
    [answer] = predict(capsys, *search, "--num-hits", 2, "Ben lost a compass.")
    assert answer["target"] == "Ben lost a compass."  # the same text has the same vector
    assert answer["hits"][0] == {"document": "Ben lost a compass.", "score": 1.0}
    assert len(answer["hits"]) == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--model", "storyworld-bert", "a"], "was not fine-tuned for a task"),
        (["--model", "{search}", "a"], "is for search, which needs --documents"),
        (["--model", "{sentiment}", "--documents", "x", "a"], "is for sentiment, which takes no --documents"),
        (["--model", "{sentiment}", "--data", "x", "a"], "give texts or --data, not both"),
        (["--model", "{questions}", "no tab"], "file 'texts', line 1: 'no tab' needs a tab between question and text"),
        (["--model", "{entities}", "--probabilities", "a"], "is for entities: only classes have --probabilities"),
        (["--model", "{sentiment}", "--output", "{sentiment}", "a"], "already exists"),
    ],
)
def test_mistakes_end_with_their_reason(words, message, models):
    with pytest.raises(SystemExit, match=message):
        main(["predict", "--device", "cpu", *(word.format(**models) for word in words)])
