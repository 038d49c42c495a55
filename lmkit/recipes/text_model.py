"""How ``lmkit train`` makes a GPT from a text: its sizes, and how it is trained."""

from dataclasses import dataclass, field, replace

from lmkit.data import TokenStream
from lmkit.models import GPT, GPTConfig
from lmkit.recipes.text_corpus import TextCorpus
from lmkit.training import Strategy, TrainingConfig, checkpoint_activations

MANY_EPOCHS = 5
DROPOUT = 0.2


def small_gpt() -> GPTConfig:
    """A model that two processor cores train in minutes.

    Example:
        >>> small_gpt().num_layers
        4
    """
    return GPTConfig(vocab_size=4096, context_length=128, d_model=128, num_layers=4, num_heads=4)


def short_training() -> TrainingConfig:
    """A thousand steps with ten evaluations.

    Example:
        >>> short_training().num_steps
        1000
    """
    return TrainingConfig(num_steps=1000, evaluate_every=100, checkpoint_every=200)


@dataclass(frozen=True, kw_only=True)
class TextRecipe:
    """How a GPT is made from a text.

    Args:
        model: Sizes of the model. The vocabulary size is replaced by that of the corpus's tokenizer.
        training: How to train.
        batch_size: Windows per step, on all ranks together.
        learning_rate: The maximum, after warm-up; then it falls along a cosine to a tenth of it.
        warmup_share: Share of the steps in which the learning rate rises.
        weight_decay: Decay of the matrices.
        regularise: Whether a model without dropout gets a dropout of 0.2 if it reads the text more than five times, so
            that it does not memorise a small text.
        strategy: With several ranks: copy the model to each, or shard it among them.
        recompute_activations: Save memory by computing activations twice.

    Example:
        >>> import torch
        >>> recipe = TextRecipe()
        >>> recipe.num_epochs(torch.arange(100_000))  # 1000 steps of 16 windows of 128 tokens
        20.48
    """

    model: GPTConfig = field(default_factory=small_gpt)
    training: TrainingConfig = field(default_factory=short_training)
    batch_size: int = 16
    learning_rate: float = 1e-3
    warmup_share: float = 0.1
    weight_decay: float = 0.1
    regularise: bool = True
    strategy: Strategy = "ddp"
    recompute_activations: bool = False

    def window(self, token_stream: TokenStream) -> int:
        """Return the length of the training windows: the context length, or less for a short stream.

        Args:
            token_stream: The tokens to read.
        """
        return min(self.model.context_length, len(token_stream) - 1)

    def num_epochs(self, token_stream: TokenStream) -> float:
        """Return how many times training reads a stream.

        Args:
            token_stream: The tokens to learn from.
        """
        return self.training.num_steps * self.batch_size * self.window(token_stream) / len(token_stream)

    def make_model(self, corpus: TextCorpus) -> GPT:
        """Make the untrained model for a corpus, with its vocabulary and with dropout if the corpus is small.

        Args:
            corpus: What the model will be trained on.

        Returns:
            The model, on the CPU.
        """
        config = replace(self.model, vocab_size=corpus.tokenizer.vocab_size)
        if self.regularise and config.dropout == 0 and self.num_epochs(corpus.training) > MANY_EPOCHS:
            config = replace(config, dropout=DROPOUT)
        model = GPT(config, seed=self.training.seed)
        if self.recompute_activations:
            checkpoint_activations(model)
        return model
