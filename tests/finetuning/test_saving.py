"""Fine-tuned models in the formats of transformers and peft."""

import json

import pytest
import torch
import transformers
from safetensors.torch import load_file

from lmkit.data import Batch
from lmkit.finetuning import (
    LoRAConfig,
    PairRegressor,
    SequenceClassifier,
    SpanExtractor,
    TokenTagger,
    add_lora,
    load_fine_tuned,
    lora_layers,
    merge_lora,
    save_fine_tuned,
    save_peft_adapter,
)
from lmkit.models import (
    BERT,
    GPT,
    BERTConfig,
    GPTConfig,
    Llama,
    LlamaConfig,
    SpecialIds,
    load_pretrained,
    load_special_ids,
    save_pretrained,
)
from lmkit.models.pretrained import family_of
from lmkit.recipes import save_task_model
from lmkit.recipes.saved_model import load_head
from lmkit.tokenizers import train_bpe

SIZES = {"vocab_size": 29, "context_length": 9, "d_model": 12, "num_layers": 2, "num_heads": 3}
IDS = torch.randint(29, (3, 7), generator=torch.Generator().manual_seed(0))
SEGMENTS = torch.tensor([[0, 0, 1, 1, 1, 1, 1]] * 3)
BATCH = Batch(inputs=IDS, targets=IDS, segment_ids=SEGMENTS)
LABELS = ["bad", "so so", "good"]


def bert():
    return BERT(BERTConfig(**SIZES), seed=1)


def gpt():
    return GPT(GPTConfig(**SIZES), seed=1)


def llama():
    return Llama(LlamaConfig(**SIZES, num_kv_heads=1, d_head=4, d_ff=16), seed=1)


def interleaved_llama():
    return Llama(LlamaConfig(**SIZES, num_kv_heads=1, d_head=4, d_ff=16, rope_layout="interleaved"), seed=1)


def gpt_without_biases():
    return GPT(GPTConfig(**SIZES, bias=False), seed=1)


HEADS = {
    "bert-classes": lambda: SequenceClassifier(bert(), 3),
    "bert-tags": lambda: TokenTagger(bert(), 3),
    "bert-spans": lambda: SpanExtractor(bert()),
    "gpt-tags": lambda: TokenTagger(gpt(), 3),
    "gpt-spans": lambda: SpanExtractor(gpt()),
    "llama-tags": lambda: TokenTagger(llama(), 3),
}
AUTO = {
    "classes": transformers.AutoModelForSequenceClassification,
    "tags": transformers.AutoModelForTokenClassification,
    "spans": transformers.AutoModelForQuestionAnswering,
}


def with_large_head(name):
    """A head whose outputs are not near zero, whatever its weights' start."""
    model = HEADS[name]().double().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.2 * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(7)).double()
    return model


@pytest.mark.parametrize("name", [name for name in HEADS if "llama" not in name])
def test_the_auto_classes_of_transformers_load_a_head_with_its_labels(name, tmp_path):
    kind = name.split("-")[1]
    model = with_large_head(name)
    save_fine_tuned(model, tmp_path, labels=[] if kind == "spans" else LABELS)
    theirs, report = AUTO[kind].from_pretrained(tmp_path, dtype=torch.float64, output_loading_info=True)
    assert not report["missing_keys"]
    segments = {"token_type_ids": SEGMENTS} if name.startswith("bert") else {}
    with torch.no_grad():
        output = theirs.eval()(IDS, **segments)
        ours = model.logits(BATCH)
    if kind == "spans":
        allowed = ours > torch.finfo(ours.dtype).min
        both = torch.stack([output.start_logits, output.end_logits], dim=1)
        torch.testing.assert_close(ours[allowed], both[allowed], atol=1e-10, rtol=0)
    else:
        assert theirs.config.id2label == dict(enumerate(LABELS))
        assert theirs.config.label2id == {label: number for number, label in enumerate(LABELS)}
        torch.testing.assert_close(ours, output.logits, atol=1e-10, rtol=0)


