import json
from dataclasses import replace

import pytest

from lmkit.tasks import (
    AnsweredQuestion,
    Instruction,
    LabelledPair,
    LabelledText,
    TaggedText,
    TextToText,
    given_fields,
    parse_inputs,
    read_inputs,
)

KINDS = {
    LabelledText: (("text",), {"label": ""}),
    LabelledPair: (("first", "second"), {"label": ""}),
    TaggedText: (("text",), {"spans": ()}),
    AnsweredQuestion: (("question", "text"), {"answer": "", "span": (0, 0)}),
    TextToText: (("source",), {"target": ""}),
    Instruction: (("prompt",), {"answer": "", "steps": ()}),
}


@pytest.mark.parametrize(("kind", "names", "answer"), [(kind, *fields) for kind, fields in KINDS.items()])
def test_what_is_given_comes_from_json_or_from_a_plain_line(kind, names, answer):
    assert given_fields(kind) == names
    values = {name: f"the {name}, {{not}} JSON" for name in names}
    [plain] = parse_inputs(["\t".join(values.values()) + "\n"], kind)
    [from_json] = parse_inputs([json.dumps(values | {"note": "ignored"})], kind)
    assert plain == from_json == kind(**values, **answer)


def test_an_answer_that_is_there_already_is_not_seen():
    [with_label] = parse_inputs(['{"text": "a", "label": "b"}'], LabelledText)
    assert with_label == replace(with_label, label="")


def test_a_text_may_hold_tabs():
    assert next(parse_inputs(["a\tb"], LabelledText)).text == "a\tb"
    pair = next(parse_inputs(["a\tb\tc"], LabelledPair))
    assert (pair.first, pair.second) == ("a", "b\tc")


@pytest.mark.parametrize(
    ("line", "kind", "message"),
    [
        ("{broken", LabelledText, "file 'input', line 2: not JSON"),
        ('{"words": "a"}', LabelledText, "line 2, field 'text': missing"),
        ('{"text": 3}', TaggedText, "line 2, field 'text': 3 is not a string"),
        ("only one", LabelledPair, "line 2: 'only one' needs a tab between first and second"),
    ],
)
def test_errors_name_the_line(line, kind, message):
    good = "\t".join(given_fields(kind))
    with pytest.raises(ValueError, match=message):
        list(parse_inputs([good, line], kind))
    with pytest.raises(ValueError, match=message.replace("line 2", "line 4")):
        list(parse_inputs([good, "", " \n", line], kind))


def test_a_file_without_text_is_refused(tmp_path):
    (tmp_path / "x.txt").write_text("\ufeffone\r\n\ntwo\n", "utf-8")
    for path in (tmp_path / "x.txt", str(tmp_path / "x.txt")):
        assert [example.text for example in read_inputs(path, LabelledText)] == ["one", "two"]
    (tmp_path / "x.txt").write_text("\n\n")
    with pytest.raises(ValueError, match=r"file '.*x\.txt' has no text"):
        read_inputs(tmp_path / "x.txt", LabelledText)
