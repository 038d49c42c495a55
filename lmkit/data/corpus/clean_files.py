"""Clean a corpus of many files on many processes, with the same result as :func:`lmkit.data.clean_corpus`.

Each file is streamed through the steps by one of the workers. Only deduplication must look across files: the workers
send the keys of their documents, 8 bytes each, and this process goes through them in document order, as a single
process would. So only one document per worker and the keys of all documents must fit in memory.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import numpy as np
from jaxtyping import Int, UInt64

from lmkit.data.cleaning import (
    CLEANING_STEPS,
    CleaningReport,
    CleaningStep,
    StepReport,
    clean_documents,
    step_name,
)
from lmkit.data.corpus.cluster import dask_client
from lmkit.data.corpus.files import read_documents, write_documents
from lmkit.data.deduplication import Deduplication, SeenKeys

KEPT = -1


def clean_files(
    paths: Sequence[Path],
    out_dir: Path,
    steps: Sequence[CleaningStep] = CLEANING_STEPS,
    *,
    scheduler: str | None = None,
    num_workers: int | None = None,
) -> CleaningReport:
    """Clean the documents of many files in parallel, on a Dask cluster.

    A script that runs this without ``scheduler`` needs ``if __name__ == "__main__":``, because processes are spawned.

    Args:
        paths: Files as :func:`~lmkit.data.load_documents` takes them. The order matters: of duplicates, the first
            is kept.
        out_dir: Where to write ``00000.jsonl``, ``00001.jsonl`` and so on, one for each file. The folder appears when
            everything is done, and must not exist before.
        steps: What to do to each document; deduplication must come last.
        scheduler: The address of a running Dask scheduler, such as ``tcp://10.0.0.1:8786``, whose workers see the same
            files and have lmkit installed. ``None`` starts workers on this machine.
        num_workers: How many to start; ``None`` for one per core.

    Returns:
        What the steps did to all documents, as :func:`~lmkit.data.clean_corpus` reports it.

    Raises:
        ValueError: If there are no files, ``out_dir`` exists, or a step comes after deduplication.
        ImportError: If the extra ``lmkit-book[data]`` is not installed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from distributed import LocalCluster
        >>> from lmkit.data import ExactDuplicates
        >>> cluster = LocalCluster(n_workers=1, processes=False, dashboard_address="127.0.0.1:0")
        >>> with cluster, TemporaryDirectory() as folder:
        ...     texts, clean = Path(folder, "texts.jsonl"), Path(folder, "clean")
        ...     _ = write_documents(texts, ["A red kite.", "A drum.", "A red kite."])
        ...     report = clean_files([texts], clean, [ExactDuplicates()], scheduler=cluster.scheduler_address)
        ...     list(read_documents(clean / "00000.jsonl"))
        ['A red kite.', 'A drum.']
    """
    per_document = [step for step in steps if not isinstance(step, Deduplication)]
    deduplications = [step for step in steps if isinstance(step, Deduplication)]
    if list(steps) != [*per_document, *deduplications]:
        raise ValueError(f"steps={[step_name(step) for step in steps]}: over many files, deduplication must come last")
    if not paths:
        raise ValueError("paths is empty: there is no file to clean")
    if out_dir.exists():
        raise ValueError(f"out_dir={str(out_dir)!r} exists already")
    report = _empty_report(steps)
    with _new_folder(out_dir) as folder, dask_client(scheduler, num_workers) as client:
        parts = [folder / f"{number:05d}.part.jsonl" for number in range(len(paths))]
        cleaned = client.map(_clean_file, paths, parts, steps=per_document, deduplications=deduplications, pure=False)
        seen = [SeenKeys() for _ in deduplications]
        chosen = []
        for number, part in enumerate(parts):
            part_report, keys = cleaned[number].result()
            cleaned[number].release()
            _add(report, part_report, range(len(per_document)))
            report.num_documents += part_report.num_documents
            dropped_by = _choose(keys, seen, part_report.num_kept)
            chosen.append(client.submit(_choose_documents, part, dropped_by, deduplications, pure=False))
        for part, future in zip(parts, chosen, strict=True):
            part_report = future.result()
            future.release()  # nothing is recomputed from here on, so the inputs can be released
            part.unlink()
            _add(report, part_report, range(len(per_document), len(steps)))
            report.num_kept += part_report.num_kept
    return report


def _clean_file(
    path: Path, part: Path, steps: Sequence[CleaningStep], deduplications: Sequence[Deduplication]
) -> tuple[CleaningReport, list[UInt64[np.ndarray, "documents _"]]]:
    """On a worker: apply all steps but the last, and take the keys of what is left."""
    report = _empty_report(steps)
    keys: list[list[UInt64[np.ndarray, " _"]]] = [[] for _ in deduplications]

    def documents() -> Iterator[str]:
        texts = (text for text in read_documents(path) if text.strip())
        for document in clean_documents(texts, steps, report):
            for deduplication, rows in zip(deduplications, keys, strict=True):
                rows.append(deduplication.keys(document))
            yield document

    write_documents(part, documents())
    return report, [np.stack(rows) if rows else np.empty((0, 0), dtype=np.uint64) for rows in keys]


def _choose(
    keys: Sequence[UInt64[np.ndarray, "documents _"]], seen: Sequence[SeenKeys], num_documents: int
) -> Int[np.ndarray, " documents"]:
    """Say for each document which deduplication drops it, if any."""
    dropped_by = np.full(num_documents, KEPT, dtype=np.int8)
    for document in range(num_documents):
        for number, (rows, seen_keys) in enumerate(zip(keys, seen, strict=True)):
            if not seen_keys.add_if_new(rows[document]):
                dropped_by[document] = number
                break
    return dropped_by


def _choose_documents(
    part: Path, dropped_by: Int[np.ndarray, " documents"], deduplications: Sequence[Deduplication]
) -> CleaningReport:
    """On a worker: write the documents that are kept, and count the others.

    Like every worker function here, it can be repeated: Dask does so if a worker is lost with its result.
    """
    report = _empty_report(deduplications)

    def documents() -> Iterator[str]:
        for document, dropper in zip(read_documents(part), dropped_by, strict=True):
            for number, step_report in enumerate(report.steps):
                step_report.count(document, None if number == dropper else document)
                if number == dropper:
                    break
            else:
                yield document

    report.num_kept = write_documents(part.with_name(part.name.replace(".part", "")), documents())
    return report


def _empty_report(steps: Sequence[CleaningStep]) -> CleaningReport:
    return CleaningReport(steps=[StepReport(name=step_name(step)) for step in steps])


def _add(report: CleaningReport, part_report: CleaningReport, places: range) -> None:
    for place, step_report in zip(places, part_report.steps, strict=True):
        report.steps[place].add(step_report)


@contextmanager
def _new_folder(out_dir: Path) -> Iterator[Path]:
    """Fill a temporary folder next to ``out_dir``; it is renamed at the end, or removed if the block fails."""
    unfinished = out_dir.with_name(f".{out_dir.name}.{uuid4().hex}")
    unfinished.mkdir(parents=True)
    try:
        yield unfinished
        unfinished.rename(out_dir)
    except BaseException:
        shutil.rmtree(unfinished)
        raise
