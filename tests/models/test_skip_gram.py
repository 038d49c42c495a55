import math

import pytest
import torch

from lmkit.models import SkipGram, negative_sampling_loss, noise_distribution, skip_gram_pairs


def test_scores_are_products_of_centre_and_context_vectors():
    model = SkipGram(vocab_size=7, d_model=3).double()
    model.context_vectors.data.normal_(generator=torch.Generator().manual_seed(0))
    scores = model(torch.tensor([2, 5]), torch.tensor([[0, 6], [5, 1]]))
    assert scores[1, 0].item() == pytest.approx((model.centre_vectors[5] @ model.context_vectors[5]).item())
    assert scores[0, 1].item() == pytest.approx((model.centre_vectors[2] @ model.context_vectors[6]).item())


def test_loss_equals_binary_cross_entropy():
    generator = torch.Generator().manual_seed(0)
    neighbours, randoms = (torch.randn(4, n, generator=generator, dtype=torch.float64) for n in (3, 5))
    logits = torch.cat([neighbours, randoms], dim=1)
    labels = torch.cat([torch.ones_like(neighbours), torch.zeros_like(randoms)], dim=1)
    expected = torch.nn.functional.binary_cross_entropy_with_logits(logits, labels, reduction="none").sum(1).mean()
    torch.testing.assert_close(negative_sampling_loss(neighbours, randoms), expected)


def test_initial_loss_is_log_two_per_score():
    model = SkipGram(vocab_size=7, d_model=3)
    scores = model(torch.tensor([2, 5]), torch.zeros(2, 6, dtype=torch.long))
    assert negative_sampling_loss(scores[:, :1], scores[:, 1:]).item() == pytest.approx(6 * math.log(2))


def test_the_starting_values_are_those_of_the_authors_code():
    """Uniform within half a unit divided by the width; the other vectors are zero."""
    first, same, other = (SkipGram(vocab_size=400, d_model=25, seed=seed) for seed in (1, 1, 2))
    vectors = first.centre_vectors
    assert 0.999 / 50 < vectors.abs().max() <= 1 / 50
    assert abs(vectors.mean().item()) < 5 / (50 * math.sqrt(3 * vectors.numel()))
    assert torch.equal(vectors, same.centre_vectors)
    assert not torch.equal(vectors, other.centre_vectors)
    by_default = SkipGram(vocab_size=400, d_model=25).centre_vectors
    assert torch.equal(by_default, SkipGram(vocab_size=400, d_model=25, seed=0).centre_vectors)
    assert not first.context_vectors.any()


@pytest.mark.parametrize("name", ["vocab_size", "d_model"])
def test_a_size_that_is_not_positive_is_named(name):
    with pytest.raises(ValueError, match=f"{name}=0 must be greater than 0"):
        SkipGram(**{"vocab_size": 7, "d_model": 3, name: 0})


def test_a_window_may_be_longer_than_the_text():
    assert sorted(skip_gram_pairs(torch.tensor([7, 8]), window=5).tolist()) == [[7, 8], [8, 7]]


def test_noise_lifts_rare_tokens():
    token_stream = torch.tensor([0] * 81 + [1] * 16 + [2])
    assert noise_distribution(token_stream, 4).tolist() == pytest.approx([27 / 36, 8 / 36, 1 / 36, 0])


def test_pairs_are_all_within_the_window():
    token_stream = torch.arange(6)
    pairs = skip_gram_pairs(token_stream, window=2).tolist()
    expected = [[i, j] for i in range(6) for j in range(6) if 0 < abs(i - j) <= 2]
    assert sorted(pairs) == expected


def test_vectors_of_tokens_that_stand_in_the_same_places_become_alike():
    # Tokens 0 and 1 are both followed by 4, tokens 2 and 3 by 5.
    pairs = torch.tensor([[0, 4], [1, 4], [2, 5], [3, 5]])
    randoms = torch.tensor([[5], [5], [4], [4]])
    model = SkipGram(vocab_size=6, d_model=8)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(40):
        scores = model(pairs[:, 0], torch.cat([pairs[:, 1:], randoms], dim=1))
        loss = negative_sampling_loss(scores[:, :1], scores[:, 1:])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    directions = torch.nn.functional.normalize(model.centre_vectors[:4], dim=-1)
    similarity = directions @ directions.T
    assert min(similarity[0, 1], similarity[2, 3]) > 0.8
    assert similarity[:2, 2:].max() < 0


@pytest.mark.parametrize(
    ("stream", "window", "message"),
    [([1, 2], 0, "window=0 must be at least 1"), ([], 1, "token_stream is empty")],
)
def test_pairs_of_nothing_are_refused(stream, window, message):
    with pytest.raises(ValueError, match=message):
        skip_gram_pairs(torch.tensor(stream, dtype=torch.long), window=window)


def test_a_noise_distribution_needs_tokens_of_the_vocabulary():
    with pytest.raises(ValueError, match="token_stream has the id 3: it must be less than vocab_size=3"):
        noise_distribution(torch.tensor([0, 3, 1]), vocab_size=3)
    with pytest.raises(ValueError, match="token_stream is empty"):
        noise_distribution(torch.tensor([], dtype=torch.long), vocab_size=3)
