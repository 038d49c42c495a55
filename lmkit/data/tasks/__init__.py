"""Tasks: labelled examples in three parts, from the story world or from a user's own file."""

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

__all__ = [
    "AnsweredQuestion",
    "Example",
    "Instruction",
    "LabelledPair",
    "LabelledSpan",
    "LabelledText",
    "TaggedText",
    "Task",
    "TextToText",
]
