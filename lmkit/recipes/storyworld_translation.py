"""``storyworld-translation``: an encoder-decoder that translates stories of the story world into Chinese."""

from collections.abc import Iterator
from random import Random

import torch

from lmkit.data import Batches, pad, seq2seq_batches
from lmkit.generation import generate, stop_at
from lmkit.models import EncoderDecoder, EncoderDecoderConfig, SpecialIds
from lmkit.recipes.model_recipe import HELD_OUT_SEED, TRAINING_SEED, ModelRecipe, Scores
from lmkit.storyworld import StoryWorld
from lmkit.tokenizers import Tokenizer, train_bpe
from lmkit.training import sequence_to_sequence_objective

END_OF_SENTENCE, PADDING = "</s>", "<pad>"


def translation_tokenizer() -> Tokenizer:
    """Train one tokenizer for both languages."""
    stories = list(StoryWorld().stories(3000, seed=TRAINING_SEED))
    texts = [text for story in stories for text in (story.text, story.text_zh)]
    return train_bpe(texts, 2048, (END_OF_SENTENCE, PADDING), progress=False)


def translation_model(vocab_size: int) -> EncoderDecoder:
    """Make a model with three encoder and three decoder layers."""
    return EncoderDecoder(
        EncoderDecoderConfig(vocab_size=vocab_size, context_length=160, d_model=128, num_layers=3, num_heads=4)
    )


def translation_batches(tokenizer: Tokenizer, num_stories: int) -> Batches:
    """Make batches of passages in English and Chinese, more short ones than long ones.

    From one or two sentences the model soon learns which words correspond; from whole stories alone it does not.
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


def translation_special_ids(tokenizer: Tokenizer) -> SpecialIds:
    """Start translations with the padding token, as Marian does; add nothing to the source."""
    pad_id, end_id = tokenizer.special_tokens[PADDING], tokenizer.special_tokens[END_OF_SENTENCE]
    return SpecialIds(start_id=pad_id, end_ids=(end_id,), pad_id=pad_id, starts_texts=True, packed=False)


def two_languages(num_stories: int) -> Iterator[tuple[str, str]]:
    """Yield a passage of each story: some consecutive sentences in English and Chinese."""
    random = Random(TRAINING_SEED)
    for story in StoryWorld().stories(num_stories, seed=TRAINING_SEED):
        num_sentences = 1 + int(random.random() ** 2 * len(story.sentences))
        start = int(random.random() * (len(story.sentences) - num_sentences + 1))
        passage = slice(start, start + num_sentences)
        yield " ".join(story.sentences[passage]), "".join(story.sentences_zh[passage])


def translate(
    model: EncoderDecoder,
    tokenizer: Tokenizer,
    texts: list[str],
    special_ids: SpecialIds | None = None,
    batch_size: int = 32,
) -> list[str]:
    """Translate texts by greedy decoding.

    Args:
        model: An encoder-decoder, in evaluation mode.
        tokenizer: The tokenizer of both languages.
        texts: The texts to translate.
        special_ids: What the model was trained with; ``None`` for the tokens of ``storyworld-translation``.
        batch_size: Texts per forward pass.

    Returns:
        The translations, in order.

    Example:
        >>> from lmkit.models import load_pretrained, load_tokenizer
        >>> name = "storyworld-translation"
        >>> story = next(StoryWorld().stories(1, seed=HELD_OUT_SEED))
        >>> translate(load_pretrained(name), load_tokenizer(name), [story.text]) == [story.text_zh]
        True
    """
    if special_ids is None:
        special_ids = translation_special_ids(tokenizer)
    start_ids, end_id = special_ids.prompt([]), special_ids.end_ids[0]
    pad_id = end_id if special_ids.pad_id is None else special_ids.pad_id
    device = next(model.parameters()).device
    translations = []
    for first in range(0, len(texts), batch_size):
        sources = [special_ids.source(ids) for ids in tokenizer.encode_batch(texts[first : first + batch_size])]
        source_ids = pad(sources, pad_id).to(device)
        lengths = torch.tensor([len(ids) for ids in sources], device=device)
        written = generate(
            model,
            torch.tensor([start_ids] * len(source_ids), device=device),
            max_new_tokens=model.config.context_length - 1,
            stop=stop_at(end_id),
            source_ids=source_ids,
            source_mask=torch.arange(source_ids.shape[1], device=device) < lengths.unsqueeze(-1),
        )
        for row in written[:, 1:].tolist():
            translations.append(tokenizer.decode(row[: row.index(end_id)] if end_id in row else row))
    return translations


def measure_translation(model: EncoderDecoder, tokenizer: Tokenizer, num_stories: int) -> Scores:
    """Measure BLEU, and the share of stories translated without a single mistake."""
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


STORYWORLD_TRANSLATION = ModelRecipe(
    summary="An encoder-decoder that translates stories of the story world from English to Chinese.",
    make_tokenizer=translation_tokenizer,
    make_model=translation_model,
    make_batches=translation_batches,
    objective=sequence_to_sequence_objective,
    num_stories=60_000,
    learning_rate=2e-3,
    special_ids=translation_special_ids,
    measure=measure_translation,
)
