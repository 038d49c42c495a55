"""Roles: the slots of a story, each with a known distribution over the entities that can fill it."""

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
"""The entity that fills each role mentioned so far."""

Kinds = tuple[str, ...]
"""The kinds of the entities that a choice depends on."""


@dataclass(frozen=True, eq=False)
class Table:
    """A distribution over entities.

    Attributes:
        entities: The entities that can be drawn.
        probabilities: Their probabilities; all are positive and they sum to one.
    """

    entities: tuple[Entity, ...]
    probabilities: tuple[float, ...]
    _by_first_word: dict[str, dict[str, list[tuple[Entity, float]]]] = field(default_factory=dict)

    def starting(self, word: str, form: str) -> list[tuple[Entity, float]]:
        """The entities whose form begins with a word, with their probabilities."""
        if form not in self._by_first_word:
            by_first_word = self._by_first_word[form] = defaultdict(list)
            for entity, probability in self.pairs:
                by_first_word[entity.words[form][0]].append((entity, probability))
        return self._by_first_word[form].get(word, [])

    @cached_property
    def cumulative(self) -> list[float]:
        """Cumulative sums of the probabilities; the last is exactly 1."""
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
        """Entropy in nats."""
        return -sum(p * math.log(p) for p in self.probabilities)


def _weighted(entities: Sequence[Entity], weights: Sequence[float]) -> Table:
    total = math.fsum(weights)
    possible = [(entity, weight / total) for entity, weight in zip(entities, weights, strict=True) if weight > 0]
    return Table(tuple(entity for entity, _ in possible), tuple(probability for _, probability in possible))


def _uniform(entities: Sequence[Entity]) -> Table:
    return _weighted(entities, [1.0] * len(entities))


@dataclass(frozen=True, eq=False)
class Role:
    """A slot and its distribution, which may depend on the kinds of the entities in other roles, its parents.

    Attributes:
        name: The name in templates.
        tables: The distribution for each tuple of the parents' kinds.
        parents: The roles whose kinds the distribution depends on; templates mention them first.
        rivals: Roles that never share a key with this one; requires that all keys are equally likely.
        prior: The probability of each tuple of kinds.
        lasting: Whether the filler is kept for the whole story or forgotten after the sentence.
    """

    name: str
    tables: dict[Kinds, Table]
    parents: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    prior: dict[Kinds, float] | None = None
    lasting: bool = True

    def options(self, bindings: Bindings) -> list[tuple[Entity, float]]:
        """The entities that can fill the role, with their probabilities.

        Args:
            bindings: The fillers of the other roles.

        Returns:
            Entities and probabilities, which sum to one.
        """
        table = self._table(bindings)
        taken = self._taken(bindings)
        if not taken:
            return table.pairs
        free = [entity for entity in table.entities if entity.key not in taken]
        return [(entity, 1 / len(free)) for entity in free]

    def options_starting(self, word: str, form: str, bindings: Bindings) -> Iterator[tuple[Entity, float]]:
        """Those of the options whose form begins with a word.

        Args:
            word: The first word.
            form: The form of the entities.
            bindings: The fillers of the other roles.

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
        """Probability that an entity fills the role.

        Args:
            entity: The filler.
            bindings: The fillers of the other roles.

        Returns:
            A number in $[0, 1]$.
        """
        return next((p for option, p in self.options(bindings) if option is entity), 0.0)

    def draw(self, bindings: Bindings, random: Random) -> Entity:
        """Draw a filler; repeat until its key is not taken by a rival.

        Args:
            bindings: The fillers of the other roles.
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
        """All possible fillers with their marginal probabilities, over all kinds of parents."""
        totals: dict[Entity, float] = {}
        for kinds, share in self._shares().items():
            for entity, probability in self.tables[kinds].pairs:
                totals[entity] = totals.get(entity, 0.0) + share * probability
        return list(totals.items())

    def mean_nats(self, num_rivals_bound: int) -> float:
        r"""Mean entropy of the choice when $r$ of $K$ equally likely keys are taken: $H + \log((K - r) / K)$.

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
        config: The world's settings.

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
    r"""Make the occupations, which depend on the name, and the pronoun, which depends on both.

    There are equally many names for "she" and "he", and equally many occupations lean each way. A name with pronoun $g$
    has $P(o \mid g) \propto 1 \pm s$, and a name with either pronoun has a uniform $P(o)$. Bayes' rule then gives
    $P(\text{she} \mid o) = (1 \pm s) / 2$ over all people.
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
