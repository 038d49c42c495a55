"""Added tokens, normal forms and whole pre-tokens as the ``tokenizers`` library has them."""

import json

import pytest
import tokenizers
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import AddedToken, models, normalizers, pre_tokenizers

from lmkit.tokenizers import (
    BPETokenizer,
    UnigramTokenizer,
    WordPieceTokenizer,
    train_bpe,
    train_unigram,
    train_wordpiece,
)

TEXT = "low lower lowest newer wide wider think about it, naïve caf\u00e9 " * 3
OURS = {
    "BPE": train_bpe(TEXT, 290, progress=False),
    "WordPiece": train_wordpiece(TEXT, 60, progress=False),
    "Unigram": train_unigram(TEXT, 300, progress=False),
}
OPTIONS = [
    {},
    {"lstrip": True},
    {"rstrip": True},
    {"lstrip": True, "rstrip": True},
    {"single_word": True},
    {"single_word": True, "lstrip": True},
]
TEXTS = [
    "<think>low</think> <think> lower\n<think>",
    "a <think>\t\n <think>  b",
    "<think><think>x",
    "x<think>y 1<think> <think>_ .<think>.",
    "  <think>  ",
    "a <thinking> <th <think",
    "",
]


def theirs(ours, added=(), **changes):
    """The same tokenizer in the library, with more added tokens."""
    contents = ours.to_json()
    contents |= changes
    tokenizer = tokenizers.Tokenizer.from_str(json.dumps(contents))
    for token in added:
        (tokenizer.add_special_tokens if token.special else tokenizer.add_tokens)([token])
    return tokenizer


def loaded(cls, library):
    return cls.from_json(json.loads(library.to_str()))


@pytest.mark.parametrize("kind", OURS)
@pytest.mark.parametrize("special", [True, False])
@pytest.mark.parametrize("normalized", [True, False])
@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: "+".join(options) or "plain")
def test_added_tokens_are_found_where_the_library_finds_them(kind, special, normalized, options):
    texts = [*TEXTS, "<THINK> low <Thínk>"] if kind == "WordPiece" and normalized else TEXTS
    token = AddedToken("<think>", special=special, normalized=normalized, **options)
    longer = AddedToken("<thinking>", special=False, normalized=False)
    library = theirs(OURS[kind], [token, longer])
    ours = loaded(type(OURS[kind]), library)
    for text in texts:
        expected = library.encode(text, add_special_tokens=False)
        assert ours.encode(text, allow_special=True) == expected.ids, text
    found_without_leave = library.token_to_id("<think>") in ours.encode("a <think> b")
    assert found_without_leave == (not special)
    again = type(ours).from_json(ours.to_json())
    assert [again.encode(text) for text in texts] == [ours.encode(text) for text in texts]
    assert again.added_tokens == ours.added_tokens


@given(st.text(alphabet="<think> a_\n\u3000é", max_size=20))
def test_any_text_is_cut_as_the_library_cuts_it(text):
    library, ours = PAIR
    assert ours.encode(text) == library.encode(text, add_special_tokens=False).ids


LIBRARY = theirs(
    OURS["BPE"],
    [
        AddedToken("<think>", special=False, normalized=False, lstrip=True),
        AddedToken("think", special=False, normalized=False, single_word=True, rstrip=True),
        AddedToken("  ", special=False, normalized=True),
    ],
)
PAIR = LIBRARY, loaded(BPETokenizer, LIBRARY)


@pytest.mark.parametrize("kind", ["BPE", "WordPiece"])
def test_offsets_count_added_tokens_too(kind):
    library = theirs(OURS[kind], [AddedToken("<think>", special=False, normalized=False, lstrip=True)])
    ours = loaded(type(OURS[kind]), library)
    text = "low  <think> lower<think>é"
    token_ids, offsets = ours.encode_with_offsets(text)
    assert token_ids == ours.encode(text)
    think = library.token_to_id("<think>")
    assert [text[start:end] for i, (start, end) in zip(token_ids, offsets, strict=True) if i == think] == [
        "  <think>",
        "<think>",
    ]
    assert offsets[-1][1] == len(text)


def test_runs_of_spaces_are_kept_as_tokens_and_decoded():
    library, ours = PAIR
    token_ids = ours.encode("a    b")
    assert token_ids.count(library.token_to_id("  ")) == 2
    assert ours.decode(token_ids) == "a    b"


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_text_is_brought_into_the_normal_form_first(form):
    library = theirs(OURS["BPE"], normalizer={"type": form})
    ours = loaded(BPETokenizer, library)
    for text in ("cafe\u0301 caf\u00e9", "\ufb01 \u2460", "\uac00 \u1100\u1161", "low"):
        assert ours.encode(text) == library.encode(text).ids
    assert loaded(BPETokenizer, theirs(ours)).encode("cafe\u0301") == ours.encode("cafe\u0301")
    if form == "NFC":
        with pytest.raises(ValueError, match="is not in the normal form NFC"):
            ours.encode_with_offsets("cafe\u0301")
    with pytest.raises(ValueError, match="tiktoken has no Unicode normal forms"):
        ours.to_tiktoken()


