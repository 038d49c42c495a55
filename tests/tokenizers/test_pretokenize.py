import pickle

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from lmkit.tokenizers.pretokenize import GPT2_PATTERN, GPT2_SINGLE_DIGITS_PATTERN, Splitter

PATTERNS = [GPT2_PATTERN, GPT2_SINGLE_DIGITS_PATTERN]
SPLITTERS = {pattern: Splitter(pattern) for pattern in PATTERNS}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_ascii_character_is_of_the_same_kind_in_the_faster_pattern(pattern):
    for character in map(chr, range(128)):
        for around in ("a{}a", "1{}1", " {} ", "\n{}a", ".{}.", "'{}ll", "a {}", "{}  a", "{}{}"):
            text = around.format(*[character] * 2)
            assert SPLITTERS[pattern](text) == regex.findall(pattern, text), repr(text)


@pytest.mark.parametrize("pattern", PATTERNS)
@given(text=st.text(st.sampled_from("ab1. '\t\n\r\x1c_lé\u2028"), max_size=12))
def test_pre_tokens_are_those_of_the_pattern(pattern, text):
    assert SPLITTERS[pattern](text) == regex.findall(pattern, text)


def test_another_pattern_is_used_as_it_is():
    assert Splitter(r"\p{L}")("ab1c é") == ["a", "b", "1", "c", " ", "é"]


def test_a_splitter_can_be_sent_to_another_process():
    assert pickle.loads(pickle.dumps(Splitter(GPT2_PATTERN)))("a b") == ["a", " b"]
