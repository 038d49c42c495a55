import math

import pytest
import torch

from lmkit.evaluation import (
    calibrate,
    few_shot_prompt,
    first_line,
    last_number,
    majority_vote,
    score_answers,
    self_consistent_answers,
    write_answers,
)
from lmkit.generation import generate, temperature
from lmkit.models import GPT, GPTConfig, KneserNeyNGram
from lmkit.storyworld import StoryWorld
from lmkit.tasks import Instruction, PromptTemplate, encode_instruction, instruction_batches
from lmkit.tokenizers import train_bpe
from lmkit.training import TrainingConfig, constant, fused_adamw, train
from tests.small_models import scattered_gpt

END = "<|endoftext|>"
PROMPTS = ["Is it?", "", "What a day, what a day!"]
ANSWERS = [" yes", " no", " perhaps né"]


@pytest.fixture(scope="module")
def tokenizer():
    return train_bpe("what is it? a day, yes, no, perhaps né perhaps", 270, (END,), progress=False)


@pytest.fixture(scope="module")
def model(tokenizer):
    """Far from its starting values, so that its answers differ."""
    config = GPTConfig(vocab_size=tokenizer.vocab_size, context_length=60, d_model=12, num_layers=2, num_heads=3)
    return scattered_gpt(config, 0.4)


def log_probs(model, tokenizer, prompt, answer):
    """Of the answer's tokens, one call of the model for each."""
    read = [tokenizer.special_id(END), *tokenizer.encode(prompt)]
    found = []
    for token in tokenizer.encode(answer):
        found.append(torch.log_softmax(model(torch.tensor([read]))[0, -1], dim=0)[token].item())
        read.append(token)
    return found


@pytest.mark.parametrize("batch_size", [1, 4, 32])
@pytest.mark.parametrize("normalisation", ["none", "token", "byte"])
def test_scores_equal_those_of_one_token_at_a_time(model, tokenizer, normalisation, batch_size):
    scores = score_answers(
        model,
        tokenizer,
        PROMPTS,
        ANSWERS,
        end_of_text_id=tokenizer.special_id(END),
        normalisation=normalisation,
        batch_size=batch_size,
    )
    assert scores.shape == (3, 3)
    for row, prompt in enumerate(PROMPTS):
        for column, answer in enumerate(ANSWERS):
            expected = log_probs(model, tokenizer, prompt, answer)
            divisor = {"none": 1, "token": len(expected), "byte": (4, 3, 12)[column]}[normalisation]
            assert scores[row, column].item() == pytest.approx(sum(expected) / divisor, rel=1e-10)