def test_other_normalizers_are_refused():
    with pytest.raises(ValueError, match=r"normalizer\.type='Lowercase' is not supported, only 'NFC'"):
        loaded(BPETokenizer, theirs(OURS["BPE"], normalizer={"type": "Lowercase"}))


@pytest.mark.parametrize("ignore_merges", [True, False])
def test_a_pre_token_of_the_vocabulary_is_taken_whole_where_merges_are_ignored(ignore_merges):
    """Llama 3 has tokens that its merges do not reach in their order."""
    alphabet = {char: i for i, char in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    ids = alphabet | {token: 256 + i for i, token in enumerate(["ab", "bc", "abc"])}
    model = models.BPE(ids, [("b", "c"), ("a", "b")], ignore_merges=ignore_merges)
    library = tokenizers.Tokenizer(model)
    library.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    ours = loaded(BPETokenizer, library)
    assert ours.encode("abc") == library.encode("abc").ids == ([258] if ignore_merges else [alphabet["a"], 257])
    assert loaded(BPETokenizer, theirs(ours)).encode("abc") == ours.encode("abc")
    if ignore_merges:
        assert ours.encode("abc abcd") == library.encode("abc abcd").ids


def test_a_special_token_of_the_vocabulary_keeps_its_id():
    vocab = {bytes([byte]): byte for byte in range(256)} | {b"<|endoftext|>": 256, b"ow": 257}
    tokenizer = BPETokenizer([(b"o", b"w")], ["<|endoftext|>", "<new>"], vocab=vocab)
    assert tokenizer.special_tokens == {"<|endoftext|>": 256, "<new>": 258}
    assert tokenizer.vocab_size == 259
    assert tokenizer.encode("ow<|endoftext|>", allow_special=True) == [257, 256]
    assert 256 not in tokenizer.encode("<|endoftext|>")


@pytest.mark.parametrize("form", ["cased", "uncased"])
def test_added_tokens_beside_bert_normalisation(form):
    ours = WordPieceTokenizer(
        {"[UNK]": 0, "[PAD]": 1, "new": 2, "##s": 3, "x": 4}, ["[UNK]", "[PAD]"], lowercase=form == "uncased"
    )
    library = theirs(ours, [AddedToken("Newé", special=False), AddedToken("#", special=False, normalized=False)])
    assert library.normalizer.__class__ is normalizers.BertNormalizer
    again = loaded(WordPieceTokenizer, library)
    for text in ("Newé", "newe x", "NEWÉ#x", "# news\tNewés"):
        assert again.encode(text) == library.encode(text, add_special_tokens=False).ids, text


def test_unigram_files_may_add_tokens_in_any_order_of_the_alphabet():
    library = theirs(OURS["Unigram"], [AddedToken("<z>", special=True), AddedToken("<a>", special=True)])
    contents = json.loads(library.to_str())
    contents["added_tokens"].reverse()
    ours = UnigramTokenizer.from_json(contents)
    text = "low<a><z>lower"
    assert ours.encode(text, allow_special=True) == library.encode(text, add_special_tokens=False).ids


class CountingText(str):
    """A text that counts the characters that are taken from it."""

    taken = 0

    def __getitem__(self, key):
        part = super().__getitem__(key)
        CountingText.taken += len(part)
        return part


def test_the_work_of_unigram_grows_with_the_text_and_not_with_its_square():
    taken = []
    for length in (1_000, 4_000):
        CountingText.taken = 0
        list(OURS["Unigram"]._edges(CountingText("lower" * (length // 5))))
        taken.append(CountingText.taken)
    assert 3.9 * taken[0] < taken[1] < 4.1 * taken[0]


@pytest.mark.parametrize("train", [train_bpe, train_wordpiece, train_unigram])
def test_a_path_as_a_string_is_refused_with_what_to_write(train, tmp_path):
    path = tmp_path / "corpus.txt"
    path.write_text(TEXT, encoding="utf-8")
    with pytest.raises(ValueError, match=r"pass pathlib\.Path\('.*corpus\.txt'\)"):
        train(str(path), 300, progress=False)
    train(path, 300, progress=False)
    train(str(path) + ".nowhere", 300, progress=False)  # the name of no file is a text


@pytest.mark.parametrize("train", [train_bpe, train_wordpiece, train_unigram])
def test_a_byte_order_mark_is_not_learned(train, tmp_path):
    (tmp_path / "plain.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "marked.txt").write_text(TEXT, encoding="utf-8-sig")
    plain, marked = (train(tmp_path / name, 280, progress=False) for name in ("plain.txt", "marked.txt"))
    assert marked.to_json() == plain.to_json()


def test_half_of_a_surrogate_pair_is_no_special_token():
    with pytest.raises(ValueError, match="holds half of a surrogate pair, which is not a character"):
        BPETokenizer([], ["<\ud83d>"])


def test_a_vocabulary_with_half_of_a_surrogate_pair_can_be_saved(tmp_path):
    tokenizer = WordPieceTokenizer({"[UNK]": 0, "a\ud83d": 1, "b": 2}, ["[UNK]"])
    tokenizer.save(tmp_path / "tokenizer.json")
    assert WordPieceTokenizer.load(tmp_path / "tokenizer.json").vocab == tokenizer.vocab
    assert WordPieceTokenizer.load(tmp_path / "tokenizer.json").encode("b a\ud83d") == [2, 0]
