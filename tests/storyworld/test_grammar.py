"""The tables hold together: every sentence can be said in both languages, whatever fills its slots."""

import re
from collections import Counter

import pytest

from lmkit.storyworld import StoryWorld, StoryWorldConfig, join_words, words
from lmkit.storyworld.clauses import EVENT_CLAUSES
from lmkit.storyworld.grammar import Slot, pieces
from lmkit.storyworld.plot import IDLE_KINDS, Situation, next_moves
from lmkit.storyworld.sentences import WORDINGS

STAND_INS = {"who": "hero", "where": "spot", "there": "place", "feeling": "glad"}


def slots(template):
    return {STAND_INS.get(piece.role, piece.role): piece.form for piece in pieces(template) if isinstance(piece, Slot)}


@pytest.fixture(scope="module")
def situations():
    config = StoryWorldConfig(events=(1, 3), distance=(0, 1))
    reached, pending = set(), [Situation()]
    while pending:
        situation = pending.pop()
        if situation not in reached:
            reached.add(situation)
            pending += [move.after for move in next_moves(situation, config)]
    return reached


def test_what_can_come_next_has_probability_one(situations):
    config = StoryWorldConfig(events=(1, 3), distance=(0, 1))
    for situation in situations:
        total = sum(move.probability for move in next_moves(situation, config))
        assert total == (0 if situation.phase == "end" else pytest.approx(1, abs=1e-12))
    assert {move.kind for situation in situations for move in next_moves(situation, config)} == WORDINGS.keys()


def test_events_need_what_they_take(situations):
    config = StoryWorldConfig(events=(1, 3), distance=(0, 1))
    for situation in situations:
        kinds = {move.kind for move in next_moves(situation, config)}
        if kinds & {"take", "lose", "hero_gives", "swap", "show", "spill"}:
            assert situation.thing == "hero"
        if kinds & {"friend_gives", "swap"}:
            assert situation.other == "friend"
        if kinds & {"friend_finds", "hero_finds", "search", "gone"} and situation.phase == "events":
            assert situation.thing == "lost"


@pytest.mark.parametrize("kind", WORDINGS)
def test_paraphrases_mention_the_same_and_chinese_adds_nothing(world, kind):
    """A paraphrase may leave out what is known by then, but whatever is new is in all of them."""
    known = {"hero", "job", "weather", "daytime", "thing", "place", "friend", "friend_job", "other", "he"}
    new = {"opening": set(), "meet": known - {"friend", "friend_job", "other"}}
    before = new.get(kind, new["meet"] if kind == "meet_with_other" else known) | {"he"}
    mentioned = [frozenset(slots(english).keys() - before) for english, _ in WORDINGS[kind]]
    assert len(set(mentioned)) == 1
    for english, chinese in WORDINGS[kind]:
        assert slots(chinese).keys() <= slots(english).keys()


def test_every_form_that_is_asked_for_exists(world):
    wordings = [pair for pairs in WORDINGS.values() for pair in pairs] + list(EVENT_CLAUSES.values())
    for pair in wordings:
        for template in pair:
            for role, form in slots(template).items():
                for entity, _ in world.roles[role].anything():
                    assert entity.forms[form]


def test_each_english_sentence_is_one_sentence(world):
    for english, chinese in (pair for pairs in WORDINGS.values() for pair in pairs):
        assert re.fullmatch(r"[^.!]+[.!]", english)
        assert re.fullmatch(r"[^。！A-Z.!?]+[。！]", re.sub(r"\{.*?\}", "", chinese) if "{" in chinese else chinese)


def test_articles_fit(world):
    for text in world.texts(500, seed=0):
        assert not re.search(r"\b[Aa] [aeiou]", text)
        assert not re.search(r"\b[Aa]n [^aeiou]", text)
        assert not re.search(r"[{}:]|  ", text)


def test_texts_begin_sentences_with_capitals_and_repeat_no_sentence(world):
    for story in world.stories(500, seed=1):
        assert all(sentence[0].isupper() for sentence in story.sentences)
        assert len(set(story.sentences)) == len(story.sentences)


def test_chinese_is_chinese(world):
    for story in world.stories(500, seed=2):
        assert re.fullmatch(r"[\u4e00-\u9fff，。！]+", story.text_zh)
        assert "的的" not in story.text_zh
        assert "两人两人" not in story.text_zh


def test_measure_words_follow_the_noun(world):
    """Each noun takes one measure word throughout, with "one" and with "that"."""
    measures = {}
    for entity, _ in world.roles["thing"].anything():
        one, that, short = (entity.forms[form] for form in ("一", "那", "短"))
        measure = one[1 : one.index(entity.forms["名"])]
        assert one[0] == "一"
        assert that == f"那{measure}{entity.forms['名']}"
        assert short.startswith(f"那{measure}")
        assert entity.forms["名"].endswith(short.removeprefix(f"那{measure}"))
        assert measures.setdefault(entity.key, measure) == measure
    assert measures["kite"] == "只"
    assert measures["umbrella"] == "把"
    assert measures["mirror"] == "面"


def test_words_are_split_and_joined_without_loss(world):
    for text in world.texts(300, seed=3):
        assert join_words(words(text)) == text
        assert all(" " not in word for word in words(text))


def test_no_text_has_two_derivations():
    """The exact entropy rests on it; the tiny world is checked story by story."""
    world = StoryWorld(StoryWorldConfig(events=(1, 3)))
    for text in world.texts(200, seed=4):
        reader = world.reader()
        for word in [*words(text), ""]:
            reader.read(word)
        assert len(reader.derivations()) == 1


def test_smaller_worlds_keep_the_balance():
    for num_people in (3, 12, 48):
        roles = StoryWorld(StoryWorldConfig(num_people=num_people, num_occupations=8)).roles
        assert set(Counter(e.kind for e, _ in roles["hero"].anything()).values()) == {num_people // 3}
        assert Counter(e.kind for e, _ in roles["job"].anything()) == {"she": 4, "he": 4}


def test_three_filler_sentences_in_a_row_are_of_different_kinds():
    long_wait = StoryWorld(StoryWorldConfig(distance=(4, 4)))
    runs = [
        tuple(step.line.kind for step in story.steps if step.line.kind in IDLE_KINDS)
        for story in long_wait.stories(400, seed=0)
    ]
    assert {len(run) for run in runs} == {4}
    assert all(len(set(run[start : start + 3])) == 3 for run in runs for start in (0, 1))
    assert any(run[3] == run[0] for run in runs)  # the fourth may repeat the first
