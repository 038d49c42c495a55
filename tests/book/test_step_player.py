import json
import re

import numpy as np
import pytest
import torch

from lmkit.book import step_player
from lmkit.interpretability import record_forward
from lmkit.models import GPT, GPTConfig

TOKENS = ["<|endoftext|>", "the", " <b>", " kite\n", "风筝", *(f"t{index}" for index in range(15))]
IDS = [0, 1, 2, 4]


@pytest.fixture(scope="module")
def model():
    config = GPTConfig(vocab_size=20, context_length=8, d_model=24, num_layers=2, num_heads=2)
    return GPT(config, seed=1).double().eval()


@pytest.fixture(scope="module")
def values(model):
    return record_forward(model, torch.tensor([IDS]))


@pytest.fixture(scope="module")
def figure(values):
    return step_player(values, IDS, TOKENS, head=1)


@pytest.fixture(scope="module")
def steps(figure):
    return {step["title"]: step["view"] for step in reversed(data_of(figure)["steps"])}  # the first of a title


def data_of(figure):
    return json.loads(re.search(r'<script type="application/json">(.*)</script>', figure.html, re.DOTALL)[1])


def test_there_is_a_step_for_every_arrow(figure):
    steps = data_of(figure)["steps"]
    assert len(steps) == 4 + 3 + 2 * 14 + 3 + 2 + 2
    assert all(step["caption"] and step["shape"] and step["unit"] for step in steps)
    assert not re.search(r"[{}]", " ".join(step[key] for step in steps for key in ("caption", "shape", "unit")))


def test_text_becomes_bytes_tokens_and_ids(steps):
    assert steps["Text"]["text"] == "the <b>风筝"
    assert steps["Bytes"]["pairs"][-1] == ["筝", " ".join(map(str, "筝".encode()))]
    assert [lower for _, lower in steps["Token ids"]["pairs"]] == ["0", "1", "2", "4"]


def test_tables_hold_the_models_values_in_hundredths(steps, values):
    def part(title, index=0):
        part = steps[title]["parts"][index]
        return np.array(part.get("rows", part.get("heads")), dtype=float) / 100

    layer = {name: values[f"layers.0.{name}"][0] for name in ("scores", "weights", "values", "heads", "inner")}
    np.testing.assert_allclose(part("Embedding"), values["token_embedding"][0, :, :16], atol=0.0051)
    np.testing.assert_allclose(part("Query, key, value", 2), layer["values"][..., :6], atol=0.0051)
    np.testing.assert_allclose(part("Scores"), layer["scores"], atol=0.0051)
    np.testing.assert_allclose(np.nan_to_num(part("Softmax")), layer["weights"], atol=0.0051)
    np.testing.assert_allclose(part("Join the heads"), layer["heads"][:, :16], atol=0.0051)
    np.testing.assert_allclose(part("Widen"), layer["inner"][:, :16], atol=0.0051)
    assert np.isnan(part("Mask")[0]).tolist() == np.triu(np.ones((4, 4)), 1).astype(bool).tolist()


@pytest.mark.parametrize("title", ["Sum", "Add", "Add again"])
def test_sums_add_up(steps, title):
    one, other, total = (np.array(part["rows"]) for part in steps[title]["parts"])
    np.testing.assert_allclose(one + other, total, atol=2)  # each is rounded


def test_the_end_is_what_the_model_says(steps, model, figure):
    logits = model(torch.tensor([IDS]))[0].detach()
    shares = logits.softmax(dim=-1)
    best = shares[-1].argsort(descending=True, stable=True)[:9]
    assert steps["Probabilities"]["values"] == pytest.approx((100 * shares[-1][best]).tolist(), abs=0.0006)
    assert steps["Logits"]["values"] == pytest.approx(logits[-1][best].tolist(), abs=0.0006)
    answers = torch.nn.functional.cross_entropy(logits[:-1], torch.tensor(IDS[1:]), reduction="none")
    assert steps["Surprise"]["values"] == pytest.approx(answers.tolist(), abs=0.0006)
    assert f"here {answers.mean():.2f}" in figure.html
    assert steps["Append"]["added"] == TOKENS[best[0]]


def test_the_still_picture_lists_each_kind_of_step_once(figure):
    still = figure.html.split('<div class="live"')[0]
    assert still.count("<li>") == 4 + 3 + 14 + 3 + 2 + 2
    assert still.count("<svg") == 2


def test_tokens_cannot_break_out(values):
    hostile = ["</script><script>alert(1)</script>", *TOKENS[1:]]
    assert step_player(values, IDS, hostile).html.count("<script") == 1
    assert "<b>" not in step_player(values, IDS, TOKENS).html


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"token_ids": [0, 1]}, r"logits has shape \(1, 4, 20\), but must be \(1, 2, 20\)"),
        ({"tokens": TOKENS[:-1]}, r"must be \(1, 4, 19\)"),
        ({"head": 2}, "head=2 is out of range: there are 2"),
    ],
)
def test_what_does_not_fit_is_refused(values, change, message):
    arguments = {"token_ids": IDS, "tokens": TOKENS, **change}
    with pytest.raises(ValueError, match=message):
        step_player(values, arguments.pop("token_ids"), arguments.pop("tokens"), **arguments)
