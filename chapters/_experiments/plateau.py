"""What it costs to know the grammar of stories, and not who they are about.

At each mention of a person or a thing that was named before, the world's own
distribution says how probable it is that one of its kind comes next, and how
probable the right one is. A blind model pays the first and then draws among
all of its kind. The difference, per token of the stories, is what copying
saves.
"""

import math
from collections import defaultdict
from typing import Any

from lmkit.book import save_experiment
from lmkit.storyworld import StoryWorld, words
from lmkit.storyworld.lexicon import people, things

NUM_STORIES = 300
SEED = 1


REDUCED = {"num_stories": 5}


def run(num_stories: int = NUM_STORIES) -> dict[str, Any]:
    """Add up what blind draws cost beyond the truth, by kind."""
    world = StoryWorld()
    config = world.config
    kinds = {
        "PERSON": [each.forms[""] for each in people()[: config.num_people]],
        "THING": [each.forms[""] for each in things(config.num_things, config.num_adjectives)],
    }
    extra: dict[str, float] = defaultdict(float)
    returns: dict[str, int] = defaultdict(int)
    num_tokens = 0
    for story in world.stories(num_stories, seed=SEED):
        num_tokens += len(words(story.text)) + 1
        log_probs = world.word_log_probs(story.text)
        seen = set()
        for mention in story.entities:
            told = story.text[mention.start : mention.end]
            if mention.label in kinds and told in seen:
                before = story.text[: mention.start].rstrip()
                first_words = {words(each)[0] for each in kinds[mention.label]}
                distribution = world.next_word_distribution(before)
                of_kind = sum(p for word, p in distribution.items() if word in first_words)
                start = len(words(before))
                truth = log_probs[start : start + len(words(told))]
                extra[mention.label] += math.log(len(kinds[mention.label])) - math.log(of_kind) + sum(truth)
                returns[mention.label] += 1
            seen.add(told)
    return {
        "stories": num_stories,
        "kinds": {name: len(members) for name, members in kinds.items()},
        "returns_per_story": {name: count / num_stories for name, count in returns.items()},
        "extra_nats_per_token": {name: total / num_tokens for name, total in extra.items()},
    }


if __name__ == "__main__":
    save_experiment(__file__, run)
