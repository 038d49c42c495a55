import json

import pytest
import torch

from lmkit.cli import main
from lmkit.models import load_pretrained, load_tokenizer
from lmkit.recipes import MODEL_RECIPES, storyworld_base
from lmkit.training import newest_checkpoint

STORIES = {"storyworld-gpt": 100, "storyworld-bert": 90, "storyworld-translation": 70, "storyworld-base": 250}


@pytest.mark.parametrize("name", MODEL_RECIPES)
def test_a_recipe_leaves_a_model_with_its_papers(name, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(storyworld_base, "NUM_TOKENIZER_DOCUMENTS", 300)  # 6000 take longer than the rest of the test
    options = f"--output {tmp_path} --num-stories {STORIES[name]} --num-held-out 3 --device cpu --no-progress"
    main(f"pretrain {name} {options}".split())
    shown = capsys.readouterr().out
    facts = json.loads((tmp_path / "evaluation.json").read_text())
    assert facts["steps"] > 2
    assert facts["training stories"] == STORIES[name]
    assert facts["command"] == f"lmkit pretrain {name} --num-stories {STORIES[name]}"
    assert facts["scores"] == MODEL_RECIPES[name].measure(load_pretrained(tmp_path), load_tokenizer(tmp_path), 3)
    for score, value in facts["scores"].items():
        assert f"{score}: {value}" in shown
        assert f"| {score} | {value} |" in (tmp_path / "README.md").read_text()

    weights = load_pretrained(tmp_path).state_dict()
    main(f"pretrain {name} {options}".split())  # finds that all is done
    assert newest_checkpoint(tmp_path / "checkpoints").history.num_steps == facts["steps"]
    assert all(torch.equal(weights[key], again) for key, again in load_pretrained(tmp_path).state_dict().items())