def test_calibration_divides_by_the_prior_and_makes_content_free_prompts_even():
    scores, content_free = torch.randn(2, 4, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    prior = content_free.exp().div(content_free.exp().sum(1, keepdim=True)).mean(0)
    quotient = scores.exp() / prior
    torch.testing.assert_close(calibrate(scores, content_free).exp(), quotient / quotient.sum(1, keepdim=True))

    even = calibrate(content_free[:1], content_free[:1])
    torch.testing.assert_close(even, torch.full((1, 3), -math.log(3), dtype=torch.float64))


def test_calibration_takes_out_what_a_model_says_in_any_case():
    prompts = torch.tensor([[0.90, 0.10], [0.80, 0.20]]).log()
    assert prompts.argmax(1).tolist() == [0, 0]
    assert calibrate(prompts, torch.tensor([[0.85, 0.15]]).log()).argmax(1).tolist() == [0, 1]


def test_prompts_with_and_without_examples():
    examples = [
        Instruction(prompt="7 - 3 + 2?", answer="6", steps=("7 - 3 = 4", "4 + 2 = 6")),
        Instruction(prompt="1 + 1?", answer="2"),
    ]
    assert few_shot_prompt("3 + 3?") == "Question: 3 + 3?\nAnswer:"
    assert few_shot_prompt("3 + 3?", examples) == (
        "Question: 7 - 3 + 2?\nAnswer: 7 - 3 = 4; 4 + 2 = 6; 6\n\nQuestion: 1 + 1?\nAnswer: 2\n\n"
        "Question: 3 + 3?\nAnswer:"
    )
    template = PromptTemplate(before="", between=" ->", after="\n")
    assert few_shot_prompt("3 + 3?", examples, template=template, with_steps=False) == (
        "7 - 3 + 2? -> 6\n1 + 1? -> 2\n3 + 3? ->"
    )


@pytest.mark.parametrize("batch_size", [1, 2, 32])
def test_prompts_of_different_lengths_are_continued_like_each_alone(model, tokenizer, batch_size):
    end = tokenizer.special_id(END)
    texts = write_answers(model, tokenizer, PROMPTS, end_of_text_id=end, max_new_tokens=20, batch_size=batch_size)
    assert len(set(texts)) == 3
    for prompt, text in zip(PROMPTS, texts, strict=True):
        prompt_ids = torch.tensor([[end, *tokenizer.encode(prompt)]])
        new_ids = generate(model, prompt_ids, max_new_tokens=20)[0, prompt_ids.shape[1] :].tolist()
        assert text == tokenizer.decode(new_ids[: new_ids.index(end)] if end in new_ids else new_ids)


def test_an_answer_ends_with_the_end_of_text(model, tokenizer):
    end = tokenizer.special_id(END)
    script = [*tokenizer.encode("né"), end]

    def follow(logits, *, token_ids, **_):
        return torch.full((len(logits),), script[(token_ids.shape[1] - 1) % len(script)])

    texts = write_answers(model, tokenizer, [""], end_of_text_id=end, max_new_tokens=20, choose_next=follow)
    assert texts == ["né"]
    assert write_answers(model, tokenizer, [], end_of_text_id=end, max_new_tokens=20) == []


def test_writing_ends_with_the_answers_and_keeps_to_the_size_of_batches(model, tokenizer):
    end, sizes = tokenizer.special_id(END), []

    def end_at_once(logits, **_):
        sizes.append(len(logits))
        return torch.full((len(logits),), end)

    arguments = {"end_of_text_id": end, "max_new_tokens": 20, "choose_next": end_at_once, "batch_size": 2}
    assert write_answers(model, tokenizer, ["a"] * 5, **arguments) == [""] * 5
    assert sizes == [2, 2, 1]  # one token each, and not twenty
    sizes.clear()
    self_consistent_answers(
        model, tokenizer, ["a"], num_samples=3, parse=first_line, generator=torch.Generator(), **arguments
    )
    assert sizes == [2, 1]


def test_votes():
    assert majority_vote(["4", "5", "5", "4", "3"]) == "4"
    assert majority_vote(["4", "5", "5"]) == "5"
    assert majority_vote([None, None, None, "3"]) == "3"
    assert majority_vote([None]) is None
    assert majority_vote([]) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (" 7 - 3 = 4; 4", "4"),
        ("so -2", "-2"),
        ("7-3", "3"),
        ("1,234,567 in all.", "1234567"),
        ("it is 3.5.", "3.5"),
        ("2, 3, and", "3"),
        ("1 000", "1000"),
        ("so 12\u00a0345?", "12345"),
        ("so 12\u202f345\u202f678?", "12345678"),
        ("in 2020 100 people", "100"),
        ("1e5", "100000"),
        ("-2.5E-3", "-0.0025"),
        ("3 eggs", "3"),
        ("$.50", "0.50"),
        ("-.5", "-0.5"),
        ("1,00", "1.00"),
        ("1,234.50", "1234.50"),
        ("1,2,3", "3"),
        ("version 1.2.3", "3"),
        ("none", None),
        ("", None),
    ],
)
def test_the_last_number(text, number):
    assert last_number(text) == number


def test_the_first_line():
    assert first_line(" yes \n\nQuestion: no?") == "yes"
    assert first_line("\nlate") is None
    assert first_line("") is None


def test_answers_to_the_worlds_problems_are_parsed_right():
    template = PromptTemplate()
    for problem in StoryWorld().problems(200, seed=3):
        instruction = Instruction(prompt=problem.text, answer=str(problem.answer), steps=problem.steps)
        for with_steps in (True, False):
            text = template.answer(instruction, with_steps=with_steps)
            assert last_number(text) == str(problem.answer)
        assert first_line(text) == str(problem.answer)


