"""Tasks: labelled examples in three parts, from the story world or from a user's own file."""

from lmkit.data.tasks.batches import (
    answer_positions,
    answer_span_batches,
    classification_batches,
    matching_batches,
    regression_batches,
    tagging_batches,
)
from lmkit.data.tasks.chat import ChatRole, ChatTemplate, Message, encode_chat
from lmkit.data.tasks.examples import (
    AnsweredQuestion,
    Example,
    Instruction,
    LabelledPair,
    LabelledSpan,
    LabelledText,
    TaggedText,
    Task,
    TextToText,
)
from lmkit.data.tasks.instructions import (
    MarkedTokens,
    PromptTemplate,
    answer_batch,
    encode_instruction,
    instruction_batches,
    mark_answer,
)
from lmkit.data.tasks.rows import (
    InputFormat,
    Row,
    standard_format,
)
from lmkit.data.tasks.tagging import (
    bio_tags,
    first_tokens,
    spans_of_tags,
    tags_of_words,
    word_spans,
)

__all__ = [
    "AnsweredQuestion",
    "ChatRole",
    "ChatTemplate",
    "Example",
    "InputFormat",
    "Instruction",
    "LabelledPair",
    "LabelledSpan",
    "LabelledText",
    "MarkedTokens",
    "Message",
    "PromptTemplate",
    "Row",
    "TaggedText",
    "Task",
    "TextToText",
    "answer_batch",
    "answer_positions",
    "answer_span_batches",
    "bio_tags",
    "classification_batches",
    "encode_chat",
    "encode_instruction",
    "first_tokens",
    "instruction_batches",
    "mark_answer",
    "matching_batches",
    "regression_batches",
    "spans_of_tags",
    "standard_format",
    "tagging_batches",
    "tags_of_words",
    "word_spans",
]
