import io
import math
import random
import string
from collections import Counter

import numpy as np
import pytest
import sentencepiece

from lmkit.tokenizers import expected_piece_counts, train_bpe, train_unigram, train_wordpiece
from lmkit.tokenizers.lattice import Lattice
from lmkit.tokenizers.unigram_training import cut_words, seed_pieces


def cuttings(word, probabilities):
    if not word:
        yield (), 1.0
    for end in range(1, len(word) + 1):
        if word[:end] in probabilities:
            for rest, probability in cuttings(word[end:], probabilities):
                yield (word[:end], *rest), probabilities[word[:end]] * probability


@pytest.fixture
def small_case():
    generator = random.Random(0)
    pieces = ["a", "b", "c", "ab", "bc", "abc", "ca", "cabab"]
    words = ["".join(generator.choices("abc", k=generator.randrange(1, 8))) for _ in range(20)]
    probabilities = np.random.default_rng(0).dirichlet(np.ones(len(pieces)))
    counts = np.random.default_rng(1).integers(1, 9, len(words)).astype(float)
    return words, pieces, probabilities, counts


def brute_force_counts(words, pieces, probabilities, counts):
    expected = dict.fromkeys(pieces, 0.0)
    by_piece = dict(zip(pieces, probabilities, strict=True))
    for word, count in zip(words, counts, strict=True):
        ways = list(cuttings(word, by_piece))
        total = sum(probability for _, probability in ways)
        for way, probability in ways:
            for piece in way:
                expected[piece] += count * probability / total
    return np.array(list(expected.values()))


def test_lattice_equals_enumeration(small_case):
    words, pieces, probabilities, counts = small_case
    lattice = Lattice(words, pieces)
    by_piece = dict(zip(pieces, probabilities, strict=True))
    totals = [sum(probability for _, probability in cuttings(word, by_piece)) for word in words]
    np.testing.assert_allclose(lattice.probabilities(probabilities), totals, rtol=1e-12)
    expected = brute_force_counts(words, pieces, probabilities, counts)
    np.testing.assert_allclose(lattice.expected_counts(probabilities, counts), expected, rtol=1e-12)


def test_expected_piece_counts_by_hand():
    """cat: c·a·t with 1/8, c·at with 1/8, so each has half; at: a·t with 1/4, at with 1/4, half each."""
    counts = expected_piece_counts({"cat": 2, "at": 4}, {"c": 0.5, "a": 0.5, "t": 0.5, "at": 0.25})
    assert counts == pytest.approx({"c": 2.0, "a": 3.0, "t": 3.0, "at": 3.0})


def test_expected_piece_counts_need_a_segmentation():
    with pytest.raises(ValueError, match="word 'cab' has no segmentation"):
        expected_piece_counts({"at": 1, "cab": 1}, {"a": 0.5, "t": 0.5})


def test_lattice_without_whole_words(small_case):
    _, pieces, probabilities, _ = small_case
    by_piece = dict(zip(pieces, probabilities, strict=True))
    expected = [sum(p for way, p in cuttings(piece, by_piece) if len(way) > 1) for piece in pieces]
    actual = Lattice(pieces, pieces, whole_words=False).probabilities(probabilities)
    np.testing.assert_allclose(actual, expected, rtol=1e-12)


def test_lattice_after_pieces_are_dropped(small_case):
    words, pieces, probabilities, counts = small_case
    lattice = Lattice(words, pieces)
    for kept in ([0, 1, 2, 4, 6, 7], [0, 1, 2, 4]):  # the second time counted from the first
        lattice.keep(np.array(kept))
        pieces, probabilities = [pieces[i] for i in kept], probabilities[kept]
        expected = brute_force_counts(words, pieces, probabilities, counts)
        np.testing.assert_allclose(lattice.expected_counts(probabilities, counts), expected, rtol=1e-12)


def test_expectation_maximisation_raises_the_likelihood(small_case):
    words, pieces, probabilities, counts = small_case
    lattice = Lattice(words, pieces)
    likelihoods = []
    for _ in range(10):
        likelihoods.append(float(counts @ np.log(lattice.probabilities(probabilities))))
        expected = lattice.expected_counts(probabilities, counts)
        probabilities = expected / expected.sum()
    assert likelihoods == sorted(likelihoods)
    assert likelihoods[-1] > likelihoods[0] + 1


def test_seeds_are_the_repeated_substrings_that_no_longer_one_covers():
    generator = random.Random(3)
    words = {
        "".join(generator.choices("ab", k=generator.randrange(1, 9))): generator.randrange(1, 4) for _ in range(30)
    }
    counts = {}
    for word, count in words.items():
        for start in range(len(word)):
            for end in range(start + 2, min(start + 5, len(word)) + 1):
                counts[word[start:end]] = counts.get(word[start:end], 0) + count
    expected = {
        piece: count
        for piece, count in counts.items()
        if count > 1 and not any(counts.get(longer) == count for c in "ab" for longer in (piece + c, c + piece))
    }
    seeds = seed_pieces(words, max_length=5, max_seeds=1000)
    assert seeds == expected
    coverage = [len(piece) * count for piece, count in seeds.items()]
    assert coverage == sorted(coverage, reverse=True)
    assert list(seed_pieces(words, max_length=5, max_seeds=3)) == list(seeds)[:3]


def test_words_are_cut_at_unknown_characters_and_to_length():
    assert cut_words({"a-]^b": 2, "x" * 70: 1}, "ab]^-x") == {"a-]^b": 2, "x" * 32: 2, "x" * 6: 1}
    assert cut_words({"aéb": 2, "é": 1, "b": 1}, "ab") == {"a": 2, "b": 3}


