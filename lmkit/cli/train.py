"""``lmkit train``: from a folder of text to a model that writes."""

import statistics
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import torch
from torch import distributed
from tqdm import tqdm

from lmkit.cli import INTERRUPTED
from lmkit.cli.command_line import command_line
from lmkit.data import END_OF_TEXT, Batches, TokenStream, load_documents, next_token_batches, prefetch
from lmkit.evaluation import perplexity
from lmkit.models import GPT, GPTConfig, SpecialIds, save_pretrained
from lmkit.recipes import StoppableBatches
from lmkit.recipes.model_cards import log_lines, text_card
from lmkit.recipes.run_folder import begin_run, locked_folder
from lmkit.recipes.text_corpus import TextCorpus, fingerprint, sharded_corpus, text_corpus
from lmkit.tokenizers import Tokenizer
from lmkit.tokenizers.files import write_json, write_text
from lmkit.training import (
    History,
    Strategy,
    TrainingConfig,
    best_checkpoint,
    checkpoint_activations,
    distribute,
    fused_adamw,
    gains_from_bf16,
    machine_name,
    next_token_objective,
    pick_device,
    process_group,
    rank,
    train,
    warmup_cosine,
    world_size,
)
from lmkit.training.checkpoint import newest_path

VALIDATION_TOKENS = 65_536
MANY_EPOCHS = 5
DROPOUT = 0.2


def small_gpt() -> GPTConfig:
    """A model that two processor cores train in minutes."""
    return GPTConfig(vocab_size=4096, context_length=128, d_model=128, num_layers=4, num_heads=4)


def short_training() -> TrainingConfig:
    """A thousand steps with ten evaluations."""
    return TrainingConfig(num_steps=1000, evaluate_every=100, checkpoint_every=200)


