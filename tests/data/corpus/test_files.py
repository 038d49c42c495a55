import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmkit.data.corpus.files import read_documents, replace_file, write_documents


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz"])
@given(documents=st.lists(st.text(st.characters(codec="utf-8"))))
def test_documents_come_back(tmp_path_factory, name, documents):
    path = tmp_path_factory.mktemp("documents") / name
    assert write_documents(path, documents) == len(documents)
    assert list(read_documents(path)) == documents


def test_equal_documents_give_equal_files(tmp_path):
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        write_documents(tmp_path / name, ["one", "two"])
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()


def test_half_a_surrogate_pair_survives(tmp_path):
    write_documents(tmp_path / "x.jsonl", ["a\ud83d"])
    assert list(read_documents(tmp_path / "x.jsonl")) == ["a\ud83d"]


def test_lines_are_what_other_programs_read(tmp_path):
    write_documents(tmp_path / "x.jsonl", ["é\n"])
    assert [json.loads(line) for line in (tmp_path / "x.jsonl").read_text("utf-8").splitlines()] == [{"text": "é\n"}]


def test_another_ending_is_named(tmp_path):
    with pytest.raises(ValueError, match="x.txt' must end in .jsonl"):
        write_documents(tmp_path / "x.txt", [])


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, error):
    path = tmp_path / "x.bin"
    path.write_bytes(b"old")
    with pytest.raises(error), replace_file(path) as file:  # noqa: PT012
        file.write(b"new")
        raise error
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
