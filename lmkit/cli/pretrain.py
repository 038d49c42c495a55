"""``lmkit pretrain``: remake a model that ships with the package."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from lmkit.cli import INTERRUPTED
from lmkit.recipes import MODEL_RECIPES, ModelName
from lmkit.recipes.pretraining import evaluate_pretrained, pretrain
from lmkit.recipes.run_folder import begin_run, locked_folder
from lmkit.training import pick_device


@dataclass(frozen=True, kw_only=True)
class Command:
    """Train a model that ships with the package again, and measure it.

    The folder gets the model and its tokenizer, the training log, and the scores. If the command is interrupted, run it
    again to resume.

    Args:
        name: Which model.
        output: The folder; by default it has the name of the model.
        num_stories: How many stories to learn from; by default as many as the shipped model.
        num_held_out: How many stories to measure on.
        device: "auto" uses the GPU if there is one.
        progress: Show a progress bar.
    """

    name: Annotated[ModelName, tyro.conf.Positional]
    output: Path | None = None
    num_stories: int | None = None
    num_held_out: int = 1000
    device: str = "auto"
    progress: bool = True

    def run(self) -> None:
        """Train, measure, and print the scores."""
        recipe, folder, device = MODEL_RECIPES[self.name], self.output or Path(self.name), pick_device(self.device)
        num_stories = self.num_stories or recipe.num_stories
        with locked_folder(folder):
            begin_run(folder, {"model": self.name, "num_stories": num_stories})
            run = pretrain(recipe, folder, num_stories=num_stories, device=device, progress=self.progress)
            if run.is_interrupted:
                print(f"interrupted after {run.history.num_steps:,} of {run.num_steps:,} steps: run it again to resume")
                raise SystemExit(INTERRUPTED)
            facts = evaluate_pretrained(
                self.name,
                recipe,
                run.history,
                folder,
                num_stories=num_stories,
                num_held_out=self.num_held_out,
                device=device,
                command=f"lmkit pretrain {self.name}" + f" --num-stories {self.num_stories}" * bool(self.num_stories),
            )
        for name, score in facts["scores"].items():
            print(f"{name}: {score}")
        print(f"saved: {folder}")
