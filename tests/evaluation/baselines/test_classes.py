import pytest

from lmkit.evaluation.baselines import MajorityClass, bag_of_words


def test_majority_is_the_most_frequent_class():
    model = MajorityClass().fit(["a", "b", "c", "d", "e"], ["x", "y", "z", "y", "z"])
    assert model.predict(["f", "g"]) == ["y", "y"]


def test_majority_of_nothing_is_refused():
    with pytest.raises(ValueError, match="labels is empty"):
        MajorityClass().fit([], [])


def test_bag_of_words_knows_words_and_not_their_order():
    texts = ["good food", "bad food", "good day", "bad day"]
    model = bag_of_words().fit(texts, ["+", "-", "+", "-"])
    assert list(model.predict(["A GOOD book!", "book, bad"])) == ["+", "-"]
    first, second = model.predict_proba(["good day not bad food", "bad day not good food"])
    assert first.tolist() == second.tolist()


def test_bag_of_words_cuts_as_it_is_told():
    model = bag_of_words(tokenize=list).fit(["好天", "坏天"], ["+", "-"])
    assert list(model.predict(["很好", "很坏"])) == ["+", "-"]
