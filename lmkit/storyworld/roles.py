"""Roles: the slots of a story, each with the known distribution of what fills it."""

import math
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from random import Random

from lmkit.storyworld import lexicon
from lmkit.storyworld.config import StoryWorldConfig
from lmkit.storyworld.entities import Entity

Bindings = Mapping[str, Entity]
"""What fills each role, as far as the story has said."""

Kinds = tuple[str, ...]
"""The kinds of the entities that a choice depends on."""


@dataclass(frozen=True, eq=False)
class Table:
    """A distribution over entities.

    Attributes:
        entities: What can be drawn.
        probabilities: How likely each is; none is zero and they sum to one.
    """

    entities: tuple[Entity, ...]
    probabilities: tuple[float, ...]
    _by_first_word: dict[str, dict[str, list[tuple[Entity, float]]]] = field(default_factory=dict)

    def starting(self, word: str, form: str) -> list[tuple[Entity, float]]:
        """Give the entities whose form begins with a word, with their probabilities."""
        if form not in self._by_first_word:
            by_first_word = self._by_first_word[form] = defaultdict(list)
            for entity, probability in self.pairs:
                by_first_word[entity.words[form][0]].append((entity, probability))
        return self._by_first_word[form].get(word, [])

    @cached_property
    def cumulative(self) -> list[float]:
        """Running sums of the probabilities, the last of them exactly one."""
        return [*accumulate(self.probabilities[:-1]), 1.0]

    @cached_property
    def pairs(self) -> list[tuple[Entity, float]]:
        """Entities with their probabilities."""
        return list(zip(self.entities, self.probabilities, strict=True))

    @cached_property
    def key_counts(self) -> Counter[str]:
        """How many entities have each key."""
        return Counter(entity.key for entity in self.entities)

    @cached_property
    def nats(self) -> float:
        """Entropy."""
        return -sum(p * math.log(p) for p in self.probabilities)


def _weighted(entities: Sequence[Entity], weights: Sequence[float]) -> Table:
    total = math.fsum(weights)
    possible = [(entity, weight / total) for entity, weight in zip(entities, weights, strict=True) if weight > 0]
    return Table(tuple(entity for entity, _ in possible), tuple(probability for _, probability in possible))


def _uniform(entities: Sequence[Entity]) -> Table:
    return _weighted(entities, [1.0] * len(entities))


@dataclass(frozen=True, eq=False)
class Role:
    """A slot and how it is filled: by one table, or by one table for each kind of the parents' entities.

    Attributes:
        name: As written in templates.
        tables: For each tuple of the parents' kinds, the distribution.
        parents: The roles on whose kinds the distribution depends; a template names them first.
        rivals: Roles that never share a key with this one; only where all keys are equally likely.
        prior: How likely each tuple of kinds is.
        lasting: Whether the filler stays for the whole story; otherwise it is forgotten after the sentence.
    """

    name: str
    tables: dict[Kinds, Table]
    parents: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    prior: dict[Kinds, float] | None = None
    lasting: bool = True

    def options(self, bindings: Bindings) -> list[tuple[Entity, float]]:
        """Give everything that can fill the role now, with its probability.

        Args:
            bindings: What fills the other roles.

        Returns:
            Entities and probabilities; they sum to one.
        """
        table = self._table(bindings)
        taken = self._taken(bindings)
        if not taken:
            return table.pairs
        free = [entity for entity in table.entities if entity.key not in taken]
        return [(entity, 1 / len(free)) for entity in free]

    def options_starting(self, word: str, form: str, bindings: Bindings) -> Iterator[tuple[Entity, float]]:
        """Give those of the options whose form begins with a word.

        Args:
            word: The first word.
            form: Which form of the entities.
            bindings: What fills the other roles.

        Yields:
            Entities and probabilities.
        """
        table = self._table(bindings)
        taken = self._taken(bindings)
        num_free = len(table.entities) - sum(table.key_counts[key] for key in taken)
        for entity, probability in table.starting(word, form):
            if entity.key not in taken:
                yield entity, 1 / num_free if taken else probability

    def probability(self, entity: Entity, bindings: Bindings) -> float:
        """Probability that this entity fills the role.

        Args:
            entity: The filler.
            bindings: What fills the other roles.

        Returns:
            A number in $[0, 1]$.
        """
        return next((p for option, p in self.options(bindings) if option is entity), 0.0)

    def draw(self, bindings: Bindings, random: Random) -> Entity:
        """Draw a filler; again, as long as its key is taken.

        Args:
            bindings: What fills the other roles.
            random: Source of randomness; only ``random.random()`` is called.

        Returns:
            The filler.
        """
        table = self._table(bindings)
        entity = table.entities[bisect(table.cumulative, random.random())]
        if self.rivals:
            taken = self._taken(bindings)
            while entity.key in taken:
                entity = table.entities[bisect(table.cumulative, random.random())]
        return entity

    def anything(self) -> list[tuple[Entity, float]]:
        """Give all fillers over all kinds of parents, with their probabilities when nothing else is known."""
        totals: dict[Entity, float] = {}
        for kinds, share in self._shares().items():
            for entity, probability in self.tables[kinds].pairs:
                totals[entity] = totals.get(entity, 0.0) + share * probability
        return list(totals.items())

    def mean_nats(self, num_rivals_bound: int) -> float:
        r"""Mean entropy of the choice when $r$ of $K$ keys are taken: $H + \log((K - r) / K)$ for uniform keys.

        Args:
            num_rivals_bound: $r$.

        Returns:
            Nats.
        """
        nats = 0.0
        for kinds, share in self._shares().items():
            table = self.tables[kinds]
            num_keys = len(table.key_counts)
            nats += share * (table.nats + math.log((num_keys - num_rivals_bound) / num_keys))
        return nats

    def _shares(self) -> dict[Kinds, float]:
        return self.prior if self.prior is not None else {(): 1.0}

    def _table(self, bindings: Bindings) -> Table:
        return self.tables[tuple([bindings[parent].kind for parent in self.parents])]

    def _taken(self, bindings: Bindings) -> set[str]:
        return {bindings[rival].key for rival in self.rivals if rival in bindings}


