"""The settings of the story world."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class StoryWorldConfig:
    """Size and difficulty of a story world.

    Attributes:
        num_people: Number of names, a multiple of 3 up to 48; a third take "she", a third "he", a third either.
        num_occupations: Number of occupations, even, up to 24; half lean towards "she" and half towards "he".
        num_things: Number of nouns for things that are carried, given, taken and lost, from 3 to 42.
        num_adjectives: Number of adjectives for each of those nouns, from 1 to 8.
        num_places: Number of places that a story can be set in, from 2 to 26.
        num_details: Length of each list of details (food, animals, spots, moods, topics ...), from 1 to 10.
        num_paraphrases: Wordings of each kind of sentence, from 1 to 6; some kinds have fewer.
        events: Minimum and maximum number of events in a story; all numbers in this range are equally likely.
        distance: Minimum and maximum number of filler sentences between the last event and the ending.
        pronoun_correlation: The planted correlation $s$, from -1 to 1: a person whose occupation leans towards "she"
            is called "she" with probability $(1 + s) / 2$, and likewise for "he".
        problem_steps: Number of reasoning steps of a word problem, from 1 to 12.
        largest_number: The largest number that a word problem starts from or adds, from 2 to 100. A subtraction may
            take away everything.

    Raises:
        ValueError: If a value is out of its range.

    Example:
        >>> StoryWorldConfig(num_people=3, events=(1, 4)).events
        (1, 4)
    """

    num_people: int = 48
    num_occupations: int = 24
    num_things: int = 42
    num_adjectives: int = 8
    num_places: int = 26
    num_details: int = 10
    num_paraphrases: int = 6
    events: tuple[int, int] = (1, 2)
    distance: tuple[int, int] = (0, 2)
    pronoun_correlation: float = 0.0
    problem_steps: int = 2
    largest_number: int = 20

    def __post_init__(self) -> None:
        """Check each setting."""
        for name, smallest, step, largest in (
            ("num_people", 3, 3, 48),
            ("num_occupations", 2, 2, 24),
            ("num_things", 3, 1, 42),
            ("num_adjectives", 1, 1, 8),
            ("num_places", 2, 1, 26),
            ("num_details", 1, 1, 10),
            ("num_paraphrases", 1, 1, 6),
            ("problem_steps", 1, 1, 12),
            ("largest_number", 2, 1, 100),
        ):
            value = getattr(self, name)
            if not smallest <= value <= largest or value % step:
                rule = f"from {smallest} to {largest}" + (f" and a multiple of {step}" if step > 1 else "")
                raise ValueError(f"{name}={value} must be {rule}")
        for name, smallest in (("events", 1), ("distance", 0)):
            low, high = getattr(self, name)
            if not smallest <= low <= high:
                raise ValueError(f"{name}=({low}, {high}) must be in ascending order and at least {smallest}")
        if not -1 <= self.pronoun_correlation <= 1:
            raise ValueError(f"pronoun_correlation={self.pronoun_correlation} must lie between -1 and 1")
