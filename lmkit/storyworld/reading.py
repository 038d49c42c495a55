"""Reading a story word by word: the exact distribution of the next word, and the meaning of the words so far.

This is the forward algorithm over the grammar. A hypothesis is one derivation of the words so far. Every choice soon
shows in the words, so there are few hypotheses at any time, and the time to read a story is proportional to its length.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from lmkit.storyworld.entities import Entity
from lmkit.storyworld.grammar import Line, Node
from lmkit.storyworld.plot import Situation
from lmkit.storyworld.roles import Role


class Step(NamedTuple):
    """One sentence of a story: its line and the entities that fill the roles at that point."""

    line: Line
    bindings: dict[str, Entity]


_SMALLEST = 1e-200  # if the probability of the words so far is smaller, it is rescaled


class _Hypothesis(NamedTuple):
    probability: float
    node: Node
    pending: tuple[str, ...]  # the words of the current slot that have not been read yet
    bindings: dict[str, Entity]
    told: tuple | None  # the steps so far as a linked list, last first: (step, (step before, ...))


class Reader:
    """Reads a story word by word and computes the exact distribution of the next word.

    :meth:`StoryWorld.reader` makes one.

    Args:
        roles: The world's roles.
        root: Returns the trie of a situation.

    Example:
        >>> from lmkit.storyworld import StoryWorld
        >>> reader = StoryWorld().reader()
        >>> [round(reader.read(word), 3) for word in ("One", "cloudy", "morning")]
        [0.167, 0.1, 0.1]
    """

    def __init__(self, roles: Mapping[str, Role], root: Callable[[Situation], Node]) -> None:
        """Start before the first word."""
        self._roles = roles
        self._root = root
        self._hypotheses = [_Hypothesis(1.0, root(Situation()), (), {}, None)]
        self._total = 1.0  # the sum of their probabilities; up to rescaling, the probability of the words so far

    def distribution(self) -> dict[str, float]:
        """Compute the exact distribution of the next word.

        Returns:
            Probabilities by word; ``""`` is the end of the story. Empty after the end.
        """
        totals: dict[str, float] = {}
        for hypothesis in self._hypotheses:
            probability, node, pending, _, _ = hypothesis
            if pending:
                totals[pending[0]] = totals.get(pending[0], 0.0) + probability
                continue
            for word, child in node.words.items():
                totals[word] = totals.get(word, 0.0) + probability * child.share
            for form, child, options in self._slots(hypothesis):
                for entity, chance in options:
                    word = entity.words[form][0]
                    totals[word] = totals.get(word, 0.0) + probability * child.share * chance
        return {word: total / self._total for word, total in totals.items() if total > 0}

    def read(self, word: str) -> float:
        """Read the next word.

        Args:
            word: A word, a punctuation mark, or ``""`` for the end of the story.

        Returns:
            Its probability given all words before it. If that is 0, the reader does not advance.
        """
        found = list(self._matches(word))
        total = sum([hypothesis.probability for hypothesis in found])
        if total == 0:
            return 0.0
        chance = total / self._total
        if total < _SMALLEST:
            found = [hypothesis._replace(probability=hypothesis.probability / total) for hypothesis in found]
            total = 1.0
        self._hypotheses, self._total = found, total
        return chance

    def derivations(self) -> list[list[Step]]:
        """All derivations of the complete sentences read so far.

        Returns:
            Lists of steps, the most probable first.
        """
        ranked = sorted(self._hypotheses, key=lambda hypothesis: -hypothesis.probability)
        derivations = []
        for hypothesis in ranked:
            steps, told = [], hypothesis.told
            while told is not None:
                step, told = told
                steps.append(step)
            derivations.append(steps[::-1])
        return derivations

    def _slots(self, hypothesis: _Hypothesis) -> Iterator[tuple[str, Node, list[tuple[Entity, float]]]]:
        for (role, form), child in hypothesis.node.slots.items():
            bound = hypothesis.bindings.get(role)
            yield form, child, self._roles[role].options(hypothesis.bindings) if bound is None else [(bound, 1.0)]

    def _matches(self, word: str) -> Iterator[_Hypothesis]:
        for probability, node, pending, bindings, told in self._hypotheses:
            if pending:
                if pending[0] == word:
                    yield _Hypothesis(probability, node, pending[1:], bindings, told)
                continue
            child = node.words.get(word)
            if child is not None:
                if child.ends:
                    yield from self._next_sentences(probability * child.share, child, bindings, told)
                else:
                    yield _Hypothesis(probability * child.share, child, (), bindings, told)
            for (role, form), child in node.slots.items():
                bound = bindings.get(role)
                if bound is not None:
                    bound_words = bound.words[form]
                    if bound_words[0] == word:
                        yield _Hypothesis(probability * child.share, child, bound_words[1:], bindings, told)
                    continue
                for entity, chance in self._roles[role].options_starting(word, form, bindings):
                    after = probability * child.share * chance
                    yield _Hypothesis(after, child, entity.words[form][1:], {**bindings, role: entity}, told)

    def _next_sentences(
        self, probability: float, node: Node, bindings: dict[str, Entity], told: tuple | None
    ) -> Iterator[_Hypothesis]:
        """The hypotheses after the end of a sentence: one for each line that the sentence can be."""
        for line, share in node.ends:
            lasting = {role: entity for role, entity in bindings.items() if role not in line.forgotten}
            yield _Hypothesis(probability * share, self._root(line.after), (), lasting, (Step(line, bindings), told))
