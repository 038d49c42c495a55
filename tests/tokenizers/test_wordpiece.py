import json
import random
import sys
import unicodedata
from itertools import pairwise

import pytest
import regex
import tokenizers
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import models, normalizers, pre_tokenizers, trainers

from lmkit.tokenizers import BERT_SPECIAL_TOKENS, WordPieceTokenizer, train_bpe, train_wordpiece

EXTRA_TOKENS = ["aa", "##aaa", "##able", "un", "##a", "è", "##\u0301", "İ", "ß", "##ς", "##σ"]


@pytest.fixture(scope="module", params=[True, False], ids=["lowercase", "cased"])
def tokenizer(request, corpus):
    learned = train_wordpiece(corpus, 1500, lowercase=request.param)
    tokens = [*learned.special_tokens, *learned.vocab]
    tokens += [token for token in EXTRA_TOKENS if token not in tokens]
    return WordPieceTokenizer({token: i for i, token in enumerate(tokens)}, lowercase=request.param)


@pytest.fixture(scope="module")
def newer_than_their_tables():
    """Characters whose category today is not the one that ``tokenizers`` goes by."""
    drop = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    strip = normalizers.BertNormalizer(
        clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False
    )
    lower = normalizers.BertNormalizer(
        clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=True
    )
    split, decompose = pre_tokenizers.BertPreTokenizer(), normalizers.NFD()
    newer = set()
    for character in map(chr, range(sys.maxunicode + 1)):
        category = unicodedata.category(character)
        if category in ("Cs", "Cn"):
            continue
        mark = strip.normalize_str("a" + character) == "a"
        control = drop.normalize_str("a" + character) == "a" and character != "\ufffd"
        punctuation = len(split.pre_tokenize_str(f"a{character}a")) == 3 and character not in "$+<=>^`|~"
        if (
            mark != (category == "Mn")
            or control != (category in ("Cc", "Cf", "Co") and character not in "\t\n\r")
            or punctuation != (category[0] == "P")
            or lower.normalize_str(character) != character.lower()
            or decompose.normalize_str(character) != unicodedata.normalize("NFD", character)
            or regex.match(rf"\p{{{category}}}", character) is None
        ):
            newer.add(character)
    return newer


def test_words_equal_those_of_tokenizers_on_every_character(newer_than_their_tables):
    assigned = [chr(c) for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)) not in ("Cn", "Cs")]
    known = [character for character in assigned if character not in newer_than_their_tables]
    assert len(known) > 0.99 * len(assigned)
    for lowercase in (True, False):
        normalizer = normalizers.BertNormalizer(lowercase=lowercase)
        splitter = pre_tokenizers.BertPreTokenizer()
        ours = WordPieceTokenizer({"[UNK]": 0}, ["[UNK]"], lowercase=lowercase)
        for start in range(0, len(known), 500):
            text = "".join(f"A{character}b." for character in known[start : start + 500])
            expected = [word for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(text))]
            assert ours.normalize(text).split(" ") == expected


def test_encodings_equal_tokenizers(tokenizer, hard_texts, newer_than_their_tables):
    theirs = tokenizer.to_huggingface()
    theirs.encode_special_tokens = True
    texts = [
        "".join(c for c in text if unicodedata.category(c) != "Cn" and c not in newer_than_their_tables)
        for text in hard_texts
    ]
    generator = random.Random(1)
    texts += [
        "".join(generator.choices(["a", "un", "able", "E\u0300", "Σ", "ß", "İ", " ", "-"], k=20)) for _ in range(200)
    ]
    for text in [*texts, "x" * 100, "x" * 101]:
        assert tokenizer.encode(text) == theirs.encode(text).ids, repr(text)
    theirs.encode_special_tokens = False
    for text in texts:
        token_ids = tokenizer.encode(text, allow_special=True)
        assert token_ids == theirs.encode(text).ids, repr(text)
        assert tokenizer.decode(token_ids) == theirs.decode(token_ids, skip_special_tokens=False)


def test_a_megabyte_without_a_space(tokenizer):
    assert tokenizer.encode("a" * 10**6) == [tokenizer.special_id("[UNK]")]
    assert len(tokenizer.encode("a-" * 100_000)) == 200_000


def test_surrogates_are_replaced_or_joined(tokenizer, malformed_texts):
    for text in malformed_texts:
        assert tokenizer.encode(text) == tokenizer.encode(
            text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        )


