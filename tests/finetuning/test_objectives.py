from dataclasses import replace

import pytest
import torch
from torch.nn import functional as F

from lmkit.finetuning import (
    BiEncoder,
    PairRegressor,
    SequenceClassifier,
    SpanExtractor,
    TokenTagger,
    answer_span_objective,
    classification_objective,
    embed_texts,
    matching_objective,
    predict_answer_spans,
    predict_classes,
    predict_numbers,
    predict_probabilities,
    predict_spans,
    regression_objective,
    second_text,
    tagging_objective,
)
from lmkit.models import BERT, GPT, BERTConfig, GPTConfig
from lmkit.tasks import (
    AnsweredQuestion,
    LabelledPair,
    LabelledSpan,
    LabelledText,
    TaggedText,
    answer_span_batches,
    classification_batches,
    matching_batches,
    regression_batches,
    standard_format,
    tagging_batches,
)
from lmkit.tokenizers import BPETokenizer
from lmkit.training import TrainingConfig, constant, evaluate_loss, fused_adamw, train
from lmkit.training.step import split_batch

TEXTS = [LabelledText(text=f"a {word} day .", label=word) for word in ("good", "bad")]
PAIRS = [
    LabelledPair(first="anna ran", second="anna ran", label=2.0),
    LabelledPair(first="anna ran", second="tom slept in rome", label=-1.0),
    LabelledPair(first="kate", second="kate slept", label=0.5),
]
TAGGED = [
    TaggedText(
        text="Anna saw Tom in Oslo.",
        spans=(LabelledSpan(0, 4, "PERSON"), LabelledSpan(9, 12, "PERSON"), LabelledSpan(16, 20, "PLACE")),
    ),
    TaggedText(text="Kate Tom ran", spans=(LabelledSpan(0, 8, "PERSON"),)),
    TaggedText(text="a day", spans=()),
]
QUESTIONS = [
    AnsweredQuestion(question="who ran?", text="Tom saw a kite. Anna ran.", answer="Anna", span=(16, 20)),
    AnsweredQuestion(question="where?", text="Kate slept in Rome.", answer="in Rome", span=(11, 18)),
]
MATCHES = [
    ("who ran ?", "tom ran ."),
    ("who slept ?", "kate slept in oslo ."),
    ("where ?", "in rome ."),
    ("tom ?", "tom ran ."),
]


def fit(model, batches, objective, num_steps=60):
    """Learn examples by heart."""
    train(
        model,
        fused_adamw(model, 0.01),
        batches,
        constant(0.01),
        TrainingConfig(num_steps=num_steps, precision="fp32"),
        objective=objective,
        progress=False,
    )


def test_classes_are_learnt(bert, bert_format):
    model = SequenceClassifier(bert, 2)
    batches = classification_batches(TEXTS, ["good", "bad"], bert_format, batch_size=2, num_epochs=None)
    batch = next(batches)
    expected = F.cross_entropy(model.eval().logits(batch), torch.tensor([0, 1]))
    torch.testing.assert_close(classification_objective(model, batch), expected)
    fit(model, batches, classification_objective)
    texts = [example.text for example in TEXTS] * 3
    assert predict_classes(model, texts, ["good", "bad"], bert_format, batch_size=4) == ["good", "bad"] * 3
    probabilities = predict_probabilities(model, texts, bert_format)
    assert probabilities[:, 0].tolist() == pytest.approx([1, 0] * 3, abs=0.05)
    torch.testing.assert_close(probabilities.sum(dim=1), torch.ones(6))
    assert model.training
    assert predict_classes(model, [], ["good", "bad"], bert_format) == []
    assert predict_probabilities(model, [], bert_format).shape == (0, 2)
    pair = predict_probabilities(model.eval(), [("a good day", "a bad day")], bert_format)
    logits = model.logits(bert_format.batch([bert_format.row("a good day", "a bad day")]))
    torch.testing.assert_close(pair, logits.softmax(dim=-1))


def test_numbers_are_learnt(bert, bert_format):
    model = PairRegressor(bert, dropout=0.0)
    batches = regression_batches(PAIRS, bert_format, batch_size=3, num_epochs=None)
    batch = next(batches)
    expected = F.mse_loss(model.eval().numbers(batch), torch.tensor([2.0, -1.0, 0.5]))
    torch.testing.assert_close(regression_objective(model, batch), expected)
    fit(model, batches, regression_objective, num_steps=100)
    predicted = predict_numbers(model, [(pair.first, pair.second) for pair in PAIRS], bert_format, batch_size=2)
    assert predicted == pytest.approx([2.0, -1.0, 0.5], abs=0.2)
    assert predict_numbers(model, [], bert_format) == []


