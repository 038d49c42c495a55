"""``lmkit generate``: let a model write, token by token."""

import sys
from dataclasses import dataclass

import torch

from lmkit.generation import greedy, top_p
from lmkit.models import EncoderDecoder, load_special_ids
from lmkit.recipes import continue_text, load_model_and_tokenizer
from lmkit.recipes.saved_model import find_model
from lmkit.recipes.text_scores import require_writer
from lmkit.training import pick_device


@dataclass(frozen=True, kw_only=True)
class Command:
    """Continue a prompt, or turn it into another text with an encoder-decoder.

    Text beyond the model's context is written from the last part of what came before.

    Args:
        model: Folder of a trained model, or the name of one that comes with the package.
        prompt: What the text begins with, or the source of an encoder-decoder.
        max_new_tokens: How many tokens to write at most.
        temperature: Below 1 sharpens the distribution; 0 always takes the most probable token.
        top_p: Draw among the most probable tokens that together have this probability.
        seed: Seed of the drawing.
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
        """Print prompt and continuation while they are written."""
        device = pick_device(self.device)
        model, tokenizer = load_model_and_tokenizer(self.model, device)
        require_writer(model, self.model)
        pieces = continue_text(
            model,
            tokenizer,
            self.prompt,
            special_ids=load_special_ids(find_model(self.model)),
            max_new_tokens=self.max_new_tokens,
            choose_next=greedy if self.temperature == 0 else top_p(self.top_p, temperature=self.temperature),
            generator=torch.Generator(device).manual_seed(self.seed),
            notice=lambda note: print(f"note: {note}", file=sys.stderr),
        )
        first = next(pieces)  # before anything is printed, as this is where mistakes show
        print("" if isinstance(model, EncoderDecoder) else self.prompt, end=first, flush=True)
        for piece in pieces:
            print(piece, end="", flush=True)
        print()
