"""``lmkit generate``: generate text, token by token."""

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
    """Continue a prompt, or transform it with an encoder-decoder.

    When the text exceeds the model's context, the model continues from the last part of it.

    Args:
        model: Folder of a trained model, or the name of a shipped one.
        prompt: The start of the text, or the source for an encoder-decoder.
        max_new_tokens: The maximum number of tokens to generate.
        temperature: Below 1 sharpens the distribution; 0 always takes the most probable token.
        top_p: Sample from the most probable tokens that together have this probability.
        seed: Seed of the sampling.
        device: "auto" uses the GPU if there is one.
    """

    model: str
    prompt: str = ""
    max_new_tokens: int = 100
    temperature: float = 0.8
    top_p: float = 0.95
    seed: int = 0
    device: str = "auto"

    def run(self) -> None:
        """Print prompt and continuation as they are generated."""
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
        first = next(pieces)  # before anything is printed, because errors show here
        print("" if isinstance(model, EncoderDecoder) else self.prompt, end=first, flush=True)
        for piece in pieces:
            print(piece, end="", flush=True)
        print()
