import pytest
import torch

from lmkit.generation import (
    CompiledStep,
    contrastive_search,
    generate,
    repetition_penalty,
    stop_at,
    stream,
    temperature,
    top_k,
)
from lmkit.models import EncoderDecoder, EncoderDecoderConfig, KneserNeyNGram, LSTMConfig, LSTMLanguageModel
from lmkit.nn import padding_mask
from tests.generation.tiny import V, pair, prompts, tiny_gpt


def test_greedy_equals_transformers(tmp_path):
    ours, theirs = pair(tmp_path)
    prompt_ids = prompts(4, 5)
    expected = theirs.generate(
        prompt_ids, attention_mask=torch.ones_like(prompt_ids), max_new_tokens=12, do_sample=False
    )
    assert torch.equal(generate(ours, prompt_ids, max_new_tokens=12), expected)
    assert len(expected[:, 5:].unique()) > 5  # a model that repeats one token would prove little


def test_left_padding_and_stopping_equal_transformers(tmp_path):
    ours, theirs = pair(tmp_path)
    prompt_ids, mask = prompts(4, 5), padding_mask(torch.tensor([5, 2, 3, 1]), 5, side="left")
    free = generate(ours, prompt_ids, max_new_tokens=12, padding_mask=mask)
    stop_id = int(free[1, 8])
    expected = theirs.generate(
        prompt_ids,
        attention_mask=mask.long(),
        max_new_tokens=12,
        do_sample=False,
        eos_token_id=stop_id,
        pad_token_id=stop_id,
    )
    written = generate(ours, prompt_ids, max_new_tokens=12, padding_mask=mask, stop=stop_at(stop_id))
    assert torch.equal(written, expected)
    assert (written[1, 8:] == stop_id).all()


@pytest.mark.parametrize("padded", [False, True])
def test_the_cache_changes_nothing(padded):
    model, prompt_ids = tiny_gpt(), prompts(3, 4)
    arguments = {"max_new_tokens": 10, "choose_next": top_k(5)}
    if padded:
        arguments["padding_mask"] = padding_mask(torch.tensor([1, 4, 2]), 4, side="left")
    cached, uncached = (
        generate(model, prompt_ids, generator=torch.Generator().manual_seed(0), use_cache=use_cache, **arguments)
        for use_cache in (True, False)
    )
    assert torch.equal(cached, uncached)


def test_a_padded_row_is_continued_like_the_row_alone():
    model, prompt_ids = tiny_gpt(), prompts(3, 4)
    mask = padding_mask(torch.tensor([1, 4, 2]), 4, side="left")
    choose_next = repetition_penalty(1.5, lambda logits, **_: logits.argmax(-1))
    together = generate(model, prompt_ids, max_new_tokens=8, padding_mask=mask, choose_next=choose_next)
    for row in range(3):
        alone = generate(model, prompt_ids[row : row + 1, mask[row]], max_new_tokens=8, choose_next=choose_next)
        assert torch.equal(together[row, 4:], alone[0, int(mask[row].sum()) :])


def test_seeds_reproduce_and_matter():
    model, prompt_ids = tiny_gpt(), prompts(2, 3)

    def write(seed):
        generator = torch.Generator().manual_seed(seed)
        return generate(model, prompt_ids, max_new_tokens=12, choose_next=temperature(1.0), generator=generator)

    assert torch.equal(write(0), write(0))
    assert not torch.equal(write(0), write(1))


def test_streaming_hands_over_each_token_as_it_is_chosen():
    model, prompt_ids = tiny_gpt(), prompts(2, 3)
    calls = []

    def choose_next(logits, **_):
        calls.append(len(calls))
        return logits.argmax(-1)

    columns = stream(model, prompt_ids, max_new_tokens=4, choose_next=choose_next)
    first = next(columns)
    assert calls == [0]
    rest = torch.stack([first, *columns], dim=1)
    assert torch.equal(rest, generate(model, prompt_ids, max_new_tokens=4)[:, 3:])


