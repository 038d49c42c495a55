"""Tasks: labelled examples in three parts, from the story world or from a user's own file."""

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

__all__ = [
    "AnsweredQuestion",
    "ChatRole",
    "ChatTemplate",
    "Example",
    "Instruction",
    "LabelledPair",
    "LabelledSpan",
    "LabelledText",
    "MarkedTokens",
    "Message",
    "PromptTemplate",
    "TaggedText",
    "Task",
    "TextToText",
    "answer_batch",
    "encode_chat",
    "encode_instruction",
    "instruction_batches",
    "mark_answer",
]
