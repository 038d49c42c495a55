"""How a model learns the tasks: what examples become in training, and how the trained model answers.

A few readable lines for each kind of task.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn

from lmkit.cli.recipes import END_OF_SENTENCE, PADDING, translate
from lmkit.data import Batches, seq2seq_batches
from lmkit.data.corpus.token_stream import END_OF_TEXT
from lmkit.data.tasks import (
    Instruction,
    LabelledPair,
    LabelledText,
    Task,
    TextToText,
    answer_span_batches,
    bio_tags,
    classification_batches,
    encode_instruction,
    instruction_batches,
    matching_batches,
    regression_batches,
    search_collection,
    standard_format,
    tagging_batches,
)
from lmkit.evaluation import few_shot_prompt, write_answers
from lmkit.finetuning import (
    BiEncoder,
    FineTuningConfig,
    Index,
    PairRegressor,
    SequenceClassifier,
    SpanExtractor,
    TokenTagger,
    answer_span_objective,
    classification_objective,
    fine_tune,
    matching_objective,
    predict_answer_spans,
    predict_classes,
    predict_numbers,
    predict_spans,
    regression_objective,
    renew_embeddings,
    tagging_objective,
    untrained_tokens,
)
from lmkit.tokenizers import Tokenizer
from lmkit.training import History, Objective, next_token_objective, sequence_to_sequence_objective

Examples = Sequence[Any]
"""Examples of a task, all of the kind that the task has."""

Answers = Sequence[Any]
"""One answer to each example: a class, a number, spans, a text, or a ranking."""

CONTROL_CHARACTERS = "\x01\x02\x03\x04\x05\x06"
"""Characters of ASCII that texts do not have, though a vocabulary of bytes has tokens for them."""


@dataclass(frozen=True, kw_only=True)
class Learner:
    """A model that is about to learn a task.

    Args:
        model: A pre-trained model, or a head on one.
        objective: The loss.
        make_batches: What is learnt from examples; its other arguments are those of all batch functions.
        answer: What the model says to examples.
        never_seen: Tokens that no text has. Those that pre-training has made like them get new vectors, since the
            task may bring them, and the model could not tell them apart.
    """

    model: nn.Module
    objective: Objective
    make_batches: Callable[..., Batches]
    answer: Callable[[Examples], Answers]
    never_seen: Sequence[int] = ()


def learn(learner: Learner, examples: Examples, config: FineTuningConfig, *, progress: bool = True) -> History:
    """Train on examples, in a new order each time, as often as the number of steps has it."""
    batches = learner.make_batches(
        examples,
        batch_size=config.batch_size,
        generator=torch.Generator().manual_seed(config.seed),
        num_epochs=None,
    )
    if learner.never_seen:
        config = _prepare_new_tokens(learner, config)
    return fine_tune(learner.model, batches, config, objective=learner.objective, progress=progress)


def _prepare_new_tokens(learner: Learner, config: FineTuningConfig) -> FineTuningConfig:
    """Tell tokens apart that the model has never seen, and let it learn them by whatever method."""
    name = "token_embedding.weight"
    embedding = learner.model.get_parameter(name)
    untrained = untrained_tokens(embedding, learner.never_seen)
    if len(untrained) == 0:
        return config
    renew_embeddings(embedding, untrained, seed=config.seed)
    also_train = f"{config.lora.also_train}|{re.escape(name)}"  # no other matrix can learn them
    return replace(config, lora=replace(config.lora, also_train=also_train))


# Encoders with a head


def classify(base: Any, tokenizer: Any, task: Task[Any]) -> Learner:
    """Tell the class of a text, or of a pair of texts."""
    input_format = standard_format(tokenizer, base.config.context_length)
    model = SequenceClassifier(base, len(task.labels))
    return Learner(
        model=model,
        objective=classification_objective,
        make_batches=lambda examples, **how: classification_batches(examples, task.labels, input_format, **how),
        answer=lambda examples: predict_classes(model, list(map(given, examples)), task.labels, input_format),
    )


def given(example: LabelledText | LabelledPair) -> str | tuple[str, str]:
    """What of an example a model reads."""
    return example.text if isinstance(example, LabelledText) else (example.first, example.second)


def compare(base: Any, tokenizer: Any, task: Task[Any]) -> Learner:
    """Tell how much two texts say the same."""
    input_format = standard_format(tokenizer, base.config.context_length)
    model = PairRegressor(base)
    return Learner(
        model=model,
        objective=regression_objective,
        make_batches=lambda examples, **how: regression_batches(examples, input_format, **how),
        answer=lambda examples: predict_numbers(model, [(each.first, each.second) for each in examples], input_format),
    )


def tag(base: Any, tokenizer: Any, task: Task[Any]) -> Learner:
    """Mark pieces of a text."""
    input_format = standard_format(tokenizer, base.config.context_length)
    model = TokenTagger(base, len(bio_tags(task.labels)))
    return Learner(
        model=model,
        objective=tagging_objective,
        make_batches=lambda examples, **how: tagging_batches(examples, task.labels, input_format, **how),
        answer=lambda examples: predict_spans(model, [each.text for each in examples], task.labels, input_format),
    )


def extract(base: Any, tokenizer: Any, task: Task[Any]) -> Learner:
    """Find the answer to a question in a text."""
    input_format = standard_format(tokenizer, base.config.context_length)
    model = SpanExtractor(base)

    def answer(examples: Examples) -> list[str]:
        spans = predict_answer_spans(model, [(each.question, each.text) for each in examples], input_format)
        return [each.text[slice(*span)] for each, span in zip(examples, spans, strict=True)]

    return Learner(
        model=model,
        objective=answer_span_objective,
        make_batches=lambda examples, **how: answer_span_batches(examples, input_format, **how),
        answer=answer,
    )


def find(base: Any, tokenizer: Any, task: Task[Any]) -> Learner:
    """Find the text that a description is of, among those of all examples."""
    input_format = standard_format(tokenizer, base.config.context_length)
    model = BiEncoder(base)

    def answer(examples: Examples) -> list[list[int]]:
        collection = search_collection(examples)
        index = Index(model, collection.documents, input_format)
        found = index.search_all(collection.queries, len(collection.documents))
        return [[hit.number for hit in hits] for hits in found]

    return Learner(
        model=model,
        objective=matching_objective,
        make_batches=lambda examples, **how: matching_batches(
            [(each.source, each.target) for each in examples], input_format, **how
        ),
        answer=answer,
    )


# Models that write


def write(base: Any, tokenizer: Any, task: Task[Any]) -> Learner:
    """Write an answer after a prompt; with steps if the examples have them, of which the last is the answer."""
    end_id = special_id(tokenizer, END_OF_TEXT)

    def make_batches(examples: Examples, **how: Any) -> Batches:
        rows = [encode_instruction(tokenizer, instruction(each), end_of_text_id=end_id) for each in examples]
        return instruction_batches(rows, context_length=base.config.context_length, pad_id=end_id, **how)

    def answer(examples: Examples) -> list[str]:
        prompts = [few_shot_prompt(instruction(each).prompt) for each in examples]
        texts = write_answers(base, tokenizer, prompts, end_of_text_id=end_id, max_new_tokens=80, batch_size=64)
        return [text.rpartition("; ")[2].strip() for text in texts]

    return Learner(
        model=base,
        objective=next_token_objective,
        make_batches=make_batches,
        answer=answer,
        never_seen=tokenizer.encode(CONTROL_CHARACTERS),
    )


def instruction(example: Instruction | TextToText) -> Instruction:
    """A text and what is to be made of it, as a request and an answer."""
    return example if isinstance(example, Instruction) else Instruction(prompt=example.source, answer=example.target)


def special_id(tokenizer: Tokenizer, token: str) -> int:
    """The number of a special token, which tells whether the model is made for the task."""
    if token not in tokenizer.special_tokens:
        raise ValueError(f"the model's tokenizer has no {token}, only {list(tokenizer.special_tokens)}")
    return tokenizer.special_tokens[token]


def translation(base: Any, tokenizer: Any, task: Task[Any]) -> Learner:
    """Translate with an encoder-decoder."""
    pad_id, end_id = special_id(tokenizer, PADDING), special_id(tokenizer, END_OF_SENTENCE)

    def make_batches(examples: Examples, **how: Any) -> Batches:
        pairs = [(tokenizer.encode(each.source), tokenizer.encode(each.target)) for each in examples]
        return seq2seq_batches(pairs, start_id=pad_id, end_id=end_id, pad_id=pad_id, **how)

    return Learner(
        model=base,
        objective=sequence_to_sequence_objective,
        make_batches=make_batches,
        answer=lambda examples: translate(base, tokenizer, [each.source for each in examples]),
    )
