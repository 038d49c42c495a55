"""The knobs of the story world."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class StoryWorldConfig:
    """How large a story world is and how hard.

    Attributes:
        num_people: Names; a third go with "she", a third with "he" and a third with either.
        num_occupations: Occupations; half lean towards "she" and half towards "he".
        num_things: Nouns for the things that are carried, given, taken and lost.
        num_adjectives: Adjectives that each of those nouns can have.
        num_places: Places that a story can be set in.
        num_details: Length of each list of details: food, animals, spots, words for moods, topics ...
        num_paraphrases: Wordings of each kind of sentence; a kind that has fewer has all of its own.
        events: Fewest and most events in a story; each number in between is equally likely.
        distance: Fewest and most filler sentences between the last event and the ending that depends on it.
        pronoun_correlation: The planted correlation $s$: a person whose occupation leans towards "she" is called
            "she" with probability $(1 + s) / 2$, and likewise for "he".
        problem_steps: Reasoning steps of a word problem.
        largest_number: The largest number that a word problem starts from or adds; what is taken away may be all that
            there is.

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
        """Check every knob on its own."""
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
                raise ValueError(f"{name}=({low}, {high}) must be two numbers in order, the first at least {smallest}")
        if not -1 <= self.pronoun_correlation <= 1:
            raise ValueError(f"pronoun_correlation={self.pronoun_correlation} must lie between -1 and 1")