@pytest.mark.parametrize("name", HEADS)
def test_a_round_trip_changes_nothing(name, tmp_path):
    model = with_large_head(name)
    labels = () if name.endswith("spans") else tuple(LABELS)
    special_ids = SpecialIds(start_id=2, end_ids=(3,), starts_texts=True, packed=False)
    save_fine_tuned(model, tmp_path, labels=labels, special_ids=special_ids)
    again, their_labels = load_fine_tuned(tmp_path, dtype=torch.float64)
    assert their_labels == labels
    assert not again.training
    with torch.no_grad():
        torch.testing.assert_close(again.logits(BATCH), model.logits(BATCH), atol=1e-10, rtol=0)
    assert load_special_ids(tmp_path) == special_ids
    base = load_pretrained(tmp_path, dtype=torch.float64)  # the head does not disturb
    torch.testing.assert_close(base.hidden(IDS), model.encoder.hidden(IDS), atol=1e-10, rtol=0)


@pytest.mark.parametrize("kind", ["SequenceClassification", "TokenClassification", "QuestionAnswering"])
def test_what_transformers_fine_tuned_is_read(kind, tmp_path):
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=29,
        max_position_embeddings=9,
        hidden_size=12,
        num_hidden_layers=2,
        num_attention_heads=3,
        intermediate_size=20,
        id2label=dict(enumerate(LABELS)) if kind != "QuestionAnswering" else {0: "0", 1: "1"},
    )
    theirs = getattr(transformers, f"BertFor{kind}")(config).double().eval()
    theirs.save_pretrained(tmp_path)
    with pytest.warns(UserWarning, match=f"holds a BertFor{kind}, without .*masked_head.weight.*start from random"):
        ours, labels = load_fine_tuned(tmp_path, dtype=torch.float64)
    assert labels == (tuple(LABELS) if kind != "QuestionAnswering" else ())
    with torch.no_grad():
        output = theirs(IDS, token_type_ids=SEGMENTS)
        logits = ours.logits(BATCH)
    if kind == "QuestionAnswering":
        torch.testing.assert_close(logits[:, 0, 2:6], output.start_logits[:, 2:6], atol=1e-10, rtol=0)
        torch.testing.assert_close(logits[:, 1, 2:6], output.end_logits[:, 2:6], atol=1e-10, rtol=0)
    else:
        torch.testing.assert_close(logits, output.logits, atol=1e-10, rtol=0)


def test_heads_that_transformers_does_not_have_are_refused(tmp_path):
    for model in (PairRegressor(bert()), SequenceClassifier(gpt(), 3)):
        with pytest.raises(TypeError, match="has no counterpart in transformers; there are SequenceClassifier on BERT"):
            save_fine_tuned(model, tmp_path)
    with pytest.raises(ValueError, match=r"labels=\['one'\] must be 3, one for each output"):
        save_fine_tuned(HEADS["bert-classes"](), tmp_path, labels=["one"])


def test_save_pretrained_says_what_to_call(tmp_path):
    with pytest.raises(TypeError, match=r"SequenceClassifier is a head: save it with lmkit\.finetuning\.save_fine_tun"):
        save_pretrained(HEADS["bert-classes"](), tmp_path)
    model = gpt()
    add_lora(model, LoRAConfig(rank=2))
    with pytest.raises(ValueError, match="merge_lora and remove_lora, or as an adapter"):
        save_pretrained(model, tmp_path)


def test_a_folder_without_a_known_head_is_refused(tmp_path):
    save_pretrained(bert(), tmp_path)
    with pytest.raises(ValueError, match="architecture 'BertForPreTraining'; supported: BertForSequenceClassification"):
        load_fine_tuned(tmp_path)


@pytest.mark.parametrize(
    "make", [HEADS["bert-tags"], lambda: PairRegressor(bert()), lambda: SequenceClassifier(gpt(), 3)]
)
def test_a_task_model_gets_its_head_back(make, tmp_path):
    model, fresh = make(), make()
    model.head.weight.data += 1
    tokenizer = train_bpe("low lower lowest", 260, progress=False)
    save_task_model(HEADS["bert-classes"](), tokenizer, tmp_path)
    save_task_model(model, tokenizer, tmp_path)
    load_head(fresh, tmp_path)
    assert torch.equal(fresh.head.weight, model.head.weight)
    with pytest.raises(ValueError, match="another task's"):
        load_head(HEADS["bert-spans"](), tmp_path)


