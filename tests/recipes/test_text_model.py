import pytest
import torch

from lmkit.data import END_OF_TEXT
from lmkit.models import GPTConfig
from lmkit.recipes import TextRecipe, short_training, small_gpt
from lmkit.recipes.text_corpus import TextCorpus
from lmkit.tokenizers import train_bpe
from lmkit.training import TrainingConfig

SIZES = {"vocab_size": 400, "context_length": 10, "d_model": 16, "num_layers": 2, "num_heads": 2}


@pytest.fixture(scope="module")
def tokenizer():
    return train_bpe(["a kite and a drum"], 270, (END_OF_TEXT,), progress=False)


def zeros(num_tokens):
    return torch.zeros(num_tokens, dtype=torch.long)


def corpus_of(tokenizer, num_tokens):
    return TextCorpus(tokenizer=tokenizer, training=zeros(num_tokens), validation=zeros(9), summary=())


def recipe(num_steps, **options):
    return TextRecipe(model=GPTConfig(**SIZES), training=TrainingConfig(num_steps=num_steps), batch_size=4, **options)


@pytest.mark.parametrize(("num_tokens", "window", "epochs"), [(400, 10, 1.0), (100, 10, 4.0), (5, 4, 32.0)])
def test_epochs_count_how_often_a_token_is_read(num_tokens, window, epochs):
    assert recipe(10).window(zeros(num_tokens)) == window
    assert recipe(10).num_epochs(zeros(num_tokens)) == epochs


@pytest.mark.parametrize(
    ("num_steps", "options", "dropout"),
    [(10, {}, 0.0), (13, {}, 0.2), (13, {"regularise": False}, 0.0)],  # 4 and 5.2 epochs
)
def test_only_a_text_that_is_read_often_gets_dropout(num_steps, options, dropout, tokenizer):
    model = recipe(num_steps, **options).make_model(corpus_of(tokenizer, 100))
    assert model.config.dropout == dropout
    assert model.config.vocab_size == tokenizer.vocab_size


def test_dropout_that_was_asked_for_stays(tokenizer):
    own = TextRecipe(model=GPTConfig(**SIZES, dropout=0.1), training=TrainingConfig(num_steps=1000), batch_size=4)
    assert own.make_model(corpus_of(tokenizer, 100)).config.dropout == 0.1


def test_recomputed_activations_change_no_gradient(tokenizer):
    token_ids = torch.tensor([[1, 2, 3]])
    gradients = []
    for recompute in (False, True):
        model = recipe(1, recompute_activations=recompute).make_model(corpus_of(tokenizer, 100))
        model(token_ids).sum().backward()
        gradients.append(model.token_embedding.weight.grad)
    torch.testing.assert_close(*gradients)


def test_the_defaults_are_those_of_the_command():
    assert TextRecipe().model == small_gpt()
    assert TextRecipe().training == short_training()
