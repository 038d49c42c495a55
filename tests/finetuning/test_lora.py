import copy
import json
import math

import pytest
import torch
from torch import nn

from lmkit.data import next_token_batches
from lmkit.finetuning import (
    LoRAConfig,
    LoRALinear,
    SequenceClassifier,
    add_lora,
    load_adapter,
    lora_layers,
    merge_lora,
    remove_lora,
    save_adapter,
    unmerge_lora,
)
from lmkit.models import (
    BERT,
    GPT,
    BERTConfig,
    EncoderDecoder,
    EncoderDecoderConfig,
    GPTConfig,
    Llama,
    LlamaConfig,
    load_pretrained,
    save_pretrained,
)
from lmkit.training import fused_adamw, next_token_objective, train_step

SIZES = {"vocab_size": 23, "context_length": 8, "d_model": 12, "num_layers": 2, "num_heads": 2}
IDS = torch.randint(23, (3, 8), generator=torch.Generator().manual_seed(0))
BATCH = next(next_token_batches(torch.arange(25) % 23, batch_size=3, context_length=8))
CONFIG = LoRAConfig(rank=3, alpha=5.0)
EVERY_LAYER = r"layers\..*"


def gpt(**changes):
    return GPT(GPTConfig(**SIZES | changes), seed=1).eval()


def fill(model, seed=2):
    """Give the updates values, as training would."""
    generator = torch.Generator().manual_seed(seed)
    for _, layer in lora_layers(model):
        layer.up.data = torch.randn(layer.up.shape, generator=generator).to(layer.up.dtype)


def test_the_formula():
    generator = torch.Generator().manual_seed(0)
    base = nn.Linear(5, 4).double()
    layer = LoRALinear(base, LoRAConfig(rank=2, alpha=6.0), generator)
    layer.up.data = torch.randn(4, 2, generator=generator, dtype=torch.float64)
    x = torch.randn(7, 5, generator=generator, dtype=torch.float64)
    expected = torch.empty(7, 4, dtype=torch.float64)
    for row in range(7):
        for output in range(4):
            total = base.bias[output]
            for column in range(5):
                weight = base.weight[output, column]
                for r in range(2):
                    weight = weight + 3.0 * layer.up[output, r] * layer.down[r, column]
                total = total + weight * x[row, column]
            expected[row, output] = total
    torch.testing.assert_close(layer(x), expected, atol=1e-12, rtol=0)
    torch.testing.assert_close(nn.functional.linear(x, layer.weight, layer.bias), expected, atol=1e-12, rtol=0)


@pytest.mark.parametrize(
    "model",
    [
        gpt(),
        BERT(BERTConfig(**SIZES)).eval(),
        Llama(LlamaConfig(**SIZES, num_kv_heads=1, d_ff=16)).eval(),
    ],
    ids=["gpt", "bert", "llama"],
)
@pytest.mark.parametrize("layers", [CONFIG.layers, EVERY_LAYER])
def test_nothing_has_changed_at_first(model, layers):
    model = copy.deepcopy(model)
    expected = model(IDS)
    add_lora(model, LoRAConfig(layers=layers))
    assert len(list(lora_layers(model))) >= 4
    assert torch.equal(model(IDS), expected)
    fill(model)
    assert not torch.allclose(model(IDS), expected, atol=1e-3)


def test_cross_attention_reads_the_updated_matrix():
    config = EncoderDecoderConfig(vocab_size=23, context_length=8, d_model=12, num_layers=1, num_heads=2)
    model = EncoderDecoder(config).eval()
    expected = model(IDS, IDS)
    add_lora(model, LoRAConfig(layers=r".*source_attention\.qkv"))
    assert torch.equal(model(IDS, IDS), expected)
    fill(model)
    updated = model(IDS, IDS)
    assert not torch.allclose(updated, expected, atol=1e-3)
    updated.sum().backward()
    assert all(layer.up.grad.abs().max() > 0 and layer.down.grad.abs().max() > 0 for _, layer in lora_layers(model))
    merge_lora(model)
    torch.testing.assert_close(model(IDS, IDS), updated)


