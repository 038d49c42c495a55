import re
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from _sphinx.moving import FRAMES, SHOWN, Frame, draw, write

from lmkit.models import load_pretrained, load_tokenizer

CSS = Path(__file__).parents[2] / "chapters" / "_sphinx" / "static" / "book.css"
PROMPT = "Sophie worked as a nurse, and one windy morning"


@pytest.fixture(scope="module")
def frames():
    return write(PROMPT)


def test_each_frame_goes_on_where_the_last_one_ended(frames):
    assert len(frames) == FRAMES
    assert frames[0].text == PROMPT
    for frame, following in pairwise(frames):
        assert following.text == frame.text + frame.drawn
        assert frame.drawn in [token for token, _ in frame.guesses]


def test_the_guesses_are_the_models(frames):
    model, tokenizer = load_pretrained("storyworld-gpt"), load_tokenizer("storyworld-gpt")
    ids = torch.tensor([[tokenizer.special_tokens["<|endoftext|>"], *tokenizer.encode(frames[-1].text)]])
    shares = torch.softmax(model.double()(ids)[0, -1], dim=-1)
    best = sorted(range(len(shares)), key=lambda token_id: -shares[token_id])[:SHOWN]
    assert [token for token, _ in frames[-1].guesses] == [tokenizer.decode([token_id]) for token_id in best]
    assert [share for _, share in frames[-1].guesses] == pytest.approx(shares[best].tolist(), abs=1e-5)


def test_texts_cannot_break_out():
    html = draw("<b>", [Frame("<b>", [("<i>", 0.5), ("&", 0.5)], "<i>")])
    assert "<i>" not in html
    assert html.count("<b>") == 1  # our own


def test_the_animation_has_as_many_frames():
    period, delay = re.search(r"animation: moving ([\d.]+)s calc\(var\(--at\) \* ([\d.]+)s\)", CSS.read_text()).groups()
    assert float(period) == pytest.approx(FRAMES * float(delay))
