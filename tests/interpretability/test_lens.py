"""The lens at each depth is the same model without its later layers."""

import copy

import pytest
import torch

from lmkit.interpretability import logit_lens
from lmkit.models import GPTConfig
from tests.small_models import scattered_gpt


@pytest.fixture(scope="module")
def model():
    config = GPTConfig(vocab_size=30, context_length=8, d_model=12, num_layers=3, num_heads=3)
    return scattered_gpt(config, 0.3)


@pytest.mark.parametrize("depth", range(4))
def test_it_reads_what_a_shallower_model_would_say(model, depth):
    token_ids = torch.randint(30, (2, 6), generator=torch.Generator().manual_seed(1))
    shallow = copy.deepcopy(model)
    shallow.layers = shallow.layers[:depth]
    logits = logit_lens(model, token_ids)
    assert logits.shape == (4, 2, 6, 30)
    torch.testing.assert_close(logits[depth], shallow(token_ids), atol=1e-10, rtol=0)
    assert not logits.requires_grad


def test_the_last_depth_is_the_model(model):
    token_ids = torch.tensor([[3, 1, 4, 1, 5]])
    torch.testing.assert_close(logit_lens(model, token_ids)[-1], model(token_ids), atol=1e-12, rtol=0)
