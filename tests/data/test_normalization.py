import sys
import unicodedata

import ftfy.bad_codecs  # noqa: F401 - registers sloppy-windows-1252
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmkit.data import normalize_whitespace, remove_control_characters, repair_unicode

text = st.text(st.characters(codec="utf-8"))


@pytest.mark.parametrize("original", ["café – naïve", "Ünïcödé", "“quoted” text’s", "the price: €5"])
def test_a_wrong_decoding_is_undone(original):
    assert repair_unicode(original.encode().decode("sloppy-windows-1252")) == original


def test_mojibake_is_undone_through_two_layers():
    original = "déjà vu"
    broken = original.encode().decode("latin-1").encode().decode("latin-1")
    assert broken != original
    assert repair_unicode(broken) == original


def test_characters_are_composed():
    assert repair_unicode("e\u0301") == "\u00e9"


def test_chinese_punctuation_and_quotes_stay():
    chinese = "她说：“你好，世界！”（一）"
    assert repair_unicode(chinese) == chinese


@given(text)
def test_repaired_text_is_composed(document):
    assert unicodedata.is_normalized("NFC", repair_unicode(document))


def test_the_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ftfy", None)
    with pytest.raises(ImportError, match=r"pip install 'lmkit-book\[data\]'"):
        repair_unicode("x")


@given(st.text())
def test_exactly_the_control_characters_go(document):
    def is_control(char):
        noncharacter = 0xFDD0 <= ord(char) <= 0xFDEF or ord(char) & 0xFFFE == 0xFFFE
        return (unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t") or noncharacter or char == "\ufeff"

    lines = document.replace("\r\n", "\n").replace("\r", "\n")
    assert remove_control_characters(document) == "".join(char for char in lines if not is_control(char))


def test_joiners_stay():
    family = "👨\u200d👩\u200d👧"
    assert remove_control_characters(family) == family


@given(st.text(st.sampled_from("ab \t\n\u3000")))
def test_white_space_is_normal_after_one_pass_and_words_stay(document):
    cleaned = normalize_whitespace(document)
    assert normalize_whitespace(cleaned) == cleaned
    assert cleaned.split() == document.split()
    assert "\n\n\n" not in cleaned
    assert all(line == line.rstrip() for line in cleaned.split("\n"))
