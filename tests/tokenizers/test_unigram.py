import json
import math
import pickle
import random
from collections import Counter

import pytest
import tokenizers
from hypothesis import given, settings
from hypothesis import strategies as st

from lmkit.tokenizers import UnigramTokenizer, train_unigram
from lmkit.tokenizers.unigram import BYTE_PIECES

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
SMALL = [
    ("<unk>", 0.0),
    ("a", -2.0),
    ("b", -2.5),
    ("ab", -3.0),
    ("ba", -4.0),
    ("aba", -5.5),
    ("\u2581", -3.0),
    ("\u2581a", -3.5),
]


def cuttings(word, scores):
    """Every way to cut a word, with its log-probability."""
    if not word:
        yield (), 0.0
    for end in range(1, len(word) + 1):
        if word[:end] in scores:
            for rest, score in cuttings(word[end:], scores):
                yield (word[:end], *rest), scores[word[:end]] + score


@pytest.fixture(scope="module", params=[True, False], ids=["bytes", "unk"])
def tokenizer(request, corpus):
    return train_unigram(corpus, 1500, ["<|endoftext|>", "<|end|>", "<|end|>ing"], byte_fallback=request.param)


@pytest.mark.parametrize("seed", range(20))
def test_encoding_takes_the_most_probable_cutting(seed):
    generator = random.Random(seed)
    pieces = {"".join(generator.choices("abc", k=generator.randrange(1, 5))) for _ in range(30)} | {"a", "b", "c"}
    vocab = [("<unk>", 0.0), *((piece, -generator.uniform(1, 9)) for piece in sorted(pieces))]
    tokenizer = UnigramTokenizer(vocab, byte_fallback=False)
    for _ in range(20):
        word = "".join(generator.choices("abc", k=generator.randrange(1, 9)))
        best = max(score for _, score in cuttings(word, tokenizer.scores))
        cut = [tokenizer.decode([token_id]) for token_id in tokenizer.encode(word)]
        assert "".join(cut) == word
        assert sum(tokenizer.scores[piece] for piece in cut) == pytest.approx(best, abs=1e-12)


def test_sampling_follows_the_probabilities():
    tokenizer = UnigramTokenizer(SMALL, byte_fallback=False)
    generator = random.Random(0)
    for temperature in (0.5, 1.0, 3.0):
        ways = {
            tuple(tokenizer.vocab[piece] for piece in cut): math.exp(score / temperature)
            for cut, score in cuttings("ababa", tokenizer.scores)
        }
        total = sum(ways.values())
        drawn = Counter(tuple(tokenizer.sample("ababa", generator, temperature=temperature)) for _ in range(4_000))
        assert drawn.keys() <= ways.keys()
        for way, weight in ways.items():
            share = weight / total
            assert abs(drawn[way] / 4_000 - share) < 5 * math.sqrt(share * (1 - share) / 4_000) + 1e-9


def test_samples_decode_to_the_text(tokenizer, corpus):
    generator = random.Random(0)
    text = corpus[0][:3000]
    samples = [tokenizer.sample(text, generator) for _ in range(3)]
    assert samples[0] != samples[1] != samples[2]
    assert {tokenizer.decode(sample) for sample in samples} == {text}
    assert tokenizer.sample(text, generator, temperature=1e-3) == tokenizer.encode(text)
    end = tokenizer.special_id("<|endoftext|>")
    assert tokenizer.sample("a<|endoftext|>", generator, allow_special=True)[-1] == end
    assert end not in tokenizer.sample("a<|endoftext|>", generator)
    assert tokenizer.sample(text, random.Random(7)) == tokenizer.sample(text, random.Random(7))
    for temperature in (0.0, -1.0, math.nan):
        with pytest.raises(ValueError, match=f"temperature={temperature} must be greater than 0"):
            tokenizer.sample("a", generator, temperature=temperature)


