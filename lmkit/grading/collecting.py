"""What ``nbgrader zip_collect`` makes of the archives of Canvas and Moodle, and of one zip for each student."""

import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin

MAX_MEMBER, MAX_ARCHIVE = 50 * 10**6, 4 * 10**9
MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_file_?(?P<file>.*)")
CANVAS = re.compile(r"(?P<name>[^_/]+)_(?:LATE_)?(?P<id>\d+)_\d+_(?P<file>.+)")


def unpack(archive: Path, target: Path) -> list[str]:
    """Unpack a zip, and the zips in it, into a folder; what cannot be unpacked stays as it is.

    Args:
        archive: A file.
        target: A folder to make.

    Returns:
        Problems, one line for each.
    """
    target.mkdir(parents=True, exist_ok=True)
    problems = []
    try:
        with zipfile.ZipFile(archive) as content:
            members = [info for info in content.infolist() if not info.is_dir()]
            if sum(info.file_size for info in members) > MAX_ARCHIVE:
                raise ValueError(f"more than {MAX_ARCHIVE // 10**9} GB when unpacked")
            for info in members:
                if info.file_size > MAX_MEMBER:
                    problems.append(f"{archive.name}: {info.filename} has more than {MAX_MEMBER // 10**6} MB")
                else:
                    content.extract(info, target)
    except Exception as error:  # zipfile raises many kinds for a file that is damaged
        shutil.copy(archive, target / archive.name)
        return [f"{archive.name} cannot be unpacked: {error}"]
    for inner in sorted(target.rglob("*.zip")):
        if inner.is_file() and len(inner.relative_to(target).parts) < 5:
            packed = inner.rename(inner.with_suffix(".packed"))
            problems += unpack_inner(packed, inner)
    return problems


def unpack_inner(packed: Path, name: Path) -> list[str]:
    """Unpack one student's zip beside itself; zips in it stay packed."""
    folder = name.with_suffix("")
    try:
        with zipfile.ZipFile(packed) as content:
            if sum(info.file_size for info in content.infolist()) > MAX_MEMBER:
                raise ValueError(f"more than {MAX_MEMBER // 10**6} MB when unpacked")
            content.extractall(folder)
    except Exception as error:
        packed.rename(name)
        return [f"{name.name} cannot be unpacked: {error}"]
    packed.unlink()
    return []


class UnpackEach(ExtractorPlugin):
    """Unpack each archive by itself: one that is damaged, or too large, is named, and the others are unpacked.

    Example:
        ``nbgrader_config.py`` puts it where nbgrader has its own:

        >>> from traitlets.config import Config
        >>> c = Config()
        >>> c.ZipCollectApp.extractor_plugin = "lmkit.grading.UnpackEach"
    """

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack what was downloaded; other files are copied."""
        archives, extracted = Path(archive_path), Path(extracted_path)
        for path in sorted(path for path in archives.rglob("*") if path.is_file()):
            target = extracted / path.relative_to(archives)
            if path.suffix == ".zip":
                for problem in unpack(path, target.with_suffix("")):
                    self.log.error(problem)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)


class CollectByName(FileNameCollectorPlugin):
    """Read from a file's path whose it is: as Moodle and Canvas name them, otherwise from the folder that it is in.

    Example:
        >>> collect = CollectByName().collect
        >>> collect("/c/extracted/all/Ada Lovelace_71_assignsubmission_file_/gpt.ipynb")
        {'student_id': 'Ada-Lovelace_71', 'file_id': 'gpt'}
        >>> collect("/c/extracted/submissions/lovelaceada_LATE_71_905_gpt-1.ipynb")
        {'student_id': 'lovelaceada_71', 'file_id': 'gpt-1'}
        >>> collect("/c/extracted/ada/my work/gpt.ipynb")
        {'student_id': 'ada', 'file_id': 'gpt'}
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seen: set[tuple[str, str, str]] = set()

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Return the student's id and the file's name without its ending, or ``None`` for a file that is not needed."""
        path = Path(submitted_file)
        below = path.parts[len(path.parts) - path.parts[::-1].index("extracted") :]
        hidden = path.name.startswith(".") or any(part in (".ipynb_checkpoints", "__MACOSX") for part in below)
        if path.suffix not in (".ipynb", ".zip") or hidden:
            return None
        student, name = (below[0] if len(below) > 1 else path.stem), path.name
        for part in below:
            if (found := MOODLE.fullmatch(part)) or (found := CANVAS.fullmatch(part)):
                student = f"{'-'.join(found['name'].split())}_{found['id']}"
                if part == path.name:
                    name = found["file"]
        number = 2
        stem, ending = Path(name).stem, path.suffix
        while (student, stem, ending) in self.seen:  # nbgrader would stop at two files of one name
            stem, number = f"{Path(name).stem} {number}", number + 1
        self.seen.add((student, stem, ending))
        return {"student_id": student, "file_id": stem}
