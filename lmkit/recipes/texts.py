"""English text of every kind in the story world, to train tokenizers on."""

from collections.abc import Iterator

from lmkit.recipes.model_recipe import TRAINING_SEED
from lmkit.storyworld import StoryWorld


def sample_texts() -> Iterator[str]:
    """Yield stories with their summaries and questions, and word problems."""
    world = StoryWorld()
    for story in world.stories(3000, seed=TRAINING_SEED):
        questions = (f"{each.question} {each.answer} {' '.join(each.steps)}" for each in story.questions)
        yield " ".join([story.text, story.summary, *questions])
    for problem in world.problems(1500, seed=TRAINING_SEED):
        yield " ".join([problem.text, problem.question, *problem.steps, str(problem.answer)])