def test_encodings_equal_tokenizers(tokenizer, hard_texts):
    theirs = tokenizer.to_huggingface()
    theirs.encode_special_tokens = True
    for text in hard_texts:
        assert tokenizer.encode(text) == theirs.encode(text).ids, repr(text)
    theirs.encode_special_tokens = False
    for text in hard_texts:
        token_ids = tokenizer.encode(text, allow_special=True)
        assert token_ids == theirs.encode(text).ids, repr(text)
        assert tokenizer.decode(token_ids) == theirs.decode(token_ids, skip_special_tokens=False), repr(text)


def test_surrogates_are_replaced_or_joined(tokenizer, malformed_texts):
    for text in malformed_texts:
        repaired = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        assert tokenizer.encode(text) == tokenizer.encode(repaired)


@pytest.mark.parametrize("text", ["a" * 200_000, "ab-" * 100_000])
def test_long_texts_without_a_space(tokenizer, text):
    token_ids = tokenizer.encode(text)
    assert token_ids == tokenizer.to_huggingface().encode(text).ids
    assert tokenizer.decode(token_ids) == text


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT)
def test_decode_gives_everything_back_but_the_sign_for_a_space(corpus_tokenizer, text):
    repaired = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert corpus_tokenizer.decode(corpus_tokenizer.encode(text)) == repaired.replace("\u2581", " ")


@pytest.fixture(scope="module")
def corpus_tokenizer(corpus):
    return train_unigram(corpus, 800)


def test_unknown_characters():
    tokenizer = UnigramTokenizer(SMALL, byte_fallback=False)
    assert tokenizer.encode("axyb") == [1, 0, 2]  # a run of unknown characters is one <unk>
    assert tokenizer.encode("x y") == [0, 6, 0]
    assert tokenizer.decode([1, 0, 2]) == "a<unk>b"
    with_bytes = UnigramTokenizer([*SMALL, *((piece, 0.0) for piece in BYTE_PIECES)])
    assert with_bytes.encode("é") == [8 + 0xC3, 8 + 0xA9]
    assert with_bytes.decode([8 + 0xC3, 8 + 0xA9, 1]) == "éa"
    assert with_bytes.decode([8 + 0xC3]) == "\ufffd"


@pytest.mark.parametrize("seed", range(10))
def test_an_unknown_character_costs_what_it_costs_in_the_library(seed):
    """Longer pieces hold characters that are no pieces themselves, so both ways compete."""
    generator = random.Random(seed)
    pieces = {"a", "b"} | {"".join(generator.choices("abcd", k=generator.randrange(2, 4))) for _ in range(12)}
    scores = {piece: -generator.randrange(2**13, 15 * 2**12) / 2**12 for piece in sorted(pieces)}
    tokenizer = UnigramTokenizer([("<unk>", 0.0), *scores.items()], byte_fallback=False)
    library = tokenizer.to_huggingface()
    for _ in range(100):
        word = "".join(generator.choices("abcd", k=generator.randrange(1, 13)))
        assert tokenizer.encode(word) == library.encode(word).ids, word


def test_byte_pieces_and_special_tokens_are_protected():
    tokenizer = UnigramTokenizer([*SMALL, *((piece, 0.0) for piece in BYTE_PIECES)], pattern=r"\S+|\s+")
    assert tokenizer.decode(tokenizer.encode("<0x41> <unk>")) == "<0x41> <unk>"
    assert 0 not in tokenizer.encode("<unk>")
    assert tokenizer.encode("<unk>", allow_special=True) == [0]


def test_save_and_load(tokenizer, hard_texts, tmp_path):
    path = tmp_path / "tokenizer.json"
    tokenizer.save(path)
    loaded = UnigramTokenizer.load(path)
    assert (loaded.vocab, loaded.scores) == (tokenizer.vocab, tokenizer.scores)
    assert (loaded.special_tokens, loaded.pattern) == (tokenizer.special_tokens, tokenizer.pattern)
    assert loaded.byte_fallback == tokenizer.byte_fallback
    assert loaded.encode_batch(hard_texts) == tokenizer.encode_batch(hard_texts)
    assert pickle.loads(pickle.dumps(loaded)).encode_batch(hard_texts) == tokenizer.encode_batch(hard_texts)


