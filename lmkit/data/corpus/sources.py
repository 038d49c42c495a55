"""Read documents: from the interpreter itself, from files and folders, from the Hugging Face hub."""

import sysconfig
import tokenize
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from lmkit.data.corpus.files import read_documents
from lmkit.data.corpus.folders import find_text_files
from lmkit.storyworld import StoryWorld


def load_text(name: str | Path) -> str:
    """Read a corpus as one string.

    Args:
        name: As in :func:`load_documents`.

    Returns:
        The documents, separated by empty lines.

    Raises:
        ValueError: As in :func:`load_documents`.

    Example:
        >>> "The comparison operators" in load_text("pydocs")
        True
    """
    return "\n\n".join(load_documents(name))


def load_documents(name: str | Path) -> Iterator[str]:
    """Read a corpus document by document, with one of them in memory at a time.

    Args:
        name: One of

            - ``"pydocs"``, the interpreter's own documentation topics, without those that are excerpts of others:
              real English available on every machine. The topics differ slightly between Python versions;
            - ``"stdlib"``, the source of the standard library, one module a document;
            - ``"storyworld"``, the first 20,000 English stories of :class:`~lmkit.storyworld.StoryWorld`;
            - the path of a file in UTF-8: ``.jsonl`` has one document per line, in the field ``"text"``; any other is
              one document; each may be compressed (``.gz``);
            - the path of a folder: every text file in it and its subfolders, sorted by path. Hidden files,
              backups and binary files are skipped with a warning, see :func:`find_text_files`;
            - ``"hub:NAME"``, the training split of a data set on the Hugging Face hub that has a column ``"text"``.

    Returns:
        The documents that contain more than whitespace.

    Raises:
        ValueError: If the name is unknown, the corpus is empty, or a file does not have the format that its name says.
        ImportError: If ``"hub:NAME"`` is requested without the extra ``lmkit-book[hub]``.
        ConnectionError: If the hub cannot be reached.

    Example:
        >>> documents = load_documents("pydocs")
        >>> len(next(documents)) > 100
        True
    """
    documents = (document for document in _open_corpus(name) if document.strip())
    first = next(documents, None)
    if first is None:
        raise ValueError(f"corpus {str(name)!r} is empty: it has no document with any text")
    return chain([first], documents)


def _open_corpus(name: str | Path) -> Iterator[str]:
    if isinstance(name, str) and name in CORPORA:
        return CORPORA[name]()
    if isinstance(name, str) and name.startswith("hub:"):
        return _hub(name.removeprefix("hub:"))
    path = Path(name)
    if path.is_dir():
        return chain.from_iterable(map(read_documents, find_text_files(path)))
    if path.exists():
        return read_documents(path)
    known = ", ".join(repr(known) for known in CORPORA)
    raise ValueError(f"name={str(name)!r} is no corpus: give {known}, 'hub:NAME', or the path of a file or folder")


def _pydocs() -> Iterator[str]:
    """Read all topics, except those with four fifths of their paragraphs also in a longer topic.

    The topic "if" is an excerpt of "compound": in different parts of a split they would leak.
    """
    from pydoc_data.topics import topics

    texts = {topics[name]: None for name in sorted(topics)}  # each once: two topics can have the same text
    paragraphs = {text: {" ".join(part.split()) for part in text.split("\n\n")} for text in texts}
    for text, own in paragraphs.items():
        longer = (other for other in paragraphs.values() if len(other) > len(own))
        if all(len(own & other) < 0.8 * len(own) for other in longer):
            yield text


def _stdlib() -> Iterator[str]:
    """Read every module but the installed packages and the standard library's own tests."""
    root = Path(sysconfig.get_path("stdlib"))
    left_out = {"__pycache__", "dist-packages", "site-packages", "idlelib", "lib2to3", "test", "tests"}
    for path in sorted(root.rglob("*.py")):
        if left_out.isdisjoint(path.relative_to(root).parts):
            with tokenize.open(path) as file:  # respects the encoding declaration at the top of a module
                yield file.read()


def _storyworld() -> Iterator[str]:
    return StoryWorld().texts(count=20_000, seed=0)


def _hub(name: str) -> Iterator[str]:
    try:
        from datasets import load_dataset
        from datasets.exceptions import DatasetNotFoundError
    except ImportError as error:
        raise ImportError(f"'hub:{name}' needs the package datasets: pip install 'lmkit-book[hub]'") from error
    try:
        dataset = load_dataset(name, split="train", streaming=True)
    except DatasetNotFoundError as error:
        raise ValueError(f"'hub:{name}': there is no data set {name!r} on the hub or at this path") from error
    except ConnectionError as error:
        raise ConnectionError(f"'hub:{name}': the Hugging Face hub cannot be reached ({error})") from error
    for number, row in enumerate(dataset):
        if not isinstance(row.get("text"), str):
            raise ValueError(f"'hub:{name}': row {number} has no text in a column 'text', only {sorted(row)}")
        yield row["text"]


CORPORA: dict[str, Callable[[], Iterator[str]]] = {"pydocs": _pydocs, "stdlib": _stdlib, "storyworld": _storyworld}
