"""The walk from text to text: each line's output is the next line's first argument, under the same name."""

import math

import pytest
import torch

from lmkit.data import encode_corpus, load_text, next_token_batches
from lmkit.generation import generate, top_k
from lmkit.models import GPT, GPTConfig
from lmkit.tokenizers import train_bpe
from lmkit.training import (
    TrainingConfig,
    fused_adamw,
    load_checkpoint,
    next_token_loss,
    save_checkpoint,
    train,
    train_step,
    warmup_cosine,
)

NUM_STEPS = 30


def test_the_walk(tmp_path):
    text = load_text("pydocs")[:50_000]

    tokenizer = train_bpe(text, 320, progress=False)
    assert tokenizer.decode(tokenizer.encode(text)) == text

    token_stream = encode_corpus(tokenizer, text, progress=False)
    assert token_stream.shape == (len(tokenizer.encode(text)),)
    assert token_stream.max() < tokenizer.vocab_size == 320

    batches = next_token_batches(
        token_stream, batch_size=8, context_length=32, generator=torch.Generator().manual_seed(0), num_epochs=None
    )
    batch = next(batches)
    assert batch.inputs.shape == batch.targets.shape == (8, 32)
    assert torch.equal(batch.inputs[:, 1:], batch.targets[:, :-1])

    config = GPTConfig(vocab_size=tokenizer.vocab_size, context_length=32, d_model=32, num_layers=2, num_heads=2)
    model = GPT(config)
    logits = model(batch.inputs)
    assert logits.shape == (8, 32, 320)

    loss = next_token_loss(logits, batch.targets)
    assert loss.item() == pytest.approx(math.log(320), abs=0.1)  # it knows nothing yet

    optimizer = fused_adamw(model, 0.01)
    result = train_step(model, optimizer, batch, learning_rate=0.0, precision="fp32")
    assert result.loss_nats == pytest.approx(loss.item(), rel=1e-5)
    assert result.num_tokens == 8 * 32

    schedule = warmup_cosine(0.01, num_steps=NUM_STEPS, warmup_steps=5)
    history = train(model, optimizer, batches, schedule, TrainingConfig(num_steps=NUM_STEPS), progress=False)
    assert history.num_steps == NUM_STEPS
    assert history.loss_nats[-1] < loss.item() - 1

    save_checkpoint(tmp_path / "checkpoint", model, optimizer, history=history, batches=batches, tokenizer=tokenizer)
    checkpoint = load_checkpoint(tmp_path / "checkpoint")
    restored = GPT(config, seed=1)
    checkpoint.restore(restored, fused_adamw(restored, 0.01), batches)
    assert checkpoint.history == history
    assert torch.equal(restored(batch.inputs), model(batch.inputs))

    prompt_ids = torch.tensor([tokenizer.encode("The value")])
    token_ids = generate(
        restored.eval(),
        prompt_ids,
        max_new_tokens=12,
        choose_next=top_k(5),
        generator=torch.Generator().manual_seed(0),
    )
    assert token_ids.shape == (1, prompt_ids.shape[1] + 12)

    written = tokenizer.decode(token_ids[0].tolist())
    assert written.startswith("The value")
    assert len(written) > len("The value")
    assert type(tokenizer).load(checkpoint.tokenizer_file).encode(text) == tokenizer.encode(text)
