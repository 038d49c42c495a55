import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lmkit.functional import IGNORE_ID
from lmkit.models import GPT, GPTConfig, Llama, LlamaConfig
from lmkit.tasks import (
    Instruction,
    PromptTemplate,
    answer_batch,
    encode_instruction,
    instruction_batches,
    mark_answer,
)
from lmkit.tokenizers import train_bpe
from lmkit.training import (
    TrainingConfig,
    constant,
    evaluate_loss,
    fused_adamw,
    next_token_loss,
    next_token_objective,
    train,
)

SIZES = {"vocab_size": 23, "context_length": 12, "d_model": 12, "num_layers": 1, "num_heads": 2}
MODELS = {"gpt": lambda: GPT(GPTConfig(**SIZES)), "llama": lambda: Llama(LlamaConfig(d_ff=24, **SIZES))}
ROWS = [
    mark_answer([1, 5, 6, 7], [8, 9, 1]),
    mark_answer([1, 4], [3, 3, 2, 10, 1]),
    mark_answer([1, 11, 12, 13, 14, 15], [16, 1]),
]
SUM = Instruction(prompt="7 - 3 + 2?", answer="6", steps=("7 - 3 = 4", "4 + 2 = 6"))

tokens = st.lists(st.integers(1, 9), min_size=1, max_size=6)


@pytest.fixture(params=MODELS)
def model(request):
    return MODELS[request.param]().double()


def test_prompt_and_padding_carry_exactly_no_gradient(model):
    batch = answer_batch(ROWS, pad_id=0)
    logits = model(batch.inputs).detach().requires_grad_()
    next_token_loss(logits, batch.targets).backward()
    for row, (token_ids, is_answer) in enumerate(ROWS):
        for position in range(batch.inputs.shape[1]):
            predicts_an_answer = position + 1 < len(token_ids) and is_answer[position + 1]
            assert logits.grad[row, position].any() == predicts_an_answer
    assert next_token_objective(model, batch).item() == pytest.approx(next_token_loss(logits, batch.targets).item())


def test_the_loss_is_that_of_the_answers_given_their_prompts(model):
    total_nats, num_tokens = 0.0, 0
    for token_ids, is_answer in ROWS:
        log_probs = torch.log_softmax(model(torch.tensor([token_ids]))[0], dim=-1)
        for position in range(1, len(token_ids)):
            if is_answer[position]:
                total_nats -= log_probs[position - 1, token_ids[position]].item()
                num_tokens += 1
    assert num_tokens == 10
    batches = instruction_batches(ROWS, batch_size=2, context_length=12, pad_id=0)
    assert evaluate_loss(model, batches) == pytest.approx(total_nats / num_tokens, rel=1e-12)


def test_answers_are_learnt_by_the_training_of_language_models(model):
    batches = instruction_batches(
        ROWS, batch_size=3, context_length=12, pad_id=0, generator=torch.Generator().manual_seed(0), num_epochs=None
    )
    config = TrainingConfig(num_steps=60, num_micro_batches=2)
    history = train(model, fused_adamw(model, 0.03), batches, constant(0.03), config, progress=False)
    assert history.loss_nats[-1] < 0.1 < history.loss_nats[0]


@given(st.lists(st.tuples(tokens, tokens), min_size=1, max_size=7))
def test_prompts_and_answers_can_be_read_off_the_batches(pairs):
    rows = [mark_answer(prompt, answer) for prompt, answer in pairs]
    found = []
    for batch in instruction_batches(rows, batch_size=3, context_length=12, pad_id=0):
        for inputs, targets in zip(batch.inputs.tolist(), batch.targets.tolist(), strict=True):
            answer = [token for token in targets if token != IGNORE_ID]
            start = next(position for position, token in enumerate(targets) if token != IGNORE_ID)
            assert inputs[start + 1 : start + len(answer)] == answer[:-1]
            assert not any(inputs[start + len(answer) :])
            found.append((inputs[: start + 1], answer))
    assert found == pairs


def test_an_instruction_as_text():
    tokenizer = train_bpe("a", 257, ("<|endoftext|>",), progress=False)
    end = tokenizer.special_id("<|endoftext|>")
    token_ids, is_answer = encode_instruction(tokenizer, SUM, end_of_text_id=end)
    first = is_answer.index(True)
    assert token_ids[0] == token_ids[-1] == end
    assert tokenizer.decode(token_ids[1:first]) == "Question: 7 - 3 + 2?\nAnswer:"
    assert tokenizer.decode(token_ids[first:-1]) == " 7 - 3 = 4; 4 + 2 = 6; 6"
    assert all(is_answer[first:])

    template = PromptTemplate(before="", between=" =>", between_steps="\n")
    token_ids, is_answer = encode_instruction(tokenizer, SUM, end_of_text_id=end, template=template, with_steps=False)
    assert tokenizer.decode(token_ids[1:-1]) == "7 - 3 + 2? => 6"
    assert sum(is_answer) == len(" 6") + 1
    assert template.answer(SUM) == " 7 - 3 = 4\n4 + 2 = 6\n6"


def test_a_special_token_in_a_text_is_text():
    tokenizer = train_bpe("a", 257, ("<|endoftext|>",), progress=False)
    end = tokenizer.special_id("<|endoftext|>")
    instruction = Instruction(prompt="<|endoftext|>", answer="<|endoftext|>")
    assert encode_instruction(tokenizer, instruction, end_of_text_id=end).token_ids.count(end) == 2


def test_what_cannot_be_learnt_is_named():
    fits = mark_answer([1, 2, 3], [4, 5])
    assert next(instruction_batches([fits], batch_size=1, context_length=4, pad_id=0)).inputs.shape == (1, 4)
    with pytest.raises(ValueError, match=r"rows\[1\] has 6 tokens, more than the context_length=4"):
        instruction_batches([fits, mark_answer([1, 2, 3], [4, 5, 6])], batch_size=1, context_length=4, pad_id=0)
    with pytest.raises(ValueError, match=r"rows\[0\] has no answer token after its first token"):
        instruction_batches([mark_answer([1, 2], [])], batch_size=1, context_length=4, pad_id=0)
    with pytest.raises(ValueError, match="there is no example"):
        instruction_batches([], batch_size=1, context_length=4, pad_id=0)
