import math

import pytest

from lmkit.storyworld import join_words, words

STORY = (
    "One sunny morning, Anna the baker went to the park with a red kite. There she met Tom, a teacher. "
    "Anna gave the red kite to Tom as a present. In the end, the red kite was with Tom."
)


def test_a_story_is_parsed_into_its_facts(world):
    judgement = world.parse(STORY)
    assert judgement.verdict == "story"
    assert judgement.is_story
    assert ("Tom", "holds", "red kite") in judgement.facts
    assert ("Anna", "occupation", "baker") in judgement.facts
    assert ("Anna", "mood", "positive") in judgement.facts
    assert judgement.story.text == STORY


@pytest.mark.parametrize(
    ("text", "verdict", "word"),
    [
        (STORY.replace("was with Tom.", "was with Anna."), "contradiction", "Anna"),
        (STORY.replace("In the end, the red kite", "In the end, the blue drum"), "contradiction", "blue"),
        (STORY.replace("There she met", "There he met"), "contradiction", "he"),
        (
            STORY.replace("In the end, the red kite was with Tom.", "That evening Anna felt sad."),
            "contradiction",
            "sad",
        ),
        (STORY.replace("gave the red kite to Tom", "gave the red kite to Anna"), "contradiction", "Anna"),
        ("There she met Tom, a teacher. " + STORY, "contradiction", "There"),
        (STORY + " Tom carried the red kite home.", "contradiction", "carried"),
        (STORY.replace("gave the", "gave a the"), "ungrammatical", "a"),
        (STORY.replace("a teacher", "an teacher"), "ungrammatical", "teacher"),  # an actor would do
        (STORY.replace("kite to Tom as", "kite to Gandalf as"), "ungrammatical", "Gandalf"),
        (STORY.removesuffix(" Tom."), "unfinished", ""),
        (STORY.removesuffix(" In the end, the red kite was with Tom."), "unfinished", ""),
        ("", "unfinished", ""),
    ],
)
def test_faults_are_found_where_they_are(world, text, verdict, word):
    judgement = world.parse(text)
    assert (judgement.verdict, judgement.word) == (verdict, word)
    assert not judgement.is_story
    assert judgement.facts == ()
    assert judgement.word not in judgement.allowed
    assert math.fsum(judgement.allowed.values()) == pytest.approx(1)
    prefix = words(text)[: judgement.position]
    assert judgement.allowed == world.next_word_distribution(join_words(prefix))
    assert world.log_prob(text) == -math.inf


def test_the_allowed_words_mend_the_fault(world):
    judgement = world.parse(STORY.replace("was with Tom.", "was with Anna."))
    assert judgement.allowed == {"Tom": 1.0}


@pytest.mark.parametrize(
    "text", [STORY + " ", STORY.replace(" she", "  she"), STORY + " 😀", STORY.replace("Tom.", "Tom .")]
)
def test_spacing_and_foreign_characters_are_not_ignored(world, text):
    judgement = world.parse(text)
    assert judgement.verdict == "ungrammatical"
    assert text.endswith(judgement.word)
    assert world.log_prob(text) == -math.inf


def test_word_log_probs_stop_at_the_first_impossible_word(world):
    log_probs = world.word_log_probs(STORY.replace("was with Tom.", "was with Anna."))
    assert log_probs[-3:] == [-math.inf] * 3  # Anna, the full stop, the end
    assert all(math.isfinite(log_prob) for log_prob in log_probs[:-3])
    assert math.fsum(world.word_log_probs(STORY)) == world.log_prob(STORY)
