import hashlib
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from lmkit.storyworld import StoryWorld, StoryWorldConfig, words

# Stories depend on the seed alone: the same on every platform and in every run.
GOLDEN = {
    0: "23395eebf47769dea2eaac2379bdb03ec83004166f2e857fd8d760598ba16862",
    1: "b09fefe95d79f006014ae9a4a2869f93a93f90fc4b8575f80f75eaecfbb6850c",
    2024: "cd2a7d6419091083c61a7181ba7a913f514c042763a81989bbcbf729f4df77de",
}


@pytest.mark.parametrize(("seed", "digest"), GOLDEN.items())
def test_stories_are_the_same_everywhere(world, seed, digest):
    stories = "\n".join(f"{story.text}\n{story.text_zh}" for story in world.stories(20, seed))
    assert hashlib.sha256(stories.encode()).hexdigest() == digest


def test_all_ways_of_writing_agree(world):
    texts = list(world.texts(5, seed=3))
    assert texts == [story.text for story in world.stories(5, seed=3)]
    source = random.Random(3)
    assert texts == [world.story(source).text for _ in range(5)]
    assert len(set(texts)) == 5
    assert list(world.texts(0, seed=3)) == []


def test_a_negative_count_is_refused_at_once(world):
    for write in (world.texts, world.stories, world.problems):
        with pytest.raises(ValueError, match="count=-1 must be at least 0"):
            write(-1, 0)


def test_stories_come_as_often_as_their_probability_says(tiny_world, tiny_stories):
    """A chi-squared test over groups of stories of about equal probability, in the order of enumeration."""
    num_groups, num_drawn = 50, 2000
    group, expected, total = {}, [0.0] * num_groups, 0.0
    for text, probability in tiny_stories:
        group[text] = min(int(total * num_groups), num_groups - 1)
        expected[group[text]] += probability * num_drawn
        total += probability
    drawn = Counter(group[text] for text in tiny_world.texts(num_drawn, seed=11))
    assert stats.chisquare([drawn[number] for number in range(num_groups)], expected).pvalue > 0.001


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    config=st.builds(
        StoryWorldConfig,
        num_people=st.sampled_from([3, 12, 48]),
        num_occupations=st.sampled_from([2, 24]),
        num_things=st.integers(3, 42),
        num_adjectives=st.integers(1, 8),
        num_places=st.integers(2, 26),
        num_details=st.integers(1, 10),
        num_paraphrases=st.integers(1, 6),
        events=st.sampled_from([(1, 1), (1, 2), (2, 4)]),
        distance=st.sampled_from([(0, 0), (0, 2), (3, 5)]),
        pronoun_correlation=st.sampled_from([-1.0, -0.3, 0.0, 0.8, 1.0]),
    ),
)
def test_every_world_understands_its_own_stories(seed, config):
    world = StoryWorld(config)
    story = world.story(seed)
    assert world.log_prob(story.text) == pytest.approx(story.log_prob, abs=1e-9)
    reading = world.parse(story.text)
    assert reading.facts == story.facts
    assert reading.story.text_zh == story.text_zh
    assert set(words(story.text)) <= set(world.vocabulary)


def test_events_and_distance_are_as_asked():
    for story in StoryWorld(StoryWorldConfig(events=(2, 3), distance=(4, 6))).stories(200, seed=0):
        idle = len(story.sentences) - 2 - len(story.events)
        assert 2 <= len(story.events) <= 3
        assert 4 + 1 <= idle <= 6 + 2  # and one or two sentences of ending


def test_the_default_world_is_as_large_as_it_says(world):
    stories = list(world.stories(1000, seed=8))
    assert {len(story.sentences) for story in stories} == {4, 5, 6, 7, 8}
    assert 400 <= len(world.vocabulary) <= 800
    assert Counter(story.sentiment for story in stories).keys() == {"positive", "neutral", "negative"}
    assert min(Counter(story.sentiment for story in stories).values()) > 150


@pytest.mark.parametrize("strength", [-0.5, 0.0, 0.8])
def test_the_planted_correlation_has_the_chosen_strength(strength):
    world = StoryWorld(StoryWorldConfig(num_occupations=4, num_people=12, pronoun_correlation=strength))
    counts = Counter()
    for story in world.stories(1500, seed=4):
        if "he" in story.cast:
            counts[story.cast["job"].kind, story.cast["he"].key] += 1
    for lean, other in (("she", "he"), ("he", "she")):
        same, different = counts[lean, lean], counts[lean, other]
        test = stats.binomtest(same, same + different, (1 + strength) / 2)
        assert test.pvalue > 0.001
        assert same + different > 300


def test_retelling_keeps_the_meaning_and_changes_the_words(world):
    source = random.Random(9)
    changed = 0
    for story in world.stories(50, source):
        retold = world.retell(story, source)
        assert retold.facts == story.facts
        assert retold.summary_zh == story.summary_zh
        assert world.parse(retold.text).facts == story.facts
        changed += retold.text != story.text
    assert changed >= 49


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"num_people": 4}, "num_people=4 must be from 3 to 48 and a multiple of 3"),
        ({"num_things": 2}, "num_things=2 must be from 3 to 42"),
        ({"num_paraphrases": 0}, "num_paraphrases=0 must be from 1 to 6"),
        ({"events": (0, 1)}, r"events=\(0, 1\) must be in ascending order and at least 1"),
        ({"distance": (3, 1)}, r"distance=\(3, 1\) must be in ascending order and at least 0"),
        ({"pronoun_correlation": 1.5}, "pronoun_correlation=1.5 must lie between -1 and 1"),
        ({"pronoun_correlation": float("nan")}, "pronoun_correlation=nan must lie between -1 and 1"),
        ({"problem_steps": 0}, "problem_steps=0 must be from 1 to 12"),
        ({"largest_number": 1}, "largest_number=1 must be from 2 to 100"),
    ],
)
def test_a_bad_knob_is_named(changes, message):
    with pytest.raises(ValueError, match=message):
        StoryWorldConfig(**changes)
