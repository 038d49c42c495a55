import json
from functools import partial
from importlib import import_module

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lmkit.data import (
    Masking,
    ShardedTokens,
    encode_corpus,
    encode_files,
    is_in_split,
    load_documents,
    load_token_stream,
    masked_batches,
    next_token_batches,
    write_token_shards,
)
from lmkit.data.corpus import encoding, token_shards
from lmkit.data.corpus.files import write_documents
from lmkit.tokenizers import train_bpe

TOKENIZER = train_bpe("ab", 257, special_tokens=["<|endoftext|>"])
DOCUMENTS = [f"document {number} " * (number % 5 + 1) for number in range(60)]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(encoding, "CHUNK_CHARS", 100)


@pytest.fixture
def folder(tmp_path):
    write_token_shards(TOKENIZER, DOCUMENTS, tmp_path / "tokens", shard_tokens=400)
    return tmp_path / "tokens"


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_shards_are_one_stream(folder):
    stream = load_token_stream(folder)
    expected = encode_corpus(TOKENIZER, DOCUMENTS)
    assert len(stream.index.shards) > 3
    assert len(stream) == len(expected)
    assert stream[:].tolist() == expected.tolist()
    assert (stream.vocab_size, stream.end_of_text_id) == (257, 256)
    shards = [load_token_stream(folder / shard.file).tolist() for shard in stream.index.shards]
    assert [token_id for shard in shards for token_id in shard] == expected.tolist()
    assert all(400 <= len(shard) < 400 + 300 for shard in shards[:-1])


