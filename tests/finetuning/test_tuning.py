import copy

import pytest
import torch

from lmkit.finetuning import (
    FineTuningConfig,
    LoRAConfig,
    SequenceClassifier,
    classification_objective,
    fine_tune,
    lora_layers,
    merge_lora,
    predict_classes,
    remove_lora,
)
from lmkit.models import GPT, GPTConfig
from lmkit.tasks import LabelledText, classification_batches

LABELS = ["good", "bad"]
EXAMPLES = [
    LabelledText(text=f"{name} saw a {day} day.", label=day) for name in ("anna", "tom", "kate") for day in LABELS
]


def tuned(bert, bert_format, config):
    model = SequenceClassifier(bert, 2)
    before = copy.deepcopy(model.state_dict())
    batches = classification_batches(EXAMPLES, LABELS, bert_format, batch_size=config.batch_size, num_epochs=None)
    history = fine_tune(model, batches, config, objective=classification_objective, progress=False)
    return model, before, history


@pytest.mark.parametrize(("method", "learning_rate"), [("full", 1e-3), ("lora", 1e-2), ("head", 1e-2)])
def test_each_method_learns_and_changes_what_it_should(method, learning_rate, bert, bert_format):
    config = FineTuningConfig(
        method=method, num_steps=60, batch_size=6, learning_rate=learning_rate, lora=LoRAConfig(rank=2)
    )
    model, before, history = tuned(bert, bert_format, config)
    assert history.num_steps == 60
    assert history.loss_nats[-1] < 0.8 * history.loss_nats[0]
    assert not model.training
    if method == "lora":
        assert {layer.down.shape[0] for _, layer in lora_layers(model)} == {2}
        remove_lora(model)  # the updates were apart from the matrices
    changed = {name for name, tensor in model.state_dict().items() if not torch.equal(tensor, before[name])}
    assert {"head.weight", "head.bias"} <= changed
    if method == "full":
        assert "encoder.token_embedding.weight" in changed
    else:
        assert changed == {"head.weight", "head.bias"}


def test_merged_updates_answer_as_before(bert, bert_format):
    model, _, _ = tuned(bert, bert_format, FineTuningConfig(method="lora", num_steps=30, batch_size=6))
    texts = [each.text for each in EXAMPLES]
    answers = predict_classes(model, texts, LABELS, bert_format)
    merge_lora(model)
    remove_lora(model)
    assert predict_classes(model, texts, LABELS, bert_format) == answers == [each.label for each in EXAMPLES]


def test_errors(bert_format):
    for wrong, message in (
        ({"num_steps": 0}, "num_steps=0 must be at least 1"),
        ({"batch_size": 0}, "batch_size=0 must be at least 1"),
        ({"learning_rate": -1.0}, "learning_rate=-1.0 must be greater than 0"),
    ):
        with pytest.raises(ValueError, match=message):
            FineTuningConfig(**wrong)
    gpt = GPT(GPTConfig(vocab_size=9, context_length=8, d_model=8, num_layers=1, num_heads=1))
    batches = classification_batches(EXAMPLES, LABELS, bert_format, batch_size=2)
    with pytest.raises(ValueError, match="method='head': GPT has no head"):
        fine_tune(gpt, batches, FineTuningConfig(method="head"), objective=classification_objective, progress=False)