def test_offsets_equal_tokenizers(tokenizer, hard_texts, newer_than_their_tables):
    theirs = tokenizer.to_huggingface()
    theirs.encode_special_tokens = True
    for text in hard_texts:
        text = "".join(c for c in text if unicodedata.category(c) != "Cn" and c not in newer_than_their_tables)
        expected = theirs.encode(text)
        assert tokenizer.encode_with_offsets(text) == (expected.ids, expected.offsets), repr(text)


@settings(max_examples=200, deadline=None)
@given(text=st.text("aAbé天!#- \n\tİΣ\u0301\u0327\u302e\u200b0") | st.text())
def test_offsets_of_any_text(tokenizer, text):
    token_ids, offsets = tokenizer.encode_with_offsets(text)
    assert token_ids == tokenizer.encode(text)
    for token_id, (start, end) in zip(token_ids, offsets, strict=True):
        if token_id != tokenizer.special_id("[UNK]"):
            token = tokenizer.decode([token_id]).removeprefix("##")
            assert tokenizer.normalize(text[start:end]).replace(" ", "").startswith(token)
    assert all(0 <= start < end <= len(text) for start, end in offsets)
    assert all(left_end <= right_start for (_, left_end), (right_start, _) in pairwise(offsets))


def test_greedy_longest_match():
    vocab = ["[UNK]", "a", "ab", "abc", "##c", "##cd", "##d", "##bcd"]
    tokenizer = WordPieceTokenizer({token: i for i, token in enumerate(vocab)}, ["[UNK]"])
    assert tokenizer.encode("abcd") == [3, 6]
    assert tokenizer.encode("abd") == [2, 6]
    assert tokenizer.encode("acd") == [1, 5]
    assert tokenizer.encode("abcc cab ab") == [3, 4, 0, 2]  # "cab": no token starts a word with c
    assert tokenizer.encode("abcdx") == [0]  # greedy never goes back


@settings(max_examples=200, deadline=None)
@given(st.text("aAbé天!#-  \n\t'İΣ\u0301\u200b0", max_size=40))
def test_decode_gives_the_declared_normalisation(text):
    characters = [*"abéeẹ天!#-'i0σ\u0307"]
    tokens = ["[UNK]", *characters, *(f"##{character}" for character in characters), "ab", "##ba", "##"]
    tokenizer = WordPieceTokenizer({token: i for i, token in enumerate(tokens)}, ["[UNK]"])
    token_ids = tokenizer.encode(text)
    assert tokenizer.decode(token_ids) == tokenizer.normalize(text)
    assert tokenizer.encode(tokenizer.normalize(text)) == token_ids


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_normalisation_is_stable_and_loses_only_what_it_says(text):
    tokenizer = WordPieceTokenizer({"[UNK]": 0}, ["[UNK]"], lowercase=False)
    normal = tokenizer.normalize(text)
    assert tokenizer.normalize(normal) == normal
    lost = "".join(c for c in text if c not in normal)
    assert all(c.isspace() or c == "\ufffd" or unicodedata.category(c) in ("Cc", "Cf", "Co", "Cn") for c in lost)


def test_special_tokens(tokenizer):
    token_ids = tokenizer.encode("[CLS]the[SEP]", allow_special=True)
    assert token_ids[0] == tokenizer.special_id("[CLS]")
    assert token_ids[-1] == tokenizer.special_id("[SEP]")
    assert not set(tokenizer.encode("[CLS] [MASK]")) & {tokenizer.special_id("[CLS]"), tokenizer.special_id("[MASK]")}
    plain = WordPieceTokenizer({"[UNK]": 0, "pad": 1, "p": 2, "##ad": 3}, ["[UNK]", "pad"])
    assert plain.encode("pad") == [2, 3]  # protected although spelled like a word
    assert plain.encode("pad", allow_special=True) == [1]


def test_save_and_load(tokenizer, hard_texts, tmp_path):
    path = tmp_path / "tokenizer.json"
    tokenizer.save(path)
    loaded = WordPieceTokenizer.load(path)
    assert (loaded.vocab, loaded.special_tokens) == (tokenizer.vocab, tokenizer.special_tokens)
    assert loaded.lowercase == tokenizer.lowercase
    assert loaded.encode_batch(hard_texts) == tokenizer.encode_batch(hard_texts)


