import pytest
import torch

from lmkit.models import GloVe, cooccurrence_counts, glove_loss


def test_counts_equal_a_double_loop():
    token_stream = torch.randint(5, (40,), generator=torch.Generator().manual_seed(0))
    expected = torch.zeros(5, 5)
    for i in range(40):
        for j in range(max(0, i - 3), min(40, i + 4)):
            if i != j:
                expected[token_stream[i], token_stream[j]] += 1 / abs(i - j)
    words, contexts, counts = cooccurrence_counts(token_stream, window=3)
    table = torch.zeros(5, 5)
    table[words, contexts] = counts
    torch.testing.assert_close(table, expected)
    assert (counts > 0).all()


def test_loss_follows_its_formula():
    counts = torch.tensor([1.0, 50.0, 1000.0])
    predicted = counts.log() + torch.tensor([1.0, 2.0, 3.0])
    expected = (0.01**0.75 * 1 + 0.5**0.75 * 4 + 1 * 9) / 3
    assert glove_loss(predicted, counts).item() == pytest.approx(expected)


def test_predictions_reach_the_logarithms_of_the_counts():
    token_stream = torch.randint(5, (200,), generator=torch.Generator().manual_seed(0))
    words, contexts, counts = cooccurrence_counts(token_stream, window=2)
    model = GloVe(vocab_size=5, d_model=6)
    before = glove_loss(model(words, contexts), counts).item()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(150):
        loss = glove_loss(model(words, contexts), counts)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.001 * before
    assert model.vectors.shape == (5, 6)


@pytest.mark.parametrize(
    ("stream", "window", "message"),
    [([1, 2], 0, "window=0 must be at least 1"), ([], 1, "token_stream is empty")],
)
def test_pairs_of_nothing_are_refused(stream, window, message):
    with pytest.raises(ValueError, match=message):
        cooccurrence_counts(torch.tensor(stream, dtype=torch.long), window=window)