@given(st.data())
def test_slices_are_those_of_one_tensor(tmp_path_factory, data):
    expected = encode_corpus(TOKENIZER, DOCUMENTS)
    folder = tmp_path_factory.getbasetemp() / "sliced"
    stream = write_token_shards(TOKENIZER, DOCUMENTS, folder, shard_tokens=400)
    bound = st.none() | st.integers(-len(expected) - 3, len(expected) + 3)
    positions = slice(data.draw(bound), data.draw(bound))
    assert stream[positions].tolist() == expected[positions].tolist()
    start = data.draw(st.integers(0, len(expected)))
    length = data.draw(st.integers(0, len(expected) - start))
    narrowed = stream.narrow(start, length)
    assert len(narrowed) == length
    assert narrowed[positions].tolist() == expected.narrow(0, start, length)[positions].tolist()
    assert narrowed.narrow(length // 2, 0)[:].tolist() == []


def test_a_range_outside_the_stream_is_named(folder):
    stream = load_token_stream(folder)
    with pytest.raises(ValueError, match=f"start=1 and length={len(stream)} are not within a stream of {len(stream)}"):
        stream.narrow(1, len(stream))
    with pytest.raises(TypeError, match="is read by slices without a step, not by slice"):
        stream[::2]


@pytest.mark.parametrize("world_size", [1, 3])
@pytest.mark.parametrize("random_windows", [False, True])
def test_batches_are_those_of_one_tensor(folder, world_size, random_windows):
    streams = load_token_stream(folder), encode_corpus(TOKENIZER, DOCUMENTS)
    for rank in range(world_size):
        ours, expected = (
            next_token_batches(
                stream,
                batch_size=4,
                context_length=32,
                generator=torch.Generator().manual_seed(1),
                random_windows=random_windows,
                end_of_text_id=256,
                rank=rank,
                world_size=world_size,
            )
            for stream in streams
        )
        for batch, other in zip(ours, expected, strict=True):
            assert torch.equal(batch.inputs, other.inputs)
            assert torch.equal(batch.targets, other.targets)
            assert torch.equal(batch.segment_ids, other.segment_ids)


def test_masked_batches_read_shards(folder):
    masking = Masking(mask_id=0, vocab_size=257)
    ours, expected = (
        list(masked_batches(stream, masking, batch_size=4, context_length=32, generator=torch.Generator()))
        for stream in (load_token_stream(folder), encode_corpus(TOKENIZER, DOCUMENTS))
    )
    assert all(torch.equal(one.inputs, other.inputs) for one, other in zip(ours, expected, strict=True))


def test_maps_are_released_after_enough_was_read(folder, monkeypatch):
    loads = []
    load = token_shards.load_stream_file
    monkeypatch.setattr(
        token_shards, "load_stream_file", lambda path, **kw: loads.append(path.name) or load(path, **kw)
    )
    monkeypatch.setattr(token_shards, "RELEASE_BYTES", 10 * token_shards.BYTES_PER_FAULT)
    stream = load_token_stream(folder, verify=False)
    loads.clear()
    for _ in range(10):
        stream[5:10]
    assert loads == ["00000.safetensors"]
    stream[5:10]
    assert loads == ["00000.safetensors"] * 2


@pytest.mark.parametrize(("stop_after", "num_workers"), [(0, 0), (1, 0), (17, 0), (44, 0), (59, 0), (60, 0), (59, 1)])
def test_an_interrupted_call_goes_on_with_the_same_result(tmp_path, folder, stop_after, num_workers):
    class Stopped(Exception):
        pass

    def interrupted():
        yield from DOCUMENTS[:stop_after]
        raise Stopped

    again = tmp_path / "again"
    write = partial(write_token_shards, TOKENIZER, shard_tokens=400, num_workers=num_workers)
    with pytest.raises(Stopped):
        write(interrupted(), again)
    if stop_after >= 44:
        assert len(list(again.glob("0*"))) >= 1
        with pytest.raises(ValueError, match="is not finished: call what writes it again"):
            load_token_stream(again)
    (again / ".00000.safetensors.123").parent.mkdir(exist_ok=True)
    (again / ".00000.safetensors.123").write_bytes(b"left by a process that was killed")
    write(iter(DOCUMENTS), again)
    assert contents(again) == contents(folder)


def test_what_is_written_is_not_encoded_again(folder):
    class Counting:
        vocab_size, special_tokens = TOKENIZER.vocab_size, TOKENIZER.special_tokens
        num_texts = 0

        def encode_batch(self, texts):
            self.num_texts += len(texts)
            return TOKENIZER.encode_batch(texts)

    before = contents(folder)
    write_token_shards(tokenizer := Counting(), DOCUMENTS, folder, shard_tokens=400)
    assert contents(folder) == before
    assert tokenizer.num_texts < 10  # the first chunk, to see that it is the same tokenizer


def test_another_corpus_or_tokenizer_is_refused(tmp_path, folder):
    before = contents(folder)
    with pytest.raises(ValueError, match="has other documents, or tokens of another tokenizer"):
        write_token_shards(TOKENIZER, ["something else " * 100], folder)
    with pytest.raises(ValueError, match="00001.safetensors' was made of other documents than those given"):
        write_token_shards(TOKENIZER, [*DOCUMENTS[:20], "new", *DOCUMENTS[20:]], folder)
    with pytest.raises(ValueError, match="was made of other documents than those given"):
        write_token_shards(TOKENIZER, DOCUMENTS[:-1], folder)
    with pytest.raises(ValueError, match="tokens with vocab_size=257, but the tokenizer has 256"):
        write_token_shards(train_bpe("ab", 256), DOCUMENTS, folder)
    with pytest.raises(ValueError, match="tokens with end_of_text_id=256, but the tokenizer has None"):
        write_token_shards(TOKENIZER, DOCUMENTS, folder, end_of_text=None)
    merging = train_bpe("ab" * 9, 257)
    write_token_shards(merging, ["ab" * 50], tmp_path / "merged")
    with pytest.raises(ValueError, match="or tokens of another tokenizer"):
        write_token_shards(train_bpe("xy" * 9, 257), ["ab" * 50], tmp_path / "merged")
    assert contents(folder) == before


def test_other_files_are_not_written_over(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ValueError, match=r"has files, but no index.json: give a new or an empty folder"):
        write_token_shards(TOKENIZER, DOCUMENTS, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_bad_arguments_are_named(tmp_path):
    with pytest.raises(ValueError, match="shard_tokens=0 must be at least 1"):
        write_token_shards(TOKENIZER, DOCUMENTS, tmp_path / "a", shard_tokens=0)
    with pytest.raises(ValueError, match="the corpus is empty: it gives no token"):
        write_token_shards(TOKENIZER, [], tmp_path / "b")
    with pytest.raises(ValueError, match="paths is empty: there is no file to encode"):
        encode_files(TOKENIZER, [], tmp_path / "c")


def test_damage_is_named(folder):
    index = folder / "index.json"
    for wrong in ("[]", "{", '{"shards": []}', '{"shards": [{"name": 1}]}'):
        index_before = index.read_text()
        index.write_text(wrong)
        with pytest.raises(ValueError, match="index.json' is not an index of token shards"):
            load_token_stream(folder)
        index.write_text(index_before)
    shard = folder / "00001.safetensors"
    data = bytearray(shard.read_bytes())
    data[-1] ^= 1
    shard.write_bytes(data)
    load_token_stream(folder, verify=False)
    with pytest.raises(ValueError, match="00001.safetensors' is damaged"):
        load_token_stream(folder)
    shard.write_bytes((folder / "00000.safetensors").read_bytes())
    with pytest.raises(ValueError, match="00001.safetensors' has .* tokens, but the index says"):
        load_token_stream(folder)
    shard.unlink()
    with pytest.raises(FileNotFoundError):
        load_token_stream(folder, verify=False)


@pytest.fixture
def files(tmp_path):
    write_documents(tmp_path / "raw" / "a.jsonl", DOCUMENTS[:20])
    write_documents(tmp_path / "raw" / "b.jsonl.gz", [" ", *DOCUMENTS[20:30]])
    write_documents(tmp_path / "raw" / "c.jsonl", [" "])
    write_documents(tmp_path / "raw" / "d.jsonl", DOCUMENTS[30:])
    return tmp_path / "raw"


def test_many_files_are_encoded_in_order_and_again_from_where_it_stopped(tmp_path, files, cluster, monkeypatch):
    monkeypatch.setattr(import_module("lmkit.data.corpus.encode_files"), "GROUP_BYTES", 1)
    paths = sorted(files.iterdir())
    stream = encode_files(TOKENIZER, paths, tmp_path / "tokens", shard_tokens=400, scheduler=cluster)
    assert stream[:].tolist() == encode_corpus(TOKENIZER, load_documents(files)).tolist()
    before = contents(tmp_path / "tokens")
    assert json.loads(before["index.json"])["shards"][0]["file"] == "00000/00000.safetensors"
    (tmp_path / "tokens" / "index.json").unlink()
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "tokens").rglob("*.safetensors")}
    encode_files(TOKENIZER, paths, tmp_path / "tokens", shard_tokens=400, scheduler=cluster)
    assert contents(tmp_path / "tokens") == before
    assert times == {path: path.stat().st_mtime_ns for path in (tmp_path / "tokens").rglob("*.safetensors")}
    assert isinstance(load_token_stream(tmp_path / "tokens"), ShardedTokens)


def test_the_parts_of_a_split_go_to_folders_of_their_own(tmp_path, files, cluster):
    for name in ("train", "validation"):
        keep = partial(is_in_split, name=name, validation=0.3, test=0.0)
        stream = encode_files(TOKENIZER, sorted(files.iterdir()), tmp_path / name, keep=keep, scheduler=cluster)
        assert stream[:].tolist() == encode_corpus(TOKENIZER, filter(keep, load_documents(files))).tolist()
