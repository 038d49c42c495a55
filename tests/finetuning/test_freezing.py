import pytest
import torch
from torch import nn

from lmkit.data import Batch, next_token_batches
from lmkit.finetuning import SequenceClassifier, classification_objective, freeze_layers, layerwise_adamw
from lmkit.models import BERT, GPT, BERTConfig, GPTConfig
from lmkit.training import SGD, TrainingConfig, constant, train, train_step

SIZES = {"vocab_size": 23, "context_length": 8, "d_model": 12, "num_layers": 3, "num_heads": 2}
BATCH = Batch(inputs=torch.arange(16).view(2, 8), targets=torch.full((2, 8), -100), labels=torch.tensor([0, 1]))


def classifier():
    return SequenceClassifier(BERT(BERTConfig(**SIZES), seed=1), 2, dropout=0.0)


@pytest.mark.parametrize("num_frozen", [0, 1, 3])
def test_frozen_layers_stay(num_frozen):
    model = classifier()
    freeze_layers(model, num_frozen)
    before = {name: parameter.clone() for name, parameter in model.named_parameters()}
    optimizer = layerwise_adamw(model, 0.01)
    for _ in range(2):
        train_step(model, optimizer, BATCH, objective=classification_objective)
    changed = {name for name, parameter in model.named_parameters() if not torch.equal(parameter, before[name])}
    layers = {name for name in before if name.startswith(tuple(f"encoder.layers.{i}." for i in range(num_frozen, 3)))}
    assert changed == layers | {"head.weight", "head.bias", "encoder.pooler.weight", "encoder.pooler.bias"}


def test_a_tied_unembedding_is_frozen_with_its_embedding():
    model = GPT(GPTConfig(**SIZES))
    freeze_layers(model, 2)
    frozen = {name for name, parameter in model.named_parameters() if not parameter.requires_grad}
    assert not model.unembedding.weight.requires_grad
    assert {name.split(".")[0] for name in frozen} == {"token_embedding", "position_embedding", "layers"}
    assert {name.split(".")[1] for name in frozen if name.startswith("layers")} == {"0", "1"}
    freeze_layers(model, 0)
    assert model.layers[0].attention.qkv.weight.requires_grad


def test_each_depth_has_its_own_learning_rate():
    model = classifier()
    optimizer = layerwise_adamw(model, 0.5, factor=0.5, weight_decay=0.25)
    group_of = {parameter: group for group in optimizer.param_groups for parameter in group["params"]}
    expected = {
        "head.weight": (0.5, 0.25),
        "head.bias": (0.5, 0.0),
        "encoder.pooler.weight": (0.5, 0.25),
        "encoder.layers.2.attention.qkv.weight": (0.25, 0.25),
        "encoder.layers.0.attention_norm.weight": (0.0625, 0.0),
        "encoder.token_embedding.weight": (0.03125, 0.25),
        "encoder.embedding_norm.bias": (0.03125, 0.0),
    }
    parameters = dict(model.named_parameters())
    assert set(group_of) == set(parameters.values())
    for name, (learning_rate, weight_decay) in expected.items():
        group = group_of[parameters[name]]
        assert (group["lr"], group["weight_decay"]) == (learning_rate, weight_decay), name


def test_a_layer_learns_four_fifths_as_fast_as_the_one_above_it_unless_told_otherwise():
    optimizer = layerwise_adamw(classifier(), 0.5)
    assert {group["lr_scale"] for group in optimizer.param_groups} == {0.8**power for power in range(5)}
    assert {group["weight_decay"] for group in optimizer.param_groups} == {0.1, 0.0}
    assert {group["betas"] for group in optimizer.param_groups} == {(0.9, 0.95)}
    alike = layerwise_adamw(classifier(), 0.5, factor=1.0, betas=(0.8, 0.9))
    assert {(group["lr"], group["betas"]) for group in alike.param_groups} == {(0.5, (0.8, 0.9))}


def test_a_schedule_moves_all_learning_rates():
    model = classifier()
    optimizer = layerwise_adamw(model, 1.0, factor=0.5)
    history = train(
        model,
        optimizer,
        [BATCH],
        constant(0.01),
        TrainingConfig(num_steps=1),
        objective=classification_objective,
        progress=False,
    )
    assert sorted({group["lr"] for group in optimizer.param_groups}) == [0.01 * 0.5**power for power in (4, 3, 2, 1, 0)]
    assert history.learning_rate == [0.01]


def test_a_group_steps_by_its_share_of_the_learning_rate():
    model = nn.Sequential(nn.Linear(2, 2, bias=False), nn.Linear(2, 1, bias=False))
    groups = [{"params": model[0].parameters(), "lr_scale": 0.25}, {"params": model[1].parameters()}]
    optimizer = SGD(groups, 1.0)
    before = [layer.weight.clone() for layer in model]
    x = torch.tensor([[1.0, 2.0]])
    batch = next(next_token_batches(torch.arange(3), batch_size=1, context_length=2))
    train_step(model, optimizer, batch, objective=lambda m, _: m(x).sum(), learning_rate=0.5, max_grad_norm=torch.inf)
    first_gradient = before[1].T @ x
    second_gradient = (before[0] @ x.T).T
    torch.testing.assert_close(model[0].weight, before[0] - 0.125 * first_gradient)
    torch.testing.assert_close(model[1].weight, before[1] - 0.5 * second_gradient)


def test_what_cannot_be_done_is_named():
    with pytest.raises(ValueError, match="num_frozen=4 must be between 0 and the model's 3 layers"):
        freeze_layers(classifier(), 4)
    for factor in (0.0, 1.5):
        with pytest.raises(ValueError, match=f"factor={factor} must be greater than 0 and at most 1"):
            layerwise_adamw(classifier(), 0.1, factor=factor)
