import json
import pickle
import random
from itertools import chain, pairwise

import numpy as np
import pytest
import tokenizers
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lmkit.tokenizers import GPT2_PATTERN, BPETokenizer, base, merging, train_bpe

CL100K_PATTERN = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"
)
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


@pytest.fixture(scope="module", params=[GPT2_PATTERN, CL100K_PATTERN], ids=["gpt2", "cl100k"])
def tokenizer(request, corpus):
    return train_bpe(corpus, 1500, ["<|endoftext|>", "<|end|>", "<|end|>ing"], pattern=request.param)


def brute_force(token_ids, merges):
    """Merge the leftmost pair of lowest rank, counting all of them again each time."""
    token_ids = list(token_ids)
    while ranked := [(merges[p], i) for i, p in enumerate(pairwise(token_ids)) if p in merges]:
        (_, merged), left = min(ranked)
        token_ids[left : left + 2] = [merged]
    return token_ids


@pytest.mark.parametrize("short", [0, 1000], ids=["heap", "list"])
@pytest.mark.parametrize("seed", range(20))
def test_merging_equals_brute_force(seed, short, monkeypatch):
    monkeypatch.setattr(merging, "SHORT", short)
    generator = random.Random(seed)
    merges = {}
    for rank in range(20):  # in no sensible order: a merge may come before those that it needs
        merges[generator.randrange(12), generator.randrange(12)] = (rank, 2 + rank % 10)
    ranks, merged_ids = {pair: rank for pair, (rank, _) in merges.items()}, [2 + rank % 10 for rank in range(20)]
    for _ in range(20):
        token_ids = generator.choices(range(3), k=generator.randrange(30))
        assert merging.apply_merges(token_ids, ranks, merged_ids) == brute_force(token_ids, merges)


def test_encodings_equal_tokenizers(tokenizer, hard_texts):
    theirs = tokenizer.to_huggingface()
    theirs.encode_special_tokens = True  # special tokens are ordinary text
    for text in hard_texts:
        assert tokenizer.encode(text) == theirs.encode(text).ids, repr(text)
    theirs.encode_special_tokens = False
    for text in hard_texts:
        assert tokenizer.encode(text, allow_special=True) == theirs.encode(text).ids, repr(text)
        assert theirs.decode(tokenizer.encode(text), skip_special_tokens=False) == text


def test_encodings_equal_tiktoken(tokenizer, hard_texts, malformed_texts):
    theirs = tokenizer.to_tiktoken()
    for text in [*hard_texts, *malformed_texts]:
        assert tokenizer.encode(text) == theirs.encode(text, disallowed_special=()), repr(text)
        assert tokenizer.encode(text, allow_special=True) == theirs.encode(text, allowed_special="all"), repr(text)


def test_offsets_equal_tokenizers(tokenizer, hard_texts):
    theirs = tokenizer.to_huggingface()
    theirs.encode_special_tokens = True
    for text in hard_texts:
        expected = theirs.encode(text)
        assert tokenizer.encode_with_offsets(text) == (expected.ids, expected.offsets), repr(text)


@settings(max_examples=200, deadline=None)
@given(text=st.text())
def test_offsets_of_any_text(tokenizer, text):
    token_ids, offsets = tokenizer.encode_with_offsets(text)
    assert token_ids == tokenizer.encode(text)
    for token_id, (start, end) in zip(token_ids, offsets, strict=True):
        assert tokenizer.decode_bytes([token_id]) in text[start:end].encode()
        assert start < end
    assert [start for start, _ in offsets[:1]] == [0] * bool(text)
    assert [end for _, end in offsets[-1:]] == [len(text)] * bool(text)
    assert all(start in (end, end - 1) for (_, end), (start, _) in pairwise(offsets))  # end - 1: they share a character


@pytest.mark.parametrize(
    "text", ["a" * 10**6, "ab" * 500_000, "=-" * 400_000 + "=" * 200_000], ids=["a", "ab", "signs"]
)
def test_a_megabyte_without_a_space(tokenizer, text):
    token_ids = tokenizer.encode(text)
    assert token_ids == tokenizer.to_tiktoken().encode(text)
    assert tokenizer.decode(token_ids) == text


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT)
def test_decode_undoes_encode(tokenizer, text):
    expected = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # the text itself, if it is valid
    assert tokenizer.decode(tokenizer.encode(text)) == expected
    assert tokenizer.decode(tokenizer.encode(text, allow_special=True)) == expected
    assert tokenizer.decode_bytes(tokenizer.encode(text)) == expected.encode()


@settings(max_examples=200, deadline=None)
@given(st.text("ab'st\n\t 1.é", max_size=40), st.lists(st.text("ab. ", max_size=10), max_size=5))
def test_any_small_tokenizer_round_trips(text, training):
    tokenizer = train_bpe(["a", *training], 300)
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert tokenizer.encode(text) == tokenizer.to_tiktoken().encode(text)


