import pytest
import torch

from lmkit.finetuning import (
    BiEncoder,
    PairRegressor,
    SequenceClassifier,
    SpanExtractor,
    TokenTagger,
    encode,
    mean_pool,
    pool,
    real_tokens,
    second_text,
    whitening,
)
from lmkit.models import BERT

PAIRS = [("anna ran", "who saw a kite"), ("tom", "day"), ("kate saw tom", "oslo ?")]


def batch_and_rows(input_format):
    rows = [input_format.row(first, second) for first, second in PAIRS]
    return input_format.batch(rows), [(row, input_format.batch([row])) for row in rows]


def test_each_row_of_a_batch_equals_that_row_alone(encoder_and_format):
    encoder, input_format = encoder_and_format
    batch, rows = batch_and_rows(input_format)
    for function in (
        SequenceClassifier(encoder, 3).eval().logits,
        PairRegressor(encoder).eval().numbers,
        BiEncoder(encoder).eval().embed,
    ):
        together = function(batch)
        assert together.dtype == torch.float64
        for number, (_, alone) in enumerate(rows):
            torch.testing.assert_close(together[number], function(alone)[0], atol=1e-12, rtol=0)
        assert not torch.allclose(together[0], together[1])
    tags = TokenTagger(encoder, 4).eval().logits(batch)
    positions = SpanExtractor(encoder).eval().logits(batch)
    for number, (row, alone) in enumerate(rows):
        length = len(row.token_ids)
        torch.testing.assert_close(
            tags[number, :length], TokenTagger(encoder, 4).eval().logits(alone)[0], atol=1e-12, rtol=0
        )
        torch.testing.assert_close(
            positions[number, :, :length], SpanExtractor(encoder).eval().logits(alone)[0], atol=1e-12, rtol=0
        )


def two_means(encoder, whiten, token_ids, states):
    """The mean embedding and the mean state of some tokens, each with mean 0 and variance 1, added up."""
    embeddings = [whiten.weight @ encoder.token_embedding.weight[token_id] + whiten.bias for token_id in token_ids]
    means = [sum(vectors) / len(vectors) for vectors in (embeddings, list(states))]
    return sum((mean - mean.mean()) / (mean.var(correction=0) + 1e-5).sqrt() for mean in means)


def test_the_formulas(encoder_and_format):
    encoder, input_format = encoder_and_format
    batch, rows = batch_and_rows(input_format)
    classifier, extractor, bi_encoder, regressor = (
        SequenceClassifier(encoder, 3).eval(),
        SpanExtractor(encoder),
        BiEncoder(encoder),
        PairRegressor(encoder).eval(),
    )
    for number, (row, alone) in enumerate(rows):
        if isinstance(encoder, BERT):
            states = encoder.encode(alone.inputs, segment_ids=torch.tensor([row.segment_ids]))[0]
            pooled = torch.tanh(encoder.pooler.weight @ states[0] + encoder.pooler.bias)
        else:
            states = encoder.hidden(torch.tensor([row.token_ids]))[0]
            pooled = states[-1]
        expected = classifier.head.weight @ pooled + classifier.head.bias
        torch.testing.assert_close(classifier.logits(batch)[number], expected, atol=1e-12, rtol=0)
        vector = two_means(encoder, bi_encoder.whiten, row.token_ids, states)
        torch.testing.assert_close(bi_encoder.embed(batch)[number], vector / vector.norm(), atol=1e-12, rtol=0)
        segment_ids = torch.tensor(row.segment_ids)
        u, v = (
            two_means(
                encoder,
                regressor.whiten,
                torch.tensor(row.token_ids)[segment_ids == segment],
                states[segment_ids == segment],
            )
            for segment in (0, 1)
        )
        expected = regressor.head.weight[0] @ torch.cat([(u - v).abs(), u * v]) + regressor.head.bias[0]
        torch.testing.assert_close(regressor.numbers(batch)[number], expected, atol=1e-12, rtol=0)
        scores = states @ extractor.head.weight.T + extractor.head.bias
        for position, (place, segment_id) in enumerate(zip(row.offsets, row.segment_ids, strict=True)):
            found = extractor.logits(batch)[number, :, position]
            if position == 0 or (segment_id == 1 and place != (0, 0)):
                torch.testing.assert_close(found, scores[position], atol=1e-12, rtol=0)
            else:
                assert (found == torch.finfo(torch.float64).min).all()
        assert (extractor.logits(batch)[number, :, len(row.token_ids) :] == torch.finfo(torch.float64).min).all()