def test_load_what_tokenizers_wrote(corpus, tmp_path):
    theirs = tokenizers.BertWordPieceTokenizer()
    theirs.train_from_iterator(corpus, vocab_size=500, show_progress=False)
    path = tmp_path / "tokenizer.json"
    theirs.save(str(path))
    ours = WordPieceTokenizer.load(path)
    assert set(ours.special_tokens) == set(BERT_SPECIAL_TOKENS)
    for text in corpus:
        assert ours.encode(text) == theirs.encode(text, add_special_tokens=False).ids


def test_vocab_file(tokenizer, corpus, tmp_path):
    path = tmp_path / "vocab.txt"
    tokenizer.save_vocab_file(path)
    loaded = WordPieceTokenizer.from_vocab_file(path, lowercase=tokenizer.lowercase)
    assert (loaded.vocab, loaded.special_tokens) == (tokenizer.vocab, tokenizer.special_tokens)
    theirs = tokenizers.BertWordPieceTokenizer(str(path), lowercase=tokenizer.lowercase)
    for text in corpus:
        assert loaded.encode(text) == theirs.encode(text, add_special_tokens=False).ids


def test_a_vocab_file_leaves_it_to_the_caller_what_is_special_and_whether_case_goes(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_text("[UNK]\na\nA\nb\n")
    tokenizer = WordPieceTokenizer.from_vocab_file(path, ["[UNK]", "b"])
    assert tokenizer.special_tokens == {"[UNK]": 0, "b": 3}
    assert tokenizer.encode("A a") == [1, 1]
    assert WordPieceTokenizer.from_vocab_file(path, ["[UNK]"], lowercase=False).encode("A a") == [2, 1]


def test_bad_vocab_files(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_text("[UNK]\na\nb\na\n")
    with pytest.raises(ValueError, match="vocab.txt holds the token 'a' twice"):
        WordPieceTokenizer.from_vocab_file(path, ["[UNK]"])
    path.write_text("[UNK]\na\n")
    with pytest.raises(ValueError, match=r"vocab.txt: the vocabulary lacks the special token '\[PAD\]'"):
        WordPieceTokenizer.from_vocab_file(path)
    with pytest.raises(ValueError, match="3 ids have no token"):
        WordPieceTokenizer({"[UNK]": 3}, ["[UNK]"]).save_vocab_file(path)


def test_bad_vocabularies():
    with pytest.raises(ValueError, match=r"lacks '\[UNK\]'"):
        WordPieceTokenizer({"[UNK]": 0}, [])
    with pytest.raises(ValueError, match="same id"):
        WordPieceTokenizer({"[UNK]": 0, "a": 0}, ["[UNK]"])
    with pytest.raises(ValueError, match="token id 7 has no token; ids go from 0 to 0"):
        WordPieceTokenizer({"[UNK]": 0}, ["[UNK]"]).decode([7])


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("model.type", "BPE", "model.type='BPE'"),
        ("model.unk_token", "<unk>", "model.unk_token='<unk>'"),
        ("model.continuing_subword_prefix", "@@", "model.continuing_subword_prefix='@@'"),
        ("model.max_input_chars_per_word", 50, "model.max_input_chars_per_word=50"),
        ("normalizer", None, "normalizer.type=None"),
        ("normalizer.clean_text", False, "normalizer.clean_text=False"),
        ("normalizer.handle_chinese_chars", False, "normalizer.handle_chinese_chars=False"),
        ("normalizer.strip_accents", "yes", "normalizer.strip_accents='yes' is not supported, only None or True or F"),
        ("pre_tokenizer", {"type": "Whitespace"}, "pre_tokenizer.type='Whitespace'"),
        ("model.vocab", {}, ""),
    ],
)
def test_foreign_files_are_refused_by_name(tmp_path, key, value, message):
    contents = WordPieceTokenizer({"[UNK]": 0}, ["[UNK]"]).to_json()
    target = contents
    *parents, last = key.split(".")
    for parent in parents:
        target = target[parent]
    target[last] = value
    if key == "model.vocab":
        contents["added_tokens"] = []
    path = tmp_path / "foreign.json"
    path.write_text(json.dumps(contents))
    with pytest.raises(ValueError, match="foreign.json holds no WordPieceTokenizer.*" + message):
        WordPieceTokenizer.load(path)


