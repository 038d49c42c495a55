import pytest

from lmkit.tasks import (
    Instruction,
    LabelledPair,
    LabelledSpan,
    LabelledText,
    TaggedText,
    count_labels,
    doubtful_labels,
)


def test_labels_of_every_kind_are_counted():
    assert count_labels([LabelledText(text="a", label=label) for label in "xyx"]) == {"x": 2, "y": 1}
    pairs = [LabelledPair(first="a", second="b", label=label) for label in ("x", "y")]
    assert count_labels(pairs) == {"x": 1, "y": 1}
    assert count_labels([LabelledPair(first="a", second="b", label=0.5)]) == {}
    spans = (LabelledSpan(0, 1, "x"), LabelledSpan(2, 3, "x"))
    assert count_labels([TaggedText(text="a b", spans=spans)]) == {"x": 2}
    assert count_labels([Instruction(prompt="a", answer="b")]) == {}


@pytest.mark.parametrize(
    ("counts", "doubts"),
    [
        ({"bad": 30, "good": 30}, []),
        ({"good": 30, "goood": 3}, ["label 'goood' has 3 examples and looks like 'good', which has 30"]),
        ({"good": 30, "Good ": 2}, ["label 'Good ' has 2 examples and looks like 'good', which has 30"]),
        ({"good": 29, "goood": 3}, ["label 'goood' has 3 examples: too few to learn or to evaluate it"]),
        ({"class1": 100, "class2": 90}, []),
        ({"bad": 4, "good": 5}, ["label 'bad' has 4 examples: too few to learn or to evaluate it"]),
    ],
)
def test_typos_and_rare_labels_are_doubted(counts, doubts):
    assert doubtful_labels(counts) == doubts
