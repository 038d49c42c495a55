import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics.sequence_labeling import get_entities, precision_recall_fscore_support
from seqeval.metrics.v1 import precision_recall_fscore_support as strict_precision_recall_fscore_support
from seqeval.scheme import IOB2, Tokens

from lmkit.evaluation import entity_scores, span_scores, tags_to_spans
from lmkit.tasks import LabelledSpan

TAGS = ["O", "B-NAME", "I-NAME", "B-PLACE", "I-PLACE"]
tag_sequences = st.lists(st.sampled_from(TAGS), max_size=12)
tagged_texts = st.lists(
    st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(TAGS)), min_size=1, max_size=12), min_size=1, max_size=4
)


@settings(max_examples=100, deadline=None)
@given(tag_sequences)
def test_tags_are_read_as_seqeval_reads_them(tags):
    lenient = [LabelledSpan(start, last + 1, label) for label, start, last in get_entities(tags)]
    assert tags_to_spans(tags) == lenient
    strict = [LabelledSpan(entity.start, entity.end, entity.tag) for entity in Tokens(tags, IOB2).entities]
    assert tags_to_spans(tags, strict=True) == strict


@pytest.mark.parametrize("strict", [False, True])
@settings(max_examples=50, deadline=None)
@given(texts=tagged_texts)
def test_entity_scores_equal_those_of_seqeval(strict, texts):
    predictions = [[prediction for prediction, _ in text] for text in texts]
    targets = [[target for _, target in text] for text in texts]
    scores = entity_scores(predictions, targets, strict=strict)

    def expected(average):
        if strict:
            return strict_precision_recall_fscore_support(
                targets, predictions, average=average, scheme=IOB2, zero_division=0
            )
        return precision_recall_fscore_support(targets, predictions, average=average, zero_division=0)

    if not scores.by_class:  # no entity anywhere
        assert scores.micro.f1 == scores.macro_f1 == 0
        return
    by_class = zip(*expected(None), strict=True)
    for matches, (precision, recall, f1, support) in zip(scores.by_class.values(), by_class, strict=True):
        assert [matches.precision, matches.recall, matches.f1] == pytest.approx([precision, recall, f1])
        assert matches.num_expected == support
    assert [scores.micro.precision, scores.micro.recall, scores.micro.f1] == pytest.approx(expected("micro")[:3])
    assert [scores.macro_precision, scores.macro_recall, scores.macro_f1] == pytest.approx(expected("macro")[:3])


def test_the_readings_differ_where_an_entity_does_not_begin():
    target = [["B-NAME", "I-NAME", "O", "B-PLACE"]]
    prediction = [["I-NAME", "I-NAME", "O", "B-PLACE"]]
    assert entity_scores(prediction, target).micro.f1 == 1
    assert entity_scores(prediction, target, strict=True).micro.recall == 0.5


def test_spans_of_characters_are_scored_text_by_text():
    name, place = LabelledSpan(0, 4, "NAME"), LabelledSpan(0, 4, "PLACE")
    longer = LabelledSpan(0, 5, "NAME")
    assert span_scores([[name], []], [[name], [name]]).micro.recall == 0.5
    assert span_scores([[name], []], [[], [name]]).micro.f1 == 0  # the right span in the wrong text
    assert span_scores([[longer]], [[name]]).micro.f1 == 0
    assert span_scores([[place]], [[name]]).micro.f1 == 0
    assert span_scores([[name, name]], [[name]]).micro.precision == 0.5  # said twice is one too many
    assert list(span_scores([[place]], [[name]]).by_class) == ["NAME", "PLACE"]


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="predictions has 0 texts and targets 1"):
        span_scores([], [[]])
    with pytest.raises(ValueError, match="targets is empty"):
        entity_scores([], [])
    with pytest.raises(ValueError, match=r"predictions\[0\] has 1 tags and targets\[0\] 2"):
        entity_scores([["O"]], [["O", "O"]])
    for tag in ("X-NAME", "B", "B-", "NAME", ""):
        with pytest.raises(ValueError, match=rf"tags\[1\]='{tag}' must be O, or B- or I- followed by a label"):
            tags_to_spans(["O", tag])
