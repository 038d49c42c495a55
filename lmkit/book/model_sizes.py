"""How large a language model is, how much it computes and what memory it takes, from its sizes alone."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ModelSizes:
    """The sizes of a decoder-only Transformer with Llama's architecture, and what follows from them.

    The letters of the formulas are those of the book: $D$ ``d_model``, $L$ ``num_layers``, $H$ ``num_heads``, $G$
    ``num_kv_heads``, $F$ ``d_ff``, $V$ ``vocab_size``; $K = D / H$ is the width of a head.

    Args:
        vocab_size: Number of token ids.
        d_model: Width of the hidden states.
        num_layers: Number of layers.
        num_heads: Attention heads per layer.
        num_kv_heads: Key-value heads per layer.
        d_ff: Width inside the feed-forward layers.
        tie_embeddings: Whether one matrix serves as embedding and unembedding.

    Raises:
        ValueError: If a size is not positive, or the heads do not fit.

    Example:
        >>> llama3_8b = ModelSizes(
        ...     vocab_size=128256, d_model=4096, num_layers=32, num_heads=32, num_kv_heads=8, d_ff=14336
        ... )
        >>> sum(llama3_8b.parameters().values())
        8030261248
        >>> llama3_8b.cache_bytes(batch_size=1, length=8192, bits=16) / 2**30
        1.0
    """

    vocab_size: int
    d_model: int
    num_layers: int
    num_heads: int
    num_kv_heads: int
    d_ff: int
    tie_embeddings: bool = False

    def __post_init__(self) -> None:
        for name in ("vocab_size", "d_model", "num_layers", "num_heads", "num_kv_heads", "d_ff"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}={getattr(self, name)} must be at least 1")
        for whole, part in (("d_model", "num_heads"), ("num_heads", "num_kv_heads")):
            if getattr(self, whole) % getattr(self, part):
                raise ValueError(f"{whole}={getattr(self, whole)} is not divisible by {part}={getattr(self, part)}")

    def parameters(self) -> dict[str, int]:
        """Number of parameters by part: $2VD$ or $VD$, $2LD(H + G)K$, $3LDF$ and $(2L + 1)D$.

        Returns:
            Those of the embeddings, attention, feed-forward layers and norms.
        """
        d_head = self.d_model // self.num_heads
        return {
            "embeddings": (1 if self.tie_embeddings else 2) * self.vocab_size * self.d_model,
            "attention": self.num_layers * 2 * self.d_model * (self.num_heads + self.num_kv_heads) * d_head,
            "feed-forward": self.num_layers * 3 * self.d_model * self.d_ff,
            "norms": (2 * self.num_layers + 1) * self.d_model,
        }

    def training_flops(self, num_tokens: int) -> dict[str, int]:
        """Operations of the matrix products of one row, forward and backward; a multiply-add is two operations.

        Each weight of a product takes part in six operations per token. Scores and averages take $12 L T^2 H K$; half
        of them belong to future positions and are thrown away, but count.

        Args:
            num_tokens: $T$, the length of the row.

        Returns:
            The operations of products with weights, and those of scores and averages.
        """
        parts = self.parameters()
        weights = parts["attention"] + parts["feed-forward"] + self.vocab_size * self.d_model
        return {
            "weights": 6 * num_tokens * weights,
            "scores": 12 * self.num_layers * num_tokens**2 * self.d_model,
        }

    def cache_bytes(self, *, batch_size: int, length: int, bits: int) -> int:
        """Memory of keys and values, $2 L B S G K$ numbers.

        Args:
            batch_size: $B$, the number of rows.
            length: $S$, the number of positions.
            bits: Of each number.

        Returns:
            Bytes.
        """
        width = self.num_kv_heads * (self.d_model // self.num_heads)
        return 2 * self.num_layers * batch_size * length * width * bits // 8
