"""``storyworld-base``: a GPT that has read everything that the story world can say, and can be asked."""

import torch

from lmkit.data import END_OF_TEXT, Batches, document_batches
from lmkit.models import GPT, GPTConfig, load_pretrained, load_tokenizer
from lmkit.recipes.base_scores import measure_base
from lmkit.recipes.mixture import mixture
from lmkit.recipes.model_recipe import TRAINING_SEED, ModelRecipe
from lmkit.recipes.storyworld_gpt import gpt_special_ids
from lmkit.tokenizers import BPETokenizer, Tokenizer, train_bpe
from lmkit.training import next_token_objective

FIRST_MODEL = "storyworld-gpt"
"""The model whose weights are the start: it has read stories, and copies names from far back."""

NUM_TOKENIZER_DOCUMENTS = 6000
"""The documents that the tokenizer is trained on: the first ones of the mixture."""

CONTEXT_LENGTH = 448
"""Room for nearly every series of examples in the mixture."""


def base_tokenizer() -> Tokenizer:
    """Train a byte-level BPE tokenizer on the mixture, in both languages."""
    texts = (document.prompt + document.answer for document in mixture(NUM_TOKENIZER_DOCUMENTS, seed=TRAINING_SEED))
    return train_bpe(texts, 2560, (END_OF_TEXT,), progress=False)


def base_model(vocab_size: int) -> GPT:
    """Make a GPT with the layers of ``storyworld-gpt`` and room for passages of several examples."""
    return GPT(GPTConfig(vocab_size=vocab_size, context_length=CONTEXT_LENGTH, d_model=128, num_layers=4, num_heads=4))


def start_base(model: GPT, tokenizer: Tokenizer) -> None:
    """Copy from ``storyworld-gpt`` its layers, its positions and the vectors of the tokens that both models have.

    Args:
        model: Changed in place; other positions and tokens keep their random vectors.
        tokenizer: Of the model.
    """
    first, known = load_pretrained(FIRST_MODEL), load_tokenizer(FIRST_MODEL)
    assert isinstance(known, BPETokenizer)
    assert isinstance(tokenizer, BPETokenizer)
    state = {name: tensor for name, tensor in first.state_dict().items() if name.startswith(("layers.", "norm."))}
    model.load_state_dict(state, strict=False)
    ids = {known.decode_bytes([token_id]): token_id for token_id in range(known.vocab_size)}
    with torch.no_grad():
        num_positions = first.config.context_length
        model.position_embedding.weight[:num_positions] = first.position_embedding.weight
        for token_id in range(tokenizer.vocab_size):
            if (known_id := ids.get(tokenizer.decode_bytes([token_id]))) is not None:
                model.token_embedding.weight[token_id] = first.token_embedding.weight[known_id]


def base_batches(tokenizer: Tokenizer, num_documents: int) -> Batches:
    """Put each document of the mixture in its own row, after an end-of-text token, unless it is too long."""
    documents = mixture(num_documents, seed=TRAINING_SEED)
    encoded = tokenizer.encode_batch([document.prompt + document.answer for document in documents])
    return document_batches(
        [token_ids for token_ids in encoded if len(token_ids) < CONTEXT_LENGTH],
        tokens_per_batch=2048,
        end_of_text_id=tokenizer.special_tokens[END_OF_TEXT],
        generator=torch.Generator().manual_seed(0),
        num_epochs=None,
    )


STORYWORLD_BASE = ModelRecipe(
    summary="A GPT that has read stories, summaries, questions, word problems, translations and series of examples.",
    make_tokenizer=base_tokenizer,
    make_model=base_model,
    start=start_base,
    make_batches=base_batches,
    objective=next_token_objective,
    num_stories=90_000,
    counts="documents of the mixture",
    max_steps=2824,  # by then the rate has fallen to a seventh
    learning_rate=1.5e-3,
    special_ids=gpt_special_ids,
    measure=measure_base,
)
