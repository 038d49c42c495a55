"""``storyworld-gpt``: a GPT that tells English stories of the story world."""

import math

import torch

from lmkit.data import END_OF_TEXT, Batches
from lmkit.evaluation import document_log_probs
from lmkit.models import GPT, GPTConfig, KneserNeyNGram, SpecialIds
from lmkit.recipes.model_recipe import HELD_OUT_SEED, TRAINING_SEED, ModelRecipe, Scores
from lmkit.recipes.texts import sample_texts
from lmkit.storyworld import StoryWorld, words
from lmkit.tasks import instruction_batches, mark_answer
from lmkit.tokenizers import Tokenizer, train_bpe
from lmkit.training import next_token_objective


def gpt_tokenizer() -> Tokenizer:
    """Train a byte-level BPE tokenizer; frequent words of the world become one token each."""
    return train_bpe(sample_texts(), 2048, (END_OF_TEXT,), progress=False)


def gpt_model(vocab_size: int) -> GPT:
    """Make a GPT with about a million parameters."""
    return GPT(GPTConfig(vocab_size=vocab_size, context_length=256, d_model=128, num_layers=4, num_heads=4))


def gpt_batches(tokenizer: Tokenizer, num_stories: int) -> Batches:
    """Put one story in each row, after an end-of-text token, so that its beginning is always in the context."""
    end_id = tokenizer.special_tokens[END_OF_TEXT]
    stories = tokenizer.encode_batch(StoryWorld().texts(num_stories, seed=TRAINING_SEED))
    return instruction_batches(
        [mark_answer([end_id], [*story, end_id]) for story in stories],
        batch_size=32,
        context_length=256,
        pad_id=end_id,
        generator=torch.Generator().manual_seed(0),
        num_epochs=None,
    )


def gpt_special_ids(tokenizer: Tokenizer) -> SpecialIds:
    """Start and end each story with an end-of-text token, one story per row."""
    end_id = tokenizer.special_tokens[END_OF_TEXT]
    return SpecialIds(start_id=end_id, end_ids=(end_id,), pad_id=end_id, starts_texts=True, packed=False)


def measure_gpt(model: GPT, tokenizer: Tokenizer, num_stories: int) -> Scores:
    """Measure the loss per word, and compare it with the world's entropy and a trigram model."""
    world = StoryWorld()
    texts = list(world.texts(num_stories, seed=HELD_OUT_SEED))
    num_words = sum(len(words(text)) for text in texts)
    end_id = tokenizer.special_tokens[END_OF_TEXT]
    loss = -document_log_probs(model, tokenizer.encode_batch(texts), end_of_text_id=end_id).double().sum().item()
    truth = -math.fsum(world.log_prob(text) for text in texts)
    ids = {word: number for number, word in enumerate(["", *world.vocabulary])}  # the empty word ends a story
    learned, held_out = (
        [ids[word] for text in each for word in [*words(text), ""]]
        for each in (world.texts(4000, seed=TRAINING_SEED), texts)
    )
    trigram = -KneserNeyNGram(learned, order=3, vocab_size=len(ids)).log_probs(held_out).sum().item()
    return {
        "held-out stories": num_stories,
        "loss, nats per word": round(loss / num_words, 4),
        "exact entropy of the world, nats per word": round(world.entropy().nats_per_word, 4),
        "surprise of the truth at the same stories, nats per word": round(truth / num_words, 4),
        "loss above the truth, percent": round(100 * (loss / truth - 1), 2),
        "loss of a Kneser-Ney trigram of words, nats per word": round(trigram / num_words, 4),
    }


STORYWORLD_GPT = ModelRecipe(
    summary="A GPT that tells English stories of the story world.",
    make_tokenizer=gpt_tokenizer,
    make_model=gpt_model,
    make_batches=gpt_batches,
    objective=next_token_objective,
    num_stories=110_000,
    num_cycles=3,  # copying of names is learned late in the first cycle
    learning_rate=2e-3,
    special_ids=gpt_special_ids,
    measure=measure_gpt,
)
