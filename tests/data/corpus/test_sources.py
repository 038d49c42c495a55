import gzip
import json
import sys

import pytest

from lmkit.data import load_documents, load_text


def test_pydocs_are_the_interpreters_topics():
    from pydoc_data.topics import topics

    documents = list(load_documents("pydocs"))
    assert set(documents) < set(topics.values())
    assert len(set(documents)) == len(documents)


def test_text_is_the_documents_with_blank_lines_between():
    assert load_text("pydocs") == "\n\n".join(load_documents("pydocs"))


def test_stdlib_is_source_without_tests_and_installed_packages():
    documents = list(load_documents("stdlib"))
    import textwrap
    from pathlib import Path

    assert Path(textwrap.__file__).read_text() in documents
    assert not any("import pytest" in document for document in documents)
    assert len("".join(documents)) > 5_000_000


def test_storyworld_gives_stories_of_the_default_world():
    from itertools import islice

    from lmkit.storyworld import StoryWorld

    world = StoryWorld()
    stories = list(islice(load_documents("storyworld"), 20))
    assert len(set(stories)) == 20
    assert all(world.log_prob(story) > float("-inf") for story in stories)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "b.txt").write_bytes("\ufeffzwei\r\nLinien".encode())
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "notes.md").write_text("# Überschrift", encoding="utf-8")
    lines = [json.dumps({"text": "one\nline", "id": 7}), "", json.dumps({"text": "  "}), json.dumps({"text": "故事"})]
    (tmp_path / "c.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with gzip.open(tmp_path / "d.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write('{"text": "packed"}\n')
    return tmp_path


def test_a_folder_gives_the_documents_of_its_files_in_order(folder):
    expected = ["# Überschrift", "zwei\r\nLinien", "one\nline", "故事", "packed"]
    assert list(load_documents(folder)) == expected
    assert list(load_documents(str(folder))) == expected


def test_a_file_gives_its_own_documents(folder):
    assert list(load_documents(folder / "d.jsonl.gz")) == ["packed"]
    assert load_text(folder / "c.jsonl") == "one\nline\n\n故事"


def test_documents_come_one_at_a_time(tmp_path):
    path = tmp_path / "long.jsonl"
    path.write_text('{"text": "good"}\nnot json\n')
    documents = load_documents(path)
    assert next(documents) == "good"
    with pytest.raises(ValueError, match="line 2: not JSON"):
        next(documents)


@pytest.mark.parametrize(
    ("name", "contents", "message"),
    [
        ("a.txt", b"abc\xff", r"a.txt' is not UTF-8: byte 3 is 0xff"),
        ("a.jsonl", b'{"text": "x"}\n{"text": "\xe4"}\n', r"a.jsonl' is not UTF-8: byte 24 is 0xe4"),
        ("a.jsonl", b'{"title": "x"}\n', "line 1: not an object with a text in its field 'text'"),
        ("a.jsonl", b'\n{"text": 3}\n', "line 2: not an object with a text in its field 'text'"),
        ("a.jsonl", b'["text"]', "line 1: not an object"),
        ("a.txt.gz", b"not packed", "is not a whole gzip file"),
        ("a.txt.gz", gzip.compress(b"cut short" * 100, mtime=0)[:-12], "is not a whole gzip file"),
        ("a.txt", b" \n", "is empty: it has no document with any text"),
        ("a.pdf", b"%PDF\x00", "a.pdf' is not text: byte 4 is 0"),
        ("a.doc", b"\xd0\xcf", "a.doc' is not UTF-8: byte 0 is 0xd0"),
    ],
)
def test_a_bad_file_is_named(tmp_path, name, contents, message):
    (tmp_path / name).write_bytes(contents)
    with pytest.raises(ValueError, match=message):
        list(load_documents(tmp_path / name))


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match="name='shakespeare' is no corpus: give 'pydocs', 'stdlib', "):
        load_documents("shakespeare")


def test_a_data_set_is_read_through_datasets(folder, monkeypatch, tmp_path_factory):
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path_factory.mktemp("cache"))
    data_set = tmp_path_factory.mktemp("data_set")
    (data_set / "train.jsonl").write_text('{"text": "first"}\n{"text": "second"}\n')
    assert list(load_documents(f"hub:{data_set}")) == ["first", "second"]


def test_a_data_set_without_text_is_named(tmp_path):
    (tmp_path / "train.jsonl").write_text('{"title": "first", "words": 3}\n')
    with pytest.raises(ValueError, match=r"row 0 has no text in a column 'text', only \['title', 'words'\]"):
        load_documents(f"hub:{tmp_path}")


def test_a_hub_that_cannot_be_reached_is_said(monkeypatch):
    import datasets

    def unreachable(*args, **kwargs):
        raise ConnectionError("no route")

    monkeypatch.setattr(datasets, "load_dataset", unreachable)
    with pytest.raises(ConnectionError, match="'hub:a/b': the Hugging Face hub cannot be reached .no route"):
        load_documents("hub:a/b")


def test_the_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(ImportError, match=r"pip install 'lmkit-book\[hub\]'"):
        load_documents("hub:a/b")
