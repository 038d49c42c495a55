"""The step for one token as a compiled program, which on a GPU runs as one CUDA graph."""

from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from lmkit.nn import FixedShapeCache


class CompiledStep:
    """Reads one token of each row and predicts the next, by a program whose shapes never change.

    A step for one token consists of many short kernels. On a GPU, launching them one by one from Python is expected to
    take longer than running them. Compiling joins what can be joined, and a CUDA graph starts all of them at once. Both
    need fixed shapes: the step always looks at all ``max_length`` positions and masks those that are not written yet.
    On an H200, GPT-2 in bf16 writes 75,817 tokens per second in 64 rows (``benchmarks/README.md``).

    Making it takes a while, up to a minute; then it serves any number of texts of its size:

        step = CompiledStep(model, batch_size=8, max_length=512)
        token_ids = generate(model, prompt_ids, max_new_tokens=400, compiled_step=step)

    Args:
        model: A GPT or a Llama in evaluation mode; another whose cache holds nothing but keys and values.
        batch_size: Number of rows.
        max_length: Tokens of prompt and continuation together.
        backend: What compiles, one of ``torch.compile``'s; ``None`` runs the same fixed-shape step uncompiled.

    Raises:
        ValueError: If ``max_length`` is more than the model can read.

    Example:
        >>> from lmkit.generation import generate
        >>> from lmkit.models import GPT, GPTConfig
        >>> model = GPT(GPTConfig(vocab_size=9, context_length=8, d_model=8, num_layers=1, num_heads=1)).eval()
        >>> step = CompiledStep(model, batch_size=1, max_length=8, backend=None)
        >>> prompt_ids = torch.tensor([[3, 1, 4]])
        >>> faster = generate(model, prompt_ids, max_new_tokens=5, compiled_step=step)
        >>> faster.equal(generate(model, prompt_ids, max_new_tokens=5))
        True
    """

    def __init__(
        self, model: Any, *, batch_size: int, max_length: int, backend: str | Callable[..., Any] | None = "inductor"
    ) -> None:
        self.model, self.batch_size, self.max_length = model, batch_size, max_length
        self.cache = model.make_cache(batch_size, max_length)
        self.fixed = FixedShapeCache(self.cache)
        device = self.fixed.position.device
        self._token_ids = torch.zeros(batch_size, 1, dtype=torch.long, device=device)
        self._program = self._predict
        if backend is not None:
            self._program = torch.compile(self._predict, backend=backend, fullgraph=True, dynamic=False)
        self._graph = self._capture() if device.type == "cuda" else None

    @torch.no_grad()
    def start(self, prompt_ids: Int[Tensor, "B T"], padding_mask: Bool[Tensor, "B T"] | None) -> Float[Tensor, "B V"]:
        """Read a prompt without the compiled program.

        Args:
            prompt_ids: The prompts, padded on the left.
            padding_mask: ``True`` at real tokens, or ``None`` if all are.

        Returns:
            Logits of the next token.

        Raises:
            ValueError: If there are more or fewer rows than the step was made for.
        """
        if len(prompt_ids) != self.batch_size:
            raise ValueError(
                f"prompt_ids has {len(prompt_ids)} rows; the step was made for batch_size={self.batch_size}"
            )
        self.cache.truncate(0)
        self.cache.padding_mask = None
        hidden = self.model.hidden(prompt_ids, cache=self.cache, padding_mask=padding_mask)
        self.fixed.follow(self.cache)
        return at_least_fp32(self.model.unembedding(hidden[:, -1]))

    @torch.no_grad()
    def __call__(self, token_ids: Int[Tensor, " B"]) -> Float[Tensor, "B V"]:
        """Read one more token of each row.

        Args:
            token_ids: The tokens.

        Returns:
            Logits of the next token. On a GPU the next call writes into the same memory.
        """
        self._token_ids.copy_(token_ids.unsqueeze(-1))
        if self._graph is None:
            return self._program(self._token_ids)
        self._graph.replay()
        return self._logits

    def _predict(self, token_ids: Tensor) -> Tensor:
        hidden = self.model.hidden(token_ids, cache=self.fixed)
        self.fixed.advance()
        return at_least_fp32(self.model.unembedding(hidden[:, -1]))

    @torch.no_grad()
    def _capture(self) -> torch.cuda.CUDAGraph:
        """Run the program a few times, so that it is compiled and has its memory, then record what it starts."""
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                self.fixed.position.zero_()
                self._program(self._token_ids)
        torch.cuda.current_stream().wait_stream(stream)
        self.fixed.position.zero_()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self._logits = self._program(self._token_ids)
        return graph


def at_least_fp32(logits: Float[Tensor, "B V"]) -> Float[Tensor, "B V"]:
    """Probabilities are never computed in a half-precision format."""
    return logits.to(torch.promote_types(logits.dtype, torch.float32))
