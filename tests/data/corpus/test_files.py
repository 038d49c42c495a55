import gzip
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


@pytest.mark.parametrize("line", [r'{"text": "a\ud83d"}', r'{"text": "a\uD83D"}', r'{"text": "a\udc00"}'])
def test_half_a_surrogate_pair_is_a_replacement_character(tmp_path, line):
    (tmp_path / "x.jsonl").write_text(line)
    (document,) = read_documents(tmp_path / "x.jsonl")
    assert document == "a\ufffd"
    document.encode("utf-8")


def test_a_whole_surrogate_pair_is_its_character(tmp_path):
    (tmp_path / "x.jsonl").write_text(r'{"text": "\ud83d\ude00 \\ud83d"}')
    assert list(read_documents(tmp_path / "x.jsonl")) == ["\U0001f600 \\ud83d"]


def test_half_a_surrogate_pair_can_be_written(tmp_path):
    write_documents(tmp_path / "x.jsonl", ["a\ud83d"])
    assert list(read_documents(tmp_path / "x.jsonl")) == ["a\ufffd"]


@pytest.mark.parametrize("name", ["x", "x.gz", "x.py", "x.tex.gz", "X.TXT.GZ", "x.jsonl.txt"])
def test_any_text_file_is_one_document(tmp_path, name):
    data = "einß\n\nzwei\n".encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.lower().endswith(".gz") else data)
    assert list(read_documents(tmp_path / name)) == [data.decode()]


@pytest.mark.parametrize("name", ["x.JSONL", "x.jsonl.GZ"])
def test_endings_may_be_in_capitals(tmp_path, name):
    data = b'{"text": "a"}\n{"text": "b"}\n'
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".GZ") else data)
    assert list(read_documents(tmp_path / name)) == ["a", "b"]


@pytest.mark.parametrize("name", ["x.txt.gz", "x.jsonl.gz"])
def test_damage_at_any_byte_of_a_gzip_file_is_named(tmp_path, name):
    documents = "".join(f'{{"text": "{number}"}}\n' for number in range(500))
    packed = gzip.compress(documents.encode(), mtime=0)
    for position in range(10, len(packed), 41):
        damaged = bytearray(packed)
        damaged[position] ^= 0x55
        (tmp_path / name).write_bytes(damaged)
        with pytest.raises(ValueError, match=f"file '.*{name}'"):
            list(read_documents(tmp_path / name))


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
