import csv
import json
from dataclasses import asdict

import pytest

from lmkit.tasks import (
    AnsweredQuestion,
    Instruction,
    LabelledPair,
    LabelledSpan,
    LabelledText,
    TaggedText,
    TextToText,
    load_task,
    read_examples,
)

EXAMPLES = {
    LabelledText: [LabelledText(text='Good, "very"\ngood.', label="+"), LabelledText(text="坏", label="-")],
    LabelledPair: [
        LabelledPair(first="a", second="b", label="same"),
        LabelledPair(first="c", second="d", label="other"),
    ],
    TaggedText: [
        TaggedText(text="Anna met Tom.", spans=(LabelledSpan(0, 4, "PERSON"), LabelledSpan(9, 12, "PERSON"))),
        TaggedText(text="安娜在公园。", spans=(LabelledSpan(0, 2, "PERSON"), LabelledSpan(3, 5, "PLACE"))),
        TaggedText(text="Nothing.", spans=()),
    ],
    AnsweredQuestion: [AnsweredQuestion(question="Who?", text="It was Tom.", answer="Tom", span=(7, 10))],
    TextToText: [TextToText(source="one", target="eins"), TextToText(source="two", target="zwei")],
    Instruction: [Instruction(prompt="1 + 1 + 1?", answer="3", steps=("1 + 1 = 2", "2 + 1 = 3"))],
}


def write_jsonl(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def write_csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def texts(*rows):
    return [{"text": text, "label": label} for text, label in rows]


@pytest.mark.parametrize("kind", EXAMPLES)
def test_examples_come_back_from_json_lines(tmp_path, kind):
    path = write_jsonl(tmp_path / "x.jsonl", map(asdict, EXAMPLES[kind]))
    assert read_examples(path, kind) == EXAMPLES[kind]


@pytest.mark.parametrize("kind", [LabelledText, LabelledPair, TextToText])
def test_examples_come_back_from_csv(tmp_path, kind):
    path = write_csv(tmp_path / "x.csv", [asdict(example) | {"note": "ignored"} for example in EXAMPLES[kind]])
    assert read_examples(str(path), kind) == EXAMPLES[kind]


def test_instructions_in_csv_have_no_steps(tmp_path):
    path = write_csv(tmp_path / "x.csv", [{"prompt": "1 + 1?", "answer": "2", "steps": "ignored"}])
    assert read_examples(path, Instruction) == [Instruction(prompt="1 + 1?", answer="2")]


def test_labels_of_pairs_are_numbers_where_they_read_as_numbers(tmp_path):
    rows = [{"first": "a", "second": "b", "label": 1}, {"first": "c", "second": "d", "label": 0.5}]
    for path in (write_jsonl(tmp_path / "x.jsonl", rows), write_csv(tmp_path / "x.csv", rows)):
        assert [example.label for example in read_examples(path, LabelledPair)] == [1.0, 0.5]
    assert [example.label for example in read_examples(path, LabelledPair, labels=("0.5", "1"))] == ["1", "0.5"]


def test_byte_order_mark_and_blank_lines_are_nothing(tmp_path):
    for name, content in (("x.csv", "text,label\n\na,b\n"), ("x.jsonl", '\n{"text": "a", "label": "b"}\n\n')):
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + content.encode())
        assert read_examples(tmp_path / name, LabelledText) == [LabelledText(text="a", label="b")]


