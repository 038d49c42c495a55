"""Questions about a story, with the steps that lead to their answers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lmkit.storyworld.annotations import Mention, Question
from lmkit.storyworld.clauses import EVENT_CLAUSES
from lmkit.storyworld.entities import Entity
from lmkit.storyworld.grammar import recast
from lmkit.storyworld.plot import Cast, Situation
from lmkit.storyworld.reading import Step

_BROUGHT = ("{hero} brought {thing:the} {place:to}.", "{hero:名}带着{thing:那}来到了{place:名}。")
_HAD = ("{friend} had {other:the}.", "{friend:名}有{other:那}。")
_MET = ("{hero} met {friend} there.", "{hero:名}在那里遇到了{friend:名}。")

# Question and conclusion of each kind, in English and in Chinese.
_WORDINGS = {
    "holder": (
        ("Who has {item:the} at the end?", "So {who} has {item:the}."),
        ("最后{item:那}在谁手里？", "所以{item:那}在{who:名}手里。"),
    ),
    "lies": (
        ("Where is {thing:the} at the end?", "So {thing:the} is {where}."),
        ("最后{thing:那}在哪儿？", "所以{thing:那}在{where:名}。"),
    ),
    "found": (
        ("Where was {thing:the} found?", "So {thing:the} was found {where}."),
        ("{thing:那}是在哪儿找到的？", "所以{thing:那}是在{where:名}找到的。"),
    ),
    "job": (
        ("What does {who} do for a living?", "So {who} is {work:a}."),
        ("{who:名}是做什么工作的？", "所以{who:名}是{work:一}。"),
    ),
    "brought": (
        ("What did {hero} bring {place:to}?", "So {hero} brought {thing:a}."),
        ("{hero:名}带了什么去{place:名}？", "所以{hero:名}带了{thing:一}。"),
    ),
    "met": (
        ("Where did {hero} meet {friend}?", "So {hero} met {friend} {place:in}."),
        ("{hero:名}是在哪儿遇到{friend:名}的？", "所以{hero:名}是在{place:里}遇到{friend:名}的。"),
    ),
    "next": (
        ("Where did {hero} and {friend} go next?", "So they went {next_place:to}."),
        ("{hero:名}和{friend:名}后来去了哪儿？", "所以两人去了{next_place:名}。"),
    ),
    "likes": (
        ("What does {who} like to eat?", "So {who} likes {food}."),
        ("{who:名}爱吃什么？", "所以{who:名}爱吃{food:名}。"),
    ),
}


class _Asked(NamedTuple):
    kind: str
    answer_role: str
    sentence: int  # the sentence that gives the answer, or a later one
    steps: Sequence[tuple[str, str]]  # templates in English and Chinese
    cast: Cast


def ask(
    steps: Sequence[Step],
    cast: Mapping[str, Entity],
    texts: tuple[str, str],
    mentions: tuple[Sequence[Mention], Sequence[Mention]],
) -> Iterator[Question]:
    """Ask all questions that a story answers.

    Args:
        steps: The story's sentences.
        cast: The entity that fills each role.
        texts: The story in English and Chinese.
        mentions: Its named entities in English and Chinese.

    Yields:
        Questions with their answers.
    """
    for asked in [*_fixed(), *_told(steps), *_tracked(steps)]:
        bindings = dict(cast) | steps[asked.sentence].bindings
        wordings, answers, spans = [], [], []
        for language in (0, 1):
            question, conclusion = _WORDINGS[asked.kind][language]
            templates = [question, *(step[language] for step in asked.steps), conclusion]
            wordings.append([recast(template, asked.cast).format_map(bindings) for template in templates])
            span = _answer_span(mentions[language], asked.answer_role, asked.sentence)
            spans.append(span)
            answers.append(texts[language][span[0] : span[1]])
        yield Question(
            kind=asked.kind,
            question=wordings[0][0],
            answer=answers[0],
            span=spans[0],
            steps=tuple(wordings[0][1:]),
            question_zh=wordings[1][0],
            answer_zh=answers[1],
            span_zh=spans[1],
            steps_zh=tuple(wordings[1][1:]),
        )


def _answer_span(mentions: Sequence[Mention], role: str, sentence: int) -> tuple[int, int]:
    """Span of the last mention of a role in the sentences up to and including this one."""
    mention = [mention for mention in mentions if mention.role == role and mention.sentence <= sentence][-1]
    return mention.start, mention.end


def _fixed() -> Iterator[_Asked]:
    """Questions about the first two sentences."""
    yield _Asked("job", "job", 0, (), (("who", "hero"), ("work", "job")))
    yield _Asked("job", "friend_job", 1, (), (("who", "friend"), ("work", "friend_job")))
    yield _Asked("brought", "thing", 0, (), ())
    yield _Asked("met", "place", 0, (_BROUGHT, _MET), ())


def _told(steps: Sequence[Step]) -> Iterator[_Asked]:
    """Questions about single later sentences."""
    liked = [line.role_of("who") for line, _ in steps if line.kind == "likes"]
    for number, (line, _) in enumerate(steps):
        if line.kind == "go":
            yield _Asked("next", "next_place", number, (), ())
        elif line.kind == "likes" and liked.count(line.role_of("who")) == 1:
            yield _Asked("likes", "food", number, (), line.cast)
        elif line.kind in ("friend_finds", "hero_finds"):
            clauses = [_BROUGHT, EVENT_CLAUSES["lose"], EVENT_CLAUSES[line.kind]]
            yield _Asked("found", line.role_of("where"), number, clauses, line.cast)


def _tracked(steps: Sequence[Step]) -> Iterator[_Asked]:
    """Questions about where the things are in the end, which require tracking them through the story."""
    final: Situation = steps[-1].line.after
    for item, holder, first in (("thing", final.thing, _BROUGHT), ("other", final.other, _HAD)):
        moved = [
            number
            for number, (line, _) in enumerate(steps)
            if line.kind in EVENT_CLAUSES and getattr(line.before, item) != getattr(line.after, item)
        ]
        clauses = [first]
        for number in moved:
            line = steps[number].line
            english, chinese = EVENT_CLAUSES[line.kind]
            clauses.append((recast(english, line.cast), recast(chinese, line.cast)))
        sentence = moved[-1] if moved else 1
        if holder in ("hero", "friend"):
            yield _Asked("holder", holder, sentence, clauses, (("who", holder), ("item", item)))
        elif holder in ("spot", "next_spot"):
            yield _Asked("lies", holder, sentence, clauses, (("where", holder),))
