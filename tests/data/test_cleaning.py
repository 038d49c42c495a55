from functools import partial

import pytest

from lmkit.data import (
    CLEANING_STEPS,
    ExactDuplicates,
    StepReport,
    clean_corpus,
    has_enough_words,
    load_documents,
    mask_emails,
    normalize_whitespace,
    strip_markup,
)


def test_steps_run_in_order_and_each_is_counted():
    documents = ["<p>to a@example.org and more</p>", "too short", "to a@example.org and more", "fine  \nand clean text"]
    steps = [strip_markup, normalize_whitespace, partial(has_enough_words, minimum=3), mask_emails, ExactDuplicates()]
    cleaned, report = clean_corpus(documents, steps)
    assert cleaned == ["to [EMAIL] and more", "fine\nand clean text"]
    assert [(step.name, step.num_seen, step.num_changed, step.num_removed) for step in report.steps] == [
        ("strip_markup", 4, 1, 0),
        ("normalize_whitespace", 4, 1, 0),
        ("has_enough_words", 4, 0, 1),
        ("mask_emails", 3, 2, 0),
        ("ExactDuplicates", 3, 0, 1),
    ]
    assert (report.num_documents, report.num_kept) == (4, 2)
    assert report.steps[2].examples == [("too short", None)]
    assert report.steps[3].examples[0] == ("to a@example.org and more", "to [EMAIL] and more")
    assert "kept 2 of 4 documents" in str(report)


def test_examples_are_few_and_show_the_first_difference():
    documents = ["same " * 100 + f"a@b{number}.org" for number in range(10)]
    _, report = clean_corpus(documents, [mask_emails])
    assert len(report.steps[0].examples) == 3
    before, after = report.steps[0].examples[0]
    assert "a@b0.org" in before
    assert "[EMAIL]" in after
    assert max(len(before), len(after)) <= 300
    assert before == documents[0][425:]  # the difference is at 500, and a quarter of 300 characters come before it
    assert after == before.replace("a@b0.org", "[EMAIL]")
    _, report = clean_corpus(["x" * 400], [has_enough_words])
    assert report.steps[0].examples == [("x" * 300, None)]


def test_reports_on_parts_of_a_corpus_add_up():
    numbers = ("num_seen", "num_changed", "num_removed", "num_masks")
    report = StepReport(name="step", **dict(zip(numbers, (1, 2, 3, 4), strict=True)), examples=[("a", "b")] * 2)
    later = StepReport(name="step", **dict(zip(numbers, (10, 20, 30, 40), strict=True)), examples=[("c", None)] * 2)
    report.add(later)
    assert [getattr(report, name) for name in numbers] == [11, 22, 33, 44]
    assert report.examples == [("a", "b"), ("a", "b"), ("c", None)]


def test_a_document_of_which_nothing_is_left_is_removed():
    cleaned, report = clean_corpus(["<p></p>", "text"], [strip_markup])
    assert cleaned == ["text"]
    assert report.steps[0].num_removed == 1


def test_no_steps_and_no_documents_are_fine():
    assert clean_corpus(["a", "b"], [])[0] == ["a", "b"]
    assert clean_corpus([])[0] == []


def test_a_step_must_return_a_text_or_a_decision():
    with pytest.raises(TypeError, match="step len returned 3; it must return a text or whether to keep it"):
        clean_corpus(["abc"], [len])


def test_cleaning_twice_changes_nothing_more():
    cleaned, first = clean_corpus(load_documents("pydocs"))
    again, second = clean_corpus(cleaned)
    assert 0 < len(cleaned) < first.num_documents
    assert again == cleaned
    assert sum(step.num_changed + step.num_removed for step in second.steps) == 0


def test_each_run_starts_afresh():
    assert clean_corpus(["a"], CLEANING_STEPS[-2:])[0] == ["a"]
    assert clean_corpus(["a"], CLEANING_STEPS[-2:])[0] == ["a"]
