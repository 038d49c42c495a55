import csv
import json

import pytest
import torch

from lmkit.cli import main
from lmkit.models import load_pretrained, load_tokenizer
from lmkit.recipes import MODEL_RECIPES
from lmkit.training import newest_checkpoint

STORIES = {"storyworld-gpt": 100, "storyworld-bert": 90, "storyworld-translation": 70}


@pytest.mark.parametrize("name", MODEL_RECIPES)
def test_a_recipe_leaves_a_model_with_its_papers(name, tmp_path, capsys):
    options = f"--output {tmp_path} --num-stories {STORIES[name]} --num-held-out 3 --device cpu --no-progress"
    main(f"pretrain {name} {options}".split())
    shown = capsys.readouterr().out
    facts = json.loads((tmp_path / "evaluation.json").read_text())
    assert facts["steps"] > 2
    assert facts["training stories"] == STORIES[name]
    assert facts["command"] == f"lmkit pretrain {name} --num-stories {STORIES[name]}"
    assert facts["figures"] == MODEL_RECIPES[name].measure(load_pretrained(tmp_path), load_tokenizer(tmp_path), 3)
    for figure, value in facts["figures"].items():
        assert f"{figure}: {value}" in shown
        assert f"| {figure} | {value} |" in (tmp_path / "README.md").read_text()

    weights = load_pretrained(tmp_path).state_dict()
    main(f"pretrain {name} {options}".split())  # finds that all is done
    assert newest_checkpoint(tmp_path / "checkpoints").history.num_steps == facts["steps"]
    assert all(torch.equal(weights[key], again) for key, again in load_pretrained(tmp_path).state_dict().items())


def test_the_log_sums_up(tmp_path):
    from lmkit.recipes.model_cards import LOG_EVERY, log_lines
    from lmkit.training import History

    history = History(
        loss_nats=[float(step) for step in range(2 * LOG_EVERY)],
        grad_norm=[1.0] * (2 * LOG_EVERY),
        learning_rate=[0.1] * (2 * LOG_EVERY),
        num_tokens=[10] * (2 * LOG_EVERY),
        seconds=[2.0] * (2 * LOG_EVERY),
    )
    first, second = csv.DictReader(log_lines(history).splitlines())
    assert float(first["loss_nats"]) == (LOG_EVERY - 1) / 2
    assert second == {
        "step": "50",
        "loss_nats": "37.0000",
        "grad_norm": "1.0000",
        "learning_rate": "0.100000",
        "tokens": "500",
        "seconds": "100",
    }
