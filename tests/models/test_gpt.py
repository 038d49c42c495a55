import math

import pytest
import torch
import transformers

from lmkit.functional import cross_entropy
from lmkit.models import GPT, GPTConfig, gpt2_small
from lmkit.models.families import GPT2

CONFIG = GPTConfig(vocab_size=23, context_length=9, d_model=12, num_layers=2, num_heads=3, d_ff=20)


def test_gpt2_small_has_the_published_number_of_parameters():
    with torch.device("meta"):
        model = GPT(gpt2_small())
    assert sum(parameter.numel() for parameter in model.parameters()) == 124_439_808
    theirs = GPT2.read_config({**transformers.GPT2Config().to_dict(), "resid_pdrop": 0.0})  # trained, not to be
    assert GPT2.write_config(gpt2_small()) == GPT2.write_config(theirs)


def test_initial_loss_is_log_v():
    model = GPT(CONFIG)
    token_ids = torch.randint(23, (4, 9), generator=torch.Generator().manual_seed(0))
    targets = torch.randint(23, (4, 9), generator=torch.Generator().manual_seed(1))
    assert cross_entropy(model(token_ids), targets).item() == pytest.approx(math.log(23), abs=0.02)


def test_embeddings_are_tied_only_if_asked():
    untied = GPT(
        GPTConfig(vocab_size=23, context_length=9, d_model=12, num_layers=2, num_heads=3, tie_embeddings=False)
    )
    tied = GPT(CONFIG)
    assert tied.unembedding.weight is tied.token_embedding.weight
    assert untied.unembedding.weight is not untied.token_embedding.weight


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"num_heads": 5}, "d_model=12 is not divisible by num_heads=5"),
        ({"num_layers": 0}, "num_layers=0 must be greater than 0"),
        ({"d_ff": -1}, "d_ff=-1 must be greater than 0"),
        ({"dropout": 1.0}, "dropout=1.0 must be at least 0 and less than 1"),
    ],
)
def test_config_names_what_is_wrong(changes, message):
    sizes = {"vocab_size": 23, "context_length": 9, "d_model": 12, "num_layers": 2, "num_heads": 3}
    with pytest.raises(ValueError, match=message):
        GPTConfig(**{**sizes, **changes})


def test_too_long_a_sequence_is_refused():
    model = GPT(CONFIG)
    with pytest.raises(ValueError, match="10 tokens are more than context_length=9"):
        model(torch.zeros(1, 10, dtype=torch.long))
    with pytest.raises(ValueError, match="12 tokens are more than context_length=9"):
        model.make_cache(1, 12)
    cache = model.make_cache(1, 9)
    model(torch.zeros(1, 9, dtype=torch.long), cache=cache)
    with pytest.raises(ValueError, match="10 tokens are more than context_length=9"):
        model(torch.zeros(1, 1, dtype=torch.long), cache=cache)


def test_without_biases_it_is_one_whose_biases_are_zero():
    sizes = {"vocab_size": 23, "context_length": 9, "d_model": 12, "num_layers": 2, "num_heads": 3}
    bare, full = GPT(GPTConfig(**sizes, bias=False)), GPT(GPTConfig(**sizes))
    names = {name for name, _ in full.named_parameters()}
    assert {name for name, _ in bare.named_parameters()} == {name for name in names if not name.endswith("bias")}
    token_ids = torch.tensor([[3, 1, 4, 1, 5]])
    torch.testing.assert_close(bare(token_ids), full(token_ids))  # at first all biases are zero
