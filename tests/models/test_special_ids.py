"""What a model was trained with is stored with it, in the fields that transformers reads."""

import json

import pytest
import transformers

from lmkit.models import (
    BERT,
    GPT,
    BERTConfig,
    EncoderDecoder,
    EncoderDecoderConfig,
    GPTConfig,
    Llama,
    LlamaConfig,
    SpecialIds,
    load_special_ids,
    save_pretrained,
)
from lmkit.models.special_ids import read_special_ids

SIZES = {"vocab_size": 29, "context_length": 11, "d_model": 12, "num_layers": 1, "num_heads": 3}
MODELS = {
    "gpt2": lambda: GPT(GPTConfig(**SIZES)),
    "llama": lambda: Llama(LlamaConfig(**SIZES, d_ff=16)),
    "bert": lambda: BERT(BERTConfig(**SIZES)),
    "marian": lambda: EncoderDecoder(EncoderDecoderConfig(**SIZES)),
}
LAYOUTS = {
    "packed": SpecialIds(start_id=3, end_ids=(3,)),
    "one-document-per-row": SpecialIds(start_id=3, end_ids=(4, 5), pad_id=6, starts_texts=True, packed=False),
    "source-with-an-end": SpecialIds(start_id=3, end_ids=(4,), pad_id=3, starts_texts=True, ends_source=True),
    "nothing": SpecialIds(),
}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_was_saved_is_given_back(name, layout, tmp_path):
    save_pretrained(MODELS[name](), tmp_path, special_ids=LAYOUTS[layout])
    assert load_special_ids(tmp_path) == LAYOUTS[layout]


@pytest.mark.parametrize("name", ["gpt2", "llama", "bert"])
def test_transformers_finds_the_tokens(name, tmp_path):
    save_pretrained(MODELS[name](), tmp_path, special_ids=LAYOUTS["one-document-per-row"])
    for config in (
        transformers.AutoConfig.from_pretrained(tmp_path),
        transformers.GenerationConfig.from_pretrained(tmp_path),
    ):
        assert (config.bos_token_id, config.eos_token_id, config.pad_token_id) == (3, [4, 5], 6)


def test_transformers_starts_and_ends_a_translation_as_we_say(tmp_path):
    save_pretrained(MODELS["marian"](), tmp_path, special_ids=LAYOUTS["source-with-an-end"])
    model = transformers.MarianMTModel.from_pretrained(tmp_path)
    assert model.generation_config.decoder_start_token_id == model.config.decoder_start_token_id == 3
    assert model.generation_config.eos_token_id == 4
    assert model.generation_config.forced_eos_token_id == 4
    assert model.generation_config.bos_token_id is None


@pytest.mark.parametrize(
    ("config", "generation_config", "expected"),
    [
        (
            transformers.GPT2Config(),
            transformers.GenerationConfig(bos_token_id=50256, eos_token_id=50256),
            SpecialIds(start_id=50256, end_ids=(50256,)),
        ),
        (
            transformers.LlamaConfig(bos_token_id=1, eos_token_id=2),
            transformers.GenerationConfig(bos_token_id=1, eos_token_id=[2, 7], pad_token_id=0),
            SpecialIds(start_id=1, end_ids=(2, 7), pad_id=0),
        ),
        (
            transformers.MarianConfig(pad_token_id=28, decoder_start_token_id=28, eos_token_id=0),
            transformers.GenerationConfig(),
            SpecialIds(start_id=28, end_ids=(0,), pad_id=28, starts_texts=True, packed=False),
        ),
        (transformers.BertConfig(), transformers.GenerationConfig(), SpecialIds(pad_id=0, packed=False)),
    ],
    ids=["gpt2", "llama", "marian", "bert"],
)
def test_what_transformers_wrote_is_read(config, generation_config, expected):
    assert read_special_ids(config.to_dict(), generation_config.to_dict(), {}) == expected


def template(*single):
    parts = [
        {"Sequence": {"id": "A", "type_id": 0}} if part == "A" else {"SpecialToken": {"id": part, "type_id": 0}}
        for part in single
    ]
    tokens = {part: {"id": part, "ids": [int(part[1:])], "tokens": [part]} for part in single if part != "A"}
    return {"type": "TemplateProcessing", "single": parts, "pair": [], "special_tokens": tokens}