def test_tags_are_learnt(bert, bert_format):
    labels = ["PERSON", "PLACE"]
    model = TokenTagger(bert, 5)
    batches = tagging_batches(TAGGED, labels, bert_format, batch_size=3, num_epochs=None)
    batch = next(batches)
    expected = F.cross_entropy(model.eval().logits(batch).flatten(0, 1), batch.targets.flatten(), ignore_index=-100)
    torch.testing.assert_close(tagging_objective(model, batch), expected)
    fit(model, batches, tagging_objective)
    texts = [example.text for example in TAGGED]
    assert predict_spans(model, texts, labels, bert_format, batch_size=2) == [example.spans for example in TAGGED]
    assert predict_spans(model, [], labels, bert_format) == []
    cut = " ".join(["a"] * 30 + ["Anna"])
    assert predict_spans(model, [cut], labels, bert_format) == [()]


def test_two_words_in_one_token_are_one_piece():
    tokenizer = BPETokenizer([(b"'", b"t"), (b"d", b"o"), (b"do", b"n")], ["<|endoftext|>"])
    sizes = {"vocab_size": tokenizer.vocab_size, "context_length": 8, "d_model": 8, "num_layers": 1, "num_heads": 1}
    model = TokenTagger(GPT(GPTConfig(**sizes)), 3)
    model.logits = lambda batch: F.one_hot(torch.ones_like(batch.inputs), 3).float()  # each token begins a span
    (spans,) = predict_spans(model, ["don't"], ["NAME"], standard_format(tokenizer, 8))  # of don ' t
    assert spans == (LabelledSpan(0, 3, "NAME"), LabelledSpan(3, 5, "NAME"))


def test_answers_are_learnt(bert, bert_format):
    model = SpanExtractor(bert)
    batches = answer_span_batches(QUESTIONS, bert_format, batch_size=2, num_epochs=None)
    batch = next(batches)
    logits = model.eval().logits(batch)
    expected = (
        F.cross_entropy(logits[:, 0], batch.labels[:, 0]) + F.cross_entropy(logits[:, 1], batch.labels[:, 1])
    ) / 2
    torch.testing.assert_close(answer_span_objective(model, batch), expected)
    fit(model, batches, answer_span_objective)
    questions = [(example.question, example.text) for example in QUESTIONS]
    assert predict_answer_spans(model, questions, bert_format, batch_size=1) == [(16, 20), (11, 18)]
    assert predict_answer_spans(model, questions[1:], bert_format, max_answer_tokens=1) in ([(11, 13)], [(14, 18)])
    assert predict_answer_spans(model, [("who?", "")], bert_format) == [(0, 0)]


def test_the_best_answer_is_the_best_of_all_pieces(bert, bert_format):
    model = SpanExtractor(bert).double().eval()
    model.head.weight.data.normal_(generator=torch.Generator().manual_seed(0))
    questions = [("who ran ?", "anna saw tom . kate slept in oslo ."), ("?", "day kite"), ("where in rome ?", "tom")]
    found = predict_answer_spans(model, questions, bert_format, max_answer_tokens=3)
    for (question, text), span in zip(questions, found, strict=True):
        row = bert_format.row(question, text, keep_first=True)
        first, last = model.logits(bert_format.batch([row]))[0].tolist()
        text_starts = row.segment_ids.index(1)
        pieces = [
            (first[i] + last[j], (row.offsets[i][0], row.offsets[j][1]))
            for i in range(text_starts, len(row.token_ids) - 1)
            for j in range(i, min(i + 3, len(row.token_ids) - 1))
        ]
        assert span == max(pieces)[1]


def test_matching_is_infonce(bert, bert_format):
    model = BiEncoder(bert).double().eval()
    batch = next(matching_batches(MATCHES, bert_format, batch_size=4))
    given = embed_texts(model, [first for first, _ in MATCHES], bert_format, batch_size=3)
    sought = embed_texts(model, [second for _, second in MATCHES], bert_format)
    torch.testing.assert_close(given.norm(dim=1), torch.ones(4, dtype=torch.float64))
    total = 0.0
    for i in range(4):
        others = [j for j in range(4) if j == i or MATCHES[j][1] != MATCHES[i][1]]
        scores = torch.stack([given[i] @ sought[j] / 0.2 for j in others])
        total -= scores.log_softmax(dim=0)[others.index(i)].item()
    assert matching_objective(model, batch, temperature=0.2).item() == pytest.approx(total / 4, rel=1e-10)
    assert embed_texts(model, [], bert_format).shape == (0, 32)


