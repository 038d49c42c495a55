from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmkit.evaluation import ClassScores, Matches, count_matches


def test_without_predictions_or_expectations_everything_is_zero():
    nothing = Matches(num_matched=0, num_predicted=0, num_expected=0)
    assert (nothing.precision, nothing.recall, nothing.f1) == (0, 0, 0)
    assert ClassScores(by_class={}).micro == nothing
    assert (ClassScores(by_class={}).macro_precision, ClassScores(by_class={}).macro_recall) == (0, 0)
    assert ClassScores(by_class={}).macro_f1 == 0


@given(st.text("abc"), st.text("abc"))
def test_f1_is_the_harmonic_mean_and_a_thing_matches_at_most_as_often_as_it_stands_in_both(predicted, expected):
    matches = count_matches(Counter(predicted), Counter(expected))
    assert matches.num_matched == sum(min(predicted.count(thing), expected.count(thing)) for thing in "abc")
    assert matches.num_predicted == len(predicted)
    assert matches.num_expected == len(expected)
    if matches.num_matched:
        assert matches.f1 == pytest.approx(2 / (1 / matches.precision + 1 / matches.recall))
