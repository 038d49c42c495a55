"""How the models that ship with the package are made, one recipe each: data, sizes, training, figures.

Stories are drawn from the story world by seed: those of one seed to learn from, those of another to be measured
on. Two stories are the same with a probability of about $e^{-55}$, so nothing leaks.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from random import Random
from typing import Any

import torch
from torch import Tensor, nn

from lmkit.data import Batches, Masking, sentence_pair_batches, seq2seq_batches
from lmkit.data.corpus.token_stream import END_OF_TEXT
from lmkit.data.sentence_pairs import Sentences
from lmkit.data.seq2seq import pad
from lmkit.data.storyworld import StoryWorld, words
from lmkit.data.tasks.instructions import instruction_batches, mark_answer
from lmkit.evaluation import document_log_probs
from lmkit.functional import IGNORE_ID, cross_entropy
from lmkit.generation import generate, stop_at
from lmkit.models import BERT, GPT, BERTConfig, EncoderDecoder, EncoderDecoderConfig, GPTConfig, KneserNeyNGram
from lmkit.tokenizers import BERT_SPECIAL_TOKENS, Tokenizer, train_bpe, train_wordpiece
from lmkit.training import (
    Objective,
    next_token_objective,
    sentence_pair_objective,
    sequence_to_sequence_objective,
)

TRAINING_SEED = 1
HELD_OUT_SEED = 2
END_OF_SENTENCE, PADDING = "</s>", "<pad>"

Figures = dict[str, int | float | str]
"""What was measured, by what it is called."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """All that makes one model.

    Args:
        summary: What the model is, in a sentence.
        make_tokenizer: Learns the tokenizer.
        make_model: Takes the size of the vocabulary.
        make_batches: What to learn from, as a function of the tokenizer and a number of stories.
        objective: The loss.
        num_stories: How many stories to learn from, once in each cycle.
        num_cycles: How often the learning rate rises and falls.
        learning_rate: The highest.
        special_ids: What ``config.json`` says of special tokens, by the tokenizer's.
        measure: Figures on held-out stories, as a function of model, tokenizer and a number of stories.
    """

    summary: str
    make_tokenizer: Callable[[], Tokenizer]
    make_model: Callable[[int], nn.Module]
    make_batches: Callable[[Tokenizer, int], Batches]
    objective: Objective
    num_stories: int
    num_cycles: int = 1
    learning_rate: float
    special_ids: dict[str, str]
    measure: Callable[[Any, Tokenizer, int], Figures]


def sample_texts() -> Iterator[str]:
    """English text of every kind that the world has: stories, their summaries and questions, word problems."""
    world = StoryWorld()
    for story in world.stories(3000, seed=TRAINING_SEED):
        questions = (f"{each.question} {each.answer} {' '.join(each.steps)}" for each in story.questions)
        yield " ".join([story.text, story.summary, *questions])
    for problem in world.problems(1500, seed=TRAINING_SEED):
        yield " ".join([problem.text, problem.question, *problem.steps, str(problem.answer)])


# A GPT that tells stories


def gpt_tokenizer() -> Tokenizer:
    """Bytes and the world's words, in one token each where they are frequent."""
    return train_bpe(sample_texts(), 2048, (END_OF_TEXT,), progress=False)


def gpt_model(vocab_size: int) -> GPT:
    """About a million parameters."""
    return GPT(GPTConfig(vocab_size=vocab_size, context_length=256, d_model=128, num_layers=4, num_heads=4))


def gpt_batches(tokenizer: Tokenizer, num_stories: int) -> Batches:
    """One story in a row, after the end of another text, so that its beginning is always in sight."""
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


def measure_gpt(model: GPT, tokenizer: Tokenizer, num_stories: int) -> Figures:
    """Loss per word beside the world's entropy and a trigram."""
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


# A BERT that reads stories


def bert_tokenizer() -> Tokenizer:
    """The world's words in lower case."""
    return train_wordpiece(sample_texts(), 1024, progress=False)


def bert_model(vocab_size: int) -> BERT:
    """As large as the GPT."""
    return BERT(BERTConfig(vocab_size=vocab_size, context_length=160, d_model=128, num_layers=4, num_heads=4))