def test_a_whitened_vocabulary_has_no_larger_and_smaller_directions():
    generator = torch.Generator().manual_seed(0)
    stretched = torch.randn(500, 6, generator=generator).double() * torch.tensor([5.0, 3, 1, 1, 0.2, 0.1])
    turned, _ = torch.linalg.qr(torch.randn(6, 6, generator=generator).double())
    embedding = stretched @ turned + 7
    whitened = whitening(embedding)(embedding)
    torch.testing.assert_close(whitened.mean(0), torch.zeros(6).double(), atol=1e-9, rtol=0)
    variances, directions = torch.linalg.eigh(torch.cov(embedding.T))
    expected = directions @ torch.diag(variances / (variances + 1e-4 * variances.max())) @ directions.T
    torch.testing.assert_close(torch.cov(whitened.T), expected, atol=1e-9, rtol=0)
    assert torch.linalg.eigvalsh(torch.cov(whitened.T)).min() > 0.7


def test_a_direction_without_variance_is_not_blown_up():
    embedding = torch.eye(3)[[0, 1, 0, 1, 1]]  # the third direction is the same for all
    assert whitening(embedding)(embedding).abs().max() < 2


def test_a_text_without_an_attention_mask_is_real_throughout(encoder_and_format):
    encoder, input_format = encoder_and_format
    batch = input_format.batch([input_format.row("anna ran", "tom")])
    plain = type(batch)(inputs=batch.inputs, targets=batch.targets, segment_ids=batch.segment_ids)
    assert real_tokens(plain).all()
    torch.testing.assert_close(encode(encoder, plain), encode(encoder, batch), atol=1e-12, rtol=0)


def test_pooling_leaves_out_padding(encoder_and_format):
    encoder, _ = encoder_and_format
    states = torch.randn(2, 4, 16, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    is_real = torch.tensor([[True, True, False, False], [True] * 4])
    torch.testing.assert_close(mean_pool(states, is_real)[0], states[0, :2].mean(0), atol=1e-12, rtol=0)
    if not isinstance(encoder, BERT):
        assert torch.equal(pool(encoder, states, is_real), torch.stack([states[0, 1], states[1, 3]]))


def test_the_second_text_ends_before_its_separator(wordpiece, bert_format):
    batch = bert_format.batch([bert_format.row("anna", "tom ran"), bert_format.row("kate saw tom", "day")])
    found = [
        wordpiece.decode(row[is_text])
        for row, is_text in zip(batch.inputs, second_text(batch.segment_ids), strict=True)
    ]
    assert found == ["tom ran", "day"]


def test_a_head_lies_where_its_encoder_lies(encoder_and_format):
    encoder, _ = encoder_and_format
    same, other = SequenceClassifier(encoder, 3), SequenceClassifier(encoder, 3, seed=1)
    assert same.head.weight.dtype == torch.float64
    assert torch.equal(same.head.weight, SequenceClassifier(encoder, 3).head.weight)
    assert not torch.equal(same.head.weight, other.head.weight)
    with pytest.raises(ValueError, match="num_outputs=0: a head needs at least one output"):
        TokenTagger(encoder, 0)


DROPPING = [lambda e, **o: SequenceClassifier(e, 3, **o), PairRegressor, lambda e, **o: TokenTagger(e, 3, **o)]


@pytest.mark.parametrize("make", [*DROPPING, SpanExtractor])
def test_the_seed_decides_where_a_head_starts(make, encoder_and_format):
    encoder, _ = encoder_and_format
    default, same, other = make(encoder), make(encoder, seed=0), make(encoder, seed=1)
    assert torch.equal(default.head.weight, same.head.weight)
    assert not torch.equal(default.head.weight, other.head.weight)


@pytest.mark.parametrize("make", DROPPING)
@pytest.mark.parametrize(("options", "share"), [({}, 0.1), ({"dropout": 0.0}, 0.0), ({"dropout": 0.5}, 0.5)])
def test_a_head_drops_its_share_of_what_it_reads_in_training(make, options, share, encoder_and_format):
    encoder, input_format = encoder_and_format
    model, read = make(encoder, **options).train(), []
    model.head.register_forward_pre_hook(lambda head, inputs: read.append(inputs[0]))
    predict = model.numbers if isinstance(model, PairRegressor) else model.logits
    batch = input_format.batch([input_format.row(*pair) for pair in PAIRS * 20])
    torch.manual_seed(0)
    predict(batch)
    num_read = read[0].numel()
    num_dropped = (read[0] == 0).sum().item()
    assert num_dropped == pytest.approx(share * num_read, abs=4 * (share * (1 - share) * num_read) ** 0.5)
    model.eval()
    predict(batch)
    assert (read[1] != 0).all()
