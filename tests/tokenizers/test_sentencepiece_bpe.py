"""The tokenizers of Llama 1 and 2, TinyLlama and Mistral, on files that the ``tokenizers`` library writes."""

import json

import pytest
import tokenizers
import transformers
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, decoders, models, normalizers, pre_tokenizers, processors, trainers

from lmkit.models import load_tokenizer
from lmkit.tokenizers import BPETokenizer, Metaspace, SentencePieceBPETokenizer

SPACE = "\u2581"
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
SPECIAL = ["<unk>", "<s>", "</s>"]
TEXT = "low lower lowest newer wide wider  think about it, naïve caf\u00e9: 天地 " * 4
ANY_TEXT = st.text() | st.text(alphabet=f"low er天é<s>/0xA\n{SPACE}", max_size=30)
TEXTS = ["", " ", "  low", "low  lower", "<s>low</s> wide <s>", f"a{SPACE}b", "\n\t天地🙂", " <s> ", "<0x41>low"]


def trained(*, byte_fallback=True, limit_alphabet=1000):
    """Learn merges of characters, then put special tokens and bytes in front, as in Llama 2's file."""
    learner = tokenizers.Tokenizer(models.BPE(unk_token="<unk>"))
    learner.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.BpeTrainer(vocab_size=90, show_progress=False, limit_alphabet=limit_alphabet)
    learner.train_from_iterator([TEXT], trainer)
    learned = json.loads(learner.to_str())["model"]
    tokens = [*SPECIAL, *(BYTES if byte_fallback else ()), *sorted(learned["vocab"], key=learned["vocab"].get)]
    merges = [tuple(merge) for merge in learned["merges"]]
    model = models.BPE(
        {token: i for i, token in enumerate(tokens)},
        merges,
        unk_token="<unk>",
        fuse_unk=True,
        byte_fallback=byte_fallback,
    )
    return tokenizers.Tokenizer(model)


def llama2(tokenizer, *, normalized=False):
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend(SPACE), normalizers.Replace(" ", SPACE)])
    finish(tokenizer, strips=True, normalized=normalized)
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return tokenizer


def replaced(tokenizer):
    tokenizer.normalizer = normalizers.Replace(" ", SPACE)
    return finish(tokenizer, strips=False)


def metaspace(scheme, tokenizer, *, strips=True):
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=SPACE, prepend_scheme=scheme, split=False)
    return finish(tokenizer, strips=strips)


def finish(tokenizer, *, strips, normalized=False):
    steps = [decoders.Replace(SPACE, " "), decoders.ByteFallback(), decoders.Fuse()]
    tokenizer.decoder = decoders.Sequence([*steps, *([decoders.Strip(" ", 1, 0)] if strips else [])])
    tokenizer.add_special_tokens([AddedToken(token, normalized=normalized, special=True) for token in SPECIAL])
    return tokenizer


LIBRARY = {
    "Llama 2": llama2(trained()),
    "first Llama 2": llama2(trained(), normalized=True),
    "Mistral 0.3": metaspace("first", trained()),
    "always": metaspace("always", trained()),
    "never": metaspace("never", trained(), strips=False),
    "Yi": replaced(trained()),
    "unknown": llama2(trained(byte_fallback=False, limit_alphabet=12)),
}
OURS = {name: SentencePieceBPETokenizer.from_json(json.loads(theirs.to_str())) for name, theirs in LIBRARY.items()}


def assert_equal(ours, theirs, text):
    expected = theirs.encode(text, add_special_tokens=False).ids
    assert ours.encode(text, allow_special=True) == expected, text
    assert ours.decode(expected) == theirs.decode(expected, skip_special_tokens=False), text


@pytest.mark.parametrize("name", LIBRARY)
@settings(max_examples=200, deadline=None)
@given(text=ANY_TEXT)
def test_ids_and_texts_equal_the_library_s(name, text):
    assert_equal(OURS[name], LIBRARY[name], text)


@pytest.mark.parametrize("name", LIBRARY)
def test_ids_and_texts_of_hard_cases_equal_the_library_s(name, hard_texts):
    for text in [*TEXTS, *hard_texts]:
        assert_equal(OURS[name], LIBRARY[name], text)


@pytest.mark.parametrize("name", LIBRARY)
def test_a_file_that_we_wrote_is_read_alike_by_both(name, tmp_path):
    OURS[name].save(tmp_path / "tokenizer.json")
    again = load_tokenizer(tmp_path / "tokenizer.json")
    assert type(again) is SentencePieceBPETokenizer
    assert again.special_tokens == {"<unk>": 0, "<s>": 1, "</s>": 2}
    theirs = tokenizers.Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    for text in TEXTS:
        assert_equal(again, theirs, text)
        assert_equal(again, LIBRARY[name], text)


