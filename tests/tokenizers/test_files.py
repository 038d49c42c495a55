import os

import pytest

from lmkit.tokenizers.files import write_text


def test_a_written_file_may_be_read_by_whoever_the_user_lets(tmp_path):
    before = os.umask(0o027)
    try:
        write_text(tmp_path / "card.md", "text\n")
    finally:
        os.umask(before)
    assert (tmp_path / "card.md").stat().st_mode & 0o777 == 0o640


def test_a_failure_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "card.md"
    write_text(path, "old\n")
    with pytest.raises(UnicodeEncodeError):
        write_text(path, "new \ud800")
    assert path.read_text() == "old\n"
    assert list(tmp_path.iterdir()) == [path]
