"""The task whose answer is the translation of a story, by an encoder-decoder."""

from functools import reduce
from operator import add
from typing import Any

from lmkit.data import Batches, seq2seq_batches
from lmkit.evaluation import sentence_bleu
from lmkit.evaluation.baselines import WordTranslation
from lmkit.models import EncoderDecoder, SpecialIds
from lmkit.recipes.learner import Examples, Learner
from lmkit.recipes.storyworld_translation import translate, translation_special_ids
from lmkit.recipes.task_recipe import TaskRecipe
from lmkit.tasks import Task, TextToText, translation_task
from lmkit.training import sequence_to_sequence_objective


def translation(base: Any, tokenizer: Any, task: Task[Any], special_ids: SpecialIds | None = None) -> Learner:
    """Translate with an encoder-decoder."""
    if not isinstance(base, EncoderDecoder):
        raise ValueError(
            f"a {type(base).__name__} cannot translate: give an encoder-decoder, such as storyworld-translation"
        )
    is_known = special_ids is not None and special_ids.start_id is not None and bool(special_ids.end_ids)
    ids = special_ids if special_ids is not None and is_known else translation_special_ids(tokenizer)
    [start_id], end_id = ids.prompt([]), ids.end_ids[0]
    pad_id = end_id if ids.pad_id is None else ids.pad_id

    def make_batches(examples: Examples, **how: Any) -> Batches:
        pairs = [(ids.source(tokenizer.encode(each.source)), tokenizer.encode(each.target)) for each in examples]
        return seq2seq_batches(pairs, start_id=start_id, end_id=end_id, pad_id=pad_id, **how)

    return Learner(
        model=base,
        objective=sequence_to_sequence_objective,
        make_batches=make_batches,
        answer=lambda examples: translate(base, tokenizer, [each.source for each in examples], ids),
    )


TRANSLATION = TaskRecipe(
    summary="Translate a story from English to Chinese.",
    kind=TextToText,
    make_task=translation_task,
    model="storyworld-translation",
    make_learner=translation,
    num_steps=200,
    baseline_name="word by word",
    baseline=lambda task, tokenizer: (
        WordTranslation(tokenizer).fit(task.train).predict([each.source for each in task.test])
    ),
    metric="BLEU",
    answer_field="target",
    score=lambda answers, examples: [
        sentence_bleu(answer, [each.target], "zh") for answer, each in zip(answers, examples, strict=True)
    ],
    statistic=lambda parts: reduce(add, parts).score,
)