def build_roles(config: StoryWorldConfig) -> dict[str, Role]:
    """Make all roles of a world.

    Args:
        config: Sizes of the lists and the strength of the planted correlation.

    Returns:
        Roles by name.
    """
    people = lexicon.people()[: config.num_people]
    things = lexicon.things(config.num_things, config.num_adjectives)
    places = lexicon.places()[: config.num_places]
    roles = [
        *_rivals(("hero", "friend"), people),
        *_rivals(("thing", "other", "burden"), things, forgotten="burden"),
        *_rivals(("place", "next_place"), places),
        *_person_roles(config, people),
    ]
    place_kinds = _shares_of_kinds(places)
    spot_tables: dict[Kinds, Table] = {
        kinds: _uniform(lexicon.spots(*kinds)[: config.num_details]) for kinds in place_kinds
    }
    roles.append(Role("spot", spot_tables, parents=("place",), prior=place_kinds))
    roles.append(Role("next_spot", spot_tables, parents=("next_place",), prior=place_kinds))
    for name in ("weather", "daytime", "sky", "animal", "food", "number", "topic", "drink", "glad", "sad", "calm"):
        roles.append(Role(name, {(): _uniform(lexicon.details(name)[: config.num_details])}, lasting=False))
    return {role.name: role for role in roles}


def _rivals(names: tuple[str, ...], entities: Sequence[Entity], forgotten: str = "") -> list[Role]:
    table = _uniform(entities)
    return [
        Role(name, {(): table}, rivals=tuple(other for other in names if other != name), lasting=name != forgotten)
        for name in names
    ]


def _person_roles(config: StoryWorldConfig, people: Sequence[Entity]) -> list[Role]:
    r"""Make occupations given names, and the pronoun given both.

    With equally many names for "she" and "he", equally many occupations leaning either way, and
    $P(o \mid g) \propto 1 \pm s$ for a name of pronoun $g$ and a flat one for names of either, Bayes' rule gives
    $P(\text{she} \mid o) = (1 \pm s) / 2$ over everybody.
    """
    jobs = lexicon.occupations()[: config.num_occupations]
    strength = config.pronoun_correlation
    kinds = _shares_of_kinds(people)
    job_tables: dict[Kinds, Table] = {
        (kind,): _weighted(jobs, [1.0 if kind == "either" else 1 + strength * _sign(job.kind, kind) for job in jobs])
        for (kind,) in kinds
    }
    pronouns = lexicon.pronouns()
    pronoun_tables: dict[Kinds, Table] = {}
    pronoun_prior: dict[Kinds, float] = {}
    for (kind,), share in kinds.items():
        for lean in ("she", "he"):
            if kind == "either":
                chances = [(1 + strength * _sign(lean, pronoun)) / 2 for pronoun in ("she", "he")]
            else:
                chances = [float(pronoun == kind) for pronoun in ("she", "he")]
            pronoun_tables[kind, lean] = _weighted([pronouns["she"], pronouns["he"]], chances)
            leaning = [p for job, p in job_tables[kind,].pairs if job.kind == lean]
            pronoun_prior[kind, lean] = share * math.fsum(leaning)
    return [
        Role("job", job_tables, parents=("hero",), prior=kinds),
        Role("friend_job", job_tables, parents=("friend",), prior=kinds),
        Role("passer", {(): _uniform(jobs)}, lasting=False),
        Role("he", pronoun_tables, parents=("hero", "job"), prior=pronoun_prior),
    ]


def _shares_of_kinds(entities: Sequence[Entity]) -> dict[Kinds, float]:
    return {(kind,): count / len(entities) for kind, count in Counter(entity.kind for entity in entities).items()}


def _sign(lean: str, pronoun: str) -> int:
    return 1 if lean == pronoun else -1
