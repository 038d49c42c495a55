"""``lmkit tokenize`` on a cluster."""

import json

import pytest
from distributed import LocalCluster

from lmkit.cli import main
from lmkit.data import load_documents, load_token_stream
from lmkit.tokenizers import train_bpe


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name in ("a", "b", "c"):
        texts = [f"text {number} of file {name}" for number in range(30)]
        (folder / f"{name}.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    return folder


@pytest.mark.parametrize("source", ["", "b.jsonl"])
def test_a_cluster_writes_the_tokens_that_one_process_writes(corpus, source, tmp_path, capsys):
    texts = list(load_documents(corpus))
    train_bpe(texts, 280, ("<|endoftext|>",), progress=False).save(tmp_path / "tokenizer.json")
    command = f"tokenize --tokenizer {tmp_path}/tokenizer.json --corpus {corpus / source} --no-progress"
    command += " --validation 0.3"
    main(f"{command} --shards {tmp_path}/alone".split())
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster:
        main(f"{command} --shards {tmp_path}/together --scheduler {cluster.scheduler_address}".split())
    for part in ("train", "validation"):
        alone, together = (load_token_stream(tmp_path / way / part) for way in ("alone", "together"))
        assert together[:].tolist() == alone[:].tolist()
        assert len(alone) > 0
    assert (tmp_path / "together" / "tokenizer.json").is_file()
    assert f"saved: {tmp_path}/together; try lmkit train --tokens" in capsys.readouterr().out
