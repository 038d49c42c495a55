"""The story world: short stories in English and Chinese whose probabilities are known exactly."""

from lmkit.data.storyworld.annotations import Fact, Mention, Question
from lmkit.data.storyworld.config import StoryWorldConfig
from lmkit.data.storyworld.entities import join_words, words
from lmkit.data.storyworld.entropy import Entropy
from lmkit.data.storyworld.judging import Judgement
from lmkit.data.storyworld.problems import WordProblem
from lmkit.data.storyworld.reading import Reader
from lmkit.data.storyworld.story import Story
from lmkit.data.storyworld.world import StoryWorld

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
