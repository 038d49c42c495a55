"""``lmkit train``: from a folder of text to a model that writes."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from lmkit.cli import INTERRUPTED
from lmkit.cli.command_line import command_line
from lmkit.models import GPT, GPTConfig
from lmkit.recipes import TextRecipe, short_training, small_gpt
from lmkit.recipes.run_folder import locked_folder, saved_step
from lmkit.recipes.text_corpus import TextCorpus
from lmkit.recipes.text_run import begin_text_run, save_text_model, train_text_model
from lmkit.training import (
    History,
    Strategy,
    TrainingConfig,
    gains_from_bf16,
    pick_device,
    process_group,
    rank,
    world_size,
)


@dataclass(frozen=True, kw_only=True)
class Command:
    """Train a GPT on any text. If the command is interrupted, run it again to resume.

    Ctrl-C stops after the current step and saves. Another text or other sizes need another --output.
    With torchrun --nproc-per-node N --module lmkit.cli train ..., N processes share the work.

    Args:
        corpus: A folder or file of text (.txt, .md, .jsonl, .gz), or "pydocs", "stdlib", "storyworld", "hub:NAME".
        tokens: Instead of --corpus, a folder that lmkit tokenize --shards wrote, for text that does not fit in memory.
        output: Folder for the tokenizer, the checkpoints and the finished model.
        model: Sizes of the model. A small corpus gets a smaller vocabulary.
        training: How to train.
        batch_size: Windows per step, on all processes together.
        learning_rate: The maximum, after warm-up.
        warmup_share: Share of the steps in which the learning rate rises; then it falls along a cosine to a tenth.
        weight_decay: Decay of the matrices.
        regularise: Give a model without dropout a dropout of 0.2 if it reads the text more than five times, so that it
            does not memorise a small text.
        device: "auto" uses the GPU if there is one.
        strategy: With several processes: copy the model to each, or shard it among them.
        recompute_activations: Save memory by computing activations twice.
        tensorboard: Write a log for TensorBoard into the output folder.
        progress: Show progress bars.
    """

    corpus: str | None = None
    tokens: Path | None = None
    output: Path = Path("lmkit-run")
    model: GPTConfig = field(default_factory=small_gpt)
    training: TrainingConfig = field(default_factory=short_training)
    batch_size: int = 16
    learning_rate: float = 1e-3
    warmup_share: float = 0.1
    weight_decay: float = 0.1
    regularise: bool = True
    device: str = "auto"
    strategy: Strategy = "ddp"
    recompute_activations: bool = False
    tensorboard: bool = False
    progress: bool = True

    def run(self) -> None:
        """Train, and print what was chosen and what came out."""
        if (self.corpus is None) == (self.tokens is None):
            raise ValueError("give --corpus or --tokens")
        recipe = TextRecipe(**{each.name: getattr(self, each.name) for each in fields(TextRecipe)})
        device = pick_device(self.device)
        with process_group(device), ExitStack() as stack:
            if rank() == 0:
                stack.enter_context(locked_folder(self.output))
            corpus = begin_text_run(recipe, self.output, corpus=self.corpus, tokens=self.tokens, progress=self.progress)
            if (step := saved_step(self.output)) is not None:
                say(f"resuming: the run in {self.output} continues after step {step:,}")
            for line in corpus.summary:
                say(line)
            model = recipe.make_model(corpus).to(device)
            self._say_model(model, device, recipe, corpus)
            with self._open_log() as log:
                run = train_text_model(model, corpus, recipe, self.output, log=log, progress=self.progress)
            if run.is_interrupted:
                say(
                    f"interrupted after {run.history.num_steps:,} of {run.num_steps:,} steps, saved in "
                    f"{self.output / 'checkpoints'}: run the same command again to resume"
                )
                raise SystemExit(INTERRUPTED)
            if rank() == 0:
                self._save(model.config, corpus, run.history, device)

    def _say_model(self, model: GPT, device: torch.device, recipe: TextRecipe, corpus: TextCorpus) -> None:
        sizes = model.config
        num_parameters = sum(weight.numel() for weight in model.parameters())
        say(
            f"model: GPT with {num_parameters:,} parameters: {sizes.num_layers} layers, {sizes.num_heads} heads, "
            f"d_model {sizes.d_model}, context {sizes.context_length}, dropout {sizes.dropout:g}"
        )
        precision = self.training.precision
        if precision == "auto":
            precision = "bf16" if gains_from_bf16(model) else "fp32"
        say(
            f"training: {self.training.num_steps:,} steps of {self.batch_size} windows, "
            f"{recipe.num_epochs(corpus.training):.1f} epochs of {len(corpus.training):,} tokens, "
            f"on {device} in {precision}"
            + (f", by {world_size()} processes ({self.strategy})" if world_size() > 1 else "")
        )

    @contextmanager
    def _open_log(self) -> Iterator["ShownLog"]:
        if not self.tensorboard or rank() != 0:
            yield ShownLog()
            return
        from torch.utils.tensorboard import SummaryWriter

        with SummaryWriter(self.output / "tensorboard") as writer:
            yield ShownLog(writer)

    def _save(self, config: GPTConfig, corpus: TextCorpus, history: History, device: torch.device) -> None:
        data = str(self.corpus if self.tokens is None else self.tokens)
        facts = {"data": data, "command": command_line("train", self), "seed": self.training.seed}
        save_text_model(config, corpus, history, self.output, device, facts)
        assert history.best is not None
        step, loss_nats = history.best
        say(
            f"loss: at best {loss_nats:.3f} nats per token on validation text, "
            f"after {step} of {history.num_steps} steps"
        )
        say(f"saved: the model of that step in {self.output}; try lmkit generate --model {self.output} --prompt 'The'")


class ShownLog:
    """Shows each validation loss, and passes everything on to TensorBoard if that is wanted."""

    def __init__(self, writer: Any = None) -> None:
        self.writer = writer

    def add_scalar(self, tag: str, scalar_value: float, global_step: int) -> None:
        """Record one number."""
        if tag == "loss_nats/validation":
            tqdm.write(f"step {global_step:,}: {scalar_value:.3f} nats per token on validation text")
        if self.writer is not None:
            self.writer.add_scalar(tag, scalar_value, global_step)


def say(line: str) -> None:
    """Print a line once, however many processes there are."""
    if rank() == 0:
        print(line, flush=True)
