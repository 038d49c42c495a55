"""``lmkit generate``: let a model write, token by token."""

from dataclasses import dataclass

import torch

from lmkit.data import END_OF_TEXT
from lmkit.generation import greedy, stop_at, stream, top_p
from lmkit.recipes import load_model_and_tokenizer
from lmkit.training import pick_device


@dataclass(frozen=True, kw_only=True)
class Command:
    """Continue a prompt.

    Args:
        model: Folder of a trained model.
        prompt: What the text begins with.
        max_new_tokens: How many tokens to write at most.
        temperature: Below 1 sharpens the distribution; 0 always takes the most probable token.
        top_p: Draw among the most probable tokens that together have this probability.
        seed: Of the drawing.
        device: "auto" takes the GPU if there is one.
    """

    model: str
    prompt: str = ""
    max_new_tokens: int = 100
    temperature: float = 0.8
    top_p: float = 0.95
    seed: int = 0
    device: str = "auto"

    def run(self) -> None:
        """Print prompt and continuation, as far as they are text, while they are written."""
        device = pick_device(self.device)
        model, tokenizer = load_model_and_tokenizer(self.model, device)
        end_id = tokenizer.special_tokens[END_OF_TEXT]
        prompt_ids = tokenizer.encode(self.prompt) or [end_id]
        written = stream(
            model,
            torch.tensor([prompt_ids], device=device),
            max_new_tokens=min(self.max_new_tokens, model.config.context_length - len(prompt_ids)),
            choose_next=greedy if self.temperature == 0 else top_p(self.top_p, temperature=self.temperature),
            generator=torch.Generator(device).manual_seed(self.seed),
            stop=stop_at(end_id),
        )
        print(self.prompt, end="", flush=True)
        new_ids: list[int] = []
        shown = ""
        for token_id in written:
            new_ids.append(int(token_id))
            if new_ids[-1] == end_id:
                break
            text = tokenizer.decode(new_ids)
            if not text.endswith("\N{REPLACEMENT CHARACTER}"):  # a character may take several tokens
                print(text[len(shown) :], end="", flush=True)
                shown = text
        print()
