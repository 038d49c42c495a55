from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmkit.data import (
    GOPHER_RULES,
    has_alphabetic_words,
    has_enough_words,
    has_few_bullets,
    has_few_cut_lines,
    has_few_repeated_lines,
    has_few_repeated_ngrams,
    has_few_symbols,
    has_few_top_ngrams,
    has_stop_words,
    has_usual_word_length,
    load_documents,
)

DIFFERENT_WORDS = [f"word{number}" for number in range(100)]


@pytest.mark.parametrize(
    ("rule", "kept", "dropped"),
    [
        (has_enough_words, "a " * 50, "a " * 49),
        (has_enough_words, "a " * 100_000, "a " * 100_001),
        (has_usual_word_length, "aaa bbb", "aaa bb"),
        (has_usual_word_length, "a" * 10, "a" * 11),
        (has_few_symbols, "word " * 9 + "#tag", "word " * 8 + "#tag"),
        (has_few_symbols, "word " * 10 + "...", "word " * 8 + "...…"),
        (has_few_bullets, "- a\n" * 9 + "end", "• a\n" * 10 + "end"),
        (has_few_cut_lines, "more...\n" * 3 + "line\n" * 7, "more…\n" * 4 + "line\n" * 6),
        (has_alphabetic_words, "a1 b c d 5", "a b c 4 5"),
        (has_stop_words, "The cat and dog", "the cat, the dog"),
        (has_few_repeated_lines, "same\n" * 2 + "\n".join(DIFFERENT_WORDS[:8]), "same\n" * 2 + "\n".join("abcd")),
        (has_few_top_ngrams, " ".join(DIFFERENT_WORDS), " ".join(DIFFERENT_WORDS[:20] + ["so", "it", "goes"] * 10)),
        (has_few_repeated_ngrams, " ".join(DIFFERENT_WORDS), " ".join(DIFFERENT_WORDS[:20] + DIFFERENT_WORDS[:10])),
    ],
)
def test_each_rule_at_its_threshold(rule, kept, dropped):
    assert rule(kept)
    assert not rule(dropped)


def test_repeated_paragraphs_count_even_where_lines_are_few():
    paragraphs = ["first line\nsecond line", "third line\nfourth line"]
    assert has_few_repeated_lines("\n\n".join(paragraphs))
    assert not has_few_repeated_lines("\n\n".join([*paragraphs, paragraphs[0]]))


def test_one_long_repeated_line_is_enough():
    lines = [*DIFFERENT_WORDS[:10], "long " * 20, "long " * 20]
    assert not has_few_repeated_lines("\n".join(lines))
    assert has_few_repeated_lines("\n".join(lines), maximum_chars=0.5)


def test_prose_is_kept_by_all_rules():
    prose = (
        "The school stands at the end of the village, and most of the children who go there have a long walk in the "
        "morning. Two of them live with their uncle in a house that nobody else wanted, because the roof lets in the "
        "rain. They were late on Monday, as they often are, and the teacher asked what had kept them. A goat, said "
        "the elder. It had eaten the left shoe of each pair, and it took an hour to find enough rope to tie on what "
        "remained."
    )
    assert [rule.__name__ for rule in GOPHER_RULES if not rule(prose)] == []


def test_documentation_is_mostly_kept():
    documents = [document for document in load_documents("pydocs") if has_enough_words(document)]
    kept = [document for document in documents if all(rule(document) for rule in GOPHER_RULES)]
    assert len(kept) > 0.6 * len(documents)


few_words = st.lists(st.sampled_from(["a", "bb", "ccc"]), max_size=30)


@given(few_words, st.integers(1, 6), st.sampled_from([0.0, 0.25, 0.5, 0.75]))
def test_repeated_ngrams_equal_their_definition(words, length, share):
    """A character is repeated if it lies in a run that also starts at some earlier place."""
    repeated = set()
    for start in range(len(words) - length + 1):
        run = words[start : start + length]
        if any(words[earlier : earlier + length] == run for earlier in range(start)):
            repeated.update(range(start, start + length))
    expected = sum(len(words[place]) for place in repeated) <= share * len("".join(words))
    assert has_few_repeated_ngrams(" ".join(words), maximum=[(length, share)]) == expected


@given(few_words, st.integers(1, 4), st.sampled_from([0.25, 0.5, 0.75]))
def test_top_ngrams_equal_their_definition(words, length, share):
    runs = Counter(" ".join(words[start : start + length]) for start in range(len(words) - length + 1))
    frequent = sorted(runs, key=lambda run: (runs[run], len(run.replace(" ", ""))))
    chars = len(frequent[-1].replace(" ", "")) * runs[frequent[-1]] if frequent and runs[frequent[-1]] > 1 else 0
    assert has_few_top_ngrams(" ".join(words), maximum=[(length, share)]) == (chars <= share * len("".join(words)))


@pytest.mark.parametrize("rule", GOPHER_RULES)
def test_an_empty_text_is_no_error(rule):
    assert isinstance(rule(""), bool)


def test_the_bounds_themselves_are_within():
    assert has_few_bullets("- a\nb", maximum=0.5)
    assert has_few_cut_lines("a...\nb", maximum=0.5)
    assert has_alphabetic_words("a 1", minimum=0.5)
    assert has_few_symbols("# a b c d e f g h i")
    assert has_usual_word_length("abc")
    assert has_usual_word_length("a" * 10)
    assert has_enough_words("a " * 50)
    assert not has_enough_words("a " * 49)
    assert has_stop_words("the be")
    assert not has_stop_words("the the")