def test_cosines_are_divided_by_a_twentieth_unless_told_otherwise(bert, bert_format):
    model, batch = BiEncoder(bert).eval(), next(matching_batches(MATCHES, bert_format, batch_size=4))
    assert torch.equal(matching_objective(model, batch), matching_objective(model, batch, temperature=0.05))


def predictions(bert):
    """Each function of this module, with its model and the method that it calls, and what it is given."""
    classifier, pairs = SequenceClassifier(bert, 2), [("who ran ?", "tom ran .")]
    return [
        (classifier, "logits", predict_probabilities, ["a day"], ()),
        (classifier, "logits", predict_classes, ["a day"], (["good", "bad"],)),
        (PairRegressor(bert), "numbers", predict_numbers, pairs, ()),
        (TokenTagger(bert, 3), "logits", predict_spans, ["a day"], (["PERSON"],)),
        (SpanExtractor(bert), "logits", predict_answer_spans, pairs, ()),
        (BiEncoder(bert), "embed", embed_texts, ["a day"], ()),
    ]


@pytest.mark.parametrize("number", range(6))
def test_texts_are_read_without_dropout_and_no_more_at_once_than_a_batch_has(number, bert, bert_format, monkeypatch):
    model, method, predict, one, arguments = predictions(bert)[number]
    plain, sizes = getattr(model, method), []

    def recorded(batch):
        assert not model.training
        sizes.append(len(batch.inputs))
        return plain(batch)

    monkeypatch.setattr(model, method, recorded)
    assert len(predict(model.train(), one * 65, *arguments, bert_format)) == 65
    assert model.training
    assert sizes == [64, 1]
    sizes.clear()
    predict(model.eval(), one * 5, *arguments, bert_format, batch_size=2)
    assert not model.training
    assert sizes == [2, 2, 1]


def test_an_answer_has_at_most_30_tokens_unless_told_otherwise(wordpiece):
    bert = BERT(BERTConfig(vocab_size=wordpiece.vocab_size, context_length=64, d_model=8, num_layers=1, num_heads=1))
    model, input_format = SpanExtractor(bert), standard_format(wordpiece, 64)

    def found(num_words, **options):
        (span,) = predict_answer_spans(model, [("who ?", "a " * num_words)], input_format, **options)
        return span

    def favour_the_whole_text(batch):
        is_text = second_text(batch.segment_ids).double()
        first, last = is_text * -torch.arange(64)[: is_text.shape[1]], is_text * torch.arange(64)[: is_text.shape[1]]
        return torch.stack([first, last], dim=1)

    model.logits = favour_the_whole_text
    assert found(30) == (0, 59)
    assert found(31) != (0, 61)
    assert found(31, max_answer_tokens=31) == (0, 61)


def test_matching_is_learnt(bert, bert_format):
    model = BiEncoder(bert)
    fit(model, matching_batches(MATCHES, bert_format, batch_size=4, num_epochs=None), matching_objective, num_steps=80)
    given = embed_texts(model, [first for first, _ in MATCHES], bert_format)
    sought = embed_texts(model, [second for _, second in MATCHES[:3]], bert_format)
    assert (given @ sought.T).argmax(dim=1).tolist() == [0, 1, 2, 0]


def test_parts_of_a_batch_weigh_as_many_rows_as_they_have(bert, bert_format):
    model = SequenceClassifier(bert, 2).eval()
    batch = next(classification_batches([*TEXTS, TEXTS[0]], ["good", "bad"], bert_format, batch_size=3))
    parts = split_batch(batch, 2)
    assert [len(part.inputs) for part in parts] == [2, 1]
    whole = evaluate_loss(model, [batch], objective=classification_objective)
    assert evaluate_loss(model, parts, objective=classification_objective) == pytest.approx(whole, rel=1e-6)


def test_what_cannot_be_done_is_named(bert, bert_format):
    batch = bert_format.batch([bert_format.row("a day")])
    with pytest.raises(ValueError, match=r"batch.labels is None"):
        classification_objective(SequenceClassifier(bert, 2), batch)
    with pytest.raises(ValueError, match=r"source_ids or batch.source_mask is None"):
        matching_objective(BiEncoder(bert), replace(batch, labels=torch.tensor([0])))
    with pytest.raises(ValueError, match=r"has 2 outputs, but there are 3 labels: \['a', 'b', 'c'\]"):
        predict_classes(SequenceClassifier(bert, 2), ["a day"], ["a", "b", "c"], bert_format)
    with pytest.raises(ValueError, match="has 4 outputs, but there are 5 labels"):
        predict_spans(TokenTagger(bert, 4), ["a day"], ["X", "Y"], bert_format)
