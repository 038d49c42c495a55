import math

import pytest
import torch
from torch import nn

from lmkit.data import END_OF_TEXT
from lmkit.functional import IGNORE_ID
from lmkit.models import GPT, GPTConfig, load_pretrained, load_tokenizer
from lmkit.recipes import base_scores
from lmkit.recipes.base_scores import answer_nats, context_hits
from lmkit.recipes.mixture import mixture
from lmkit.recipes.storyworld_base import base_batches, base_model, start_base
from lmkit.tokenizers import train_bpe


@pytest.fixture(scope="module")
def tokenizer():
    texts = [document.prompt + document.answer for document in mixture(100, seed=0)]
    return train_bpe(texts, 700, (END_OF_TEXT,), progress=False)


def test_the_start_is_the_storyteller_wherever_both_have_something(tokenizer):
    model = base_model(tokenizer.vocab_size)
    first, known = load_pretrained("storyworld-gpt"), load_tokenizer("storyworld-gpt")
    before = model.token_embedding.weight.detach().clone()
    start_base(model, tokenizer)
    for name, weight in first.layers.state_dict().items():
        assert torch.equal(model.layers.state_dict()[name], weight)
    assert torch.equal(model.position_embedding.weight[:256], first.position_embedding.weight)
    assert model.unembedding.weight is model.token_embedding.weight
    shared = [*tokenizer.encode(" and"), tokenizer.special_id(END_OF_TEXT)]
    theirs = [*known.encode(" and"), known.special_id(END_OF_TEXT)]
    assert torch.equal(model.token_embedding.weight[shared], first.token_embedding.weight[theirs])
    (new,) = tokenizer.encode("。")[-1:]
    assert known.decode([0]) != "。"
    assert torch.equal(model.token_embedding.weight[new], before[new])


def test_the_batches_hold_the_mixture(tokenizer):
    batches = base_batches(tokenizer, 60)
    end_id = tokenizer.special_id(END_OF_TEXT)
    read = []
    for _ in range(len(batches)):
        batch = next(batches)
        assert batch.inputs.numel() <= 2048
        assert batch.inputs[:, 0].eq(end_id).all()
        read += [tokenizer.decode(row[row != IGNORE_ID].tolist()[:-1]) for row in batch.targets]
    texts = [document.prompt + document.answer for document in mixture(60, seed=1)]
    short = [text for text in texts if len(tokenizer.encode(text)) < 448]
    assert sorted(read) == sorted(short)
    assert len(short) > 40


def test_a_uniform_model_has_the_loss_of_a_uniform_model(tokenizer):
    uniform = nn.Embedding.from_pretrained(torch.zeros(tokenizer.vocab_size, tokenizer.vocab_size))
    documents = list(mixture(5, seed=0))
    nats, num_tokens = answer_nats(uniform, tokenizer, documents)
    assert num_tokens == sum(len(tokenizer.encode(document.answer)) + 1 for document in documents)
    assert nats == pytest.approx(num_tokens * math.log(tokenizer.vocab_size), rel=1e-5)


@pytest.fixture
def asked(monkeypatch):
    """Prompts of the last call, answered by nobody."""
    prompts = []

    def record(model, tokenizer, texts, **_):
        prompts[:] = texts
        return [""] * len(texts)

    monkeypatch.setattr(base_scores, "write_answers", record)
    return prompts


def ask(tokenizer, task, num_shown, **control):
    model = GPT(GPTConfig(vocab_size=tokenizer.vocab_size, context_length=8, d_model=8, num_layers=1, num_heads=1))
    return context_hits(model, tokenizer, task, num_shown, 6, **control)


def pairs(prompt):
    return [tuple(shown.removeprefix("Question: ").split("\nAnswer: ")) for shown in prompt.split("\n\n")[:-1]]


def test_controls_change_the_examples_and_not_the_request(tokenizer, asked):
    ask(tokenizer, "word", 4)
    plain = list(asked)
    ask(tokenizer, "word", 4, shuffled=True)
    shuffled = list(asked)
    ask(tokenizer, "word", 4, shown_task="kind")
    other = list(asked)
    for prompts in (plain, shuffled, other):
        assert [prompt.split("\n\n")[-1] for prompt in prompts] == [prompt.split("\n\n")[-1] for prompt in plain]
        assert all(prompt.count("Answer:") == 5 for prompt in prompts)
    for before, after in zip(map(pairs, plain), map(pairs, shuffled), strict=True):
        assert [request for request, _ in before] == [request for request, _ in after]
        answers = [answer for _, answer in before]
        assert [answer for _, answer in after] == [answers[-1], *answers[:-1]]
    kinds = {"person", "job", "place", "thing", "food"}
    assert {answer for prompt in other for _, answer in pairs(prompt)} <= kinds


@pytest.mark.parametrize(("written", "is_right"), [("{}", True), ("a = b; {}\n\nQuestion: no", True), ("no {}", False)])
def test_the_answer_is_what_follows_the_steps_in_the_first_line(tokenizer, monkeypatch, world, written, is_right):
    truth = {
        entity.forms[""]: kind
        for kind, role in {
            "person": "hero",
            "job": "passer",
            "place": "place",
            "thing": "thing",
            "food": "food",
        }.items()
        for entity, _ in world.roles[role].anything()
    }

    def write(model, tokenizer, prompts, **_):
        requests = [prompt.rpartition("Question: ")[2].removesuffix("\nAnswer:") for prompt in prompts]
        return [" " + written.format(truth[request]) for request in requests]

    monkeypatch.setattr(base_scores, "write_answers", write)
    assert ask(tokenizer, "kind", 0) == [is_right] * 6
