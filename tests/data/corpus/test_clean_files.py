import sys

import pytest

from lmkit.data import (
    CLEANING_STEPS,
    ExactDuplicates,
    NearDuplicates,
    clean_corpus,
    clean_files,
    load_documents,
    normalize_whitespace,
)
from lmkit.data.corpus.files import write_documents


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Three files, with duplicates within and across them."""
    folder = tmp_path_factory.mktemp("corpus")
    topics = list(load_documents("pydocs"))
    near = topics[3].replace("the", "thee", 1) + " Something new."
    write_documents(folder / "a.jsonl", [*topics[:20], topics[0], "short", " "])
    write_documents(folder / "b.jsonl.gz", [near, *topics[20:40], "<p>" + topics[21] + "</p>"])
    (folder / "c.txt").write_text(topics[45], encoding="utf-8")
    return folder


@pytest.mark.parametrize("steps", [CLEANING_STEPS, CLEANING_STEPS[:4], CLEANING_STEPS[-2:], []])
def test_two_workers_give_what_one_process_gives(corpus, cluster, tmp_path, steps):
    report = clean_files(sorted(corpus.iterdir()), tmp_path / "out", steps, scheduler=cluster)
    cleaned, expected = clean_corpus(load_documents(corpus), steps)
    assert list(load_documents(tmp_path / "out")) == cleaned
    assert report == expected
    assert [path.name for path in sorted((tmp_path / "out").iterdir())] == ["00000.jsonl", "00001.jsonl", "00002.jsonl"]


def test_a_local_cluster_is_started_without_an_address(corpus, tmp_path):
    report = clean_files([corpus / "c.txt"], tmp_path / "out", [normalize_whitespace], num_workers=1)
    assert report.num_kept == 1


def test_the_loss_of_a_worker_that_had_finished_is_made_good(corpus, tmp_path, monkeypatch):
    """Each time that a file has been chosen from, the worker that holds the report leaves with all that it holds."""
    from distributed import Client, LocalCluster, wait

    submit = Client.submit

    def submit_and_lose(client, *args, **kwargs):
        future = submit(client, *args, **kwargs)
        wait(future)
        [(holder,)] = client.who_has([future]).values()
        cluster.sync(next(worker.close for worker in cluster.workers.values() if worker.address == holder))
        return future

    monkeypatch.setattr(Client, "submit", submit_and_lose)
    with LocalCluster(n_workers=4, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0") as cluster:
        report = clean_files(sorted(corpus.iterdir()), tmp_path / "out", scheduler=cluster.scheduler_address)
        assert len(cluster.scheduler_info["workers"]) == 1
    cleaned, expected = clean_corpus(load_documents(corpus))
    assert list(load_documents(tmp_path / "out")) == cleaned
    assert report == expected
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_a_failure_leaves_nothing(cluster, tmp_path):
    (tmp_path / "bad.jsonl").write_text('{"text": "good"}\n{"title": "bad"}\n')
    with pytest.raises(ValueError, match="line 2: not an object with a text"):
        clean_files([tmp_path / "bad.jsonl"], tmp_path / "out", [normalize_whitespace], scheduler=cluster)
    assert [path.name for path in tmp_path.iterdir()] == ["bad.jsonl"]


def test_bad_arguments_are_named(tmp_path):
    with pytest.raises(ValueError, match="paths is empty"):
        clean_files([], tmp_path / "out")
    with pytest.raises(ValueError, match=r"out_dir='.*' exists already"):
        clean_files([tmp_path / "a.txt"], tmp_path)
    with pytest.raises(ValueError, match="'ExactDuplicates', 'normalize_whitespace'.*deduplication must come last"):
        clean_files([tmp_path / "a.txt"], tmp_path / "out", [ExactDuplicates(), normalize_whitespace])


def test_the_missing_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ImportError, match=r"pip install 'lmkit-book\[data\]'"):
        clean_files([tmp_path / "a.txt"], tmp_path / "out", [NearDuplicates()])
    assert list(tmp_path.iterdir()) == []
