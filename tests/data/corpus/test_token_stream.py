import gc
import json
import zlib

import numpy as np
import psutil
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from lmkit.data.corpus import encode_corpus, encoding, load_token_stream
from lmkit.tokenizers import train_bpe


class ByteTokenizer:
    """One token per byte, and whatever special tokens follow them."""

    def __init__(self, special_tokens=("<|endoftext|>",), vocab_size=None):
        self.special_tokens = {token: 256 + number for number, token in enumerate(special_tokens)}
        self.vocab_size = vocab_size or 256 + len(special_tokens)

    def encode_batch(self, texts, *, allow_special=False):
        return [list(text.encode()) for text in texts]


documents = st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=1)


@given(documents)
def test_each_document_ends_with_end_of_text(documents):
    token_stream = encode_corpus(ByteTokenizer(), documents)
    expected = [token_id for document in documents for token_id in [*document.encode(), 256]]
    assert token_stream.tolist() == expected
    assert token_stream.dtype == torch.int64


def test_one_text_gets_no_end_of_text():
    assert encode_corpus(ByteTokenizer(), "abc").tolist() == [97, 98, 99]


def test_end_of_text_is_as_asked():
    tokenizer = ByteTokenizer(special_tokens=("<|endoftext|>", "[SEP]"))
    assert encode_corpus(tokenizer, ["a", "b"], end_of_text="[SEP]").tolist() == [97, 257, 98, 257]
    assert encode_corpus(tokenizer, ["a", "b"], end_of_text=None).tolist() == [97, 98]
    assert encode_corpus(ByteTokenizer(special_tokens=()), ["a", "b"]).tolist() == [97, 98]
    with pytest.raises(ValueError, match=r"end_of_text='\[CLS\]' is not one of the special tokens"):
        encode_corpus(tokenizer, ["a"], end_of_text="[CLS]")


@pytest.mark.parametrize(
    ("vocab_size", "dtype"), [(257, torch.uint16), (2**16, torch.uint16), (2**16 + 1, torch.uint32)]
)
def test_a_file_holds_what_memory_holds(tmp_path, vocab_size, dtype):
    tokenizer = ByteTokenizer(vocab_size=vocab_size)
    corpus = ["some text", "more text"]
    path = tmp_path / "tokens.safetensors"
    token_stream = encode_corpus(tokenizer, corpus, path)
    assert token_stream.dtype == dtype
    assert token_stream.tolist() == encode_corpus(tokenizer, corpus).tolist()
    assert load_token_stream(path).tolist() == token_stream.tolist()
    assert load_file(path)["token_ids"].tolist() == token_stream.tolist()  # any reader of the format can open it


def test_the_file_is_the_same_however_it_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(encoding, "CHUNK_CHARS", 2000)
    tokenizer = train_bpe("the theme of the other thesis " * 20, 300, special_tokens=["<|endoftext|>"])
    corpus = [f"the other theme {number} " * 40 for number in range(20)]  # more chunks than are kept in work
    encode_corpus(tokenizer, iter(corpus), tmp_path / "one", progress=False)
    encode_corpus(tokenizer, iter(corpus), tmp_path / "two", num_workers=2)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    end = tokenizer.special_tokens["<|endoftext|>"]
    token_ids = load_token_stream(tmp_path / "two").tolist()
    first = tokenizer.decode(token_ids[: token_ids.index(end)])
    assert first == corpus[0]