def with_updates(model, config):
    add_lora(model, config)
    generator = torch.Generator().manual_seed(2)
    for _, layer in lora_layers(model):
        layer.up.data = torch.randn(layer.up.shape, generator=generator).to(layer.up)
    return model


@pytest.mark.parametrize(
    ("make", "task_type", "also"),
    [
        (gpt, "CAUSAL_LM", set()),
        (llama, "CAUSAL_LM", set()),
        (interleaved_llama, "CAUSAL_LM", set()),
        (gpt_without_biases, "CAUSAL_LM", set()),
        (bert, None, set()),
        (HEADS["bert-classes"], "SEQ_CLS", {"classifier"}),
        (HEADS["bert-spans"], "QUESTION_ANS", {"qa_outputs"}),
        (HEADS["llama-tags"], "TOKEN_CLS", {"score"}),
    ],
)
def test_a_peft_adapter_added_to_the_weights_gives_the_merged_model(make, task_type, also, tmp_path):
    """By the format that peft documents: W + alpha / r * B A, transposed where ``fan_in_fan_out``."""
    config = LoRAConfig(rank=3, alpha=5.0, dropout=0.1)
    model = with_updates(make(), config)
    base = getattr(model, "encoder", model)
    save_peft_adapter(model, config, tmp_path, base_model="somebody/base")
    theirs = json.loads((tmp_path / "adapter_config.json").read_text())
    assert (theirs["peft_type"], theirs["task_type"], theirs["bias"]) == ("LORA", task_type, "none")
    assert (theirs["r"], theirs["lora_alpha"], theirs["lora_dropout"]) == (3, 5.0, 0.1)
    assert theirs["base_model_name_or_path"] == "somebody/base"
    assert set(theirs["modules_to_save"] or ()) == also
    tensors = load_file(tmp_path / "adapter_model.safetensors")
    assert all(name.startswith("base_model.model.") for name in tensors)

    before = {}
    family = family_of(base)
    plain = {name.replace(".base.", "."): tensor.clone() for name, tensor in base.state_dict().items()}
    stored_config, plain = family.as_stored(base.config, plain)
    for name, stored in family.tensors(stored_config).items():
        before |= stored.take_apart(plain[name])
    merge_lora(model)
    plain = {name.replace(".base.", "."): tensor for name, tensor in base.state_dict().items()}
    _, plain = family.as_stored(base.config, plain)
    changed = set()
    for name, stored in family.tensors(stored_config).items():
        for their_name, merged in stored.take_apart(plain[name]).items():
            module = their_name.removesuffix(".weight")
            a, b = (tensors.get(f"base_model.model.{module}.lora_{part}.weight") for part in "AB")
            expected = before[their_name]
            if a is not None:
                changed.add(module)
                assert a.shape[0] == b.shape[1] == 3
                update = b @ a * 5.0 / 3
                expected = expected + (update.T if theirs["fan_in_fan_out"] else update)
            torch.testing.assert_close(merged, expected, atol=1e-5, rtol=0)
    assert changed == set(theirs["target_modules"])
    rest = {name for name in tensors if "lora_" not in name}
    assert rest == {f"base_model.model.{name}.{part}" for name in also for part in ("weight", "bias")}


def test_a_peft_adapter_needs_updates_that_are_not_merged(tmp_path):
    config = LoRAConfig(rank=2)
    with pytest.raises(ValueError, match="has no LoRA updates: call add_lora first"):
        save_peft_adapter(gpt(), config, tmp_path)
    model = with_updates(gpt(), config)
    merge_lora(model)
    with pytest.raises(ValueError, match="has merged LoRA updates: call unmerge_lora first"):
        save_peft_adapter(model, config, tmp_path)
