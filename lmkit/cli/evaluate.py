"""``lmkit evaluate``: how well a model predicts a text, or how well it does a task."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch

from lmkit.data import END_OF_TEXT, encode_corpus, load_documents
from lmkit.evaluation import score_text, token_log_probs
from lmkit.recipes import TASK_RECIPES, TaskName, load_head, load_model_and_tokenizer
from lmkit.tasks import Task, read_examples
from lmkit.training import pick_device


@dataclass(frozen=True, kw_only=True)
class Command:
    """Measure loss, perplexity and bits per byte on a text that the model was not trained on, or a task's figure.

    Every token of a text is scored, and so is the end of each document. The figure of a task comes with its 95 %
    bootstrap interval.

    Args:
        model: Folder of a trained model; for a task, as "lmkit finetune" leaves it.
        corpus: A folder or file of text, or the name of a corpus, as for training.
        task: What the model was fine-tuned for. Without a file, the examples are those of "lmkit finetune".
        data: A .jsonl or .csv file with examples of the task, all of which are scored.
        test: How many examples of the task are drawn if there is no file.
        device: "auto" takes the GPU if there is one.
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
        """Print the figures."""
        if self.task is not None and self.corpus is None:
            self._score_task(self.task)
        elif self.corpus is not None and self.task is None and self.data is None:
            self._score_text(self.corpus)
        else:
            raise ValueError("give --corpus, or --task and maybe --data")

    def _score_text(self, corpus: str) -> None:
        device = pick_device(self.device)
        model, tokenizer = load_model_and_tokenizer(self.model, device)
        documents = list(load_documents(corpus))
        tokens = encode_corpus(tokenizer, documents, progress=self.progress)
        start = torch.tensor([tokenizer.special_tokens[END_OF_TEXT]])  # so that the first token is scored too
        log_probs = token_log_probs(
            model, torch.cat([start, tokens]).to(device), context_length=model.config.context_length
        )
        score = score_text(log_probs.cpu(), sum(len(document.encode("utf-8")) for document in documents))
        print(f"tokens          {score.num_tokens:,}")
        print(f"nats per token  {score.loss_nats:.4f} ± {score.standard_error:.4f}")
        print(f"perplexity      {score.perplexity:.2f}")
        print(f"bits per byte   {score.bits_per_byte:.4f}")

    def _score_task(self, name: TaskName) -> None:
        recipe, folder = TASK_RECIPES[name], Path(self.model)
        base, tokenizer = load_model_and_tokenizer(self.model, pick_device(self.device))
        papers = folder / "evaluation.json"
        labels = json.loads(papers.read_text(encoding="utf-8")).get("labels") if papers.is_file() else None
        if self.data is None:
            task = recipe.make_task(num_train=0, num_validation=0, num_test=self.test)
        else:
            examples = read_examples(self.data, recipe.kind, labels=labels or None)
            task = Task(name=self.data.stem, train=(), validation=(), test=examples, labels=tuple(labels or ()))
        learner = recipe.make_learner(base, tokenizer, task)
        load_head(learner.model, folder)
        learner.model.eval()
        print(f"examples  {len(task.test):,}")
        print(f"{recipe.metric}: {recipe.interval(learner.answer(task.test), task.test)}")
