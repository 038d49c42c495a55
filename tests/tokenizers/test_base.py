from itertools import chain

import pytest

from lmkit.tokenizers import BPETokenizer, Tokenizer, train_bpe, train_unigram, train_wordpiece
from lmkit.tokenizers.base import CACHED_LENGTH

TRAINERS = [(train_bpe, ()), (train_wordpiece, ("[UNK]",)), (train_unigram, ())]


@pytest.mark.parametrize(("train", "needed"), TRAINERS)
def test_all_tokenizers_do_the_same_things(train, needed, corpus, tmp_path):
    special_tokens = (*needed, "<|a|>", "<|a|><|b|>")
    tokenizer = train(corpus, 600, special_tokens)
    assert isinstance(tokenizer, Tokenizer)
    assert tokenizer.vocab_size == 600
    assert set(special_tokens) <= set(tokenizer.special_tokens)
    assert tokenizer.encode("") == []
    assert tokenizer.decode([]) == ""
    ids = [tokenizer.special_id(token) for token in special_tokens]
    assert tokenizer.encode("".join(special_tokens), allow_special=True) == ids
    assert not set(tokenizer.encode("<|a|><|b|>")) & set(ids[len(needed) :])
    texts = ["one, two", "<|a|>", "", "three"]
    encoded = [tokenizer.encode(text, allow_special=True) for text in texts]
    assert tokenizer.encode_batch(texts, allow_special=True) == encoded
    assert list(tokenizer.encode_iterable(iter(texts), allow_special=True)) == sum(encoded[1:], encoded[0])
    path = tmp_path / "tokenizer.json"
    tokenizer.save(path)
    assert type(tokenizer).load(path).encode_batch(texts, allow_special=True) == encoded


@pytest.mark.parametrize(("train", "needed"), TRAINERS)
def test_the_path_of_a_file_and_its_text_teach_the_same(train, needed, corpus, tmp_path):
    path = tmp_path / "corpus.txt"
    path.write_bytes("".join(corpus).encode())
    assert train(path, 500, needed).to_json() == train("".join(corpus), 500, needed).to_json()


@pytest.mark.parametrize(("train", "needed"), TRAINERS)
def test_special_tokens_are_ordinary_text_unless_they_are_allowed(train, needed, corpus):
    tokenizer = train(corpus, 500, (*needed, "<|a|>"))
    special_id = tokenizer.special_id("<|a|>")
    texts = ["x<|a|>", "<|a|>"]
    encoded = [tokenizer.encode(text) for text in texts]
    assert special_id not in chain(*encoded)
    assert tokenizer.encode_batch(texts) == encoded
    assert list(tokenizer.encode_iterable(texts)) == [*chain(*encoded)]


def test_only_short_pieces_are_kept():
    tokenizer = BPETokenizer([])
    tokenizer.encode("a" * CACHED_LENGTH + " " + "b" * CACHED_LENGTH)  # the second piece has the space too
    assert list(tokenizer._cache) == ["a" * CACHED_LENGTH]
