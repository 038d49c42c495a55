"""Replace a file without losing what a person may have written into the one before."""

import filecmp
import shutil
from datetime import datetime
from pathlib import Path


def replace_file(new: Path, path: Path) -> Path | None:
    """Put a new file in the place of another, which stays beside it under another name if it says something else.

    Args:
        new: The file to put there; it is gone afterwards.
        path: Its place. Folders are made as needed; a file that already says the same is not touched.

    Returns:
        Where the file before is now, such as ``gpt-kept-20261128-094500.ipynb``; ``None`` if nothing had to be kept.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> for name, text in (("new", "blank"), ("gpt.ipynb", "my answers")):
        ...     _ = (folder / name).write_text(text)
        >>> kept = replace_file(folder / "new", folder / "gpt.ipynb")
        >>> kept.read_text(), (folder / "gpt.ipynb").read_text()
        ('my answers', 'blank')
    """
    kept = None
    if path.exists():
        if filecmp.cmp(new, path, shallow=False):
            new.unlink()
            return None
        kept = free_name(path, datetime.now())
        path.rename(kept)
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(new, path)
    return kept


def free_name(path: Path, now: datetime) -> Path:
    """Find a name beside a file that nothing has yet: its own with the time, and a number if that is taken."""
    stem = f"{path.stem}-kept-{now:%Y%m%d-%H%M%S}"
    free, number = path.with_name(stem + path.suffix), 2
    while free.exists():
        free, number = path.with_name(f"{stem}-{number}{path.suffix}"), number + 1
    return free
