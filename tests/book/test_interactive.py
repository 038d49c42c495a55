import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
import torch
from scipy.special import softmax

from lmkit.book import attention_map, decoding_bars

TOKENS = ["the", " <b>", "kite\n", "风筝"]
VOID = {"input"}


class Strict(HTMLParser):
    """Refuses what a browser would have to mend, and gathers texts by the tags around them."""

    def __init__(self, html):
        super().__init__()
        self.open, self.texts, self.attributes = [], [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names)
        self.attributes.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        assert "svg" in self.open, "only SVG knows tags that end themselves"

    def handle_data(self, data):
        if data.strip():
            self.texts.append((self.open[-1], data))

    def of(self, tag):
        return [text for parent, text in self.texts if parent == tag]


@pytest.fixture
def weights():
    return np.random.default_rng(0).dirichlet(np.ones(4), size=(2, 3, 4))


def data_of(figure):
    return json.loads(Strict(figure._repr_html_()).of("script")[0])


def test_the_attention_map_carries_its_data(weights):
    data = data_of(attention_map(torch.from_numpy(weights), TOKENS))
    np.testing.assert_allclose(data["weights"], weights, atol=0.0005)
    assert data["tokens"] == data["sources"] == ["the", "␣<b>", "kite⏎", "风筝"]


def test_tokens_cannot_break_out(weights):
    hostile = ["</script><script>alert(1)</script>", '"><img src=x>', "&lt;", "'"]
    for figure in (attention_map(weights, hostile), decoding_bars([0.0] * 5, [*hostile, "x"], prompt="<i>", shown=4)):
        page = Strict(figure.html)
        tags = [tag for tag, _ in page.attributes]
        assert tags.count("script") == 1
        assert not {"img", "i"} & set(tags)
        assert hostile[0] in page.of("text")


def test_the_first_choice_is_the_one_asked_for(weights):
    page = Strict(attention_map(weights, TOKENS, layer=1, head=-1, token=1).html)
    assert [attributes["value"] for tag, attributes in page.attributes if "selected" in attributes] == ["1", "2"]
    assert [attributes["value"] for tag, attributes in page.attributes if "checked" in attributes] == ["1"]
    assert any(
        attributes.get("aria-label", "").startswith("Attention weights of layer 2, head 3")
        for _, attributes in page.attributes
    )


def test_the_still_map_shows_one_head(weights):
    html = attention_map(weights, TOKENS, layer=1, head=2).html
    opacities = [float(value) for value in re.findall(r'fill-opacity="(.*?)"', html)]
    expected = weights[1, 2][weights[1, 2] >= 0.005]
    np.testing.assert_allclose(opacities, expected, atol=0.005)


def test_attention_to_other_tokens(weights):
    figure = attention_map(weights[:, :, :2], ["小", "狗"], source_tokens=TOKENS)
    data = data_of(figure)
    assert data["tokens"] == ["小", "狗"]
    assert data["sources"][0] == "the"
    assert figure.html.count("<li>") == 4
    assert figure.html.count('type="radio"') == 2


def test_two_figures_do_not_share_their_radio_buttons(weights):
    names = {
        attributes["name"]
        for figure in (attention_map(weights, TOKENS), attention_map(weights[:1], TOKENS))
        for tag, attributes in Strict(figure.html).attributes
        if attributes.get("type") == "radio"
    }
    assert len(names) == 2


def test_the_still_bars_are_the_distribution():
    logits = np.array([0.5, 3.0, -1.0, 2.0, 0.0])
    page = Strict(decoding_bars(logits, list("abcde"), prompt="one", shown=3, temperature=0.5).html)
    shares = softmax(logits / 0.5)
    assert page.of("text") == [
        part
        for name, share in [("b", shares[1]), ("d", shares[3]), ("a", shares[0]), ("2 others", shares[2] + shares[4])]
        for part in (name, f"{100 * share:.1f} %")
    ]
    assert any(text.startswith("one") for text in page.of("p"))


def test_the_bars_carry_all_logits_the_largest_first():
    logits = torch.randn(60, generator=torch.Generator().manual_seed(0))
    data = data_of(decoding_bars(logits, [str(index) for index in range(60)]))
    np.testing.assert_allclose(data["logits"], logits.sort(descending=True).values, atol=0.00005)
    assert data["k"] == [*range(1, 21), 30, 40, 50, 60]


@pytest.mark.parametrize(("num_tokens", "bars"), [(2, 1), (15, 14), (16, 15), (17, 15)])
def test_a_small_vocabulary_needs_no_argument(num_tokens, bars):
    page = Strict(decoding_bars([0.0] * num_tokens, ["x"] * num_tokens).html)
    assert page.of("text").count("x") == bars
    assert f"{num_tokens - bars} others" in page.of("text")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tokens": ["a"]}, r"weights has shape \(2, 3, 4, 4\), but must be \(L, H, 1, 1\)"),
        ({"weights": [[1.0]], "tokens": ["a"]}, r"weights has shape \(1, 1\)"),
        ({"weights": [[[[1.5]]]], "tokens": ["a"]}, "weights must be between 0 and 1"),
        ({"weights": [[[[float("nan")]]]], "tokens": ["a"]}, "weights must be between 0 and 1"),
        ({"layer": 2}, "layer=2 is out of range: there are 2"),
        ({"head": -4}, "head=-4 is out of range: there are 3"),
        ({"token": 4}, "token=4 is out of range: there are 4"),
    ],
)
def test_attention_that_does_not_fit_is_refused(weights, change, message):
    arguments = {"weights": weights, "tokens": TOKENS, **change}
    with pytest.raises(ValueError, match=message):
        attention_map(arguments.pop("weights"), arguments.pop("tokens"), **arguments)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tokens": ["a"]}, r"logits has shape \(3,\), but must be \(1,\)"),
        ({"logits": [0.0, 1.0, -float("inf")]}, "logits must be finite"),
        ({"shown": 0}, "shown=0 must be at least 1 and less than the 3 tokens"),
        ({"shown": 3}, "shown=3 must be"),
        ({"temperature": 0.05}, "temperature=0.05 must be between 0.1 and 2"),
    ],
)
def test_a_distribution_that_does_not_fit_is_refused(change, message):
    arguments = {"logits": [0.0, 1.0, 2.0], "tokens": ["a", "b", "c"], "shown": 2, **change}
    with pytest.raises(ValueError, match=message):
        decoding_bars(arguments.pop("logits"), arguments.pop("tokens"), **arguments)
