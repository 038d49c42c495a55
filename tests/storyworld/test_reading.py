"""The probabilities, proved by trying out every choice of worlds small enough for that."""

import copy
import math
from collections import defaultdict

import pytest

from lmkit.storyworld import StoryWorld, StoryWorldConfig, words


def prefix_tree(stories):
    """Nested dictionaries from word to (probability, subtree); the end of a story is the word ""."""
    tree = {}
    for text, probability in stories:
        branch = tree
        for word in [*words(text), ""]:
            entry = branch.setdefault(word, [0.0, {}])
            entry[0] += probability
            branch = entry[1]
    return tree


def test_probabilities_of_all_stories_sum_to_one(tiny_stories):
    assert len(tiny_stories) == len({text for text, _ in tiny_stories}) == 19_560  # and no text has two derivations
    assert math.fsum(probability for _, probability in tiny_stories) == pytest.approx(1, abs=1e-12)


def test_log_prob_equals_the_enumerated_probability(tiny_world, tiny_stories):
    for text, probability in tiny_stories[::97]:
        assert tiny_world.log_prob(text) == pytest.approx(math.log(probability), abs=1e-12)


def test_next_word_distribution_equals_the_enumerated_one_at_every_prefix(tiny_world, tiny_stories):
    """Stories of somebody bringing a ball or a key are left out: they differ from those with a kite in nothing else."""
    num_prefixes, largest_error = 0, 0.0
    pending = [(tiny_world.reader(), prefix_tree(tiny_stories), True)]
    while pending:
        reader, branches, opening = pending.pop()
        distribution = reader.distribution()
        assert distribution.keys() == branches.keys()
        total = math.fsum(probability for probability, _ in branches.values())
        for word, (probability, below) in branches.items():
            num_prefixes += 1
            largest_error = max(largest_error, abs(distribution[word] - probability / total))
            if below and not (opening and word in ("ball", "key")):
                after = copy.copy(reader)
                largest_error = max(largest_error, abs(distribution[word] - after.read(word)))
                pending.append((after, below, opening and word != "."))
    assert num_prefixes > 50_000
    assert largest_error < 1e-12


def test_a_reader_stays_where_it_was_after_an_impossible_word(world):
    reader = world.reader()
    reader.read("Anna")
    before = reader.distribution()
    assert reader.read("Anna") == 0
    assert reader.distribution() == before
    assert math.fsum(before.values()) == pytest.approx(1, abs=1e-12)


def test_long_stories_do_not_underflow():
    far = StoryWorld(StoryWorldConfig(distance=(150, 150)))
    story = far.story(0)
    assert story.log_prob < -750  # exp of that is zero
    assert far.log_prob(story.text) == pytest.approx(story.log_prob, rel=1e-12)
    assert len(story.sentences) >= 154


def test_a_distribution_needs_a_prefix_of_a_story(world):
    with pytest.raises(ValueError, match=r"begins no story: word 1, 'Anna', is impossible there"):
        world.next_word_distribution("Anna Anna")
    assert "was" in world.next_word_distribution("Anna")


def context_entropy(stories, num_words, is_asked):
    """Exact entropy of the words that are asked for, given only the last words before them."""
    counts = defaultdict(lambda: defaultdict(float))
    for text, probability in stories:
        story_words = words(text)
        for position in filter(lambda position: is_asked(story_words, position), range(len(story_words))):
            context = tuple(story_words[max(0, position - num_words) : position])
            counts[context][story_words[position]] += probability
    nats = asked = 0.0
    for followers in counts.values():
        total = math.fsum(followers.values())
        asked += total
        nats -= math.fsum(p * math.log(p / total) for p in followers.values())
    return nats / asked


@pytest.mark.parametrize("distance", [0, 1])
def test_the_ending_depends_on_words_far_back(distance, smallest):
    """In "In the end, the red kite was with {who}." the name follows from the events, not from the words around it."""
    near = StoryWorldConfig(**smallest | {"distance": (distance, distance)}, pronoun_correlation=1.0)
    texts = list(StoryWorld(near).texts(4000, seed=1))
    weighted = [(text, 1 / len(texts)) for text in texts]

    def names_the_holder(story_words, position):
        return position >= 2 and story_words[position - 2 : position] == ["was", "with"]

    entropies = {length: context_entropy(weighted, length, names_the_holder) for length in (2, 12, 100)}
    assert entropies[2] > 0.9
    assert entropies[12] > 0.3
    assert entropies[100] == 0.0
