"""``lmkit train``: from a folder of text to a model that writes."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import torch
from torch import Tensor, distributed

from lmkit.data import (
    END_OF_TEXT,
    Batches,
    encode_corpus,
    load_documents,
    next_token_batches,
    prefetch,
    split_documents,
)
from lmkit.models import GPT, GPTConfig, SpecialIds, save_pretrained
from lmkit.tokenizers import BPETokenizer, train_bpe
from lmkit.training import (
    History,
    Strategy,
    TrainingConfig,
    best_checkpoint,
    checkpoint_activations,
    distribute,
    fused_adamw,
    gains_from_bf16,
    next_token_objective,
    pick_device,
    process_group,
    rank,
    train,
    warmup_cosine,
    world_size,
)

BYTES_PER_TOKEN_TYPE = 500
FEW_DOCUMENTS = 20
VALIDATION_TOKENS = 65_536
MANY_EPOCHS = 5
DROPOUT = 0.2


def small_gpt() -> GPTConfig:
    """A model that two processor cores train in minutes."""
    return GPTConfig(vocab_size=4096, context_length=128, d_model=128, num_layers=4, num_heads=4)


def short_training() -> TrainingConfig:
    """A thousand steps, looked at ten times."""
    return TrainingConfig(num_steps=1000, evaluate_every=100, checkpoint_every=200)


@dataclass(frozen=True, kw_only=True)
class Command:
    """Train a GPT on any text. The same command, given again after an interruption, goes on where it was.

    Under ``torchrun --nproc-per-node N --module lmkit.cli train ...`` N processes share the work.

    Args:
        corpus: A folder or file of text (.txt, .md, .jsonl, .gz), or "pydocs", "stdlib", "storyworld", "hub:NAME".
        output: Folder for the tokenizer, the checkpoints and the finished model.
        model: Sizes of the model. The vocabulary is made smaller for a small corpus.
        training: How to train.
        batch_size: Windows per step, on all processes together.
        learning_rate: The highest, after warm-up.
        warmup_share: Share of the steps in which the learning rate rises; then it falls along a cosine to a tenth.
        weight_decay: Decay of the matrices.
        regularise: Without a dropout of its own, the model gets 0.2 if it reads the text more than five times; without
            that it would soon know a small text by heart.
        device: "auto" takes the GPU if there is one.
        strategy: With several processes: copy the model to each, or part it among them.
        recompute_activations: Save memory by computing activations twice.
        tensorboard: Write a log for TensorBoard into the output folder.
        progress: Show progress bars.
    """

    corpus: str
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
        device = pick_device(self.device)
        with process_group(device):
            if self.batch_size % world_size():
                raise ValueError(f"batch_size={self.batch_size} is not divisible by the {world_size()} processes")
            tokenizer, training_stream, validation_stream = self._read_corpus()
            config = replace(self.model, vocab_size=tokenizer.vocab_size)
            if self.regularise and config.dropout == 0 and self._num_epochs(training_stream) > MANY_EPOCHS:
                config = replace(config, dropout=DROPOUT)
            model = GPT(config, seed=self.training.seed).to(device)
            if self.recompute_activations:
                checkpoint_activations(model)
            self._say_model(model, device, training_stream)
            history = self._train(model, tokenizer, training_stream, validation_stream)
            if rank() == 0:
                self._save(config, tokenizer, history)

    def _read_corpus(self) -> tuple[BPETokenizer, Tensor, Tensor]:
        """Split the corpus, train the tokenizer if there is none in the output folder yet, and encode."""
        split = split_documents(load_documents(self.corpus), validation=0.1, test=0.0)
        documents = split.train + split.validation
        num_bytes = sum(len(document.encode("utf-8", "replace")) for document in documents)
        say(f"corpus: {len(documents):,} documents, {num_bytes:,} bytes")
        tokenizer_file = self.output / "tokenizer.json"
        if rank() == 0 and not tokenizer_file.exists():
            vocab_size = min(self.model.vocab_size, 300 + num_bytes // BYTES_PER_TOKEN_TYPE)
            tokenizer = train_bpe(split.train or documents, vocab_size, (END_OF_TEXT,), progress=self.progress)
            self.output.mkdir(parents=True, exist_ok=True)
            tokenizer.save(tokenizer_file)
        if world_size() > 1:
            distributed.barrier()
        tokenizer = BPETokenizer.load(tokenizer_file)
        say(f"tokenizer: byte-level BPE with {tokenizer.vocab_size:,} tokens, in {tokenizer_file}")
        if len(documents) < FEW_DOCUMENTS or not split.validation:
            stream = encode_corpus(tokenizer, documents, progress=self.progress)
            held_out = max(self.model.context_length + 1, len(stream) // 10)
            say(f"validation: the last {held_out:,} of {len(stream):,} tokens, as there are few documents")
            return tokenizer, stream[:-held_out], stream[-held_out:]
        training_stream, validation_stream = (
            encode_corpus(tokenizer, part, progress=self.progress) for part in (split.train, split.validation)
        )
        say(f"validation: {len(split.validation):,} documents, {len(validation_stream):,} tokens")
        return tokenizer, training_stream, validation_stream

    def _num_epochs(self, training_stream: Tensor) -> float:
        """How many times the text is read."""
        return self.training.num_steps * self.batch_size * self.model.context_length / len(training_stream)

    def _say_model(self, model: GPT, device: torch.device, training_stream: Tensor) -> None:
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

    def _train(
        self, model: GPT, tokenizer: BPETokenizer, training_stream: Tensor, validation_stream: Tensor
    ) -> History:
        def batches(stream: Tensor, **options: Any) -> Batches:
            return next_token_batches(
                stream,
                batch_size=self.batch_size // world_size(),
                context_length=self.model.context_length,
                rank=rank(),
                world_size=world_size(),
                **options,
            )

        objective = distribute(model, next_token_objective, self.strategy)
        device = next(model.parameters()).device
        generator = torch.Generator().manual_seed(self.training.seed)
        log = self._open_log()
        history = train(
            model,
            fused_adamw(model, self.learning_rate, weight_decay=self.weight_decay),
            prefetch(batches(training_stream, generator=generator, num_epochs=None), device),
            warmup_cosine(
                self.learning_rate,
                num_steps=self.training.num_steps,
                warmup_steps=int(self.warmup_share * self.training.num_steps),
                final_learning_rate=self.learning_rate / 10,
            ),
            self.training,
            objective=objective,
            validation_batches=list(batches(validation_stream[:VALIDATION_TOKENS])),
            checkpoint_folder=self.output / "checkpoints",
            tokenizer=tokenizer,
            log=log,
            progress=self.progress,
        )
        if log is not None:
            log.close()
        return history

    def _open_log(self) -> Any:
        if not self.tensorboard or rank() != 0:
            return None
        from torch.utils.tensorboard import SummaryWriter

        return SummaryWriter(self.output / "tensorboard")

    def _save(self, config: GPTConfig, tokenizer: BPETokenizer, history: History) -> None:
        """Make the finished model of the best checkpoint, which is whole even if the trained one was parted."""
        checkpoint = best_checkpoint(self.output / "checkpoints")
        assert checkpoint is not None  # training ends with one, and with an evaluation
        assert history.best is not None
        model = GPT(config)
        model.load_state_dict(checkpoint.model)
        end_id = tokenizer.special_tokens[END_OF_TEXT]
        save_pretrained(model, self.output, special_ids=SpecialIds(start_id=end_id, end_ids=(end_id,), pad_id=end_id))
        figure, axes = plt.subplots()
        history.plot(axes)
        figure.savefig(self.output / "loss.svg")
        step, loss_nats = history.best
        steps = f"{step} of {history.num_steps} steps"
        say(f"loss: {loss_nats:.3f} nats per token on validation text, at best, after {steps}")
        say(f"saved: the model of that step in {self.output}; try lmkit generate --model {self.output} --prompt 'The'")


def say(line: str) -> None:
    """Print a line, once however many processes there are."""
    if rank() == 0:
        print(line, flush=True)