@pytest.mark.parametrize(
    ("kind", "row", "problem"),
    [
        (LabelledText, {"text": "a"}, "field 'label': missing"),
        (LabelledText, {"text": 3, "label": "b"}, "field 'text': 3 is not a string"),
        (LabelledText, {"text": " ", "label": "b"}, "field 'text': empty"),
        (LabelledText, {"text": "a", "label": "c"}, r"field 'label': 'c' is not one of the labels \['b', 'X'\]"),
        (LabelledPair, {"first": "a", "second": "b", "label": "c"}, r"field 'label': 'c' is not one of the labels"),
        (LabelledPair, {"first": "a", "second": "b", "label": 1}, "field 'label': '1' is not one of the labels"),
        (LabelledText, {"text": "a", "label": None}, "field 'label': None is not a string"),
        (TaggedText, {"text": "Anna"}, "field 'spans': missing"),
        (TaggedText, {"text": "Anna", "spans": "X"}, "field 'spans': 'X' is not a list"),
        (TaggedText, {"text": "Anna", "spans": [[0, 4]]}, r"\[0, 4\] is not a list \[start, end, label\]"),
        (TaggedText, {"text": "Anna", "spans": [["0", 4, "X"]]}, r"\['0', 4\] is not a list \[start, end\]"),
        (TaggedText, {"text": "Anna", "spans": [[0, 5, "X"]]}, "0 to 5 is not a span of a text of 4 characters"),
        (TaggedText, {"text": "Anna", "spans": [[-4, 4, "X"]]}, "-4 to 4 is not a span"),
        (TaggedText, {"text": "Anna", "spans": [[2, 2, "X"]]}, "2 to 2 is not a span"),
        (
            TaggedText,
            {"text": "An na", "spans": [[0, 3, "X"]]},
            "the text are 'An ': leave out the whitespace",
        ),
        (TaggedText, {"text": "Anna", "spans": [[0, 3, "X"], [2, 4, "X"]]}, r"\[2, 4, 'X'\] begins before \[0, 3"),
        (TaggedText, {"text": "Anna", "spans": [[0, 4, "Y"]]}, "field 'spans': 'Y' is not one of the labels"),
        (
            AnsweredQuestion,
            {"question": "Who?", "text": "It was Tom.", "answer": "Tom", "span": [3, 6]},
            "field 'span': characters 3 to 6 of the text are 'was', not 'Tom'",
        ),
        (AnsweredQuestion, {"question": "Who?", "text": "Tom", "answer": "Tom"}, "field 'span': missing"),
        (TextToText, {"source": "a", "target": None}, "field 'target': None is not a string"),
        (Instruction, {"prompt": "a", "answer": "b", "steps": [1]}, r"field 'steps': \[1\] is not a list of strings"),
    ],
)
def test_errors_name_file_line_and_field(tmp_path, kind, row, problem):
    good = {
        LabelledText: {"text": "a", "label": "b"},
        LabelledPair: {"first": "a", "second": "b", "label": "b"},
        TaggedText: {"text": "a", "spans": []},
    }.get(kind) or asdict(EXAMPLES[kind][0])
    path = write_jsonl(tmp_path / "bad.jsonl", [good, row])
    with pytest.raises(ValueError, match=rf"bad.jsonl', line 2, .*{problem}"):
        read_examples(path, kind, labels=("b", "X"))


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("x.jsonl", b"", "x.jsonl' has no examples"),
        ("x.csv", b"", "x.csv' has no examples"),
        ("x.csv", b"text,label\n", "x.csv' has no examples"),
        ("x.jsonl", b'{"text": "a", "label": "b"}\n[1]\n', r"line 2: \[1\] is not an object"),
        ("x.jsonl", b'{"text": "a",\n', "line 1: not JSON"),
        ("x.jsonl", b'{"text": "\xff"}\n', "not UTF-8: byte 10 is 0xff"),
        ("x.csv", b"text,label\n\xff,b\n", "not UTF-8: byte 11 is 0xff"),
        ("x.csv", b"text,lable\na,b\n", "line 2, field 'label': missing"),
        ("x.csv", b"text,label\na,b\na, b, c\n", "line 3: 3 cells, but the first line names 2 fields"),
        ("x.csv", b'text,label\n"a"b,c\n', "line 2: not CSV"),
        ("x.txt", b"a", "x.txt' must end in .jsonl or .csv"),
    ],
)
def test_errors_name_what_is_wrong_with_the_file(tmp_path, name, content, problem):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=problem):
        read_examples(tmp_path / name, LabelledText)


@pytest.mark.parametrize("kind", [TaggedText, AnsweredQuestion])
def test_csv_has_no_spans(tmp_path, kind):
    with pytest.raises(ValueError, match="x.csv' must end in .jsonl: a .csv file cannot hold spans"):
        read_examples(tmp_path / "x.csv", kind)


@pytest.mark.parametrize("label", [True, None, float("nan")])
def test_what_is_neither_class_nor_number_is_no_label_of_a_pair(tmp_path, label):
    path = write_jsonl(tmp_path / "x.jsonl", [{"first": "a", "second": "b", "label": label}])
    with pytest.raises(ValueError, match="line 1, field 'label': .* is neither a string nor a finite number"):
        read_examples(path, LabelledPair)


def test_labels_of_pairs_are_all_classes_or_all_numbers(tmp_path):
    rows = [{"first": "a", "second": "b", "label": 1}, {"first": "c", "second": "d", "label": "same"}]
    with pytest.raises(ValueError, match=r"line 2, field 'label': 'same', but .* line 1 has 1.0"):
        read_examples(write_jsonl(tmp_path / "x.jsonl", rows), LabelledPair)


def test_task_from_three_files(tmp_path):
    train = write_jsonl(tmp_path / "moods.jsonl", texts(("a", "sad"), ("b", "glad")))
    validation = write_csv(tmp_path / "validation.csv", texts(("c", "sad")))
    test = write_jsonl(tmp_path / "test.jsonl", texts(("d", "glad")))
    task = load_task(train, LabelledText, validation=validation, test=str(test))
    assert task.name == "moods"
    assert task.labels == ("glad", "sad")
    assert [[example.text for example in part] for part in (task.train, task.validation, task.test)] == [
        ["a", "b"],
        ["c"],
        ["d"],
    ]
    assert load_task(train, LabelledText, validation=validation, test=test, labels=("sad", "glad")).labels == (
        "sad",
        "glad",
    )


def test_labels_that_only_the_test_file_has_are_unknown(tmp_path):
    train = write_jsonl(tmp_path / "train.jsonl", texts(("a", "sad"), ("b", "glad")))
    test = write_jsonl(tmp_path / "test.jsonl", texts(("c", "calm")))
    with pytest.raises(ValueError, match=r"test.jsonl', line 1, field 'label': 'calm' is not one of .*'glad', 'sad'"):
        load_task(train, LabelledText, validation=0.0, test=test)