def bert_masking(tokenizer: Tokenizer) -> Masking:
    """Hide 15 % of the tokens."""
    special_ids = tuple(tokenizer.special_tokens[token] for token in BERT_SPECIAL_TOKENS)
    return Masking(mask_id=tokenizer.special_tokens["[MASK]"], vocab_size=tokenizer.vocab_size, special_ids=special_ids)


def bert_batches(tokenizer: Tokenizer, num_stories: int, *, seed: int = TRAINING_SEED) -> Batches:
    """The two parts of a story, cut at a random sentence, or parts of two stories; some tokens hidden."""
    return sentence_pair_batches(
        list(two_parts(tokenizer, num_stories, seed)),
        batch_size=32,
        context_length=112,
        cls_id=tokenizer.special_tokens["[CLS]"],
        sep_id=tokenizer.special_tokens["[SEP]"],
        pad_id=tokenizer.special_tokens["[PAD]"],
        generator=torch.Generator().manual_seed(0),
        masking=bert_masking(tokenizer),
        num_epochs=None if seed == TRAINING_SEED else 1,
    )


def two_parts(tokenizer: Tokenizer, num_stories: int, seed: int) -> Iterator[Sentences]:
    """Cut each story in two at the end of a sentence."""
    random = Random(seed)
    for story in StoryWorld().stories(num_stories, seed=seed):
        cut = 1 + int(random.random() * (len(story.sentences) - 1))
        yield tokenizer.encode_batch([" ".join(story.sentences[:cut]), " ".join(story.sentences[cut:])])


@torch.inference_mode()
def measure_bert(model: BERT, tokenizer: Tokenizer, num_stories: int) -> Figures:
    """Loss and accuracy at hidden tokens, beside guessing by frequency, and at telling what follows what."""
    learned = torch.tensor(list(chain.from_iterable(chain(*two_parts(tokenizer, 3000, TRAINING_SEED)))))
    frequency = (learned.bincount(minlength=tokenizer.vocab_size) + 1).double()
    logits, targets, is_right = list[Tensor](), list[Tensor](), list[Tensor]()
    for batch in bert_batches(tokenizer, num_stories, seed=HELD_OUT_SEED):
        encoded = model.encode(batch.inputs, segment_ids=batch.segment_ids, attention_mask=batch.attention_mask)
        chosen = batch.targets != IGNORE_ID
        logits.append(model.unembedding(model.prepare_unembedding(encoded[chosen].unsqueeze(0)))[0])
        targets.append(batch.targets[chosen])
        assert batch.labels is not None
        is_right.append(model.pair_logits(encoded).argmax(dim=-1).eq(batch.labels))
    hidden_ids = torch.cat(targets)
    return {
        "held-out stories": num_stories,
        "masked loss, nats per token": round(cross_entropy(torch.cat(logits), hidden_ids).item(), 4),
        "masked loss of token frequencies": round(-(frequency / frequency.sum()).log()[hidden_ids].mean().item(), 4),
        "accuracy at masked tokens": round((torch.cat(logits).argmax(-1) == hidden_ids).double().mean().item(), 4),
        "accuracy of the next sentence head": round(torch.cat(is_right).double().mean().item(), 4),
    }


# An encoder-decoder that translates stories


def translation_tokenizer() -> Tokenizer:
    """One vocabulary for both languages."""
    stories = list(StoryWorld().stories(3000, seed=TRAINING_SEED))
    texts = [text for story in stories for text in (story.text, story.text_zh)]
    return train_bpe(texts, 2048, (END_OF_SENTENCE, PADDING), progress=False)


def translation_model(vocab_size: int) -> EncoderDecoder:
    """Three layers to read and three to write."""
    return EncoderDecoder(
        EncoderDecoderConfig(vocab_size=vocab_size, context_length=160, d_model=128, num_layers=3, num_heads=4)
    )


def translation_batches(tokenizer: Tokenizer, num_stories: int) -> Batches:
    """Passages of stories in English and Chinese, more short ones than long ones.

    In a sentence or two the model soon finds out which word belongs to which; in whole stories alone it does not.
    """
    passages = list(two_languages(num_stories))
    sources, targets = (tokenizer.encode_batch(texts) for texts in zip(*passages, strict=True))
    return seq2seq_batches(
        list(zip(sources, targets, strict=True)),
        batch_size=32,
        start_id=tokenizer.special_tokens[PADDING],  # as in Marian
        end_id=tokenizer.special_tokens[END_OF_SENTENCE],
        pad_id=tokenizer.special_tokens[PADDING],
        generator=torch.Generator().manual_seed(0),
        num_epochs=None,
    )


