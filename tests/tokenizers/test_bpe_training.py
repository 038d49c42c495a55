import json
import random
from collections import Counter
from itertools import pairwise

import pytest
import regex
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from lmkit.tokenizers import GPT2_PATTERN, BPETokenizer, files, train_bpe


def naive_merges(texts, num_merges, pattern=GPT2_PATTERN):
    """Count everything anew for each merge; of the most frequent pairs take the greatest."""
    words = [[bytes([byte]) for byte in word.encode()] for text in texts for word in regex.findall(pattern, text)]
    merges = []
    while len(merges) < num_merges:
        counts = Counter(pair for word in words for pair in pairwise(word))
        if not counts:
            break
        best = max(counts, key=lambda pair: (counts[pair], pair))
        merges.append(best)
        for word in words:
            position = 0
            while position < len(word) - 1:
                if (word[position], word[position + 1]) == best:
                    word[position : position + 2] = [best[0] + best[1]]
                position += 1
    return merges


@pytest.mark.parametrize("seed", range(30))
def test_merges_equal_those_of_counting_anew(seed):
    generator = random.Random(seed)
    letters = "ab" if seed % 2 else "abcé "
    texts = ["".join(generator.choices(letters, k=generator.randrange(1, 120))) for _ in range(5)]
    assert train_bpe(texts, 300).merges == naive_merges(texts, 44)


def test_ties_go_to_the_greater_pair_of_byte_strings():
    assert train_bpe(["ab", "az", "ba", "zA", "é"], 260).merges == [
        (b"\xc3", b"\xa9"),
        (b"z", b"A"),
        (b"b", b"a"),
        (b"a", b"z"),
    ]
    # a longer string is greater than its own beginning: (b"ab", b"c") before (b"a", b"d")
    texts = ["ab"] * 3 + ["abc", "abcd", "ac"]
    assert train_bpe(texts, 261).merges == naive_merges(texts, 5)


@pytest.mark.parametrize("vocab_size", [300, 1000, 3000])
def test_merges_equal_those_of_tokenizers_one_by_one(corpus, vocab_size):
    theirs = Tokenizer(models.BPE())
    theirs.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    theirs.train_from_iterator(corpus, trainer)
    expected = json.loads(theirs.to_str())["model"]["merges"]
    ours = train_bpe(corpus, vocab_size, tie_break="lower_ids")
    assert ours.to_json()["model"]["merges"] == expected
    assert len(expected) == vocab_size - 256


def test_layout_of_ids():
    tokenizer = train_bpe("aaab aaab", 260, ["<|b|>", "<|a|>"])
    assert tokenizer.vocab_size == 260
    assert tokenizer.special_tokens == {"<|b|>": 258, "<|a|>": 259}
    assert tokenizer.vocab[b"a"] == 97
    assert [tokenizer.vocab[left + right] for left, right in tokenizer.merges] == [256, 257]


def test_training_stops_when_nothing_is_left_to_merge():
    tokenizer = train_bpe("ab ab", 1000, ["<s>"])
    assert tokenizer.merges == naive_merges(["ab ab"], 744)
    assert tokenizer.vocab_size == 256 + len(tokenizer.merges) + 1
    assert train_bpe("abc", 256).merges == []


def test_nothing_is_merged_across_special_tokens():
    with_special = train_bpe("ab<|x y|>cd" * 50, 300, ["<|x y|>"])
    assert with_special.merges == naive_merges(["ab", *["cdab"] * 49, "cd"], 43)
    assert (b"b", b"c") not in with_special.merges


def test_pattern_limits_the_merges():
    assert train_bpe("a1 a1 a1", 300, pattern=r"\p{L}|\p{N}| ").merges == []
    assert (b"a", b"1") in train_bpe("a1 a1 a1", 300, pattern=r"\w+").merges


@pytest.mark.parametrize("chars_per_read", [1, 7, 64, 1000, 10**6])
def test_a_file_in_pieces_is_the_same_as_its_text(tmp_path, monkeypatch, corpus, chars_per_read):
    special_tokens = ["<|end of text|>", "<|end"]
    text = "<|end of text|>".join([*corpus[2:10], "wide   \n\n  spaces\r\n and <|end here ", corpus[0][:3000]])
    path = tmp_path / "corpus.txt"
    path.write_bytes(text.encode())
    monkeypatch.setattr(files, "CHARS_PER_READ", chars_per_read)
    pieces = list(files.read_documents(path, special_tokens))
    assert "".join(pieces) == text
    assert train_bpe(path, 500, special_tokens).merges == train_bpe(text, 500, special_tokens).merges
    if chars_per_read == 64:
        assert len(pieces) > 50


def test_documents_may_come_from_a_generator(corpus):
    assert train_bpe((text for text in corpus), 400).merges == train_bpe(corpus, 400).merges
    assert train_bpe(corpus[0], 400).merges == train_bpe([corpus[0]], 400).merges


def test_surrogates_are_learned_as_they_are_encoded():
    assert train_bpe("\ud83d\ude00", 300).merges == train_bpe("\U0001f600", 300).merges
    assert train_bpe("\ud83d", 300).merges == train_bpe("\ufffd", 300).merges


def test_bad_arguments(tmp_path):
    with pytest.raises(ValueError, match="vocab_size=256 is less than 256 bytes \\+ 1 special tokens"):
        train_bpe("text", 256, ["<s>"])
    for empty in ("", [], ["", ""], "<s><s>"):
        with pytest.raises(ValueError, match="source holds no text"):
            train_bpe(empty, 300, ["<s>"])
    with pytest.raises(TypeError, match="source yields 3, which is not a str"):
        train_bpe(iter(["a", 3]), 300)
    for not_a_source in (b"bytes", 5, None):
        with pytest.raises(TypeError):
            train_bpe(not_a_source, 300)
    with pytest.raises(ValueError, match="holds '<s>' twice"):
        train_bpe("text", 300, ["<s>", "<s>"])
    with pytest.raises(ValueError, match="empty string"):
        train_bpe("text", 300, [""])
    with pytest.raises(ValueError, match="capturing groups"):
        train_bpe("text", 300, pattern="(a)|b")
    with pytest.raises(ValueError, match="not a valid regular expression"):
        train_bpe("text", 300, pattern="(a")
    path = tmp_path / "latin1.txt"
    path.write_bytes(b"caf\xe9")
    with pytest.raises(ValueError, match="latin1.txt is not UTF-8"):
        train_bpe(path, 300)
    with pytest.raises(FileNotFoundError):
        train_bpe(tmp_path / "missing.txt", 300)


def test_the_result_is_a_tokenizer(corpus):
    tokenizer = train_bpe(corpus, 1000)
    assert isinstance(tokenizer, BPETokenizer)
    assert len(tokenizer.encode(corpus[0])) < len(corpus[0].encode()) / 2
