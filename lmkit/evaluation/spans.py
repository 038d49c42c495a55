"""Metrics for named entities: precision, recall and F1 of labelled spans."""

from collections import Counter
from collections.abc import Sequence

from lmkit.evaluation.matches import ClassScores, count_matches
from lmkit.tasks import LabelledSpan

OUTSIDE = "O"


def tags_to_spans(tags: Sequence[str], *, strict: bool = False) -> list[LabelledSpan]:
    """Convert BIO tags to spans.

    Valid tag sequences mean the same in both modes. They differ where a model predicts ``I-`` after ``O`` or after
    another label: in lenient mode an entity begins there, in strict mode an entity must begin with ``B-``.

    Args:
        tags: One tag per token.
        strict: Whether only ``B-`` begins an entity.

    Returns:
        The entities in order, with starts and ends in tokens.

    Raises:
        ValueError: If a tag is not a BIO tag.

    Source:
        The lenient mode is that of the CoNLL-2000 script conlleval; the strict mode is the scheme IOB2.

    Example:
        >>> tags_to_spans(["B-NAME", "I-NAME", "O", "I-PLACE"])
        [LabelledSpan(start=0, end=2, label='NAME'), LabelledSpan(start=3, end=4, label='PLACE')]
        >>> tags_to_spans(["B-NAME", "I-NAME", "O", "I-PLACE"], strict=True)
        [LabelledSpan(start=0, end=2, label='NAME')]
    """
    spans: list[LabelledSpan] = []
    open_label = None  # label of the entity that contains the previous token
    for position, tag in enumerate(tags):
        prefix, _, label = tag.partition("-")
        if tag != OUTSIDE and (prefix not in ("B", "I") or not label):
            raise ValueError(f"tags[{position}]={tag!r} must be O, or B- or I- followed by a label")
        if prefix == "I" and label == open_label:
            spans[-1] = spans[-1]._replace(end=position + 1)
        elif prefix == "B" or (prefix == "I" and not strict):
            spans.append(LabelledSpan(position, position + 1, label))
            open_label = label
        else:
            open_label = None
    return spans


def span_scores(
    predictions: Sequence[Sequence[LabelledSpan]], targets: Sequence[Sequence[LabelledSpan]]
) -> ClassScores:
    """Precision, recall and F1 of entities. An entity is found if start, end and label are all correct.

    Args:
        predictions: Predicted entities of each text, without duplicates.
        targets: True entities of each text.

    Returns:
        Scores by label, for the labels that occur, sorted. The usual score is ``micro.f1``.

    Raises:
        ValueError: If there is no text or the lengths differ.

    Example:
        >>> found, wrong, missed = LabelledSpan(0, 2, "NAME"), LabelledSpan(3, 4, "NAME"), LabelledSpan(3, 5, "NAME")
        >>> span_scores([[found, wrong]], [[found, missed]]).micro.f1
        0.5
    """
    if len(predictions) != len(targets):
        raise ValueError(f"predictions has {len(predictions)} texts and targets {len(targets)}; give one for each")
    if not targets:
        raise ValueError("targets is empty: there is nothing to score")
    predicted, expected = _bags_by_label(predictions), _bags_by_label(targets)
    return ClassScores(
        by_class={
            label: count_matches(predicted.get(label, Counter()), expected.get(label, Counter()))
            for label in sorted({*predicted, *expected})
        }
    )


def entity_scores(
    predictions: Sequence[Sequence[str]], targets: Sequence[Sequence[str]], *, strict: bool = False
) -> ClassScores:
    """Precision, recall and F1 of the entities that BIO tags mark; see :func:`span_scores`.

    Args:
        predictions: Predicted tags of each text.
        targets: True tags of each text.
        strict: How to read the tags; see :func:`tags_to_spans`.

    Returns:
        Scores by label. The usual score is ``micro.f1``.

    Raises:
        ValueError: If there is no text, the numbers of texts or tags differ, or a tag is not a BIO tag.

    Source:
        Tjong Kim Sang and De Meulder (2003), section 2.3.

    Example:
        >>> scores = entity_scores([["B-NAME", "I-NAME", "O"]], [["B-NAME", "O", "B-PLACE"]])
        >>> scores.micro.num_matched, scores.micro.num_expected
        (0, 2)
    """
    for number, (some, others) in enumerate(zip(predictions, targets, strict=False)):
        if len(some) != len(others):
            raise ValueError(f"predictions[{number}] has {len(some)} tags and targets[{number}] {len(others)}")
    return span_scores(
        [tags_to_spans(tags, strict=strict) for tags in predictions],
        [tags_to_spans(tags, strict=strict) for tags in targets],
    )


def _bags_by_label(texts: Sequence[Sequence[LabelledSpan]]) -> dict[str, Counter[tuple[int, int, int]]]:
    bags: dict[str, Counter[tuple[int, int, int]]] = {}
    for number, spans in enumerate(texts):
        for span in spans:
            bags.setdefault(span.label, Counter())[number, span.start, span.end] += 1
    return bags