def test_load_what_tokenizers_wrote(corpus, hard_texts, tmp_path):
    theirs = tokenizers.Tokenizer(tokenizers.models.Unigram())
    theirs.pre_tokenizer = tokenizers.pre_tokenizers.Metaspace(prepend_scheme="never")
    trainer = tokenizers.trainers.UnigramTrainer(
        vocab_size=500, special_tokens=["<unk>", "<s>"], unk_token="<unk>", show_progress=False
    )
    theirs.train_from_iterator(corpus, trainer)
    path = tmp_path / "tokenizer.json"
    theirs.save(str(path))
    # their reader rounds scores otherwise than others do, which would decide between equally good cuttings
    contents = json.loads(path.read_text())
    contents["model"]["vocab"] = [[piece, round(score * 4096) / 4096] for piece, score in contents["model"]["vocab"]]
    path.write_text(json.dumps(contents))
    theirs, ours = tokenizers.Tokenizer.from_file(str(path)), UnigramTokenizer.load(path)
    assert ours.special_tokens == {"<unk>": 0, "<s>": 1}
    for text in hard_texts:
        assert ours.encode(text, allow_special=True) == theirs.encode(text).ids, repr(text)
    ours.save(path)  # with the pattern spelled out
    again = tokenizers.Tokenizer.from_file(str(path))
    assert [again.encode(text).ids for text in hard_texts] == [theirs.encode(text).ids for text in hard_texts]


def test_added_tokens_may_follow_the_vocabulary():
    contents = UnigramTokenizer(SMALL, byte_fallback=False).to_json()
    contents["added_tokens"].append({"id": len(SMALL), "content": "<pad>"})
    tokenizer = UnigramTokenizer.from_json(contents)
    assert tokenizer.special_tokens == {"<unk>": 0, "<pad>": 8}
    assert tokenizer.vocab_size == 9


def test_bad_vocabularies():
    with pytest.raises(ValueError, match="holds the piece 'a' twice"):
        UnigramTokenizer([*SMALL, ("a", -1.0)], byte_fallback=False)
    with pytest.raises(ValueError, match="lacks the token '<0x00>'"):
        UnigramTokenizer(SMALL)
    with pytest.raises(ValueError, match="lacks the token '<pad>'"):
        UnigramTokenizer(SMALL, ["<unk>", "<pad>"], byte_fallback=False)
    with pytest.raises(ValueError, match=r"special_tokens=\[\] lacks '<unk>'"):
        UnigramTokenizer(SMALL, [], byte_fallback=False)
    with pytest.raises(ValueError, match="token id 8 has no token; ids go from 0 to 7"):
        UnigramTokenizer(SMALL, byte_fallback=False).decode([8])


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("model.type", "BPE", "model.type='BPE'"),
        ("model.unk_id", None, "the unknown token is None"),
        ("model.unk_id", 1, "the unknown token is 'a'"),
        ("model.unk_id", 99, "IndexError"),
        ("model.byte_fallback", True, "lacks the token '<0x00>'"),
        ("model.vocab", [["<unk>"]], "not enough values"),
        ("normalizer", {"type": "NFKC"}, "normalizer={'type': 'NFKC'} is not supported"),
        ("pre_tokenizer", {"type": "Metaspace", "prepend_scheme": "always"}, "is no Metaspace without a space"),
        ("added_tokens", [{"id": 1, "content": "<s>"}], "id 1 is both '<s>' and 'a'"),
        ("added_tokens", [{"id": 99, "content": "<s>"}], "added token .*<s>.* has id 99; the next free one is 8"),
    ],
)
def test_foreign_files_are_refused_by_name(tmp_path, key, value, message):
    contents = UnigramTokenizer(SMALL, byte_fallback=False).to_json()
    target = contents
    *parents, last = key.split(".")
    for parent in parents:
        target = target[parent]
    target[last] = value
    path = tmp_path / "foreign.json"
    path.write_text(json.dumps(contents))
    with pytest.raises(ValueError, match="foreign.json holds no UnigramTokenizer.*" + message):
        UnigramTokenizer.load(path)