def two_languages(num_stories: int) -> Iterator[tuple[str, str]]:
    """A passage of each story: some sentences in a row, in English and Chinese."""
    random = Random(TRAINING_SEED)
    for story in StoryWorld().stories(num_stories, seed=TRAINING_SEED):
        num_sentences = 1 + int(random.random() ** 2 * len(story.sentences))
        start = int(random.random() * (len(story.sentences) - num_sentences + 1))
        passage = slice(start, start + num_sentences)
        yield " ".join(story.sentences[passage]), "".join(story.sentences_zh[passage])


def translate(model: EncoderDecoder, tokenizer: Tokenizer, texts: list[str], batch_size: int = 32) -> list[str]:
    """Translate greedily.

    Args:
        model: Trained as here.
        tokenizer: Of both languages.
        texts: In English.
        batch_size: How many at a time.

    Returns:
        The Chinese texts.
    """
    start_id, end_id = tokenizer.special_tokens[PADDING], tokenizer.special_tokens[END_OF_SENTENCE]
    translations = []
    for first in range(0, len(texts), batch_size):
        source_ids = pad(tokenizer.encode_batch(texts[first : first + batch_size]), start_id)
        written = generate(
            model,
            torch.full((len(source_ids), 1), start_id),
            max_new_tokens=model.config.context_length - 1,
            stop=stop_at(end_id),
            source_ids=source_ids,
            source_mask=source_ids != start_id,
        )
        for row in written[:, 1:].tolist():
            translations.append(tokenizer.decode(row[: row.index(end_id)] if end_id in row else row))
    return translations


def measure_translation(model: EncoderDecoder, tokenizer: Tokenizer, num_stories: int) -> Figures:
    """BLEU, and how many stories are translated without a single mistake."""
    from sacrebleu.metrics.bleu import BLEU

    stories = list(StoryWorld().stories(num_stories, seed=HELD_OUT_SEED))
    translations = translate(model, tokenizer, [story.text for story in stories])
    references = [story.text_zh for story in stories]
    bleu = BLEU(tokenize="zh")
    score = bleu.corpus_score(translations, [references])
    right = sum(map(str.__eq__, translations, references))
    return {
        "held-out stories": num_stories,
        "BLEU": round(score.score, 2),
        "signature": str(bleu.get_signature()),
        "stories translated without a mistake": round(right / num_stories, 4),
    }


RECIPES = {
    "storyworld-gpt": Recipe(
        summary="A GPT that tells English stories of the story world.",
        make_tokenizer=gpt_tokenizer,
        make_model=gpt_model,
        make_batches=gpt_batches,
        objective=next_token_objective,
        num_stories=110_000,
        num_cycles=3,  # names are copied from late in the first one on
        learning_rate=2e-3,
        special_ids={"eos_token_id": END_OF_TEXT},
        measure=measure_gpt,
    ),
    "storyworld-bert": Recipe(
        summary="A BERT that reads English stories of the story world.",
        make_tokenizer=bert_tokenizer,
        make_model=bert_model,
        make_batches=bert_batches,
        objective=sentence_pair_objective,
        num_stories=70_000,
        num_cycles=5,
        learning_rate=1.5e-3,
        special_ids={"pad_token_id": "[PAD]"},
        measure=measure_bert,
    ),
    "storyworld-translation": Recipe(
        summary="An encoder-decoder that translates stories of the story world from English to Chinese.",
        make_tokenizer=translation_tokenizer,
        make_model=translation_model,
        make_batches=translation_batches,
        objective=sequence_to_sequence_objective,
        num_stories=60_000,
        learning_rate=2e-3,
        special_ids={
            "eos_token_id": END_OF_SENTENCE,
            "forced_eos_token_id": END_OF_SENTENCE,
            "pad_token_id": PADDING,
            "decoder_start_token_id": PADDING,
        },
        measure=measure_translation,
    ),
}
"""By the name under which :func:`lmkit.models.load_pretrained` finds the model."""