@pytest.mark.parametrize(
    ("config", "post_processor", "expected"),
    [
        (
            {"model_type": "llama", "bos_token_id": 1, "eos_token_id": 2},
            {"type": "Sequence", "processors": [{"type": "ByteLevel"}, template("t1", "A")]},
            SpecialIds(start_id=1, end_ids=(2,), starts_texts=True),
        ),
        (
            {"model_type": "bert", "pad_token_id": 0},
            template("t101", "A", "t102"),
            SpecialIds(start_id=101, end_ids=(102,), pad_id=0, starts_texts=True, packed=False),
        ),
        (
            {"model_type": "marian", "is_encoder_decoder": True, "decoder_start_token_id": 9, "eos_token_id": 0},
            template("A", "t0"),
            SpecialIds(start_id=9, end_ids=(0,), starts_texts=True, packed=False, ends_source=True),
        ),
        (
            {"model_type": "llama", "bos_token_id": 1, "eos_token_id": 2},
            template("t7", "A"),  # begins texts, but with another token
            SpecialIds(start_id=1, end_ids=(2,)),
        ),
        (
            {"model_type": "marian", "is_encoder_decoder": True, "eos_token_id": 0},
            template("t7", "A", "t5"),  # another end, and a start of the source, which is not the target's
            SpecialIds(end_ids=(0,), packed=False),
        ),
        (
            {"model_type": "gpt2"},
            {"type": "RobertaProcessing", "cls": ["<s>", 0], "sep": ["</s>", 2]},
            SpecialIds(start_id=0, end_ids=(2,), starts_texts=True),
        ),
    ],
    ids=["llama", "bert", "marian", "another-start", "another-end", "roberta"],
)
def test_the_tokenizers_post_processor_says_what_surrounds_a_text(config, post_processor, expected):
    assert read_special_ids(config, {}, {"post_processor": post_processor}) == expected


def test_special_ids_of_an_earlier_model_do_not_stay(tmp_path):
    save_pretrained(MODELS["gpt2"](), tmp_path, special_ids=LAYOUTS["packed"])
    save_pretrained(MODELS["gpt2"](), tmp_path)
    assert load_special_ids(tmp_path) == SpecialIds()


def test_prompts_and_sources_are_laid_out_as_in_training():
    one_per_row, packed = LAYOUTS["one-document-per-row"], LAYOUTS["packed"]
    assert one_per_row.prompt([8, 9]) == [3, 8, 9]
    assert packed.prompt([8, 9]) == [8, 9]
    assert one_per_row.prompt([]) == packed.prompt([]) == [3]
    assert LAYOUTS["source-with-an-end"].source([8]) == [8, 4]
    assert one_per_row.source([8]) == [8]
    with pytest.raises(ValueError, match="the prompt is empty, and the model has no start token"):
        SpecialIds().prompt([])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"end_ids": (-1,)}, "special token id -1 is negative"),
        ({"starts_texts": True}, "starts_texts=True needs a start_id"),
        ({"ends_source": True}, "ends_source=True needs end_ids"),
    ],
)
def test_what_cannot_be_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        SpecialIds(**options)


def test_a_special_token_outside_the_vocabulary_is_refused(tmp_path):
    with pytest.raises(ValueError, match="special token id 29 must be less than vocab_size=29"):
        save_pretrained(MODELS["gpt2"](), tmp_path, special_ids=SpecialIds(end_ids=(29,)))
    assert not list(tmp_path.iterdir())


def test_the_layout_is_in_the_config_alone(tmp_path):
    save_pretrained(MODELS["gpt2"](), tmp_path, special_ids=LAYOUTS["one-document-per-row"])
    config = json.loads((tmp_path / "config.json").read_text())
    assert config["lmkit"] == {"starts_texts": True, "packed": False, "ends_source": False}
    assert "lmkit" not in json.loads((tmp_path / "generation_config.json").read_text())