@dataclass(frozen=True, kw_only=True)
class Command:
    """Train a GPT on any text. The same command, given again after an interruption, goes on where it was.

    Ctrl-C stops after the current step and saves. Another text or other sizes need another --output.
    Under torchrun --nproc-per-node N --module lmkit.cli train ..., N processes share the work.

    Args:
        corpus: A folder or file of text (.txt, .md, .jsonl, .gz), or "pydocs", "stdlib", "storyworld", "hub:NAME".
        tokens: Instead of --corpus, a folder that lmkit tokenize --shards wrote, for text that does not fit in memory.
        output: Folder for the tokenizer, the checkpoints and the finished model.
        model: Sizes of the model. The vocabulary is made smaller for a small corpus.
        training: How to train.
        batch_size: Windows per step, on all processes together.
        learning_rate: The highest, after warm-up.
        warmup_share: Share of the steps in which the learning rate rises; then it falls along a cosine to a tenth.
        weight_decay: Decay of the matrices.
        regularise: A model without a dropout of its own gets 0.2 if it reads the text more than five times, so that it
            does not memorise a small text.
        device: "auto" takes the GPU if there is one.
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
        """Train, saying what was chosen."""
        if (self.corpus is None) == (self.tokens is None):
            raise ValueError("give --corpus or --tokens")
        device = pick_device(self.device)
        with process_group(device), ExitStack() as stack:
            if self.batch_size % world_size():
                raise ValueError(f"batch_size={self.batch_size} is not divisible by the {world_size()} processes")
            if rank() == 0:
                stack.enter_context(locked_folder(self.output))
            corpus = self._read_corpus()
            for line in corpus.summary:
                say(line)
            config = replace(self.model, vocab_size=corpus.tokenizer.vocab_size)
            if self.regularise and config.dropout == 0 and self._num_epochs(corpus.training) > MANY_EPOCHS:
                config = replace(config, dropout=DROPOUT)
            model = GPT(config, seed=self.training.seed).to(device)
            if self.recompute_activations:
                checkpoint_activations(model)
            self._say_model(model, device, corpus.training)
            history, is_stopped = self._train(model, corpus)
            if is_stopped and history.num_steps < self.training.num_steps:
                say(
                    f"interrupted after {history.num_steps:,} of {self.training.num_steps:,} steps, and saved in "
                    f"{self.output / 'checkpoints'}: the same command goes on from there"
                )
                raise SystemExit(INTERRUPTED)
            if rank() == 0:
                self._save(config, corpus, history, device)

    def _read_corpus(self) -> TextCorpus:
        """Open the text, and begin the run or make sure that it is the same."""
        if self.tokens is not None:
            corpus, text = sharded_corpus(self.tokens)
            if rank() == 0:
                self._begin_run(text)
                corpus.tokenizer.save(self.output / "tokenizer.json")
            return corpus
        documents = list(load_documents(str(self.corpus)))
        if rank() == 0:
            self._begin_run(fingerprint(documents))
        return text_corpus(
            documents,
            self.output / "tokenizer.json",
            vocab_size=self.model.vocab_size,
            context_length=self.model.context_length,
            make_tokenizer=rank() == 0,
            wait=wait_for_all,
            progress=self.progress,
        )

    def _begin_run(self, text: str) -> None:
        sizes = asdict(self.model)
        del sizes["dropout"]  # follows from the number of steps, which may be raised
        source = self.corpus if self.tokens is None else self.tokens
        begin_run(self.output, {"corpus": f"{source} ({text})", "seed": self.training.seed, **sizes})
        checkpoint = newest_path(self.output / "checkpoints")
        if checkpoint is not None:
            step = int(checkpoint.name.rpartition("-")[2])
            say(f"resuming: the run in {self.output} goes on after step {step:,}")

    def _num_epochs(self, training_stream: TokenStream) -> float:
        """How many times the text is read."""
        window = min(self.model.context_length, len(training_stream) - 1)
        return self.training.num_steps * self.batch_size * window / len(training_stream)

    def _say_model(self, model: GPT, device: torch.device, training_stream: TokenStream) -> None:
        sizes = model.config
        num_parameters = sum(weight.numel() for weight in model.parameters())
        say(
            f"model: GPT with {num_parameters:,} parameters: {sizes.num_layers} layers, {sizes.num_heads} heads, "
            f"d_model {sizes.d_model}, context {sizes.context_length}, dropout {sizes.dropout:g}"
        )
        precision = self.training.precision
        if precision == "auto":
            precision = "bf16" if gains_from_bf16(model) else "fp32"
        epochs, num_tokens = self._num_epochs(training_stream), len(training_stream)
        say(
            f"training: {self.training.num_steps:,} steps of {self.batch_size} windows, {epochs:.1f} times through "
            f"{num_tokens:,} tokens, on {device} in {precision}"
            + (f", by {world_size()} processes ({self.strategy})" if world_size() > 1 else "")
        )

    def _train(self, model: GPT, corpus: TextCorpus) -> tuple[History, bool]:
        """Train; say what happened, and whether Ctrl-C ended it."""

        def batches(stream: TokenStream, **options: Any) -> Batches:
            return next_token_batches(
                stream,
                batch_size=self.batch_size // world_size(),
                context_length=min(self.model.context_length, len(stream) - 1),
                rank=rank(),
                world_size=world_size(),
                **options,
            )

        objective = distribute(model, next_token_objective, self.strategy)
        device = next(model.parameters()).device
        generator = torch.Generator().manual_seed(self.training.seed)
        stoppable = StoppableBatches(
            prefetch(batches(corpus.training, generator=generator, num_epochs=None), device), device
        )
        with self._open_log() as log, stoppable.stopped_by_signals():
            history = train(
                model,
                fused_adamw(model, self.learning_rate, weight_decay=self.weight_decay),
                stoppable,
                warmup_cosine(
                    self.learning_rate,
                    num_steps=self.training.num_steps,
                    warmup_steps=int(self.warmup_share * self.training.num_steps),
                    final_learning_rate=self.learning_rate / 10,
                ),
                self.training,
                objective=objective,
                validation_batches=list(batches(corpus.validation[:VALIDATION_TOKENS])),
                checkpoint_folder=self.output / "checkpoints",
                tokenizer=corpus.tokenizer,
                log=log,
                progress=self.progress,
            )
        return history, stoppable.is_stopped

    @contextmanager
    def _open_log(self) -> Iterator["ShownLog"]:
        if not self.tensorboard or rank() != 0:
            yield ShownLog()
            return
        from torch.utils.tensorboard import SummaryWriter

        with SummaryWriter(self.output / "tensorboard") as writer:
            yield ShownLog(writer)

    def _save(self, config: GPTConfig, corpus: TextCorpus, history: History, device: torch.device) -> None:
        """Make the finished model of the best checkpoint, which is whole even if the trained one was sharded."""
        checkpoint = best_checkpoint(self.output / "checkpoints")
        assert checkpoint is not None  # training ends with one, and with an evaluation
        assert history.best is not None
        model = GPT(config)
        model.load_state_dict(checkpoint.model)
        save_pretrained(model, self.output, special_ids=packed_ids(corpus.tokenizer))
        figure, axes = plt.subplots()
        history.plot(axes)
        figure.savefig(self.output / "loss.svg")
        plt.close(figure)
        step, loss_nats = history.best
        facts = {
            "data": str(self.corpus if self.tokens is None else self.tokens),
            "command": command_line("train", self),
            "parameters": sum(weight.numel() for weight in model.parameters()),
            "training tokens": len(corpus.training),
            "seed": self.training.seed,
            "steps": history.num_steps,
            "scored tokens": sum(history.num_tokens),
            "minutes": round(history.num_steps * statistics.median(history.seconds) / 60, 1),
            "machine": machine_name(device),
            "torch": torch.__version__,
            "figures": {
                "step of the saved weights": step,
                "loss, nats per token": round(loss_nats, 4),
                "perplexity": round(perplexity(loss_nats), 2),
            },
        }
        write_json(self.output / "evaluation.json", facts)
        write_text(self.output / "README.md", text_card(facts))
        write_text(self.output / "log.csv", log_lines(history))
        steps = f"{step} of {history.num_steps} steps"
        say(f"loss: {loss_nats:.3f} nats per token on validation text, at best, after {steps}")
        say(f"saved: the model of that step in {self.output}; try lmkit generate --model {self.output} --prompt 'The'")


class ShownLog:
    """Shows each validation loss, and passes everything on to TensorBoard if it is wanted."""

    def __init__(self, writer: Any = None) -> None:
        self.writer = writer

    def add_scalar(self, tag: str, scalar_value: float, global_step: int) -> None:
        """Write down one number."""
        if tag == "loss_nats/validation":
            tqdm.write(f"step {global_step:,}: {scalar_value:.3f} nats per token on validation text")
        if self.writer is not None:
            self.writer.add_scalar(tag, scalar_value, global_step)


def packed_ids(tokenizer: Tokenizer) -> SpecialIds:
    """Documents in one stream, each with its end after it."""
    end_id = tokenizer.special_tokens.get(END_OF_TEXT)
    end_ids = () if end_id is None else (end_id,)
    return SpecialIds(start_id=end_id, end_ids=end_ids, pad_id=end_id)


def wait_for_all() -> None:
    """Wait until every process is here."""
    if world_size() > 1:
        distributed.barrier()


def say(line: str) -> None:
    """Print a line, once however many processes there are."""
    if rank() == 0:
        print(line, flush=True)
