"""``lmkit pretrain``: make again a model that ships with the package."""

import math
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import torch
import tyro

from lmkit.cli import INTERRUPTED
from lmkit.data import prefetch
from lmkit.models import load_pretrained, load_tokenizer, save_pretrained
from lmkit.recipes import MODEL_RECIPES, ModelName, ModelRecipe, StoppableBatches
from lmkit.recipes.model_cards import log_lines, shipped_card
from lmkit.recipes.run_folder import begin_run, locked_folder
from lmkit.tokenizers import Tokenizer
from lmkit.tokenizers.files import write_json, write_text
from lmkit.training import (
    History,
    TrainingConfig,
    fused_adamw,
    machine_name,
    pick_device,
    restarts,
    train,
    warmup_cosine,
)


@dataclass(frozen=True, kw_only=True)
class Command:
    """Train again one of the models that ship with the package, and measure it.

    The folder gets the model and its tokenizer, the log of the training, and the scores. The same command, given
    again after an interruption, goes on where it was.

    Args:
        name: Which model.
        output: The folder; by default it is called like the model.
        num_stories: Stories to learn from, by default as many as for the model that ships.
        num_held_out: Stories to measure on.
        device: "auto" takes the GPU if there is one.
        progress: Show a progress bar.
    """

    name: Annotated[ModelName, tyro.conf.Positional]
    output: Path | None = None
    num_stories: int | None = None
    num_held_out: int = 1000
    device: str = "auto"
    progress: bool = True

    def run(self) -> None:
        """Train, measure, write."""
        recipe, folder = MODEL_RECIPES[self.name], self.output or Path(self.name)
        with locked_folder(folder):
            begin_run(folder, {"model": self.name, "num_stories": self.num_stories or recipe.num_stories})
            self._make(recipe, folder)

    def _make(self, recipe: ModelRecipe, folder: Path) -> None:
        device = pick_device(self.device)
        tokenizer_file = folder / "tokenizer.json"
        if not tokenizer_file.exists():
            recipe.make_tokenizer().save(tokenizer_file)
        tokenizer = load_tokenizer(folder)
        history, num_parameters = self._train(recipe, tokenizer, folder, device)
        write_text(folder / "log.csv", log_lines(history))
        minutes = history.num_steps * statistics.median(history.seconds) / 60  # whatever interrupted it
        scores = recipe.measure(load_pretrained(folder), tokenizer, self.num_held_out)
        facts: dict[str, Any] = {
            "model": self.name,
            "summary": recipe.summary,
            "command": f"lmkit pretrain {self.name}" + (f" --num-stories {self.num_stories}" * bool(self.num_stories)),
            "seed": 0,
            "parameters": num_parameters,
            "training stories": self.num_stories or recipe.num_stories,
            "cycles": recipe.num_cycles,
            "steps": history.num_steps,
            "scored tokens": sum(history.num_tokens),
            "minutes": round(minutes, 1),
            "machine": machine_name(device),
            "torch": torch.__version__,
            "figures": scores,
        }
        write_json(folder / "evaluation.json", facts)
        write_text(folder / "README.md", shipped_card(facts))
        for name, score in scores.items():
            print(f"{name}: {score}")
        print(f"saved: {folder}")

    def _train(
        self, recipe: ModelRecipe, tokenizer: Tokenizer, folder: Path, device: torch.device
    ) -> tuple[History, int]:
        batches = recipe.make_batches(tokenizer, self.num_stories or recipe.num_stories)
        schedule = warmup_cosine(
            recipe.learning_rate, num_steps=len(batches), warmup_steps=math.ceil(len(batches) / 20)
        )
        num_steps = recipe.num_cycles * len(batches)
        model = recipe.make_model(tokenizer.vocab_size).to(device)
        stoppable = StoppableBatches(prefetch(batches, device), device)
        with stoppable.stopped_by_signals():
            history = train(
                model,
                fused_adamw(model, recipe.learning_rate),
                stoppable,
                restarts(schedule, every=len(batches)),
                TrainingConfig(num_steps=num_steps, checkpoint_every=500),
                objective=recipe.objective,
                checkpoint_folder=folder / "checkpoints",
                progress=self.progress,
            )
        if stoppable.is_stopped and history.num_steps < num_steps:
            print(
                f"interrupted after {history.num_steps:,} of {num_steps:,} steps; the same command goes on from there"
            )
            raise SystemExit(INTERRUPTED)
        save_pretrained(model, folder, special_ids=recipe.special_ids(tokenizer))
        return history, sum(weight.numel() for weight in model.parameters())