def test_only_the_updates_learn():
    model = gpt()
    add_lora(model, CONFIG)
    before = {name: parameter.clone() for name, parameter in model.named_parameters()}
    optimizer = fused_adamw(model, 0.02)
    losses = [train_step(model, optimizer, BATCH, objective=next_token_objective).loss_nats for _ in range(20)]
    assert losses[-1] < losses[0] - 0.05
    changed = {name for name, parameter in model.named_parameters() if not torch.equal(parameter, before[name])}
    layers = ("attention.qkv", "attention.output", "feed_forward.inner", "feed_forward.output")
    names = [f"layers.{i}.{layer}" for i in range(2) for layer in layers]
    assert changed == {f"{name}.{matrix}" for name in names for matrix in ("down", "up")}
    num_trained = sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    assert num_trained == 2 * 3 * (12 + 36 + 12 + 12 + 12 + 48 + 48 + 12)


def test_a_head_learns_too():
    model = SequenceClassifier(BERT(BERTConfig(**SIZES)), 2)
    add_lora(model, CONFIG)
    trained = {name for name, parameter in model.named_parameters() if parameter.requires_grad}
    assert {"head.weight", "head.bias"} < trained
    assert len(trained) == 2 + 16


def test_an_untied_unembedding_can_be_updated():
    model = gpt(tie_embeddings=False)
    add_lora(model, LoRAConfig(layers="unembedding"))
    fill(model)
    expected = nn.functional.cross_entropy(model(BATCH.inputs).flatten(0, 1), BATCH.targets.flatten())
    torch.testing.assert_close(next_token_objective(model, BATCH), expected)  # reads the matrix, not the layer
    next_token_objective(model, BATCH).backward()
    assert model.unembedding.down.grad.abs().max() > 0


def test_merged_and_unmerged():
    model = gpt().double()
    plain = {name: weight.clone() for name, weight in model.state_dict().items()}
    add_lora(model, LoRAConfig(layers=EVERY_LAYER))
    fill(model)
    expected = model(IDS)
    merge_lora(model)
    torch.testing.assert_close(model(IDS), expected, atol=1e-12, rtol=0)
    assert torch.equal(model.layers[0].attention.qkv.weight, model.layers[0].attention.qkv.base.weight)
    with pytest.raises(ValueError, match="cannot be merged: they are already merged"):
        merge_lora(model)
    unmerge_lora(model)
    torch.testing.assert_close(model(IDS), expected, atol=1e-12, rtol=0)
    with pytest.raises(ValueError, match="cannot be unmerged: they are not merged"):
        unmerge_lora(model)
    remove_lora(model)
    assert model.state_dict().keys() == plain.keys()
    for name, weight in model.state_dict().items():
        torch.testing.assert_close(weight, plain[name], atol=1e-12, rtol=0, msg=name)
    with pytest.raises(ValueError, match="cannot be merged: there are none"):
        merge_lora(model)


def test_merged_and_removed_it_is_a_model_like_any_other(tmp_path):
    model = gpt()
    add_lora(model, CONFIG)
    fill(model)
    expected = model(IDS)
    merge_lora(model)
    remove_lora(model)
    save_pretrained(model, tmp_path)
    torch.testing.assert_close(load_pretrained(tmp_path)(IDS), expected)


def test_dropout_is_of_the_update_alone():
    model = gpt()
    add_lora(model, LoRAConfig(rank=4, dropout=0.5))
    without = model(IDS)
    model.train()
    assert torch.equal(model(IDS), without)  # there is nothing to drop yet
    fill(model)
    torch.manual_seed(0)
    assert not torch.equal(model(IDS), model(IDS))
    model.eval()
    assert torch.equal(model(IDS), model(IDS))


def test_an_adapter_alone_is_saved(tmp_path):
    bert = BERT(BERTConfig(**SIZES), seed=3)
    model = SequenceClassifier(copy.deepcopy(bert), 2).eval()
    add_lora(model, CONFIG)
    fill(model)
    model.head.weight.data.fill_(0.5)
    save_adapter(model, CONFIG, tmp_path / "adapter")
    assert sorted(path.name for path in (tmp_path / "adapter").iterdir()) == ["adapter.json", "adapter.safetensors"]
    size = (tmp_path / "adapter" / "adapter.safetensors").stat().st_size
    assert size < 4 * sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad) + 2000

    again = SequenceClassifier(copy.deepcopy(bert), 2, seed=9).eval()
    assert load_adapter(again, tmp_path / "adapter") == CONFIG
    assert model.state_dict().keys() == again.state_dict().keys()
    for name, weight in again.state_dict().items():
        assert torch.equal(weight, model.state_dict()[name]), name
    assert all(p.requires_grad == q.requires_grad for p, q in zip(model.parameters(), again.parameters(), strict=True))