def test_it_is_mapped_and_not_read(tmp_path):
    path = tmp_path / "large"
    num_bytes = 2**28
    header = {
        "__metadata__": {"crc32": "0", "vocab_size": "256"},
        "token_ids": {"dtype": "U16", "shape": [num_bytes // 2], "data_offsets": [0, num_bytes]},
    }
    with path.open("wb") as file:
        file.write((504).to_bytes(8, "little") + json.dumps(header).encode().ljust(504))
        file.truncate(512 + num_bytes)
    gc.collect()
    before = psutil.Process().memory_info().rss
    token_stream = load_token_stream(path, verify=False)
    assert token_stream[-3:].tolist() == [0, 0, 0]
    assert psutil.Process().memory_info().rss - before < num_bytes // 8


def test_writing_to_the_stream_leaves_the_file_alone(tmp_path):
    path = tmp_path / "tokens"
    encode_corpus(ByteTokenizer(), "abc", path)[0] = 5
    assert load_token_stream(path).tolist() == [97, 98, 99]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
@pytest.mark.parametrize("num_workers", [0, 1])
def test_interrupting_leaves_no_half_file(tmp_path, error, num_workers):
    def interrupted():
        yield "x" * (2 * encoding.CHUNK_CHARS)
        raise error("stopped")

    tokenizer = train_bpe("ab", 256)
    with pytest.raises(error, match="stopped"):
        encode_corpus(tokenizer, interrupted(), tmp_path / "tokens", num_workers=num_workers)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("corpus", ["", [], [""], iter(())])
@pytest.mark.parametrize("to_file", [False, True])
def test_an_empty_corpus_is_refused(tmp_path, corpus, to_file):
    with pytest.raises(ValueError, match="the corpus is empty: it gives no token"):
        encode_corpus(ByteTokenizer(special_tokens=()), corpus, tmp_path / "tokens" if to_file else None)
    assert list(tmp_path.iterdir()) == []


def test_an_id_out_of_range_is_named():
    with pytest.raises(ValueError, match="token id 120 is out of range for a tokenizer with vocab_size=100"):
        encode_corpus(ByteTokenizer(vocab_size=100), "xyz")


def test_a_negative_number_of_workers_is_named():
    with pytest.raises(ValueError, match="num_workers=-1 must be at least 0"):
        encode_corpus(ByteTokenizer(), "xyz", num_workers=-1)


def test_progress_can_be_turned_off(capsys, monkeypatch):
    from lmkit.data.corpus import token_stream

    monkeypatch.setattr(token_stream, "PROGRESS_AFTER_SECONDS", 0.0)
    encode_corpus(ByteTokenizer(), "abc", progress=False)
    assert capsys.readouterr().err == ""
    encode_corpus(ByteTokenizer(), "abc")
    assert "encode: 100%" in capsys.readouterr().err


@pytest.fixture
def stored(tmp_path):
    path = tmp_path / "tokens"
    encode_corpus(ByteTokenizer(), "some text that is long enough", path)
    return path


def test_a_truncated_file_is_named(stored):
    contents = stored.read_bytes()
    for length in (0, 5, 300, len(contents) - 1):
        stored.write_bytes(contents[:length])
        with pytest.raises(ValueError, match="tokens' is cut short or no token stream"):
            load_token_stream(stored, verify=False)


def test_any_flipped_bit_of_the_tokens_is_found(stored):
    contents = bytearray(stored.read_bytes())
    for position in range(512, len(contents), 7):
        contents[position] ^= 1
        stored.write_bytes(contents)
        with pytest.raises(ValueError, match="is damaged: its checksum is"):
            load_token_stream(stored)
        contents[position] ^= 1


@pytest.mark.parametrize("contents", [b"PK\x03\x04 not a token stream at all", b"0" * 600])
def test_a_foreign_file_is_named(tmp_path, contents):
    (tmp_path / "foreign").write_bytes(contents)
    with pytest.raises(ValueError, match="foreign' is cut short or no token stream"):
        load_token_stream(tmp_path / "foreign")


def test_a_file_of_weights_is_no_token_stream(tmp_path):
    save_file({"weight": torch.zeros(3)}, tmp_path / "weights")
    with pytest.raises(ValueError, match="weights' is cut short or no token stream"):
        load_token_stream(tmp_path / "weights")
    save_file({"token_ids": torch.zeros(3)}, tmp_path / "floats")
    with pytest.raises(ValueError, match="floats' is a safetensors file, but no token stream"):
        load_token_stream(tmp_path / "floats")


def test_a_missing_file_is_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_token_stream(tmp_path / "nothing")


def test_the_checksum_is_the_one_of_zlib(stored):
    tokens = np.frombuffer(b"some text that is long enough", np.uint8).astype("<u2")
    assert f'"crc32": "{zlib.crc32(tokens.tobytes())}"'.encode() in stored.read_bytes()
