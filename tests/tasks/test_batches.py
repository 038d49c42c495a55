import pytest
import torch

from lmkit.functional import IGNORE_ID
from lmkit.tasks import (
    AnsweredQuestion,
    LabelledPair,
    LabelledSpan,
    LabelledText,
    TaggedText,
    answer_positions,
    answer_span_batches,
    classification_batches,
    matching_batches,
    regression_batches,
    standard_format,
    tagging_batches,
)
from lmkit.tokenizers import BERT_SPECIAL_TOKENS, BPETokenizer, WordPieceTokenizer
from lmkit.training.step import count_scored, split_batch

TEXT = "Anna Lee saw a kite in Oslo. Tom ran."
TOKENS = ["an", "##na", "lee", "s", "##aw", "a", "kite", "in", "os", "##lo", ".", "tom", "ran"]
WORDPIECE = WordPieceTokenizer({token: number for number, token in enumerate([*BERT_SPECIAL_TOKENS, *TOKENS])})
FORMAT = standard_format(WORDPIECE, 40)


def test_texts_and_pairs_with_their_classes():
    texts = [LabelledText(text="Tom ran", label="bad"), LabelledText(text="Anna", label="good")]
    batch = next(classification_batches(texts, ["good", "bad"], FORMAT, batch_size=2))
    assert batch.labels.tolist() == [1, 0]
    assert batch.inputs[0].tolist() == FORMAT.row("Tom ran").token_ids
    assert count_scored(batch).tolist() == [0, 2]

    pairs = [LabelledPair(first="Anna", second="Tom", label="yes"), LabelledPair(first="a", second="b", label="no")]
    batches = list(classification_batches(pairs, ["no", "yes"], FORMAT, batch_size=1, num_epochs=2))
    assert [batch.labels.tolist() for batch in batches] == [[1], [0], [1], [0]]
    assert batches[0].inputs[0].tolist() == FORMAT.row("Anna", "Tom").token_ids
    assert batches[0].segment_ids[0].tolist() == FORMAT.row("Anna", "Tom").segment_ids


def test_the_order_is_random_where_there_is_a_generator():
    texts = [LabelledText(text="Tom" * number, label=str(number)) for number in range(8)]
    labels = [str(number) for number in range(8)]
    generator = torch.Generator().manual_seed(0)
    batches = classification_batches(texts, labels, FORMAT, batch_size=8, generator=generator, num_epochs=2)
    first, second = (batch.labels.tolist() for batch in batches)
    assert sorted(first) == sorted(second) == list(range(8))
    assert first != second


def test_pairs_with_numbers():
    pairs = [LabelledPair(first="Anna", second="Tom", label=0.5), LabelledPair(first="a", second="b", label=3.0)]
    batch = next(regression_batches(pairs, FORMAT, batch_size=2))
    assert batch.labels.tolist() == [0.5, 3.0]
    assert batch.labels.dtype == torch.float32
    assert count_scored(batch).tolist() == [0, 2]
    assert [len(part.labels) for part in split_batch(batch, 2)] == [1, 1]


SPANS = (LabelledSpan(0, 8, "PERSON"), LabelledSpan(23, 27, "PLACE"), LabelledSpan(29, 32, "PERSON"))


def test_the_first_token_of_each_word_is_tagged():
    batch = next(tagging_batches([TaggedText(text=TEXT, spans=SPANS)], ["PERSON", "PLACE"], FORMAT, batch_size=1))
    assert WORDPIECE.decode(batch.inputs[0]) == "[CLS] anna lee saw a kite in oslo . tom ran . [SEP]"
    none = IGNORE_ID
    #           [CLS] an ##na lee s ##aw a kite in os ##lo . tom ran . [SEP]
    expected = [none, 1, none, 2, 0, none, 0, 0, 0, 3, none, 0, 1, 0, 0, none]
    assert batch.targets[0].tolist() == expected
    assert count_scored(batch).tolist() == [11, 0]