def test_an_adapter_of_another_model_is_refused(tmp_path):
    model = gpt()
    with pytest.raises(ValueError, match="the model has no LoRA layers"):
        save_adapter(model, CONFIG, tmp_path)
    add_lora(model, CONFIG)
    save_adapter(model, CONFIG, tmp_path)
    with pytest.raises(
        ValueError, match=r"tensor layers.0.attention.output.down has shape \[3, 12\], expected \[3, 24\]"
    ):
        load_adapter(gpt(d_model=24), tmp_path)
    with pytest.raises(ValueError, match=r"tensor layers.1.attention.output.down is unexpected in"):
        load_adapter(gpt(num_layers=1), tmp_path)
    with pytest.raises(ValueError, match=r"tensor layers.2.attention.output.down is missing from"):
        load_adapter(gpt(num_layers=3), tmp_path)
    weights = (tmp_path / "adapter.safetensors").read_bytes()
    (tmp_path / "adapter.safetensors").write_bytes(weights[:-4])
    with pytest.raises(ValueError, match="cut short: tensor .* lacks its last 4 bytes"):
        load_adapter(gpt(), tmp_path)
    (tmp_path / "adapter.safetensors").write_bytes(weights)
    fields = json.loads((tmp_path / "adapter.json").read_text())
    (tmp_path / "adapter.json").write_text(json.dumps(fields | {"rank": 0}))
    with pytest.raises(ValueError, match="rank=0 must be at least 1"):
        load_adapter(gpt(), tmp_path)
    with pytest.raises(FileNotFoundError):
        load_adapter(gpt(), tmp_path / "nowhere")


def test_what_cannot_be_done_is_named():
    model = gpt()
    with pytest.raises(ValueError, match=r"layers='head' matches no linear layer of GPT"):
        add_lora(model, LoRAConfig(layers="head"))
    with pytest.raises(ValueError, match=r"matches unembedding, whose matrix is also known as token_embedding.weight"):
        add_lora(model, LoRAConfig(layers=".*"))
    assert all(parameter.requires_grad for parameter in model.parameters())
    add_lora(model, CONFIG)
    with pytest.raises(ValueError, match="already has LoRA layers"):
        add_lora(model, CONFIG)
    for wrong, message in [
        ({"rank": 0}, "rank=0 must be at least 1"),
        ({"alpha": 0.0}, r"alpha=0.0 must be greater than 0"),
        ({"dropout": 1.0}, r"dropout=1.0 must be at least 0 and less than 1"),
    ]:
        with pytest.raises(ValueError, match=message):
            LoRAConfig(**wrong)


def test_the_least_of_everything_is_allowed():
    generator = torch.Generator().manual_seed(0)
    layer = LoRALinear(nn.Linear(5, 4), LoRAConfig(rank=1, alpha=0.5, dropout=0.0), generator)
    layer.up.data.fill_(2.0)
    torch.testing.assert_close(layer.update(), (0.5 * 2.0 * layer.down).expand(4, 5))
    assert (LoRAConfig().rank, LoRAConfig().alpha, LoRAConfig().dropout) == (8, 16.0, 0.0)


def test_the_seed_decides_where_the_updates_start():
    first, same, other = gpt(), gpt(), gpt()
    for model, seed in ((first, 0), (same, 0), (other, 1)):
        add_lora(model, LoRAConfig(rank=12), seed=seed)
    layer = first.layers[0].attention.qkv
    assert torch.equal(layer.down, same.layers[0].attention.qkv.down)
    assert not torch.equal(layer.down, other.layers[0].attention.qkv.down)
    assert layer.down.std().item() == pytest.approx(1 / math.sqrt(12), rel=0.2)
