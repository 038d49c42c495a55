"""``storyworld-bert``: a BERT that reads English stories of the story world."""

from collections.abc import Iterator
from itertools import chain
from random import Random

import torch
from torch import Tensor

from lmkit.data import Batches, Masking, Sentences, sentence_pair_batches
from lmkit.functional import IGNORE_ID, cross_entropy
from lmkit.models import BERT, BERTConfig, SpecialIds
from lmkit.recipes.model_recipe import HELD_OUT_SEED, TRAINING_SEED, ModelRecipe, Scores
from lmkit.recipes.texts import sample_texts
from lmkit.storyworld import StoryWorld
from lmkit.tokenizers import BERT_SPECIAL_TOKENS, Tokenizer, train_wordpiece
from lmkit.training import sentence_pair_objective


def bert_tokenizer() -> Tokenizer:
    """Train a WordPiece tokenizer on lower-case text."""
    return train_wordpiece(sample_texts(), 1024, progress=False)


def bert_model(vocab_size: int) -> BERT:
    """Make a BERT of the size of the GPT."""
    return BERT(BERTConfig(vocab_size=vocab_size, context_length=160, d_model=128, num_layers=4, num_heads=4))


def bert_masking(tokenizer: Tokenizer) -> Masking:
    """Mask 15 % of the tokens."""
    special_ids = tuple(tokenizer.special_tokens[token] for token in BERT_SPECIAL_TOKENS)
    return Masking(mask_id=tokenizer.special_tokens["[MASK]"], vocab_size=tokenizer.vocab_size, special_ids=special_ids)


def bert_batches(tokenizer: Tokenizer, num_stories: int, *, seed: int = TRAINING_SEED) -> Batches:
    """Make pairs of story parts, from one story or from two, and mask some tokens."""
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


def bert_special_ids(tokenizer: Tokenizer) -> SpecialIds:
    """Put each text between [CLS] and [SEP]."""
    cls_id, sep_id, pad_id = (tokenizer.special_tokens[token] for token in ("[CLS]", "[SEP]", "[PAD]"))
    return SpecialIds(start_id=cls_id, end_ids=(sep_id,), pad_id=pad_id, starts_texts=True, packed=False)


def two_parts(tokenizer: Tokenizer, num_stories: int, seed: int) -> Iterator[Sentences]:
    """Split each story in two at the end of a random sentence."""
    random = Random(seed)
    for story in StoryWorld().stories(num_stories, seed=seed):
        cut = 1 + int(random.random() * (len(story.sentences) - 1))
        yield tokenizer.encode_batch([" ".join(story.sentences[:cut]), " ".join(story.sentences[cut:])])


@torch.inference_mode()
def measure_bert(model: BERT, tokenizer: Tokenizer, num_stories: int) -> Scores:
    """Measure loss and accuracy at masked tokens, the loss of token frequencies, and next-sentence accuracy."""
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


STORYWORLD_BERT = ModelRecipe(
    summary="A BERT that reads English stories of the story world.",
    make_tokenizer=bert_tokenizer,
    make_model=bert_model,
    make_batches=bert_batches,
    objective=sentence_pair_objective,
    num_stories=70_000,
    num_cycles=5,
    learning_rate=1.5e-3,
    special_ids=bert_special_ids,
    measure=measure_bert,
)