def test_only_what_is_read_is_tagged():
    short = standard_format(WORDPIECE, 6)  # [CLS] an ##na lee s [SEP]
    texts = [TaggedText(text=TEXT, spans=SPANS), TaggedText(text="Tom", spans=())]
    batch = next(tagging_batches(texts, ["PERSON", "PLACE"], short, batch_size=2))
    assert batch.targets.shape == batch.inputs.shape == (2, 6)
    assert batch.targets.tolist() == [[-100, 1, -100, 2, 0, -100], [-100, 0, -100, -100, -100, -100]]


def test_answers_are_found_by_position():
    for tokenizer in (WORDPIECE, BPETokenizer([(b" ", b"O"), (b"s", b"l")], ["<|endoftext|>"])):
        layout = standard_format(tokenizer, 100)
        example = AnsweredQuestion(question="Where is Oslo?", text=TEXT, answer="a kite in Oslo", span=(13, 27))
        batch = next(answer_span_batches([example], layout, batch_size=1))
        first, last = batch.labels[0].tolist()
        assert tokenizer.decode(batch.inputs[0, first : last + 1]).strip().lower() == "a kite in oslo"
        assert batch.segment_ids[0, first] == 1
        assert count_scored(batch).tolist() == [0, 1]


@pytest.mark.parametrize(("context_length", "is_there"), [(23, False), (24, False), (25, True), (80, True)])
def test_answers_that_are_cut_off_are_at_the_start(context_length, is_there):
    layout = standard_format(BPETokenizer([], ["<|endoftext|>"]), context_length)
    row = layout.row("Where?", TEXT, keep_first=True)  # eight tokens beside those of the text, as many as characters
    assert answer_positions(row, (13, 17)) == ((7 + 13, 7 + 16) if is_there else (0, 0))


def test_an_answer_may_end_with_what_makes_no_token():
    row = FORMAT.row("Who?", "Tom an\u0301", keep_first=True)
    first, last = answer_positions(row, (4, 7))
    assert WORDPIECE.decode(row.token_ids[first : last + 1]) == "an"


def test_matching_texts_are_numbered():
    pairs = [("who ran", "Tom ran."), ("who saw", "Anna saw"), ("what did Tom", "Tom ran.")]
    batch = next(matching_batches(pairs, FORMAT, batch_size=3))
    assert batch.labels.tolist() == [0, 1, 0]
    given = FORMAT.row("who saw").token_ids
    assert batch.source_ids[1, : len(given)].tolist() == given
    assert batch.source_mask[1].tolist() == [True] * len(given) + [False] * (batch.source_ids.shape[1] - len(given))
    sought = FORMAT.row("Anna saw").token_ids
    assert batch.inputs[1, : len(sought)].tolist() == sought
    assert count_scored(batch).tolist() == [0, 3]


def test_wrong_examples_are_named():
    with pytest.raises(ValueError, match=r"examples\[1\] has label='odd', which is not one of \['good'\]"):
        classification_batches(
            [LabelledText(text="", label="good"), LabelledText(text="", label="odd")], ["good"], FORMAT, batch_size=1
        )
    with pytest.raises(ValueError, match=r"examples\[0\] has label='high', which is not a number"):
        regression_batches([LabelledPair(first="", second="", label="high")], FORMAT, batch_size=1)
    with pytest.raises(ValueError, match=r"examples\[0\] has a span with label='PLACE', which is not in \['PERSON'\]"):
        tagging_batches([TaggedText(text=TEXT, spans=SPANS)], ["PERSON"], FORMAT, batch_size=1)
    for make in (
        lambda: classification_batches([], ["a"], FORMAT, batch_size=1),
        lambda: matching_batches([], FORMAT, batch_size=1),
        lambda: tagging_batches([], ["a"], FORMAT, batch_size=1),
    ):
        with pytest.raises(ValueError, match="there is no example"):
            make()
