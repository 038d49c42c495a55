import math

import pytest
import torch
from torch import nn

from lmkit.evaluation import bits_per_byte, document_log_probs, perplexity, score_text, token_log_probs
from lmkit.models import GPT, GPTConfig, KneserNeyNGram

TEXT = "to be or not to be, that is the question: whether it is nobler in the mind to suffer"
STREAM = torch.tensor(list(TEXT.encode()))


def test_perplexity_of_a_uniform_model_is_the_size_of_its_vocabulary():
    assert perplexity(math.log(1000)) == pytest.approx(1000)
    assert perplexity(0.0) == 1
    assert perplexity(1e6) == math.inf


def test_a_uniform_model_over_bytes_needs_eight_bits_per_byte():
    score = score_text(torch.full((len(STREAM),), -math.log(256)), num_bytes=len(STREAM))
    assert score.bits_per_byte == pytest.approx(8)
    assert score.loss_nats == pytest.approx(math.log(256))
    assert score.perplexity == pytest.approx(256)
    assert score.standard_error == pytest.approx(0, abs=1e-7)


def test_bits_per_byte_do_not_depend_on_the_tokens():
    as_bytes = torch.tensor([-1.0, -2.0, -3.0, -4.0])
    as_pairs = as_bytes.view(2, 2).sum(1)
    one, other = score_text(as_bytes, num_bytes=4), score_text(as_pairs, num_bytes=4)
    assert one.bits_per_byte == pytest.approx(other.bits_per_byte)
    assert one.perplexity != pytest.approx(other.perplexity)


def test_the_standard_error_is_that_of_a_mean():
    log_probs = -torch.rand(1000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    score = score_text(log_probs, num_bytes=1000)
    assert score.standard_error == pytest.approx(log_probs.std().item() / math.sqrt(1000))


class CumulativeModel(nn.Module):
    """Logits that depend on the whole context: the score tells which context was given."""

    def forward(self, token_ids):
        positions = torch.arange(token_ids.shape[1])
        return torch.nn.functional.one_hot(token_ids, 256).cumsum(1).double() * (1 + 0.1 * positions[:, None])


@pytest.mark.parametrize("batch_size", [1, 3, 100])
def test_with_a_window_as_long_as_the_stream_every_token_has_its_whole_context(batch_size):
    model = CumulativeModel()
    expected = torch.log_softmax(model(STREAM[None, :-1])[0], -1).gather(1, STREAM[1:, None]).squeeze(1)
    got = token_log_probs(model, STREAM, context_length=len(STREAM), batch_size=batch_size)
    torch.testing.assert_close(got, expected, atol=1e-12, rtol=0)


@pytest.mark.parametrize("context_length", [2, 3, 16, 17, 60])
def test_every_token_is_scored_once_in_its_place(context_length):
    model = KneserNeyNGram(STREAM.tolist(), order=2, vocab_size=256)
    # A bigram needs one token of context only, so windows of any length score it alike.
    got = token_log_probs(model, STREAM, context_length=context_length, batch_size=4)
    torch.testing.assert_close(got, model.log_probs(STREAM)[1:], atol=1e-12, rtol=0)


class PositionModel(nn.Module):
    """Gives every token the log-probability -(its position in the window)."""

    def forward(self, token_ids):
        B, T = token_ids.shape
        in_vocabulary = -torch.arange(T, dtype=torch.float64).view(1, T, 1)
        rest = torch.log1p(-in_vocabulary.exp().clamp(max=1 - 1e-12))
        return torch.cat([in_vocabulary, rest], dim=-1).expand(B, T, 2)


@pytest.mark.parametrize("context_length", [4, 10, 16])
def test_after_the_first_window_a_token_has_at_least_half_a_window_of_context(context_length):
    stream = torch.zeros(101, dtype=torch.long)
    positions = -token_log_probs(PositionModel(), stream, context_length=context_length)
    torch.testing.assert_close(positions[:context_length], torch.arange(context_length).double())
    assert positions[context_length:].min() >= context_length // 2
    assert positions.max() < context_length


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="num_bytes=0 must be at least 1"):
        bits_per_byte(1.0, 0)
    with pytest.raises(ValueError, match="log_probs is empty"):
        score_text(torch.empty(0), num_bytes=1)
    with pytest.raises(ValueError, match="token_stream has 1 tokens"):
        token_log_probs(CumulativeModel(), STREAM[:1], context_length=8)
    with pytest.raises(ValueError, match="context_length=1 must be at least 2"):
        token_log_probs(CumulativeModel(), STREAM, context_length=1)


def test_documents_of_all_lengths_are_scored_as_if_alone():
    model = GPT(GPTConfig(vocab_size=13, context_length=12, d_model=16, num_layers=2, num_heads=2), seed=1).double()
    generator = torch.Generator().manual_seed(0)
    documents = [torch.randint(1, 13, (length,), generator=generator).tolist() for length in (4, 0, 9, 1, 7)]
    log_probs = document_log_probs(model, documents, end_of_text_id=0, batch_size=2)
    for document, log_prob in zip(documents, log_probs, strict=True):
        row = torch.tensor([0, *document, 0])
        chances = torch.softmax(model(row[:-1].unsqueeze(0))[0], dim=-1).detach()
        expected = sum(math.log(chances[at, token]) for at, token in enumerate(row[1:].tolist()))
        assert log_prob.item() == pytest.approx(expected, rel=1e-6)
    with pytest.raises(ValueError, match="documents is empty"):
        document_log_probs(model, [], end_of_text_id=0)


def test_a_model_without_parameters_is_scored():
    """An n-gram model has tables, and no parameter that tells a device."""
    model = KneserNeyNGram([0, 1, 2, 0, 2, 1, 0, 1, 2, 0], order=3, vocab_size=3)
    scores = document_log_probs(model, [[1, 2], [2]], end_of_text_id=0)
    for document, score in zip([[1, 2], [2]], scores, strict=True):
        assert score.item() == pytest.approx(model.log_probs([0, *document, 0])[1:].sum().item())


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_a_model_in_half_precision_is_scored_in_fp32(dtype):
    table = (3 * torch.randn(20, 20, generator=torch.Generator().manual_seed(0))).to(dtype)
    model, stream = nn.Embedding.from_pretrained(table), torch.arange(3_000) * 7 % 20
    exact = torch.log_softmax(table.double(), dim=-1)[stream[:-1], stream[1:]]
    log_probs = token_log_probs(model, stream, context_length=64)
    assert log_probs.dtype == torch.float32
    torch.testing.assert_close(log_probs.double(), exact, atol=1e-5, rtol=0)
    torch.testing.assert_close(log_probs.sum().double(), exact.sum(), atol=0, rtol=1e-6)


class Recorder(nn.Module):
    """Knows nothing, and remembers the shapes of what it read."""

    def __init__(self):
        super().__init__()
        self.shapes = []

    def forward(self, token_ids):
        self.shapes.append(tuple(token_ids.shape))
        return torch.zeros(*token_ids.shape, 16)


def test_windows_overlap_by_half_and_come_in_batches():
    model = Recorder()
    token_log_probs(model, torch.zeros(101, dtype=torch.long), context_length=10, batch_size=4)
    assert model.shapes == [(4, 10)] * 4 + [(3, 10)]  # they start at 0, 5, 10 and so on up to 90


def test_documents_of_similar_length_are_read_together():
    model = Recorder()
    documents = [[1] * length for length in (4, 0, 9, 1, 7)]
    document_log_probs(model, documents, end_of_text_id=0, batch_size=2)
    assert model.shapes == [(2, 2), (2, 8), (1, 10)]  # one end of text more than the longest has tokens