@given(token_ids=st.lists(st.integers(0, OURS["Llama 2"].vocab_size - 1), max_size=12))
def test_any_ids_are_decoded_as_the_library_decodes_them(token_ids):
    theirs = LIBRARY["Llama 2"].decode(token_ids, skip_special_tokens=False)
    assert OURS["Llama 2"].decode(token_ids) == theirs


@given(text=ANY_TEXT)
def test_decode_undoes_encode_but_for_the_sign_of_a_space(text):
    ours = OURS["Llama 2"]
    assert ours.decode(ours.encode(text)) == text.replace(SPACE, " ")


@pytest.mark.parametrize("legacy", [True, False])
def test_the_tokenizer_of_transformers_for_llama(legacy, tmp_path):
    model = json.loads(LIBRARY["Llama 2"].to_str())["model"]
    merges = [tuple(merge) for merge in model["merges"]]
    theirs = transformers.LlamaTokenizer(vocab=model["vocab"], merges=merges, legacy=legacy)
    theirs.save_pretrained(tmp_path)
    ours = load_tokenizer(tmp_path)
    for text in TEXTS:
        expected = theirs.encode(text, add_special_tokens=False)
        assert ours.encode(text, allow_special=True) == expected
        assert ours.decode(expected) == theirs.decode(expected)


def test_special_tokens_in_data_are_ordinary_text():
    ours = OURS["Llama 2"]
    assert not {1, 2} & set(ours.encode("<s>low</s>"))
    assert ours.decode(ours.encode("<s>low</s>")) == "<s>low</s>"


def test_merges_that_reach_across_words_are_made():
    model = {"<unk>": 0, SPACE: 1, "a": 2, "b": 3, f"a{SPACE}": 4, f"a{SPACE}b": 5, "bb": 6}
    merges = [("a", SPACE), (f"a{SPACE}", "b"), ("b", "b")]  # the last one stays within words
    library = finish(tokenizers.Tokenizer(models.BPE(model, merges, unk_token="<unk>", fuse_unk=True)), strips=False)
    library.normalizer = normalizers.Replace(" ", SPACE)
    ours = SentencePieceBPETokenizer(
        merges, model, metaspace=Metaspace(prefix="never", strips_prefix=False), byte_fallback=False
    )
    for text in ("a b", "ba b a", "a  b", "bba bb"):
        assert ours.encode(text) == library.encode(text).ids
    assert ours.encode("a b") == [5]


def test_a_megabyte_without_a_space():
    ours = OURS["Llama 2"]
    assert ours.decode(ours.encode("low" * 300_000)) == "low" * 300_000


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("model.fuse_unk", False, "model.fuse_unk=False is not supported, only True"),
        ("model.unk_token", "[UNK]", r"model.unk_token='\[UNK\]' is not supported, only '<unk>'"),
        ("model.dropout", 0.1, "model.dropout=0.1 is not supported"),
        ("normalizer", {"type": "NFKC"}, "normalizer={'type': 'NFKC'} with pre_tokenizer=None is not supported, only"),
        ("pre_tokenizer", {"type": "Whitespace"}, "pre_tokenizer={'type': 'Whitespace'} is not supported, only"),
        ("decoder", {"type": "Sequence", "decoders": []}, "is not supported, only Replace of U.2581, ByteFallback"),
        ("model.merges", ["a b c"], "is not a pair"),
        ("model.vocab", {"<unk>": 0}, "the vocabulary lacks the token '<0x00>'"),
    ],
)
def test_other_files_are_refused_by_name(key, value, message, tmp_path):
    contents = OURS["unknown" if key in ("model.fuse_unk", "model.unk_token") else "Llama 2"].to_json()
    target = contents
    *parents, last = key.split(".")
    for parent in parents:
        target = target[parent]
    target[last] = value
    (tmp_path / "tokenizer.json").write_text(json.dumps(contents))
    with pytest.raises(ValueError, match=f"tokenizer.json holds no SentencePieceBPETokenizer.*{message}"):
        load_tokenizer(tmp_path)


def test_two_tokens_with_one_id_are_refused():
    with pytest.raises(ValueError, match="have the same id"):
        SentencePieceBPETokenizer([], {"<unk>": 0, "a": 0}, byte_fallback=False)


def test_marian_s_pair_of_models_is_refused_with_what_to_use(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    for name in ("source.spm", "target.spm", "vocab.json"):
        (tmp_path / name).write_text("")
    with pytest.raises(ValueError, match=r"source\.spm and target\.spm.*encode and decode with transformers\.Marian"):
        load_tokenizer(tmp_path)


def test_byte_level_files_are_still_read_as_such(tmp_path):
    BPETokenizer([(b"a", b"b")]).save(tmp_path / "tokenizer.json")
    assert type(load_tokenizer(tmp_path)) is BPETokenizer
