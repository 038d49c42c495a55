import gzip
import os

import pytest

from lmkit.data import find_text_files, load_documents
from lmkit.data.corpus.folders import HEAD_BYTES


def names(folder):
    return [path.relative_to(folder).as_posix() for path in find_text_files(folder)]


def test_every_text_file_is_found_in_the_order_of_paths(tmp_path):
    expected = ["LICENSE", "a/b.py", "a/c.gz", "a.txt", "data.csv", "z.JSONL"]
    for name in expected:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(gzip.compress(b"text") if name.endswith(".gz") else b"text")
    assert names(tmp_path) == sorted(expected, key=lambda name: name.split("/"))


def test_hidden_files_and_old_copies_are_skipped_and_named(tmp_path):
    (tmp_path / "a.txt").write_text("kept")
    (tmp_path / "._a.txt").write_text("resource fork")
    (tmp_path / "a.txt~").write_text("old")
    (tmp_path / "a.txt.bak").write_text("old")
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "a.txt").write_text("old")
    with pytest.warns(UserWarning, match="skipped") as warned:
        assert list(load_documents(tmp_path)) == ["kept"]
    (warning,) = warned
    assert "2 hidden (._a.txt, .ipynb_checkpoints); 2 backups (a.txt.bak, a.txt~)" in str(warning.message)


def test_a_hidden_folder_can_be_asked_for(tmp_path):
    (tmp_path / ".notes").mkdir()
    (tmp_path / ".notes" / "a.txt").write_text("kept")
    assert list(load_documents(tmp_path / ".notes")) == ["kept"]
    assert list(load_documents(tmp_path / ".notes" / "a.txt")) == ["kept"]


def test_what_is_no_text_is_skipped_and_named(tmp_path):
    (tmp_path / "a.txt").write_text("kept")
    for number in range(4):
        (tmp_path / f"{number}.png").write_bytes(b"\x89PNG\x00")
    (tmp_path / "latin.tex").write_bytes("é".encode("latin-1"))
    (tmp_path / "archive.tar.gz").write_bytes(gzip.compress(b"name\x00\x00"))
    with pytest.warns(UserWarning, match=r"skipped 6 not text in UTF-8 \(0.png, 1.png, 2.png, …\)"):
        assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("shift", range(4))
def test_a_character_across_the_end_of_the_head_is_text(tmp_path, shift):
    (tmp_path / "a.tex").write_text("x" * (HEAD_BYTES - shift) + "故事" * 100, encoding="utf-8")
    assert names(tmp_path) == ["a.tex"]


def test_a_file_that_ends_within_a_character_is_not_text(tmp_path):
    (tmp_path / "a.txt").write_text("kept")
    (tmp_path / "b.tex").write_bytes("故事".encode()[:-1])
    with pytest.warns(UserWarning, match="1 not text"):
        assert names(tmp_path) == ["a.txt"]


def test_a_text_file_that_cannot_be_read_is_no_silent_loss(tmp_path):
    (tmp_path / "a.txt").write_bytes("é".encode("latin-1"))
    with pytest.raises(ValueError, match="a.txt' is not UTF-8"):
        list(load_documents(tmp_path))
    (tmp_path / "a.txt").unlink()
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"text" * 100)[:-10])
    with pytest.raises(ValueError, match="a.gz' is not a whole gzip file"):
        list(load_documents(tmp_path))


def test_linked_folders_are_read_once(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "b.txt").write_text("linked")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").write_text("own")
    (folder / "linked").symlink_to(outside)
    (outside / "back").symlink_to(folder)
    (folder / "gone").symlink_to(tmp_path / "nowhere")
    os.mkfifo(folder / "pipe")
    with pytest.warns(UserWarning, match="skipped") as warned:
        assert names(folder) == ["a.txt", "linked/b.txt"]
    message = str(warned[0].message)
    assert "2 broken links or devices (gone, pipe)" in message
    assert "1 reached twice through a link (linked/back)" in message


def test_a_folder_without_texts_is_named(tmp_path):
    with pytest.raises(ValueError, match="has no text file$"):
        load_documents(tmp_path)
    (tmp_path / ".hidden").write_text("text")
    with pytest.raises(ValueError, match=r"has no text file: skipped 1 hidden \(.hidden\)"):
        load_documents(tmp_path)
