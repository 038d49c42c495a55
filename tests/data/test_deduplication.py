import random
import sys
import tracemalloc

import numpy as np
import pytest
from datasketch import MinHash, MinHashLSH
from hypothesis import given
from hypothesis import strategies as st

from lmkit.data import Deduplication, ExactDuplicates, NearDuplicates, clean_corpus, deduplication
from lmkit.data.deduplication import SeenKeys, _empty_minhash

WORDS = [f"word{number}" for number in range(500)]


def variants(seed, num_texts=120):
    """Random texts, and copies of them with more and more words replaced."""
    chooser = random.Random(seed)
    texts = []
    for number in range(num_texts):
        if number % 3 == 0:
            words = chooser.choices(WORDS, k=100)
        else:
            words = [chooser.choice(WORDS) if chooser.random() < 0.01 * (number % 7) else word for word in words]
        texts.append(" ".join(words))
    return texts


def jaccard(one, other):
    return len(one & other) / len(one | other)


def test_equal_texts_share_a_key_and_others_do_not():
    texts = variants(0)
    keys = [ExactDuplicates().keys(text).tolist() for text in texts]
    assert all((keys[i] == keys[j]) == (texts[i] == texts[j]) for i in range(120) for j in range(120))


def test_near_duplicates_are_those_that_datasketch_finds():
    step = NearDuplicates()
    index = MinHashLSH(params=(step.num_bands, step.rows_per_band), num_perm=step.num_bands * step.rows_per_band)
    expected = []
    for number, text in enumerate(variants(1)):
        minhash = MinHash(112, seed=step.seed, hashfunc=_empty_minhash(112, step.seed).hashfunc)
        for shingle in step.shingles(text):
            minhash.update(shingle.encode())
        if not index.query(minhash):
            index.insert(number, minhash)
            expected.append(text)
    cleaned, report = clean_corpus(variants(1), [step])
    assert cleaned == expected
    assert 0 < report.steps[0].num_removed < 120


def test_pairs_are_found_as_often_as_the_formula_says():
    """Over many seeds, one pair of known similarity is found with the stated probability."""
    words = WORDS[:60]
    other = [*words[:57], "x", "y", "z"]
    counts = []
    for seed in range(400):
        step = NearDuplicates(num_bands=4, rows_per_band=8, seed=seed)
        similarity = jaccard(step.shingles(" ".join(words)), step.shingles(" ".join(other)))
        keys = set(step.keys(" ".join(words)).tolist())
        counts.append(not keys.isdisjoint(step.keys(" ".join(other)).tolist()))
    expected = step.detection_probability(similarity)
    assert 0.2 < expected < 0.99
    assert np.mean(counts) == pytest.approx(expected, abs=4 * (expected * (1 - expected) / 400) ** 0.5)


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.7, 0.8, 0.9])
@pytest.mark.parametrize("num_hashes", [64, 112, 128])
def test_a_threshold_chooses_the_bands_that_datasketch_chooses(threshold, num_hashes):
    index = MinHashLSH(threshold=threshold, num_perm=num_hashes)
    step = NearDuplicates.from_threshold(threshold, num_hashes=num_hashes, shingle_words=3, seed=7)
    assert (step.num_bands, step.rows_per_band) == (index.b, index.r)
    assert (step.shingle_words, step.seed) == (3, 7)


@pytest.mark.parametrize("threshold", [0.0, 1.0, -0.5])
def test_a_threshold_out_of_range_is_named(threshold):
    with pytest.raises(ValueError, match=f"threshold={threshold} must be greater than 0 and less than 1"):
        NearDuplicates.from_threshold(threshold)
    with pytest.raises(ValueError, match="num_hashes=0 must be at least 1"):
        NearDuplicates.from_threshold(0.5, num_hashes=0)


def test_shingles_are_runs_of_words():
    step = NearDuplicates(shingle_words=2)
    assert step.shingles("One, two: THREE!") == {"one two", "two three"}
    assert step.shingles("one") == {"one"}
    assert step.shingles("小猫喝水") == {"小 猫", "猫 喝", "喝 水"}


def test_the_defaults_are_those_of_fineweb_and_what_was_found_before_is_found_again():
    step = NearDuplicates()
    assert (step.num_bands, step.rows_per_band, step.shingle_words, step.seed) == (14, 8, 5, 1)
    assert len(step.shingles("one two three four five six seven")) == 3
    assert NearDuplicates.from_threshold(0.7) == NearDuplicates.from_threshold(0.7, num_hashes=112)
    one = NearDuplicates.from_threshold(0.5, num_hashes=1)
    assert (one.num_bands, one.rows_per_band) == (1, 1)


def test_texts_without_words_are_duplicates_only_if_equal():
    assert clean_corpus(["!!!", "???", "!!!"], [NearDuplicates()])[0] == ["!!!", "???"]


def test_a_dropped_text_leaves_no_trace():
    """B is close to A, C is close to B but not to A: C stays, as B is gone."""
    step = NearDuplicates(num_bands=50, rows_per_band=2, shingle_words=1)
    a, b, c = " ".join(WORDS[:100]), " ".join(WORDS[50:150]), " ".join(WORDS[130:230])
    assert clean_corpus([a, b], [step])[0] == [a]
    assert clean_corpus([b, c], [step])[0] == [b]
    assert clean_corpus([a, b, c], [step])[0] == [a, c]


@given(st.lists(st.lists(st.integers(0, 40) | st.integers(2**64 - 40, 2**64 - 1), min_size=3, max_size=3)))
def test_seen_keys_are_a_set(rows):
    seen, expected = SeenKeys(), set()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deduplication, "LATEST_KEYS", 4)
        for row in rows:
            is_new = expected.isdisjoint(row)
            assert seen.add_if_new(np.array(row, dtype=np.uint64)) == is_new
            expected.update(row if is_new else [])


def test_seen_keys_take_a_fraction_of_what_a_set_takes(monkeypatch):
    monkeypatch.setattr(deduplication, "LATEST_KEYS", 1000)
    rows = np.random.default_rng(0).integers(2**64, size=(3000, 14), dtype=np.uint64)

    def memory_of(make):
        tracemalloc.start()
        kept = make()
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return size, kept

    def all_seen():
        seen = SeenKeys()
        assert all(seen.add_if_new(row) for row in rows)
        return seen

    size, seen = memory_of(all_seen)
    set_size, _ = memory_of(lambda: set(rows.flatten().tolist()))
    assert size < 0.4 * set_size
    assert not any(seen.add_if_new(row) for row in rows[::100])


@pytest.mark.parametrize("name", ["num_bands", "rows_per_band", "shingle_words"])
def test_bad_numbers_are_named(name):
    with pytest.raises(ValueError, match=f"{name}=0 must be at least 1"):
        NearDuplicates(**{name: 0})


def test_both_are_deduplications_and_functions_are_not():
    assert isinstance(ExactDuplicates(), Deduplication)
    assert isinstance(NearDuplicates(), Deduplication)
    assert not isinstance(len, Deduplication)


def test_the_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "datasketch", None)
    with pytest.raises(ImportError, match=r"pip install 'lmkit-book\[data\]'"):
        NearDuplicates(seed=12345).keys("text")