def test_generation_ends_when_all_rows_have_stopped():
    model, prompt_ids = tiny_gpt(), prompts(2, 3)
    free = generate(model, prompt_ids, max_new_tokens=12)
    stop = stop_at(*free[:, 5].tolist())
    assert generate(model, prompt_ids, max_new_tokens=12, stop=stop).shape[1] <= 6
    assert generate(model, prompt_ids, max_new_tokens=0).shape == (2, 3)
    lengths = generate(model, prompt_ids, max_new_tokens=12, stop=lambda new_ids: new_ids[:, 0] >= 0)
    assert lengths.shape == (2, 4)


@pytest.mark.parametrize("write", [generate, contrastive_search])
def test_a_stop_condition_is_given_the_new_tokens_alone(write):
    seen = []

    def stop(new_ids):
        seen.append(new_ids.clone())
        return torch.zeros(len(new_ids), dtype=torch.bool)

    written = write(tiny_gpt(), prompts(2, 3), max_new_tokens=4, stop=stop)
    assert len(seen) == 4
    for num_new, new_ids in enumerate(seen, start=1):
        assert torch.equal(new_ids, written[:, 3 : 3 + num_new])


@pytest.mark.parametrize("options", [{"use_cache": True}, {"use_cache": False}, {"compiled_step": CompiledStep}])
def test_tokens_are_chosen_from_fp32_logits_also_of_a_model_in_bf16(options):
    model, formats = tiny_gpt().bfloat16(), []

    def choose_next(logits, **_):
        formats.append(logits.dtype)
        return logits.argmax(-1)

    if "compiled_step" in options:
        options = {"compiled_step": CompiledStep(model, batch_size=2, max_length=8, backend=None)}
    generate(model, prompts(2, 3), max_new_tokens=4, choose_next=choose_next, **options)
    assert formats == [torch.float32] * 4


def test_the_result_can_be_trained_on():
    model = tiny_gpt()
    model(generate(model, prompts(2, 3), max_new_tokens=4)).sum().backward()
    assert model.token_embedding.weight.grad is not None


def test_other_models_write_too():
    lstm = LSTMLanguageModel(LSTMConfig(vocab_size=V, d_model=8, num_layers=2))
    prompt_ids, mask = prompts(2, 4), padding_mask(torch.tensor([2, 4]), 4, side="left")
    cached, uncached = (
        generate(lstm, prompt_ids, max_new_tokens=6, padding_mask=mask, use_cache=use_cache)
        for use_cache in (True, False)
    )
    assert torch.equal(cached, uncached)

    counts = KneserNeyNGram([1, 2, 3, 1, 2, 3, 1], order=2, vocab_size=4)
    assert generate(counts, torch.tensor([[2]]), max_new_tokens=4, use_cache=False).tolist() == [[2, 3, 1, 2, 3]]


@pytest.mark.parametrize("use_cache", [True, False])
def test_an_encoder_decoder_gets_its_source(use_cache):
    config = EncoderDecoderConfig(vocab_size=V, context_length=12, d_model=12, num_layers=2, num_heads=3)
    model = EncoderDecoder(config).double().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.4 * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(0)).double()
    source_ids, mask = prompts(2, 5), padding_mask(torch.tensor([5, 3]), 5)
    start = torch.zeros(2, 1, dtype=torch.long)
    written = generate(model, start, max_new_tokens=6, use_cache=use_cache, source_ids=source_ids, source_mask=mask)
    for t in range(1, 7):
        logits = model(written[:, :t], source_ids, source_mask=mask)
        assert torch.equal(logits[:, -1].argmax(-1), written[:, t])


def test_what_cannot_be_done_is_said_at_once():
    model = tiny_gpt()
    with pytest.raises(ValueError, match="25 tokens are more than context_length=24"):
        next(stream(model, prompts(1, 6), max_new_tokens=20))
    with pytest.raises(ValueError, match="prompt_ids has no tokens"):
        generate(model, prompts(1, 0), max_new_tokens=2)
    with pytest.raises(ValueError, match="max_new_tokens=-1 must be at least 0"):
        generate(model, prompts(1, 2), max_new_tokens=-1)
