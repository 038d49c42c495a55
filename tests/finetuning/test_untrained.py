import pytest
import torch

from lmkit.data import Batch
from lmkit.finetuning import renew_embeddings, untrained_tokens
from lmkit.models import GPT, GPTConfig, load_pretrained, load_tokenizer
from lmkit.storyworld import StoryWorld
from lmkit.training import fused_adamw, next_token_objective, train_step


def test_training_makes_unseen_tokens_alike_and_they_are_found():
    model = GPT(GPTConfig(vocab_size=40, context_length=8, d_model=16, num_layers=1, num_heads=2))
    assert len(untrained_tokens(model.token_embedding.weight, [39])) == 1  # at first no other is like it
    optimizer = fused_adamw(model, 0.01)
    generator = torch.Generator().manual_seed(0)
    for _ in range(300):
        tokens = torch.randint(20, (8, 9), generator=generator)  # the upper half never comes
        batch = Batch(inputs=tokens[:, :-1], targets=tokens[:, 1:])
        train_step(model, optimizer, batch, objective=next_token_objective)
    assert untrained_tokens(model.token_embedding.weight, [39]).tolist() == list(range(20, 40))


def test_of_the_gpt_that_ships_they_are_those_that_no_story_has():
    model, tokenizer = load_pretrained("storyworld-gpt"), load_tokenizer("storyworld-gpt")
    stories = tokenizer.encode_batch(StoryWorld().texts(2000, seed=5))
    seen = {token for story in stories for token in story} | set(tokenizer.special_tokens.values())
    found = untrained_tokens(model.token_embedding.weight, tokenizer.encode("\x01\x02\x03"))
    assert found.tolist() == sorted(set(range(tokenizer.vocab_size)) - seen)
    assert len(found) > 1000
    assert set(tokenizer.encode(" 7")) <= set(found.tolist())  # stories write their numbers as words


def test_a_model_that_has_learnt_nothing_has_none():
    model = GPT(GPTConfig(vocab_size=300, context_length=8, d_model=64, num_layers=1, num_heads=2))
    assert len(untrained_tokens(model.token_embedding.weight, [1, 2, 3, 4])) == 0


def test_how_like_the_unseen_ones_a_token_must_be():
    cosines = torch.tensor([1.0, 0.91, 0.89, 0.61, 0.59])
    embedding = torch.stack([cosines, (1 - cosines.square()).sqrt()], dim=1)
    assert untrained_tokens(embedding, [0]).tolist() == [0, 1]
    assert untrained_tokens(embedding, [0], similarity=0.6).tolist() == [0, 1, 2, 3]
    assert untrained_tokens(embedding, [0], similarity=1.0).tolist() == [0]


def test_renewed_tokens_differ_and_are_as_long_as_the_others():
    embedding = torch.nn.Parameter(3.0 * torch.randn(200, 64, generator=torch.Generator().manual_seed(0)))
    with torch.no_grad():
        embedding[100:] = torch.ones(64)
    before = embedding.detach().clone()
    renew_embeddings(embedding, torch.arange(100, 200), seed=4)
    assert torch.equal(embedding[:100], before[:100])
    assert embedding[100:].norm(dim=1).mean().item() == pytest.approx(3.0 * 64**0.5, rel=0.05)
    assert torch.corrcoef(embedding[100:]).fill_diagonal_(0).abs().max() < 0.6
    again = torch.nn.Parameter(before)
    renew_embeddings(again, torch.arange(100, 200), seed=4)
    assert torch.equal(again, embedding)


def test_what_is_wrong_is_named():
    embedding = torch.eye(3)
    with pytest.raises(ValueError, match="never_seen is empty"):
        untrained_tokens(embedding, [])
    with pytest.raises(ValueError, match="similarity=0.0 must be greater than 0"):
        untrained_tokens(embedding, [0], similarity=0.0)
    with pytest.raises(ValueError, match="are all 3 tokens"):
        renew_embeddings(embedding, torch.arange(3), seed=0)
