import pytest
import torch

from lmkit.data import END_OF_TEXT
from lmkit.finetuning import FineTuningConfig
from lmkit.models import GPT, GPTConfig
from lmkit.recipes import learn
from lmkit.recipes.writing import CONTROL_CHARACTERS, write
from lmkit.tasks import Instruction, Task
from lmkit.tokenizers import train_bpe

EXAMPLES = [Instruction(prompt=f"is {number} even?", answer=word) for number in (2, 4, 6) for word in ("yes", "no")]
TASK = Task(name="parity", train=EXAMPLES, validation=(), test=(), labels=())


@pytest.fixture(scope="module")
def tokenizer():
    return train_bpe(["is it even? yes", "no it is odd"] * 20, 280, (END_OF_TEXT,), progress=False)


def model_that_has_never_seen(token_ids, vocab_size):
    model = GPT(GPTConfig(vocab_size=vocab_size, context_length=64, d_model=32, num_layers=1, num_heads=2))
    with torch.no_grad():
        model.token_embedding.weight[token_ids] = torch.linspace(-1, 1, 32)
    return model


@pytest.mark.parametrize("method", ["full", "lora"])
def test_a_model_that_writes_learns_tokens_that_it_could_not_tell_apart(tokenizer, method):
    figures = tokenizer.encode("246")
    unseen = torch.tensor([*figures, *tokenizer.encode(CONTROL_CHARACTERS)])
    model = model_that_has_never_seen(unseen, tokenizer.vocab_size)
    before = model.token_embedding.weight.detach().clone()
    config = FineTuningConfig(method=method, num_steps=3, batch_size=3)
    learn(write(model, tokenizer, TASK), EXAMPLES, config, progress=False)
    vectors = model.token_embedding.weight.detach()
    assert torch.corrcoef(vectors[figures]).fill_diagonal_(0).abs().max() < 0.7
    seen = tokenizer.encode("is")
    assert torch.nn.functional.cosine_similarity(vectors[seen], before[seen]).min() > 0.7  # learnt on, not renewed
    assert not torch.equal(vectors[seen], before[seen])


def test_lora_leaves_the_embeddings_of_a_model_without_such_tokens(tokenizer):
    model = GPT(GPTConfig(vocab_size=tokenizer.vocab_size, context_length=64, d_model=32, num_layers=1, num_heads=2))
    before = model.token_embedding.weight.detach().clone()
    config = FineTuningConfig(method="lora", num_steps=2, batch_size=3)
    learn(write(model, tokenizer, TASK), EXAMPLES, config, progress=False)
    assert torch.equal(model.token_embedding.weight, before)