def test_special_tokens(tokenizer):
    end, short, long = (tokenizer.special_id(token) for token in ("<|endoftext|>", "<|end|>", "<|end|>ing"))
    assert tokenizer.encode("<|endoftext|>", allow_special=True) == [end]
    assert tokenizer.encode("<|end|>ing<|end|>in", allow_special=True) == [long, short, *tokenizer.encode("in")]
    assert tokenizer.encode("<|endoftext|><|end|>", allow_special=True) == [end, short]
    ordinary = tokenizer.encode("x<|endoftext|>")
    assert end not in ordinary
    assert tokenizer.decode(ordinary) == "x<|endoftext|>" == tokenizer.decode([*tokenizer.encode("x"), end])
    with pytest.raises(ValueError, match="'<pad>' is not a special token; there are"):
        tokenizer.special_id("<pad>")


def test_without_special_tokens_nothing_is_special():
    tokenizer = BPETokenizer([])
    assert tokenizer.encode("ab", allow_special=True) == [97, 98]
    assert tokenizer.special_tokens == {}


def test_batches_and_iterables(tokenizer, hard_texts):
    expected = [tokenizer.encode(text, allow_special=True) for text in hard_texts]
    assert tokenizer.encode_batch(hard_texts, allow_special=True) == expected
    assert list(tokenizer.encode_iterable(hard_texts, allow_special=True)) == list(chain(*expected))
    assert tokenizer.encode_batch([]) == []


def test_encode_iterable_reads_no_further_than_it_must(tokenizer):
    read = []

    def texts():
        for text in ("one two", "three"):
            read.append(text)
            yield text

    token_ids = tokenizer.encode_iterable(texts())
    assert read == []
    next(token_ids)
    assert read == ["one two"]


def test_decode_takes_arrays_and_names_bad_ids(tokenizer):
    token_ids = tokenizer.encode("hello there")
    assert tokenizer.decode(np.array(token_ids)) == tokenizer.decode(torch.tensor(token_ids)) == "hello there"
    assert tokenizer.decode([]) == ""
    assert tokenizer.decode([0xE9]) == "\ufffd"  # one byte of a longer character
    assert tokenizer.decode_bytes([0xE9]) == b"\xe9"
    for bad in (-1, tokenizer.vocab_size, 10**9):
        with pytest.raises(ValueError, match=f"token id {bad} has no token; ids go from 0 to 1499"):
            tokenizer.decode([0, bad])
    with pytest.raises(TypeError):
        tokenizer.decode(torch.tensor([token_ids]))
    with pytest.raises(TypeError):
        tokenizer.decode([1.5])


def test_the_cache_is_bounded_and_changes_nothing(tokenizer, hard_texts, monkeypatch):
    expected = tokenizer.encode_batch(hard_texts)
    monkeypatch.setattr(base, "CACHED_PIECES", 7)
    fresh = pickle.loads(pickle.dumps(tokenizer))
    assert len(fresh._cache) == 0
    assert fresh.encode_batch(hard_texts) == expected == fresh.encode_batch(hard_texts)
    assert 0 < len(fresh._cache) <= 7


def test_bad_vocabularies():
    with pytest.raises(ValueError, match=r"lacks the token b'ab'"):
        BPETokenizer([(b"ab", b"c")])
    with pytest.raises(ValueError, match=r"lacks the token b'\\xff'"):
        BPETokenizer([], vocab={bytes([byte]): byte for byte in range(255)})
    with pytest.raises(ValueError, match="same id"):
        BPETokenizer([], {"<s>": 5})


def test_save_and_load(tokenizer, hard_texts, tmp_path):
    path = tmp_path / "tokenizer.json"
    tokenizer.save(path)
    loaded = BPETokenizer.load(path)
    assert loaded.merges == tokenizer.merges
    assert (loaded.vocab, loaded.special_tokens) == (tokenizer.vocab, tokenizer.special_tokens)
    assert loaded.pattern == tokenizer.pattern
    theirs = tokenizers.Tokenizer.from_file(str(path))
    for text in hard_texts:
        assert loaded.encode(text, allow_special=True) == theirs.encode(text).ids
    assert list(tmp_path.iterdir()) == [path]


