"""The plot: the situation of a story, and the kinds of sentences that can come next with their probabilities.

A situation contains no names. It records who holds what and who feels how in terms of roles ("hero", "friend",
"thing"). So there are few situations, and what can come next depends on the situation alone.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from lmkit.storyworld.config import StoryWorldConfig

Cast = tuple[tuple[str, str], ...]
"""Placeholders in the wordings, such as "who", and the roles that they refer to."""


class Situation(NamedTuple):
    """Everything that decides what can come next.

    Attributes:
        phase: "opening", "meeting", "events", "waiting", "ending" or "end".
        thing: Where the main thing is: with the "hero" or the "friend", at the "spot" or the "next_spot", or "lost".
        other: Who holds the other thing; "" in a story without one.
        trouble: What is not resolved yet: "taken", "lost", "dirty", "teased" or "".
        moved: Whether hero and friend have gone to another place.
        hero_mood: 1 (glad), 0 (calm) or -1 (sad).
        friend_mood: The same for the friend.
        num_events: Number of events so far.
        last_event: The kind of the last event, which does not come twice in a row.
        num_idle: Number of filler sentences so far.
        last_idle: Index in ``IDLE_KINDS`` of the last filler sentence.
        told: The topic that the ending has told already; "" for none.
    """

    phase: str = "opening"
    thing: str = "hero"
    other: str = ""
    trouble: str = ""
    moved: bool = False
    hero_mood: int = 0
    friend_mood: int = 0
    num_events: int = 0
    last_event: str = ""
    num_idle: int = 0
    last_idle: int = 0
    told: str = ""


class Move(NamedTuple):
    """A kind of sentence that can come next.

    Attributes:
        kind: A key of ``WORDINGS``.
        cast: Placeholders in the wordings and the roles that they refer to.
        probability: Probability of the move in its situation.
        after: The situation that it leads to.
    """

    kind: str
    cast: Cast
    probability: float
    after: Situation


IDLE_KINDS = ("sky", "likes", "animal", "meal", "bell", "passer", "talk", "minutes")
"""Kinds of filler sentences, in which nothing happens; any three in a row are of different kinds."""

_REPAIRS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "taken": [("give_back", {"thing": "hero", "hero_mood": 1, "friend_mood": -1})],
    "lost": [
        ("friend_finds", {"thing": "hero", "hero_mood": 1, "friend_mood": 1}),
        ("hero_finds", {"thing": "hero", "hero_mood": 1}),
    ],
    "dirty": [("clean", {"hero_mood": 1, "friend_mood": 1})],
    "teased": [("apologise", {"hero_mood": 1})],
}
_IN_VAIN = {"taken": "refuse", "lost": "search", "dirty": "rub", "teased": "silence"}
_MOODS = {1: "glad", 0: "calm", -1: "sad"}
_TOPICS = {"thing": 0.35, "other": 0.15, "friend_mood": 0.2, "hero_mood": 0.3}  # in the order of telling


def next_moves(situation: Situation, config: StoryWorldConfig) -> list[Move]:
    """The kinds of sentences that can come next.

    Args:
        situation: The current situation of the story.
        config: The world's settings, which limit the numbers of events and filler sentences.

    Returns:
        Moves whose probabilities sum to one; none at the end of the story.
    """
    match situation.phase:
        case "opening":
            return [Move("opening", (), 1.0, situation._replace(phase="meeting"))]
        case "meeting":
            return [
                Move("meet", (), 0.5, situation._replace(phase="events")),
                Move("meet_with_other", (), 0.5, situation._replace(phase="events", other="friend")),
            ]
        case "events":
            more = _chance_of_more(situation.num_events, config.events)
            return [*_scaled(more, _events(situation)), *_scaled(1 - more, _idle_or_ending(situation, config))]
        case "waiting":
            return _idle_or_ending(situation, config)
        case "ending":
            return _endings(situation)
        case _:
            return []


def _chance_of_more(so_far: int, limits: tuple[int, int]) -> float:
    """Probability of one more, such that all totals within the limits are equally likely."""
    fewest, most = limits
    return 1.0 if so_far < fewest else (most - so_far) / (most - so_far + 1)


def _scaled(factor: float, moves: Iterable[Move]) -> list[Move]:
    return [move._replace(probability=factor * move.probability) for move in moves] if factor > 0 else []


def _events(situation: Situation) -> list[Move]:
    trouble = situation.trouble
    if trouble:
        repairs = [_event(situation, kind, trouble="", **changes) for kind, changes in _REPAIRS[trouble]]
        if situation.last_event == _IN_VAIN[trouble]:
            return _evenly(1.0, repairs)
        return [*_evenly(2 / 3, repairs), *_evenly(1 / 3, [_event(situation, _IN_VAIN[trouble])])]
    groups = [
        [move for move in group if move.kind != situation.last_event]
        for group in (_pleasant(situation), _harsh(situation), _neutral(situation))
    ]
    possible = [group for group in groups if group]
    return [move for group in possible for move in _evenly(1 / len(possible), group)]


def _event(situation: Situation, kind: str, who: str = "hero", **changes: Any) -> Move:
    cast = (("who", who), ("where", "next_spot" if situation.moved else "spot"))
    after = situation._replace(num_events=situation.num_events + 1, last_event=kind, **changes)
    return Move(kind, cast, 1.0, after)


def _pleasant(situation: Situation) -> list[Move]:
    both_glad: dict[str, Any] = {"hero_mood": 1, "friend_mood": 1}
    moves = [_event(situation, "sing", **both_glad), _event(situation, "praise", hero_mood=1)]
    if situation.thing == "hero":
        moves.append(_event(situation, "hero_gives", thing="friend", **both_glad))
    if situation.other == "friend":
        moves.append(_event(situation, "friend_gives", other="hero", **both_glad))
    if situation.thing == "hero" and situation.other == "friend":
        moves.append(_event(situation, "swap", thing="friend", other="hero", **both_glad))
    return moves


def _harsh(situation: Situation) -> list[Move]:
    moves = [_event(situation, "tease", trouble="teased", hero_mood=-1)]
    if situation.thing == "hero":
        moves += [
            _event(situation, "take", thing="friend", trouble="taken", hero_mood=-1, friend_mood=1),
            _event(situation, "lose", thing="lost", trouble="lost", hero_mood=-1),
            _event(situation, "spill", trouble="dirty", hero_mood=-1, friend_mood=-1),
        ]
    return moves


def _neutral(situation: Situation) -> list[Move]:
    moves = [_event(situation, "rest")]
    here = "next_spot" if situation.moved else "spot"
    if not situation.moved:
        moves.append(_event(situation, "go", moved=True))
    if situation.thing == "hero":
        moves.append(_event(situation, "show"))
    if situation.thing in ("hero", "friend"):
        moves.append(_event(situation, "put", who=situation.thing, thing=here))
    if situation.thing == here:
        moves += [_event(situation, "fetch", who=who, thing=who) for who in ("hero", "friend")]
    return moves


def _idle_or_ending(situation: Situation, config: StoryWorldConfig) -> list[Move]:
    more = _chance_of_more(situation.num_idle, config.distance)
    return [*_scaled(more, _idle(situation)), *_scaled(1 - more, _endings(situation))]


def _idle(situation: Situation) -> list[Move]:
    """Filler sentences: the first is of any kind, each later one of the next three kinds in cyclic order."""
    num_kinds = len(IDLE_KINDS)
    steps = range(1, num_kinds + 1) if situation.num_idle == 0 else range(1, 4)
    moves = []
    for step in steps:
        index = (situation.last_idle + step) % num_kinds
        after = _past_events(situation, phase="waiting", num_idle=situation.num_idle + 1, last_idle=index)
        people = ("hero", "friend") if IDLE_KINDS[index] == "likes" else ("hero",)
        chance = 1 / (len(steps) * len(people))
        moves += [Move(IDLE_KINDS[index], (("who", who),), chance, after) for who in people]
    return moves


def _endings(situation: Situation) -> list[Move]:
    """What the ending can tell. After the first topic, the story stops or tells one more, each with probability 1/2."""
    order = list(_TOPICS)
    later = order[order.index(situation.told) + 1 :] if situation.told else order
    topics = [topic for topic in later if topic != "other" or situation.other]
    total = sum(_TOPICS[topic] for topic in topics)
    moves = []
    for topic in topics:
        kind, cast = _telling(situation, topic)
        chance = _TOPICS[topic] / total
        afters = [_past_events(situation, phase="end", told="")]
        if not situation.told and topic != topics[-1]:
            afters.append(_past_events(situation, phase="ending", told=topic))
        moves += [Move(kind, cast, chance / len(afters), after) for after in afters]
    return moves


def _past_events(situation: Situation, **changes: Any) -> Situation:
    """Reset what only events depend on, so that there are fewer situations."""
    settled: dict[str, Any] = {
        "trouble": "",
        "moved": False,
        "num_events": 0,
        "last_event": "",
        "num_idle": 0,
        "last_idle": 0,
    }
    return situation._replace(**(settled | changes))


def _telling(situation: Situation, topic: str) -> tuple[str, Cast]:
    if topic == "hero_mood":
        return topic, (("feeling", _MOODS[situation.hero_mood]),)
    if topic == "friend_mood":
        return topic, (("feeling", _MOODS[situation.friend_mood]),)
    holder = situation.other if topic == "other" else situation.thing
    match holder:
        case "lost":
            return "gone", ()
        case "spot":
            return "still_there", (("where", "spot"), ("there", "place"))
        case "next_spot":
            return "still_there", (("where", "next_spot"), ("there", "next_place"))
        case _:
            return f"{topic}_with", (("who", holder),)


def _evenly(share: float, moves: list[Move]) -> list[Move]:
    return [move._replace(probability=share / len(moves)) for move in moves]