def test_a_text_in_two_files_is_refused(tmp_path):
    train = write_jsonl(tmp_path / "train.jsonl", texts(("a", "sad"), ("b", "glad")))
    test = write_jsonl(tmp_path / "test.jsonl", texts(("c", "sad"), ("b", "glad")))
    with pytest.raises(ValueError, match=r"test.jsonl', line 2: 'b' is also in file .*train.jsonl', line 2"):
        load_task(train, LabelledText, validation=0.0, test=test)


def test_split_keeps_together_what_has_the_same_text(tmp_path):
    rows = [
        {"first": f"Anna, {thing}", "second": f"Story number {number}.", "label": float(thing == "kite")}
        for number in range(60)
        for thing in ("kite", "hat")
    ]
    path = write_jsonl(tmp_path / "x.jsonl", rows)
    task = load_task(path, LabelledPair, validation=0.2, test=0.2, seed=1)
    parts = [task.train, task.validation, task.test]
    stories = [{example.second for example in part} for part in parts]
    assert [len(part) for part in parts] == [2 * len(each) for each in stories]
    assert len(set.union(*stories)) == sum(map(len, stories)) == 60
    assert all(stories)
    assert task.labels == ()
    assert load_task(path, LabelledPair, validation=0.2, test=0.2, seed=1) == task
    assert load_task(path, LabelledPair, validation=0.2, test=0.2, seed=2) != task


def test_labels_of_a_split_are_those_of_the_whole_file(tmp_path):
    rows = [{"text": f"Tom {number}", "spans": [[0, 3, f"L{number}"]]} for number in range(40)]
    task = load_task(write_jsonl(tmp_path / "x.jsonl", rows), TaggedText, validation=0.3, test=0.3)
    assert task.labels == tuple(sorted(f"L{number}" for number in range(40)))


def test_too_few_examples_to_split_are_named(tmp_path):
    path = write_jsonl(tmp_path / "x.jsonl", texts(("a", "b")))
    with pytest.raises(ValueError, match=r"x.jsonl' has 1 examples: too few for a .* part with .*0.4"):
        load_task(path, LabelledText, validation=0.4, test=0.4)


@pytest.mark.parametrize(("label", "text"), [(0, "0"), (1, "1"), (-3, "-3"), (True, "true"), (0.5, "0.5"), ("1", "1")])
def test_numbers_are_classes_where_classes_are_expected(tmp_path, label, text):
    path = write_jsonl(tmp_path / "x.jsonl", [{"text": "a", "label": label}])
    assert read_examples(path, LabelledText) == [LabelledText(text="a", label=text)]
    path = write_jsonl(tmp_path / "x.jsonl", [{"first": "a", "second": "b", "label": label}])
    assert read_examples(path, LabelledPair, label_type=str) == [LabelledPair(first="a", second="b", label=text)]
    path = write_jsonl(tmp_path / "x.jsonl", [{"prompt": "a", "answer": label}])
    assert read_examples(path, Instruction) == [Instruction(prompt="a", answer=text)]


def test_spans_can_have_numbers_as_labels(tmp_path):
    path = write_jsonl(tmp_path / "x.jsonl", [{"text": "Anna", "spans": [[0, 4, 1]]}])
    assert read_examples(path, TaggedText) == [TaggedText(text="Anna", spans=(LabelledSpan(0, 4, "1"),))]


def test_a_table_of_pairs_says_whether_its_labels_are_classes(tmp_path):
    path = write_csv(tmp_path / "x.csv", [{"first": "a", "second": "b", "label": 1}])
    assert read_examples(path, LabelledPair, label_type=str)[0].label == "1"
    assert read_examples(path, LabelledPair, label_type=float)[0].label == 1.0
    write_csv(path, [{"first": "a", "second": "b", "label": "same"}])
    with pytest.raises(ValueError, match=r"x.csv', line 2, field 'label': 'same' is not a finite number"):
        read_examples(path, LabelledPair, label_type=float)


def test_a_cell_may_be_longer_than_pythons_own_limit(tmp_path):
    limit = csv.field_size_limit()
    path = write_csv(tmp_path / "x.csv", texts(("a" * (limit + 1), "b"), ("c", "d")))
    first, second = read_examples(path, LabelledText)
    assert (len(first.text), second.text) == (limit + 1, "c")
    assert csv.field_size_limit() == limit


def test_half_a_surrogate_pair_becomes_one_replacement_character(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text(r'{"text": "a\ud83d b", "label": "\ude00"}', "utf-8")
    assert read_examples(path, LabelledText) == [LabelledText(text="a\ufffd b", label="\ufffd")]
    path.write_text(r'{"text": "a\ud83d Anna", "spans": [[3, 7, "X"]]}', "utf-8")
    [example] = read_examples(path, TaggedText)
    assert example.text[slice(*example.spans[0][:2])] == "Anna"