def test_load_what_tokenizers_wrote(corpus, hard_texts, tmp_path):
    theirs = tokenizers.ByteLevelBPETokenizer()  # special tokens first, then GPT-2's order of bytes
    theirs.train_from_iterator(corpus, vocab_size=800, special_tokens=["<s>", "<|endoftext|>"], show_progress=False)
    path = tmp_path / "tokenizer.json"
    theirs.save(str(path))
    ours = BPETokenizer.load(path)
    assert ours.special_tokens == {"<s>": 0, "<|endoftext|>": 1}
    for text in hard_texts:
        assert ours.encode(text, allow_special=True) == theirs.encode(text).ids
        assert ours.encode(text) == ours.to_tiktoken().encode(text, disallowed_special=())
    assert ours.vocab_size == theirs.get_vocab_size()


PREFIX_TEXTS = ["", "low", " low", "\nlow", "low<s>er", "<s> er<s>", "<s><s>low"]


@settings(max_examples=200, deadline=None)
@given(text=st.text() | st.text("<s> \nlower1"))
def test_a_space_in_front_as_in_the_library(text):
    for each in [text, *PREFIX_TEXTS]:
        expected = PREFIXED.encode(each)
        assert OURS_PREFIXED.encode(each, allow_special=True) == expected.ids
        assert OURS_PREFIXED.decode(expected.ids) == PREFIXED.decode(expected.ids, skip_special_tokens=False)


@settings(max_examples=100, deadline=None)
@given(text=st.text("\n low é", max_size=12))
def test_offsets_beside_a_space_in_front(text):
    expected = PREFIXED.encode(text)
    assert OURS_PREFIXED.encode_with_offsets(text) == (expected.ids, expected.offsets)


def prefixed():
    theirs = tokenizers.ByteLevelBPETokenizer(add_prefix_space=True)
    theirs.train_from_iterator(
        ["low lower lowest 2 21"] * 3, vocab_size=280, special_tokens=["<s>"], show_progress=False
    )
    theirs._tokenizer.post_processor = tokenizers.processors.ByteLevel(trim_offsets=False)
    return theirs


PREFIXED = prefixed()
OURS_PREFIXED = BPETokenizer.from_json(json.loads(PREFIXED.to_str()))


def test_a_space_in_front_can_be_written_and_read(tmp_path):
    OURS_PREFIXED.save(tmp_path / "tokenizer.json")
    again = BPETokenizer.load(tmp_path / "tokenizer.json")
    assert again.add_prefix_space
    theirs = tokenizers.Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    for text in PREFIX_TEXTS:
        assert again.encode(text, allow_special=True) == theirs.encode(text).ids == PREFIXED.encode(text).ids
    with pytest.raises(ValueError, match="tiktoken has no .* space in front"):
        again.to_tiktoken()
    with pytest.raises(ValueError, match="add_prefix_space=True cannot be written with pattern='a', only with GPT-2's"):
        BPETokenizer([], pattern="a", add_prefix_space=True).to_json()


@settings(max_examples=300, deadline=None)
@given(text=st.text() | st.text(" \n\t12a'².½s"))
def test_single_digits_as_in_the_library(text):
    assert OUR_DIGITS.encode(text) == DIGITS.encode(text).ids


def single_digits():
    """The pre-tokenizer of SmolLM and StarCoder."""
    library = tokenizers.Tokenizer.from_str(json.dumps(train_bpe("a  12 a1 2  \n 's 12 12", 290).to_json()))
    steps = tokenizers.pre_tokenizers
    library.pre_tokenizer = steps.Sequence([steps.Digits(individual_digits=True), steps.ByteLevel(False)])
    return library


DIGITS = single_digits()
OUR_DIGITS = BPETokenizer.from_json(json.loads(DIGITS.to_str()))


def test_gpt2_files(corpus, hard_texts, tmp_path):
    tokenizer = train_bpe(corpus, 800, ["<|endoftext|>"])
    vocab_path, merges_path = tmp_path / "vocab.json", tmp_path / "merges.txt"
    tokenizer.save_gpt2_files(vocab_path, merges_path)
    loaded = BPETokenizer.from_gpt2_files(vocab_path, merges_path)
    assert (loaded.merges, loaded.vocab) == (tokenizer.merges, tokenizer.vocab)
    assert loaded.special_tokens == {"<|endoftext|>": 799}
    theirs = tokenizers.Tokenizer(tokenizers.models.BPE.from_file(str(vocab_path), str(merges_path)))
    theirs.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    for text in hard_texts:
        assert loaded.encode(text) == theirs.encode(text).ids
    with pytest.raises(ValueError, match="no place for pattern='a'"):
        BPETokenizer([], pattern="a").save_gpt2_files(vocab_path, merges_path)


def test_gpt2_files_do_not_say_how_text_is_split(tmp_path):
    vocab_path, merges_path = tmp_path / "vocab.json", tmp_path / "merges.txt"
    BPETokenizer([(b"a", b"1")]).save_gpt2_files(vocab_path, merges_path)
    assert BPETokenizer.from_gpt2_files(vocab_path, merges_path).encode("a1") == [97, 49]
    assert BPETokenizer.from_gpt2_files(vocab_path, merges_path, pattern=r"\w+").encode("a1") == [256]