def naive_training(word_counts, num_pieces):
    """The same by enumeration: fit twice, drop the least useful quarter of the pieces, and so on."""
    characters = Counter()
    for word, count in word_counts.items():
        characters.update({character: word.count(character) * count for character in word})
    alphabet = sorted(characters, key=lambda character: (-characters[character], character))
    expected = {character: characters[character] for character in alphabet} | seed_pieces(word_counts, 16, 1000)
    while True:
        for _ in range(2):
            probabilities = np.array(list(expected.values()), dtype=float) / sum(expected.values())
            counts = brute_force_counts(word_counts, list(expected), probabilities, word_counts.values())
            expected = dict(zip(expected, np.maximum(counts, 1e-3).tolist(), strict=True))
        probs = {piece: count / sum(expected.values()) for piece, count in expected.items()}
        if len(probs) <= num_pieces:
            return probs
        loss = dict.fromkeys(alphabet, math.inf)
        for piece in [piece for piece in expected if piece not in loss]:
            others = sum(probability for way, probability in cuttings(piece, probs) if len(way) > 1)
            loss[piece] = expected[piece] * math.log(probs[piece] / others)
        kept = sorted(loss, key=loss.get, reverse=True)[: max(num_pieces, int(0.75 * len(loss)))]
        expected = {piece: count for piece, count in expected.items() if piece in kept}


@pytest.mark.parametrize("seed", range(4))
def test_training_equals_enumeration(seed):
    generator = random.Random(seed)
    words = ["".join(generator.choices("abc", k=generator.randrange(1, 8))) for _ in range(40)]
    expected = naive_training(Counter(words), 14)
    ours = train_unigram(words, 15, byte_fallback=False)
    assert ours.scores == pytest.approx({piece: math.log(prob) for piece, prob in expected.items()}, abs=2**-12)


def test_pieces_stay_within_pre_tokens_and_their_greatest_length():
    assert max(map(len, train_unigram("a1 a1 a1", 300, pattern=r"\p{L}|\p{N}| ").vocab)) == 1
    assert "a1" in train_unigram("a1 a1 a1", 300, pattern=r"\w+").vocab
    assert set("".join(train_unigram("ab<|x y|>cd" * 50, 300, ["<|x y|>"]).vocab)) == set("abcd")
    alphabet = [string.ascii_lowercase] * 3
    assert max(map(len, train_unigram(alphabet, 600).vocab)) == 16
    assert max(map(len, train_unigram(alphabet, 600, max_piece_length=3).vocab)) == 3


def test_layout_of_ids():
    tokenizer = train_unigram("aaab aaab ab", 262, ["<s>"])
    assert tokenizer.special_tokens == {"<unk>": 0, "<s>": 1}
    assert tokenizer.encode("\x07") == [2 + 7]
    assert min(tokenizer.vocab.values()) == 258
    assert tokenizer.vocab_size == 262
    scores = list(tokenizer.scores.values())
    assert scores == sorted(scores, reverse=True)
    assert sum(map(math.exp, scores)) == pytest.approx(1, abs=1e-3)
    assert {"a", "b", "\u2581"} <= set(tokenizer.scores)  # characters always stay


def test_training_is_deterministic(corpus):
    first, second = train_unigram(corpus, 700), train_unigram(iter(corpus), 700)
    assert first.to_json() == second.to_json()
    assert first.vocab_size == 700


def test_a_file_is_the_same_as_its_text(tmp_path, corpus):
    path = tmp_path / "corpus.txt"
    path.write_text(corpus[0], encoding="utf-8")
    assert train_unigram(path, 500).to_json() == train_unigram(corpus[0], 500).to_json()


def test_vocabulary_is_as_good_as_that_of_sentencepiece(corpus):
    text = corpus[0]
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(text.split("\n")),
        model_writer=model,
        vocab_size=700,
        model_type="unigram",
        normalization_rule_name="identity",
        byte_fallback=True,
        add_dummy_prefix=False,
        minloglevel=2,
    )
    theirs = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    ours = train_unigram(text, 700)
    words = [word for word in ours._split(text) if not word.isspace()]
    num_ours, num_theirs = (sum(len(t.encode(word)) for word in words) for t in (ours, theirs))
    assert num_ours < 1.05 * num_theirs
    assert len(ours.encode(text)) < 1.1 * len(train_bpe(text, 700).encode(text))


@pytest.mark.parametrize("train", [train_unigram, train_wordpiece])
def test_at_most_1000_characters_are_learned_by_default(train):
    characters = [chr(0x4E00 + number) for number in range(1001)]
    tokenizer = train(["".join(characters), "".join(characters[:-1])], 3000)
    assert set(characters) & {token.removeprefix("##") for token in tokenizer.vocab} == set(characters[:-1])


def test_rare_characters_become_bytes():
    tokenizer = train_unigram("aaa bbb aab xa", 280, max_alphabet=3)
    assert set("".join(tokenizer.vocab)) == {"a", "b", "\u2581"}
    assert tokenizer.decode(tokenizer.encode("xab")) == "xab"


def test_a_small_text_gives_a_small_vocabulary():
    assert train_unigram("ab", 1000).vocab_size == 1 + 256 + 2
    assert train_unigram("a", 300, byte_fallback=False).vocab_size == 2


def test_bad_arguments():
    with pytest.raises(ValueError, match=r"vocab_size=258 is less than 3 characters \+ 257 reserved tokens"):
        train_unigram("abc", 258)
    with pytest.raises(ValueError, match="source holds no text"):
        train_unigram("", 300)
    with pytest.raises(ValueError, match="holds the piece '<unk>' twice"):
        train_unigram("abc", 300, ["<unk>"])
