import pytest

from lmkit.data import remove_repeated_lines


def test_a_line_stays_where_it_comes_first():
    footer = "Copyright 2023: all rights reserved"
    documents = [f"The first text\n\n{footer}", f"{footer}\n  Another text  ", footer, f"{footer}\n\n"]
    assert list(remove_repeated_lines(documents)) == [documents[0], "  Another text  "]


def test_case_digits_and_punctuation_do_not_count():
    documents = ["Page 12 of the handbook", "page 34 -- of THE handbook!", "Page 5 of the handbook"]
    assert list(remove_repeated_lines(documents)) == [documents[0], documents[2]]


def test_a_repeat_within_a_document_goes_too():
    assert list(remove_repeated_lines(["a longer line\nother line here\na longer line"])) == [
        "a longer line\nother line here"
    ]


def test_lines_below_the_minimum_stay():
    documents = ["} else {\n1234567890", "} else {\n1234567890"]
    assert list(remove_repeated_lines(documents)) == [documents[0], "} else {"]
    assert list(remove_repeated_lines(documents, minimum_chars=11)) == documents
    assert list(remove_repeated_lines(["猫在睡觉", "猫在睡觉"], minimum_chars=4)) == ["猫在睡觉"]


def test_documents_are_taken_one_by_one():
    documents = iter(["the first line here", "the second line here"])
    cleaned = remove_repeated_lines(documents)
    assert next(cleaned) == "the first line here"
    assert next(documents) == "the second line here"


def test_a_bad_minimum_is_named():
    with pytest.raises(ValueError, match="minimum_chars=0 must be at least 1"):
        next(remove_repeated_lines(["a"], minimum_chars=0))