def test_a_model_that_knows_its_problems_by_heart_answers_them():
    problems = list(StoryWorld().problems(4, seed=5, steps=2))
    instructions = [
        Instruction(prompt=problem.question, answer=str(problem.answer), steps=problem.steps) for problem in problems
    ]
    assert len({instruction.answer for instruction in instructions}) == 4
    tokenizer = train_bpe([f"{each.prompt} {each.steps}" for each in instructions], 400, (END,), progress=False)
    end = tokenizer.special_id(END)
    rows = [encode_instruction(tokenizer, instruction, end_of_text_id=end) for instruction in instructions]
    model = GPT(GPTConfig(vocab_size=tokenizer.vocab_size, context_length=96, d_model=32, num_layers=1, num_heads=2))
    batches = instruction_batches(rows, batch_size=4, context_length=96, pad_id=end, num_epochs=None)
    train(
        model,
        fused_adamw(model, 0.01),
        batches,
        constant(0.01),
        TrainingConfig(num_steps=80, precision="fp32"),
        progress=False,
    )
    model.eval()
    prompts = [few_shot_prompt(instruction.prompt) for instruction in instructions]
    arguments = {"end_of_text_id": end, "max_new_tokens": 40}
    texts = write_answers(model, tokenizer, prompts, **arguments)
    assert texts == [PromptTemplate().answer(instruction) for instruction in instructions]

    answers = self_consistent_answers(
        model,
        tokenizer,
        prompts,
        num_samples=5,
        parse=last_number,
        choose_next=temperature(1.0),
        generator=torch.Generator().manual_seed(0),
        **arguments,
    )
    assert answers == [str(problem.answer) for problem in problems]


def test_self_consistency_is_the_vote_over_each_prompts_own_samples(model, tokenizer):
    arguments = {
        "end_of_text_id": tokenizer.special_id(END),
        "max_new_tokens": 4,
        "choose_next": temperature(1.0),
    }

    def parse(text):
        return str(len(text) % 3) if text else None

    answers = self_consistent_answers(
        model, tokenizer, PROMPTS, num_samples=7, parse=parse, generator=torch.Generator().manual_seed(0), **arguments
    )
    repeated = [prompt for prompt in PROMPTS for _ in range(7)]
    texts = write_answers(model, tokenizer, repeated, generator=torch.Generator().manual_seed(0), **arguments)
    assert len(set(texts)) > 7
    assert answers == [majority_vote([parse(text) for text in texts[i : i + 7]]) for i in (0, 7, 14)]


def test_bad_arguments_are_named(model, tokenizer):
    end = tokenizer.special_id(END)
    with pytest.raises(ValueError, match="there are 0 prompts"):
        score_answers(model, tokenizer, [], ANSWERS, end_of_text_id=end)
    with pytest.raises(ValueError, match=r"there are 3 prompts and the answers \[' yes', ''\]"):
        score_answers(model, tokenizer, PROMPTS, [" yes", ""], end_of_text_id=end)
    with pytest.raises(ValueError, match="content_free_scores is empty"):
        calibrate(torch.zeros(1, 2), torch.zeros(0, 2))
    with pytest.raises(ValueError, match="tokens are more than context_length=60"):
        write_answers(model, tokenizer, PROMPTS, end_of_text_id=end, max_new_tokens=60)
    with pytest.raises(ValueError, match="num_samples=0 must be at least 1"):
        self_consistent_answers(
            model,
            tokenizer,
            PROMPTS,
            num_samples=0,
            parse=last_number,
            end_of_text_id=end,
            max_new_tokens=1,
            choose_next=temperature(1.0),
            generator=torch.Generator(),
        )


def test_answers_are_scored_by_a_model_without_parameters(tokenizer):
    end = tokenizer.special_id(END)
    stream = [end, *tokenizer.encode("Is it? yes"), end, *tokenizer.encode("Is it? yes"), end]
    model = KneserNeyNGram(stream, order=3, vocab_size=tokenizer.vocab_size)
    yes, no = score_answers(model, tokenizer, ["Is it?"], [" yes", " no"], end_of_text_id=end)[0].tolist()
    assert yes > no
