from dataclasses import replace

import pytest
import torch

from lmkit.models import EncoderDecoder, EncoderDecoderConfig, transformer_base
from lmkit.nn import padding_mask

CONFIG = EncoderDecoderConfig(vocab_size=23, context_length=9, d_model=12, num_layers=2, num_heads=3)


def random_ids(*shape, seed=0):
    return torch.randint(23, shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("side", ["left", "right"])
def test_padding_of_the_source_changes_nothing(side):
    model, source_ids, token_ids = EncoderDecoder(CONFIG).double(), random_ids(2, 6), random_ids(2, 4, seed=1)
    mask = padding_mask(torch.tensor([3, 6]), 6, side=side)
    logits = model(token_ids, source_ids, source_mask=mask)
    alone = model(token_ids[:1], source_ids[:1, mask[0]])
    torch.testing.assert_close(logits[:1], alone, atol=1e-12, rtol=0)


def test_the_source_is_encoded_once():
    model, source_ids, token_ids = EncoderDecoder(CONFIG).eval(), random_ids(2, 6), random_ids(2, 4, seed=1)
    calls = []
    model.encoder_layers[0].register_forward_hook(lambda *_: calls.append(1))
    cache = model.make_cache(2, 4)
    for t in range(4):
        model(token_ids[:, t : t + 1], source_ids, cache=cache)
    assert len(calls) == 1


@pytest.mark.parametrize("rows", [[2, 2, 0], [1, 0, 2]])
def test_selected_rows_of_a_cache_keep_their_own_sources(rows):
    model, source_ids, token_ids = EncoderDecoder(CONFIG).double(), random_ids(3, 6), random_ids(3, 4, seed=1)
    mask = padding_mask(torch.tensor([3, 6, 5]), 6)
    cache = model.make_cache(3, 4)
    model(token_ids[:, :3], source_ids, source_mask=mask, cache=cache)
    cache.select_rows(torch.tensor(rows))
    sources = {"source_ids": source_ids[rows], "source_mask": mask[rows]}
    expected = model(token_ids[rows], **sources)[:, 3:]
    assert not torch.allclose(expected, model(token_ids[rows], source_ids)[:, 3:])
    torch.testing.assert_close(model(token_ids[rows, 3:], cache=cache, **sources), expected, atol=1e-12, rtol=0)


def test_embeddings_are_shared_as_asked():
    shared = EncoderDecoder(CONFIG)
    assert shared.source_embedding is shared.token_embedding
    own = EncoderDecoder(replace(CONFIG, source_vocab_size=17))
    assert own.source_embedding.weight.shape == (17, 12)
    assert own.unembedding.weight is own.token_embedding.weight
    untied = EncoderDecoder(replace(CONFIG, source_vocab_size=17, tie_embeddings=False))
    assert untied.unembedding.weight is not untied.token_embedding.weight


def test_the_base_model_has_about_the_published_number_of_parameters():
    with torch.device("meta"):
        model = EncoderDecoder(transformer_base())
    # 65 million in table 3 of Vaswani et al. (2017), for "about 37000" word pieces.
    assert sum(parameter.numel() for parameter in model.parameters()) == pytest.approx(65e6, rel=0.05)
    config = model.config  # the row "base" of the table: N, d_model, d_ff, h and P_drop
    sizes = (config.num_layers, config.d_model, config.d_ff, config.num_heads, config.dropout)
    assert sizes == (6, 512, 2048, 8, 0.1)
    assert (config.vocab_size, config.context_length) == (37_000, 512)
    assert len(model.encoder_layers) == len(model.decoder_layers) == 6


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"d_model": 9}, "d_model=9 must be even"),
        ({"tie_embeddings": False}, "tie_embeddings=False needs a source_vocab_size"),
        ({"num_decoder_layers": 0}, "num_decoder_layers=0 must be greater than 0"),
    ],
)
def test_config_names_what_is_wrong(changes, message):
    with pytest.raises(ValueError, match=message):
        replace(CONFIG, **changes)


def test_too_long_a_source_is_refused():
    with pytest.raises(ValueError, match="10 tokens are more than context_length=9"):
        EncoderDecoder(CONFIG)(random_ids(1, 2), random_ids(1, 10))
