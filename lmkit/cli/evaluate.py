"""``lmkit evaluate``: how well a model predicts a text or does a task."""

from dataclasses import dataclass
from pathlib import Path

from lmkit.data import load_documents
from lmkit.models import load_special_ids
from lmkit.recipes import (
    TASK_RECIPES,
    TaskName,
    load_model_and_tokenizer,
    load_trained_task,
    score_documents,
)
from lmkit.recipes.saved_model import find_model
from lmkit.recipes.text_scores import require_text_model
from lmkit.tasks import read_examples
from lmkit.training import pick_device


@dataclass(frozen=True, kw_only=True)
class Command:
    """Score a model on a text that it was not trained on, or on the task that it was fine-tuned for.

    Documents are arranged as in the training of the model: each by itself after its start token, or all in one
    stream. Every token is scored, including the end of each document. The score of a task comes with its 95 % bootstrap
    interval.

    Args:
        model: Folder of a trained model, or the name of a shipped one; for a task, the folder that lmkit
            finetune wrote.
        corpus: A folder or file of text, or the name of a corpus, as for training.
        task: What the model was fine-tuned for. Without --data, the examples are those of lmkit finetune.
        data: A .jsonl or .csv file with examples of the task; all are scored.
        test: How many examples to draw from the story world if there is no file.
        device: "auto" uses the GPU if there is one.
        progress: Show progress bars.
    """

    model: str
    corpus: str | None = None
    task: TaskName | None = None
    data: Path | None = None
    test: int = 500
    device: str = "auto"
    progress: bool = True

    def run(self) -> None:
        """Print the scores."""
        if self.corpus is not None and self.task is None and self.data is None:
            self._score_text(self.corpus)
        elif self.corpus is None and (self.task is not None or self.data is not None):
            self._score_task()
        else:
            raise ValueError("give --corpus, or --task, --data or both")

    def _score_text(self, corpus: str) -> None:
        model, tokenizer = load_model_and_tokenizer(self.model, pick_device(self.device))
        require_text_model(model, self.model)
        special_ids = load_special_ids(find_model(self.model))
        documents = list(load_documents(corpus))
        score = score_documents(model, tokenizer, documents, special_ids, progress=self.progress)
        print(f"documents       {len(documents):,}, {'in one stream' if special_ids.packed else 'each by itself'}")
        print(f"tokens          {score.text.num_tokens:,}")
        print(f"nats per token  {score.text.loss_nats:.4f} ± {score.text.standard_error:.4f}")
        print(f"nats per word   {score.nats_per_word:.4f}")
        print(f"perplexity      {score.text.perplexity:.2f}")
        print(f"bits per byte   {score.text.bits_per_byte:.4f}")

    def _score_task(self) -> None:
        trained = load_trained_task(self.model, TASK_RECIPES, pick_device(self.device))
        recipe = trained.recipe
        if self.task not in (None, trained.name):
            raise ValueError(f"the model in {self.model} is for {trained.name}, not for --task {self.task}")
        if self.data is None:
            examples = recipe.make_task(num_train=0, num_validation=0, num_test=self.test).test
        else:
            labels = trained.labels or None
            examples = read_examples(self.data, recipe.kind, labels=labels, label_type=recipe.label_type)
        print(f"examples  {len(examples):,}")
        print(f"{recipe.metric}: {recipe.interval(trained.learner.answer(examples), examples)}")
