"""Associative recall: a text states facts and asks for them later; the answers are only in the text itself."""

from dataclasses import dataclass, field

import torch
from jaxtyping import Int
from torch import Tensor

from lmkit.data import Batch
from lmkit.functional import IGNORE_ID

PEOPLE = ("Ann", "Ben", "Eva", "Ida", "Kim", "Leo", "Mia", "Tom")
THINGS = ("tea", "jam", "figs", "rice", "nuts", "eggs", "cake", "soup")
FILLERS = ("well", "so", "oh", "hm")


@dataclass(frozen=True, kw_only=True)
class RecallTask:
    """Texts that state what each of several people likes, and later ask for it once.

    A fact is one token (``Ann:tea``), a question is one token (``Ann?``), and the token after a question is its answer
    (``tea``). The remaining slots are filler words. Each text draws new facts, so a model cannot memorise them.

    Args:
        num_people: Number of facts per text, from 1 to 8.
        num_slots: Number of facts, questions and filler words per text; at least two per person.

    Raises:
        ValueError: If ``num_people`` is out of its range or there are too few slots.

    Example:
        >>> task = RecallTask(num_people=2, num_slots=5)
        >>> text = task.draw(1, torch.Generator().manual_seed(4))[0]
        >>> " ".join(task.vocabulary[token] for token in text.tolist())
        'well Ben:soup Ben? soup Ann:tea Ann? tea'
        >>> task.distances(text[None])[0].tolist()
        [0, 0, 2, 0, 0, 2, 0]
    """

    num_people: int = 8
    num_slots: int = 20
    vocabulary: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Check the sizes and build the vocabulary."""
        if not 1 <= self.num_people <= len(PEOPLE):
            raise ValueError(f"num_people={self.num_people} must be from 1 to {len(PEOPLE)}")
        if self.num_slots < 2 * self.num_people:
            raise ValueError(f"num_slots={self.num_slots} has no room for {self.num_people} facts and their questions")
        facts = [f"{person}:{thing}" for person in PEOPLE for thing in THINGS]
        questions = [f"{person}?" for person in PEOPLE]
        object.__setattr__(self, "vocabulary", (*THINGS, *facts, *questions, *FILLERS))

    @property
    def text_length(self) -> int:
        """Number of tokens per text: one per slot and one answer per question."""
        return self.num_slots + self.num_people

    def draw(self, num_texts: int, generator: torch.Generator) -> Int[Tensor, "N M"]:
        """Draw texts, with facts and questions in random slots.

        Args:
            num_texts: Number of texts.
            generator: Source of randomness.

        Returns:
            Token ids; all texts have the same length.
        """
        slots = torch.rand(num_texts, self.num_slots, generator=generator).argsort(dim=1)
        pairs = slots[:, : 2 * self.num_people].unflatten(1, (2, self.num_people))
        told, asked = pairs.amin(dim=1), pairs.amax(dim=1)
        liked = torch.randint(len(THINGS), told.shape, generator=generator)
        person = torch.arange(self.num_people).expand_as(liked)
        first_filler = self._first_question + len(PEOPLE)
        said = torch.randint(first_filler, len(self.vocabulary), slots.shape, generator=generator)
        said.scatter_(1, told, len(THINGS) * (1 + person) + liked)
        said.scatter_(1, asked, self._first_question + person)
        answers = torch.full_like(said, -1).scatter_(1, asked, liked)
        tokens = torch.stack([said, answers], dim=2).flatten(1)
        return tokens[tokens >= 0].view(num_texts, -1)

    def distances(self, texts: Int[Tensor, "N M"]) -> Int[Tensor, "N M"]:
        """At each question, the number of tokens from the fact to the answer; 0 elsewhere."""
        asks = (texts >= self._first_question) & (texts < self._first_question + len(PEOPLE))
        tells = (texts >= len(THINGS)) & (texts < self._first_question)
        person = torch.where(asks, texts - self._first_question, texts // len(THINGS) - 1)
        fact_of = tells[:, None, :] & asks[:, :, None] & (person[:, None, :] == person[:, :, None])
        position = torch.arange(texts.shape[1])
        return torch.where(asks, position + 1 - (fact_of * position).amax(dim=2), 0)

    def batch(self, texts: Int[Tensor, "N M"]) -> Batch:
        """Make a next-token batch in which only the answers are scored."""
        is_question = self.distances(texts)[:, :-1] > 0
        return Batch(inputs=texts[:, :-1], targets=texts[:, 1:].where(is_question, IGNORE_ID))

    @property
    def _first_question(self) -> int:
        return len(THINGS) * (1 + len(PEOPLE))
