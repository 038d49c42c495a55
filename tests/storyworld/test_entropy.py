import math
from collections import Counter, defaultdict

import pytest

from lmkit.storyworld import StoryWorld, StoryWorldConfig, words


@pytest.mark.parametrize("correlation", [0.5, 1.0])
def test_exact_entropy_equals_the_enumerated_one(correlation, smallest, every_story):
    config = StoryWorldConfig(**smallest, pronoun_correlation=correlation)
    stories = list(every_story(StoryWorld(config)))
    exact = StoryWorld(config).entropy()
    assert exact.nats_per_story == pytest.approx(-math.fsum(p * math.log(p) for _, p in stories), abs=1e-10)
    assert exact.words_per_story == pytest.approx(math.fsum(p * len(words(text)) for text, p in stories), abs=1e-10)
    assert exact.story_standard_error == exact.word_standard_error == 0


def test_sampled_entropy_agrees_with_the_exact_one_within_its_error(world):
    exact, sampled = world.entropy(), world.sampled_entropy(400, seed=5)
    assert 0 < sampled.word_standard_error < 0.01
    assert abs(sampled.nats_per_story - exact.nats_per_story) < 3 * sampled.story_standard_error
    assert abs(sampled.nats_per_word - exact.nats_per_word) < 3 * sampled.word_standard_error


def test_the_stated_errors_are_those_of_repeated_estimates(tiny_world):
    exact = tiny_world.entropy()
    estimates = [tiny_world.sampled_entropy(30, seed) for seed in range(50)]
    for value, error in (("nats_per_story", "story_standard_error"), ("nats_per_word", "word_standard_error")):
        standardised = [(getattr(e, value) - getattr(exact, value)) / getattr(e, error) for e in estimates]
        spread = math.sqrt(math.fsum(z * z for z in standardised) / len(standardised))
        assert 0.7 < spread < 1.35  # 1 with a standard error of 0.1


def test_a_correlation_lowers_the_entropy():
    short = {"events": (1, 1), "distance": (0, 0)}
    flat, planted = (StoryWorld(StoryWorldConfig(**short, pronoun_correlation=s)).entropy() for s in (0.0, 0.9))
    assert planted.nats_per_story < flat.nats_per_story - 0.1


def test_one_story_has_no_standard_error(tiny_world):
    with pytest.raises(ValueError, match="num_stories=1 must be at least 2"):
        tiny_world.sampled_entropy(1, seed=0)


def test_a_trigram_stays_far_above_the_floor(world):
    """Even fitted to the very stories that it is scored on, which flatters it."""
    following = defaultdict(Counter)
    num_stories = 1500
    for text in world.texts(num_stories, seed=1):
        story_words = ["", "", *words(text), ""]
        for first, second, third in zip(story_words, story_words[1:], story_words[2:], strict=False):
            following[first, second][third] += 1
    nats = sum(n * math.log(counts.total() / n) for counts in following.values() for n in counts.values())
    assert nats / num_stories > 1.5 * world.entropy().nats_per_story
