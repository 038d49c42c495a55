"""Cleaning: a pipeline of small steps that every document goes through, and a report of what each step did.

A step is a function of a text. It returns the changed text, or whether to keep it, or a text with a number of masks.
Deduplication, the only kind of step that looks at more than one text, returns the keys of a text. Your own steps can
take any of these forms.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lmkit.data.deduplication import Deduplication, ExactDuplicates, NearDuplicates, SeenKeys
from lmkit.data.markup import strip_markup
from lmkit.data.normalization import normalize_whitespace, remove_control_characters, repair_unicode
from lmkit.data.privacy import Masked, mask_emails, mask_ip_addresses, mask_phone_numbers
from lmkit.data.quality import GOPHER_RULES

CleaningStep = Callable[[str], str | bool | Masked] | Deduplication

CLEANING_STEPS: tuple[CleaningStep, ...] = (
    repair_unicode,
    strip_markup,
    remove_control_characters,
    normalize_whitespace,
    *GOPHER_RULES,
    mask_emails,
    mask_phone_numbers,
    mask_ip_addresses,
    ExactDuplicates(),
    NearDuplicates(),
)
"""The usual steps for English web text: repair, drop what is not prose, mask personal data, then deduplicate."""

NUM_EXAMPLES = 3
EXAMPLE_CHARS = 300


@dataclass(kw_only=True)
class StepReport:
    """What one step did.

    Args:
        name: The name of the function, or of the class.
        num_seen: How many documents reached the step.
        num_changed: How many it changed.
        num_removed: How many it dropped.
        num_masks: How many masks it inserted.
        examples: The first few documents that it changed or dropped, each before and after, truncated to 300 characters
            from a little before the first difference; ``None`` for what was dropped.

    Example:
        >>> report = StepReport(name="mask_emails")
        >>> report.add(StepReport(name="mask_emails", num_seen=10, num_changed=2))
        >>> report.num_changed
        2
    """

    name: str
    num_seen: int = 0
    num_changed: int = 0
    num_removed: int = 0
    num_masks: int = 0
    examples: list[tuple[str, str | None]] = field(default_factory=list)

    def count(self, before: str, after: str | None) -> None:
        """Record one document.

        Args:
            before: The step's input.
            after: The step's output, or ``None`` if it dropped the document.
        """
        self.num_seen += 1
        if after == before:
            return
        self.num_removed += after is None
        self.num_changed += after is not None
        if len(self.examples) < NUM_EXAMPLES:
            self.examples.append(_excerpts(before, after))

    def add(self, later: "StepReport") -> None:
        """Add the counts of the same step on later documents.

        Args:
            later: Its report.
        """
        self.num_seen += later.num_seen
        self.num_changed += later.num_changed
        self.num_removed += later.num_removed
        self.num_masks += later.num_masks
        self.examples = (self.examples + later.examples)[:NUM_EXAMPLES]


@dataclass(kw_only=True)
class CleaningReport:
    """What all steps did; as a string, a table.

    Args:
        steps: One report per step, in order.
        num_documents: How many documents there were.
        num_kept: How many are left.

    Example:
        >>> CleaningReport(steps=[StepReport(name="mask_emails", num_seen=3)], num_documents=3, num_kept=3).num_kept
        3
    """

    steps: list[StepReport]
    num_documents: int = 0
    num_kept: int = 0

    def __str__(self) -> str:
        """Make a table with one line per step."""
        width = max(len(step.name) for step in self.steps) if self.steps else 0
        lines = [f"{'step':{width}}  {'seen':>9}  {'changed':>9}  {'removed':>9}  {'masks':>9}"]
        for step in self.steps:
            counts = (step.num_seen, step.num_changed, step.num_removed, step.num_masks)
            lines.append("  ".join([f"{step.name:{width}}", *(f"{count:9,}" for count in counts)]))
        return "\n".join([*lines, f"kept {self.num_kept:,} of {self.num_documents:,} documents"])


def clean_corpus(
    documents: Iterable[str], steps: Sequence[CleaningStep] = CLEANING_STEPS
) -> tuple[list[str], CleaningReport]:
    """Clean documents, and report what was done to them.

    Args:
        documents: The texts.
        steps: What to do to each, in this order. A document is dropped if a step leaves nothing but whitespace.

    Returns:
        The documents that are left, and a report.

    Raises:
        TypeError: If a step returns neither a text nor whether to keep the document.

    Example:
        >>> documents = ["Hello  ", "Hello", "<p>Good <i>morning</i></p>"]
        >>> cleaned, report = clean_corpus(documents, [strip_markup, normalize_whitespace, ExactDuplicates()])
        >>> cleaned
        ['Hello', 'Good morning']
        >>> print(report)
        step                       seen    changed    removed      masks
        strip_markup                  3          1          0          0
        normalize_whitespace          3          1          0          0
        ExactDuplicates               3          0          1          0
        kept 2 of 3 documents
    """
    report = CleaningReport(steps=[StepReport(name=step_name(step)) for step in steps])
    return list(clean_documents(documents, steps, report)), report


def clean_documents(documents: Iterable[str], steps: Sequence[CleaningStep], report: CleaningReport) -> Iterator[str]:
    """Clean documents one at a time.

    Args:
        documents: The texts.
        steps: What to do to each.
        report: Counts what is done, document by document.

    Yields:
        The documents that are left.
    """
    seen = [SeenKeys() for _ in steps]
    for document in documents:
        report.num_documents += 1
        for step, step_report, seen_keys in zip(steps, report.steps, seen, strict=True):
            if isinstance(step, Deduplication):
                after = document if seen_keys.add_if_new(step.keys(document)) else None
            else:
                after, num_masks = _apply(step, document)
                step_report.num_masks += num_masks
            step_report.count(document, after)
            if after is None:
                break
            document = after
        else:
            report.num_kept += 1
            yield document


def step_name(step: CleaningStep) -> str:
    """Name a step for the report.

    Args:
        step: A function, a ``functools.partial`` of one, or an object.

    Returns:
        The name of the function or of the class.
    """
    function = getattr(step, "func", step)
    return getattr(function, "__name__", type(function).__name__)


def _apply(step: Callable[[str], str | bool | Masked], document: str) -> tuple[str | None, int]:
    result = step(document)
    if isinstance(result, bool):
        return (document if result else None), 0
    text, num_masks = result if isinstance(result, Masked) else (result, 0)
    if not isinstance(text, str):
        raise TypeError(f"step {step_name(step)} returned {result!r}; it must return a text or whether to keep it")
    return (text if text.strip() else None), num_masks


def _excerpts(before: str, after: str | None) -> tuple[str, str | None]:
    if after is None:
        return before[:EXAMPLE_CHARS], None
    same = next((place for place, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), 0)
    start = max(same - EXAMPLE_CHARS // 4, 0)
    return before[start : start + EXAMPLE_CHARS], after[start : start + EXAMPLE_CHARS]
