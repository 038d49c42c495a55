"""A story with its annotations: text, translation, entities, facts, sentiment, summary, questions."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from lmkit.storyworld.annotations import Fact, Mention, Question, find_mentions
from lmkit.storyworld.clauses import EVENT_CLAUSES, OUTCOMES
from lmkit.storyworld.entities import Entity
from lmkit.storyworld.grammar import recast
from lmkit.storyworld.plot import Situation
from lmkit.storyworld.questions import ask
from lmkit.storyworld.reading import Step

Language = Literal["en", "zh"]
"""English or Chinese."""

_SENTIMENTS = {1: "positive", 0: "neutral", -1: "negative"}


@dataclass(frozen=True)
class Story:
    """A story, stored as the choices that generated it; everything else is computed on first access.

    Attributes:
        steps: The line of each sentence and the entities that fill its roles.

    Example:
        >>> from lmkit.storyworld import StoryWorld
        >>> story = StoryWorld().story(seed=0)
        >>> story.summary
        'Sara showed the new compass to Karl. In the end Sara felt as before.'
        >>> story.sentiment
        'neutral'
    """

    steps: tuple[Step, ...]

    def __repr__(self) -> str:
        return f"Story({self.text!r})"

    @cached_property
    def text(self) -> str:
        """The English text."""
        return " ".join(self.sentences)

    @cached_property
    def text_zh(self) -> str:
        """The Chinese text."""
        return "".join(self.sentences_zh)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The English sentences."""
        return tuple(step.line.english.format_map(step.bindings) for step in self.steps)

    @cached_property
    def sentences_zh(self) -> tuple[str, ...]:
        """The Chinese sentences; each translates the English sentence with the same index."""
        return tuple(step.line.chinese.format_map(step.bindings) for step in self.steps)

    @cached_property
    def sentence_pairs(self) -> tuple[tuple[str, str], ...]:
        """Each sentence in English and Chinese."""
        return tuple(zip(self.sentences, self.sentences_zh, strict=True))

    @cached_property
    def cast(self) -> dict[str, Entity]:
        """The filler of each role; for roles that are forgotten after a sentence, the last filler."""
        return {role: entity for step in self.steps for role, entity in step.bindings.items()}

    @cached_property
    def situation(self) -> Situation:
        """The situation at the end of the story."""
        return self.steps[-1].line.after

    @cached_property
    def events(self) -> tuple[int, ...]:
        """The indices of the sentences in which something happens."""
        return tuple(number for number, step in enumerate(self.steps) if step.line.kind in EVENT_CLAUSES)

    @cached_property
    def log_prob(self) -> float:
        """Log-probability of the choices that generated the story, in nats."""
        total, known = 0.0, dict[str, Entity]()
        for line, bindings in self.steps:
            total += math.log(line.probability)
            for role in line.roles:
                if role.name not in known:
                    total += math.log(role.probability(bindings[role.name], known))
                    known[role.name] = bindings[role.name]
            for name in line.forgotten:
                del known[name]
        return total

    @cached_property
    def entities(self) -> tuple[Mention, ...]:
        """Named entities in the English text."""
        return find_mentions([(line.english, bindings) for line, bindings in self.steps], gap=1)

    @cached_property
    def entities_zh(self) -> tuple[Mention, ...]:
        """Named entities in the Chinese text."""
        return find_mentions([(line.chinese, bindings) for line, bindings in self.steps], gap=0)

    @cached_property
    def sentiment(self) -> str:
        """The hero's mood at the end: "positive", "neutral" or "negative"."""
        return _SENTIMENTS[self.situation.hero_mood]

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """What is true at the end of the story."""
        name = {role: entity.forms[""] for role, entity in self.cast.items()}
        facts = [
            Fact(name["hero"], "occupation", name["job"]),
            Fact(name["friend"], "occupation", name["friend_job"]),
        ]
        for place in ("place", "next_place"):
            if place in name:
                facts += [Fact(name["hero"], "visited", name[place]), Fact(name["friend"], "visited", name[place])]
        for thing, holder in (("thing", self.situation.thing), ("other", self.situation.other)):
            match holder:
                case "hero" | "friend":
                    facts.append(Fact(name[holder], "holds", name[thing]))
                case "spot" | "next_spot":
                    place = name["place" if holder == "spot" else "next_place"]
                    facts += [Fact(name[thing], "lies", name[holder]), Fact(name[thing], "located_in", place)]
                case "lost":
                    facts.append(Fact(name[thing], "is", "lost"))
        for line, bindings in self.steps:
            if line.kind == "likes":
                facts.append(Fact(name[line.role_of("who")], "likes", bindings["food"].forms[""]))
        facts.append(Fact(name["hero"], "mood", self.sentiment))
        facts.append(Fact(name["friend"], "mood", _SENTIMENTS[self.situation.friend_mood]))
        return tuple(dict.fromkeys(facts))

    @cached_property
    def summary(self) -> str:
        """The main event and the outcome, in two English sentences."""
        return " ".join(self._summary(0))

    @cached_property
    def summary_zh(self) -> str:
        """The main event and the outcome, in two Chinese sentences."""
        return "".join(self._summary(1))

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Questions about the story; each answer is a span of its text."""
        return tuple(ask(self.steps, self.cast, (self.text, self.text_zh), (self.entities, self.entities_zh)))

    def event_clause(self, number: int, language: Language = "en") -> str:
        """Describe an event of the story in one plain sentence.

        Args:
            number: Index of the sentence; one of ``events``.
            language: "en" or "zh".

        Returns:
            The plain sentence.
        """
        line, bindings = self.steps[number]
        return recast(EVENT_CLAUSES[line.kind][language == "zh"], line.cast).format_map(bindings)

    def _summary(self, language: int) -> tuple[str, str]:
        main = max(self.events, key=lambda number: (_weight(self.steps[number]), number))
        outcome = OUTCOMES[self.situation.hero_mood][language].format_map(self.cast)
        return self.event_clause(main, ("en", "zh")[language]), outcome


def _weight(step: Step) -> int:
    """2 for a sentence that changes the hero's mood, 1 for one that moves a thing, 0 for others."""
    before, after = step.line.before, step.line.after
    if before.hero_mood != after.hero_mood:
        return 2
    return int((before.thing, before.other) != (after.thing, after.other))
