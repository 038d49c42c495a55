"""The story world: one grammar that generates stories, scores them, predicts their words and parses them."""

import math
from collections.abc import Iterator
from functools import cached_property
from random import Random

from lmkit.storyworld.config import StoryWorldConfig
from lmkit.storyworld.entities import Entity, join_words, words
from lmkit.storyworld.entropy import Entropy, exact_entropy, sampled_entropy
from lmkit.storyworld.grammar import Scene, build_scene
from lmkit.storyworld.judging import Judge, Judgement
from lmkit.storyworld.plot import Situation
from lmkit.storyworld.problems import WordProblem, make_problem
from lmkit.storyworld.reading import Reader, Step
from lmkit.storyworld.roles import build_roles
from lmkit.storyworld.story import Story


class StoryWorld:
    """A language of short stories with exactly known probabilities, in English and Chinese.

    A story is generated sentence by sentence. The situation determines the probability of each line that can come next
    (modules ``plot`` and ``sentences``). The roles that the line mentions for the first time are then filled from left
    to right (module ``roles``). The same tables are used to generate, score, predict and parse. The Chinese text makes
    no choices of its own: it follows from the English text.

    Stories depend only on the seed, on every platform: the only source of randomness is
    ``random.Random(seed).random()``.

    Args:
        config: Size and difficulty; ``None`` for the default world.

    Example:
        >>> world = StoryWorld()
        >>> world.log_prob("Anna was happy.")
        -inf
    """

    def __init__(self, config: StoryWorldConfig | None = None) -> None:
        """Make the roles; scenes are made when first needed."""
        self.config = config if config is not None else StoryWorldConfig()
        self.roles = build_roles(self.config)
        self._scenes: dict[Situation, Scene] = {}

    def scene(self, situation: Situation) -> Scene:
        """The lines that can follow in a situation.

        Args:
            situation: The situation of a story; ``Situation()`` is its beginning.

        Returns:
            The scene, which is cached.
        """
        scene = self._scenes.get(situation)
        if scene is None:
            scene = self._scenes[situation] = build_scene(situation, self.config, self.roles)
        return scene

    # Generating

    def story(self, seed: int | Random) -> Story:
        """Generate one story.

        Args:
            seed: A seed, or a source of randomness, which advances.

        Returns:
            The story.
        """
        return self._write(_source(seed))

    def stories(self, count: int, seed: int | Random) -> Iterator[Story]:
        """Generate stories from one stream of random numbers.

        Args:
            count: Number of stories.
            seed: A seed, or a source of randomness, which advances.

        Yields:
            Stories.

        Raises:
            ValueError: If the count is negative.
        """
        random = _source(seed)
        return (self._write(random) for _ in range(_checked(count)))

    def texts(self, count: int, seed: int | Random) -> Iterator[str]:
        """Generate only the English texts of ``stories(count, seed)``.

        Args:
            count: Number of stories.
            seed: A seed, or a source of randomness, which advances.

        Yields:
            Texts.

        Raises:
            ValueError: If the count is negative.
        """
        random = _source(seed)
        return (self._write_text(random) for _ in range(_checked(count)))

    def retell(self, story: Story, seed: int | Random) -> Story:
        """Paraphrase a story: the same meaning, with a new wording drawn for each sentence.

        Args:
            story: A story of this world.
            seed: A seed, or a source of randomness, which advances.

        Returns:
            A story with the same facts.
        """
        random = _source(seed)
        steps = []
        bindings: dict[str, Entity] = {}
        for told, known in story.steps:
            meaning = (told.kind, told.after, told.cast)
            same = [line for line in self.scene(told.before).lines if (line.kind, line.after, line.cast) == meaning]
            line = same[int(random.random() * len(same))]
            for role in line.roles:
                if role.name not in bindings:
                    filler = known.get(role.name) or story.cast.get(role.name)
                    bindings[role.name] = filler or role.draw(bindings, random)
            steps.append(Step(line, dict(bindings)))
            for name in line.forgotten:
                del bindings[name]
        return Story(tuple(steps))

    def problem(self, seed: int | Random, steps: int | None = None) -> WordProblem:
        """Generate a word problem about the world's people.

        Args:
            seed: A seed, or a source of randomness, which advances.
            steps: Number of reasoning steps; ``None`` for ``config.problem_steps``.

        Returns:
            The problem with its solution.

        Raises:
            ValueError: If ``steps`` is less than 1.
        """
        num_steps = self.config.problem_steps if steps is None else steps
        return make_problem(self.roles, num_steps, _source(seed), largest_number=self.config.largest_number)

    def problems(self, count: int, seed: int | Random, steps: int | None = None) -> Iterator[WordProblem]:
        """Generate word problems from one stream of random numbers.

        Args:
            count: Number of problems.
            seed: A seed, or a source of randomness, which advances.
            steps: Number of reasoning steps; ``None`` for ``config.problem_steps``.

        Yields:
            Problems with their solutions.

        Raises:
            ValueError: If ``count`` is negative, or at the first problem, if ``steps`` is less than 1.
        """
        random = _source(seed)
        return (self.problem(random, steps) for _ in range(_checked(count)))

    # Probability

    def reader(self) -> Reader:
        """Make a reader, which reads a story word by word and computes the distribution of the next word."""
        return Reader(self.roles, lambda situation: self.scene(situation).root)

    def log_prob(self, text: str) -> float:
        r"""Exact log-probability of a text: $\log P(\text{text})$, summed over all derivations.

        Args:
            text: A whole story.

        Returns:
            Nats; $-\infty$ if the text is not a story of this world.
        """
        return math.fsum(self.word_log_probs(text)) if join_words(words(text)) == text else -math.inf

    def word_log_probs(self, text: str) -> list[float]:
        r"""Log-probability of each word given all words before it, and of the end of the story.

        Args:
            text: A whole story.

        Returns:
            Nats: one number per word and one for the end; $-\infty$ from the first impossible word on.
        """
        reader = self.reader()
        story_words = [*words(text), ""]
        log_probs = []
        for word in story_words:
            chance = reader.read(word)
            if chance == 0:
                break
            log_probs.append(math.log(chance))
        return log_probs + [-math.inf] * (len(story_words) - len(log_probs))

    def next_word_distribution(self, prefix: str) -> dict[str, float]:
        """Compute the exact distribution of the next word.

        Args:
            prefix: The beginning of a story, in whole words.

        Returns:
            Probabilities by word; ``""`` is the end of the story.

        Raises:
            ValueError: If no story begins with the prefix.
        """
        reader = self.reader()
        for position, word in enumerate(words(prefix)):
            if reader.read(word) == 0:
                raise ValueError(f"prefix={prefix!r} begins no story: word {position}, {word!r}, is impossible there")
        return reader.distribution()

    def entropy(self) -> Entropy:
        """The exact entropy of the world.

        Returns:
            Nats per story and per word.
        """
        return exact_entropy(self.scene, self.roles)

    def sampled_entropy(self, num_stories: int, seed: int | Random) -> Entropy:
        """Estimate the entropy of the world from the log-probabilities of generated stories.

        Args:
            num_stories: Number of stories, at least 2.
            seed: A seed, or a source of randomness, which advances.

        Returns:
            Nats per story and per word with their standard errors.

        Raises:
            ValueError: If there are fewer than two stories.
        """
        texts = list(self.texts(num_stories, seed))
        return sampled_entropy([self.log_prob(text) for text in texts], [len(words(text)) for text in texts])

    # Parsing

    def parse(self, text: str) -> Judgement:
        """Check whether a text is a story of this world.

        Args:
            text: Any text.

        Returns:
            The verdict, with the story or with the first impossible word and its position.
        """
        return self._judge.parse(text, self.reader())

    @cached_property
    def vocabulary(self) -> tuple[str, ...]:
        """All words and punctuation marks of English stories, sorted."""
        return self._judge.vocabulary

    @cached_property
    def _judge(self) -> Judge:
        return Judge(self.roles, self.config.num_paraphrases)

    def _write(self, random: Random) -> Story:
        steps = []
        bindings: dict[str, Entity] = {}
        scene = self.scene(Situation())
        while scene.lines:
            line = scene.draw(random.random())
            for role in line.roles:
                if role.name not in bindings:
                    bindings[role.name] = role.draw(bindings, random)
            steps.append(Step(line, dict(bindings)))
            for name in line.forgotten:
                del bindings[name]
            scene = self.scene(line.after)
        return Story(tuple(steps))

    def _write_text(self, random: Random) -> str:
        return self._write(random).text


def _source(seed: int | Random) -> Random:
    return seed if isinstance(seed, Random) else Random(seed)


def _checked(count: int) -> int:
    if count < 0:
        raise ValueError(f"count={count} must be at least 0")
    return count