def test_training_equals_tokenizers_where_no_counts_tie():
    # their trainer breaks ties differently from run to run, so each pair here has a count of its own
    counts = {"ab": 3, "abx": 6, "cd": 12, "cdy": 24, "cdyz": 48, "qcd": 200, "wcd": 100}
    texts = [" ".join([word] * count) for word, count in counts.items()]
    theirs = tokenizers.Tokenizer(models.WordPiece(unk_token="[UNK]"))
    theirs.normalizer, theirs.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    theirs.train_from_iterator(texts, trainers.WordPieceTrainer(special_tokens=["[UNK]"], show_progress=False))
    ids = theirs.get_vocab()
    expected = [token for token in sorted(ids, key=ids.get)[1:] if len(token.removeprefix("##")) > 1]
    ours = train_wordpiece(texts, 1000, ["[UNK]"])
    assert [token for token in ours.vocab if len(token.removeprefix("##")) > 1] == expected
    assert expected[:3] == ["##cd", "qcd", "wcd"]


def test_training_is_bpe_that_knows_the_start_of_a_word():
    words = ["banana", "bandana", "ananas", "cabana", "can", "ban", "nab", "nano", "anna"]
    with_capitals = [word.capitalize() for word in words]  # so that BPE sees the start of a word too
    merged = [(left + right).decode() for left, right in train_bpe(with_capitals, 290).merges]
    expected = [token.lower() if token.istitle() else "##" + token for token in merged]
    ours = train_wordpiece(words, 1000, ["[UNK]"])
    assert {token for token in ours.vocab if len(token.removeprefix("##")) > 1} == set(expected)


def test_training_is_deterministic_and_ordered(corpus):
    first, second = train_wordpiece(corpus, 1200), train_wordpiece(iter(corpus), 1200)
    assert first.vocab == second.vocab
    assert first.vocab_size == 1200
    assert list(first.special_tokens.values()) == [0, 1, 2, 3, 4]
    assert all(token not in first.encode(corpus[0]) for token in [first.special_id("[UNK]")])


def test_case_goes_in_training_as_it_goes_in_encoding():
    uncased, cased = train_wordpiece("Ab Ab", 20, ["[UNK]"]), train_wordpiece("Ab Ab", 20, ["[UNK]"], lowercase=False)
    assert (uncased.lowercase, cased.lowercase) == (True, False)
    assert uncased.encode("AB ab") == [uncased.vocab["ab"]] * 2
    assert cased.encode("Ab ab") == [cased.vocab["Ab"], 0]


def test_rare_characters_become_unknown():
    tokenizer = train_wordpiece("aaa bbb aab xa", 20, ["[UNK]"], max_alphabet=2)
    assert tokenizer.encode("x") == [0]
    assert "x" not in tokenizer.vocab
    assert tokenizer.decode(tokenizer.encode("ab")) == "ab"


def test_bad_training_arguments():
    with pytest.raises(ValueError, match=r"vocab_size=4 is less than 3 characters.* \+ 5 special tokens"):
        train_wordpiece("abc", 4)
    with pytest.raises(ValueError, match="source holds no text"):
        train_wordpiece(" \n", 100)
    with pytest.raises(ValueError, match=r"lacks '\[UNK\]'|lacks the special token '\[UNK\]'"):
        train_wordpiece("abc", 100, ["[PAD]"])


KNOWN_MARKS = "aAbÜüéÉ\u0301ßçÇñ天! -\n"


@pytest.mark.parametrize("lowercase", [True, False])
@pytest.mark.parametrize("strip_accents", [True, False, None])
@settings(max_examples=100, deadline=None)
@given(text=st.text(KNOWN_MARKS))
def test_accents_apart_from_case_as_in_the_library(lowercase, strip_accents, text):
    tokens = [*BERT_SPECIAL_TOKENS, *KNOWN_MARKS, *(f"##{character}" for character in KNOWN_MARKS)]
    library = tokenizers.BertWordPieceTokenizer(
        {token: i for i, token in enumerate(tokens)}, lowercase=lowercase, strip_accents=strip_accents
    )
    ours = WordPieceTokenizer.from_json(json.loads(library.to_str()))
    expected = library.encode(text, add_special_tokens=False)
    assert ours.encode_with_offsets(text) == (expected.ids, expected.offsets)
    assert ours.encode(text) == expected.ids
    again = WordPieceTokenizer.from_json(ours.to_json())
    assert (again.lowercase, again.strip_accents, again.encode(text)) == (lowercase, ours.strip_accents, expected.ids)
