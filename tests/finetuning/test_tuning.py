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
from lmkit.training import History, TrainingConfig, warmup_cosine

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


def test_every_setting_reaches_the_run(bert, bert_format, monkeypatch):
    runs = []

    def recorded(model, optimizer, batches, schedule, config, **options):
        rates = [schedule(step) for step in range(config.num_steps)]
        decays = [group["weight_decay"] for group in optimizer.param_groups]
        runs.append((rates, decays, config, options))
        return History()

    monkeypatch.setattr("lmkit.finetuning.tuning.train", recorded)
    for config in (
        FineTuningConfig(num_steps=40),
        FineTuningConfig(num_steps=40, method="head"),
        FineTuningConfig(num_steps=40, learning_rate=0.5, weight_decay=0.25, seed=3),
    ):
        tuned(bert, bert_format, config)
    for (rates, decays, config, options), highest, decay, seed in zip(
        runs, (1e-3, 1e-2, 0.5), (0.1, 0.1, 0.25), (0, 0, 3), strict=True
    ):
        expected = warmup_cosine(highest, num_steps=40, warmup_steps=2)
        assert rates == [expected(step) for step in range(40)]
        assert decays == [decay, 0.0]
        assert config == TrainingConfig(num_steps=40, seed=seed)
        assert options == {"objective": classification_objective, "progress": False}


def test_the_seed_decides_where_the_updates_start(bert, bert_format):
    starts = []
    for seed in (0, 0, 1):
        config = FineTuningConfig(method="lora", num_steps=1, learning_rate=1e-12, seed=seed)
        model, _, _ = tuned(copy.deepcopy(bert), bert_format, config)
        starts.append(torch.cat([layer.down.flatten() for _, layer in lora_layers(model)]))
    torch.testing.assert_close(starts[0], starts[1])
    assert not torch.allclose(starts[0], starts[2], atol=0.01)


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
