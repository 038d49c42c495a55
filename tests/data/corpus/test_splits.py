import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmkit.data import split_documents


@given(st.lists(st.text(max_size=3)), st.integers())
def test_every_document_is_in_exactly_one_part(documents, seed):
    split = split_documents(documents, seed=seed, validation=0.3, test=0.3)
    assert sorted(split.train + split.validation + split.test) == sorted(documents)
    assert not set(split.train) & set(split.validation)
    assert not set(split.train) & set(split.test)
    assert not set(split.validation) & set(split.test)


@given(st.lists(st.text(max_size=3)), st.lists(st.text(max_size=3)))
def test_new_documents_move_no_old_ones(old, new):
    before, after = split_documents(old), split_documents([*old, *new])
    assert after.train[: len(before.train)] == before.train
    assert after.test[: len(before.test)] == before.test


def test_shares_are_as_asked_and_independent_of_other_shares():
    documents = [f"document {number}" for number in range(20_000)]
    split = split_documents(documents, validation=0.05, test=0.2)
    assert len(split.test) == pytest.approx(4000, abs=5 * (20_000 * 0.2 * 0.8) ** 0.5)  # five standard deviations
    assert len(split.validation) == pytest.approx(1000, abs=5 * (20_000 * 0.05 * 0.95) ** 0.5)
    assert split_documents(documents, validation=0.3, test=0.2).test == split.test


def test_seeds_differ_and_repeat():
    documents = [str(number) for number in range(100)]
    assert split_documents(documents, seed=1) == split_documents(documents, seed=1)
    assert split_documents(documents, seed=1) != split_documents(documents, seed=2)


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        ({"validation": -0.1}, "validation=-0.1 must be at least 0"),
        ({"test": 1.0}, "test=1.0 must be at least 0 and less than 1"),
        ({"validation": 0.5, "test": 0.5}, "validation=0.5 and test=0.5 must sum to less than 1"),
    ],
)
def test_bad_shares_are_named(shares, message):
    with pytest.raises(ValueError, match=message):
        split_documents(["a"], **shares)