def test_two_merges_of_the_same_bytes_make_the_same_token():
    ours = BPETokenizer([(b"b", b"c"), (b"a", b"bc"), (b"x", b"a"), (b"a", b"b"), (b"ab", b"c"), (b"y", b"a")])
    assert ours.vocab_size == 256 + 5
    assert [ours.vocab[left + right] for left, right in ours.merges] == [256, 257, 258, 259, 257, 260]


@pytest.mark.parametrize("split_digits", [False, True])
def test_files_from_before_byte_level_had_a_switch_for_its_pattern(split_digits):
    contents = BPETokenizer([(b"a", b"b"), (b"1", b"2"), (b" ", b"a")]).to_json()
    byte_level = contents["pre_tokenizer"]
    assert byte_level.pop("use_regex") is True
    if split_digits:
        steps = [{"type": "Digits", "individual_digits": True}, byte_level]
        contents["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": steps}
    library, ours = tokenizers.Tokenizer.from_str(json.dumps(contents)), BPETokenizer.from_json(contents)
    for text in ("ab 12 ab", " a", "12ab's"):
        assert ours.encode(text) == library.encode(text).ids


def test_merges_from_before_they_were_lists(tokenizer):
    contents = tokenizer.to_json()
    contents["model"]["merges"] = [" ".join(merge) for merge in contents["model"]["merges"]]
    assert BPETokenizer.from_json(contents).merges == tokenizer.merges


def test_a_special_token_spelled_like_another_cannot_be_written():
    with pytest.raises(ValueError, match="special token 'a' is spelled like another token"):
        BPETokenizer([], ["a"]).to_json()


def test_tiktoken_needs_rising_ids():
    vocab = {bytes([byte]): byte for byte in range(256)} | {b"ab": 257, b"cd": 256}
    with pytest.raises(ValueError, match="order of ids"):
        BPETokenizer([(b"a", b"b"), (b"c", b"d")], vocab=vocab).to_tiktoken()


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("model.type", "WordPiece", "model.type='WordPiece' is not supported"),
        ("model.dropout", 0.1, "model.dropout=0.1 is not supported"),
        ("model.byte_fallback", True, "model.byte_fallback=True is not supported"),
        ("model.continuing_subword_prefix", "##", "model.continuing_subword_prefix='##' is not supported"),
        ("model.end_of_word_suffix", "</w>", "model.end_of_word_suffix='</w>' is not supported"),
        ("normalizer", {"type": "Lowercase"}, "normalizer.type='Lowercase' is not supported, only 'NFC' or 'NFD'"),
        ("pre_tokenizer", None, "pre_tokenizer=None is not supported, only ByteLevel, alone or after a Split"),
        ("pre_tokenizer", {"type": "Whitespace"}, "pre_tokenizer={'type': 'Whitespace'} is not supported, only Byte"),
        (
            "pre_tokenizer",
            {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False},
            "'use_regex': False} is not supported, only ByteLevel",
        ),
        ("model", {}, "KeyError"),
        ("model.merges", [["a", "b", "c"]], "is not a pair"),
        ("model.merges", [["a", "☃"]], "'☃', which stands for no byte"),
        ("model.merges", [["ab", "zzzz"]], "lacks the token"),
        ("model.vocab", {"a": 0}, "lacks the token"),
        ("model.vocab", None, ""),
    ],
)
def test_foreign_files_are_refused_by_name(tmp_path, key, value, message):
    contents = BPETokenizer([(b"a", b"b")]).to_json()
    target = contents
    *parents, last = key.split(".")
    for parent in parents:
        target = target[parent]
    target[last] = value
    path = tmp_path / "foreign.json"
    path.write_text(json.dumps(contents))
    with pytest.raises(ValueError, match="foreign.json holds no BPETokenizer.*" + message):
        BPETokenizer.load(path)


def test_damaged_files_are_refused(tmp_path):
    path = tmp_path / "tokenizer.json"
    train_bpe("some text", 260).save(path)
    path.write_text(path.read_text()[:-100])
    with pytest.raises(ValueError, match="tokenizer.json is not valid JSON"):
        BPETokenizer.load(path)
    path.write_text("[]")
    with pytest.raises(ValueError, match="tokenizer.json holds no BPETokenizer"):
        BPETokenizer.load(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match="tokenizer.json is not UTF-8"):
        BPETokenizer.load(path)


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "tokenizer.json"
    tokenizer = train_bpe("some text", 260)
    tokenizer.save(path)
    before = path.read_bytes()
    monkeypatch.setattr("pathlib.Path.replace", lambda self, target: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        tokenizer.save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
