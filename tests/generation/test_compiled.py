import jaxtyping
import pytest
import torch
from torch._dynamo.testing import CompileCounter

from lmkit.generation import CompiledStep, generate, temperature
from lmkit.models import Llama, LlamaConfig
from lmkit.nn import padding_mask
from tests.generation.tiny import V, prompts, tiny_gpt


def tiny_llama():
    config = LlamaConfig(
        vocab_size=V, context_length=24, d_model=12, num_layers=2, num_heads=3, num_kv_heads=1, d_ff=16
    )
    return Llama(config, seed=3).double().eval()


@pytest.mark.parametrize("make_model", [tiny_gpt, tiny_llama])
@pytest.mark.parametrize("padded", [False, True])
def test_fixed_shapes_change_nothing(make_model, padded):
    model, prompt_ids = make_model(), prompts(3, 4)
    step = CompiledStep(model, batch_size=3, max_length=20, backend=None)
    mask = padding_mask(torch.tensor([1, 4, 2]), 4, side="left") if padded else None
    for _ in range(2):  # the second text finds the memory as the first has left it
        expected, written = (
            generate(
                model,
                prompt_ids,
                max_new_tokens=10,
                choose_next=temperature(1.0),
                generator=torch.Generator().manual_seed(0),
                padding_mask=mask,
                compiled_step=compiled_step,
            )
            for compiled_step in (None, step)
        )
        assert torch.equal(written, expected)


def test_logits_equal_those_without_a_cache():
    model, text = tiny_gpt(), prompts(2, 12)
    step = CompiledStep(model, batch_size=2, max_length=16, backend=None)
    logits = [step.start(text[:, :5], None), *(step(text[:, at]) for at in range(5, 12))]
    expected = model(text)[:, 4:]
    assert (torch.stack(logits, dim=1) - expected).abs().max() < 1e-10


def test_one_program_serves_all_steps_and_texts(monkeypatch):
    """``fullgraph`` raises if something cannot be compiled; the counter would count a second program."""
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)  # the checks of shapes do not compile
    model = tiny_gpt()
    counter = CompileCounter()
    step = CompiledStep(model, batch_size=2, max_length=16, backend=counter)
    for num_tokens in (3, 5):
        written = generate(model, prompts(2, num_tokens), max_new_tokens=8, compiled_step=step)
        assert torch.equal(written, generate(model, prompts(2, num_tokens), max_new_tokens=8))
    assert counter.frame_count == 1


def test_a_size_that_does_not_fit_is_refused():
    step = CompiledStep(tiny_gpt(), batch_size=2, max_length=8, backend=None)
    with pytest.raises(ValueError, match="9 tokens do not fit in a compiled step with max_length=8"):
        generate(step.model, prompts(2, 4), max_new_tokens=5, compiled_step=step)
    with pytest.raises(ValueError, match="prompt_ids has 3 rows; the compiled step has batch_size=2"):
        generate(step.model, prompts(3, 4), max_new_tokens=2, compiled_step=step)
    with pytest.raises(ValueError, match="compiled_step was made for another model"):
        generate(tiny_gpt(), prompts(2, 4), max_new_tokens=2, compiled_step=step)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_cuda_graph_writes_the_same():
    model, prompt_ids = tiny_gpt().float().cuda(), prompts(2, 4).cuda()
    step = CompiledStep(model, batch_size=2, max_length=20)
    for _ in range(2):
        written = generate(model, prompt_ids, max_new_tokens=10, compiled_step=step)
        assert torch.equal(written, generate(model, prompt_ids, max_new_tokens=10))
