"""``lmkit evaluate``: how well a model predicts a text."""

from dataclasses import dataclass

import torch

from lmkit.cli.saved_model import load_model_and_tokenizer
from lmkit.data import encode_corpus, load_documents
from lmkit.data.corpus.token_stream import END_OF_TEXT
from lmkit.evaluation import score_text, token_log_probs
from lmkit.training import pick_device


@dataclass(frozen=True, kw_only=True)
class Command:
    """Measure loss, perplexity and bits per byte on a text that the model was not trained on.

    Every token is scored, and so is the end of each document.

    Args:
        model: Folder of a trained model.
        corpus: A folder or file of text, or the name of a corpus, as for training.
        device: "auto" takes the GPU if there is one.
        progress: Show progress bars.
    """

    model: str
    corpus: str
    device: str = "auto"
    progress: bool = True

    def run(self) -> None:
        """Print the figures."""
        device = pick_device(self.device)
        model, tokenizer = load_model_and_tokenizer(self.model, device)
        documents = list(load_documents(self.corpus))
        tokens = encode_corpus(tokenizer, documents, progress=self.progress)
        start = torch.tensor([tokenizer.special_tokens[END_OF_TEXT]])  # so that the first token is scored too
        log_probs = token_log_probs(
            model, torch.cat([start, tokens]).to(device), context_length=model.config.context_length
        )
        score = score_text(log_probs.cpu(), sum(len(document.encode("utf-8")) for document in documents))
        print(f"tokens          {score.num_tokens:,}")
        print(f"nats per token  {score.loss_nats:.4f} ± {score.standard_error:.4f}")
        print(f"perplexity      {score.perplexity:.2f}")
        print(f"bits per byte   {score.bits_per_byte:.4f}")
