"""``lmkit predict``: run a fine-tuned model on new texts."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import tyro

from lmkit.data import load_documents
from lmkit.recipes import TASK_RECIPES, TrainedTask, load_trained_task
from lmkit.recipes.trained_task import answer_all, classify_all, search_documents
from lmkit.tasks import parse_inputs, read_inputs
from lmkit.training import pick_device


@dataclass(frozen=True, kw_only=True)
class Command:
    r"""Run a model that lmkit finetune saved on your own texts.

    The answers are lines of JSON with the fields of the task, so they can be used as task files. The texts are
    arguments, the lines of a file, or the lines of the standard input. A line that begins with { is a JSON object with
    the input fields of the task; any other line is the text itself. If a task needs two texts (a question and its text,
    the two texts of a pair), separate them by a tab.

    Args:
        texts: The texts. Without texts and --data, they are read from the standard input.
        model: The folder that lmkit finetune wrote.
        data: A .jsonl or .txt file with one example per line.
        documents: For the task search: the file or folder of documents to search, as for lmkit train --corpus.
        num_hits: For the task search: how many documents to return for each text.
        probabilities: For tasks with classes (sentiment, relations): add a field with the probability of each label.
        output: Write the answers to this file; by default they are printed.
        batch_size: How many examples to answer at a time.
        device: "auto" uses the GPU if there is one.
    """

    texts: Annotated[tuple[str, ...], tyro.conf.Positional] = ()
    model: str
    data: Path | None = None
    documents: str | None = None
    num_hits: int = 3
    probabilities: bool = False
    output: Path | None = None
    batch_size: int = 256
    device: str = "auto"

    def run(self) -> None:
        """Print or write the answers."""
        if self.texts and self.data is not None:
            raise ValueError("give texts or --data, not both")
        if self.output is not None and self.output.exists():
            raise FileExistsError(f"output={str(self.output)!r} already exists: give another name or remove it")
        trained = load_trained_task(self.model, TASK_RECIPES, pick_device(self.device))
        if (trained.learner.search is None) != (self.documents is None):
            need = "takes no" if self.documents else "needs"
            raise ValueError(f"the model in {self.model} is for {trained.name}, which {need} --documents")
        if self.probabilities and trained.learner.probabilities is None:
            raise ValueError(f"the model in {self.model} is for {trained.name}: only classes have --probabilities")
        examples = self._examples(trained)
        file = sys.stdout if self.output is None else self.output.open("w", encoding="utf-8")
        try:
            for first in range(0, len(examples), self.batch_size):
                for line in self._answers(trained, examples[first : first + self.batch_size]):
                    print(line, file=file, flush=True)
        finally:
            if file is not sys.stdout:
                file.close()

    def _examples(self, trained: TrainedTask) -> list[Any]:
        kind = trained.recipe.kind
        if self.data is not None:
            return read_inputs(self.data, kind)
        lines = self.texts or sys.stdin
        return list(parse_inputs(lines, kind, source="texts" if self.texts else "standard input"))

    def _answers(self, trained: TrainedTask, examples: list[Any]) -> list[str]:
        if self.documents is None:
            return (classify_all if self.probabilities else answer_all)(trained, examples)
        return search_documents(trained, examples, list(load_documents(self.documents)), self.num_hits)
