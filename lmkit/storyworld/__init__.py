"""The story world: short stories in English and Chinese whose probabilities are known exactly."""

from lmkit.storyworld.annotations import Fact, Mention, Question
from lmkit.storyworld.config import StoryWorldConfig
from lmkit.storyworld.entities import join_words, words
from lmkit.storyworld.entropy import Entropy
from lmkit.storyworld.judging import Judgement
from lmkit.storyworld.problems import WordProblem
from lmkit.storyworld.reading import Reader
from lmkit.storyworld.story import Story
from lmkit.storyworld.world import StoryWorld

__all__ = [
    "Entropy",
    "Fact",
    "Judgement",
    "Mention",
    "Question",
    "Reader",
    "Story",
    "StoryWorld",
    "StoryWorldConfig",
    "WordProblem",
    "join_words",
    "words",
]
