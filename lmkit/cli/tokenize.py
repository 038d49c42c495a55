"""``lmkit tokenize``: texts as tokens."""

from dataclasses import dataclass
from pathlib import Path

from lmkit.data import END_OF_TEXT, encode_corpus, load_documents
from lmkit.tokenizers import BPETokenizer, train_bpe


@dataclass(frozen=True, kw_only=True)
class Command:
    """Show how a text is cut into tokens, or encode a corpus into a file, with a tokenizer trained on it if need be.

    Args:
        tokenizer: A tokenizer.json, or the folder that has one. If it is missing, one is trained on the corpus.
        text: Show the tokens of this text.
        corpus: Encode this folder, file or named corpus.
        output: Where the tokens of the corpus go.
        vocab_size: Size of a new tokenizer's vocabulary.
        num_workers: How many processes encode; 0 for this one alone.
        progress: Show progress bars.
    """

    tokenizer: Path = Path("tokenizer.json")
    text: str | None = None
    corpus: str | None = None
    output: Path = Path("tokens.safetensors")
    vocab_size: int = 4096
    num_workers: int = 0
    progress: bool = True

    def run(self) -> None:
        """Print pieces and figures."""
        if self.text is None and self.corpus is None:
            raise ValueError("give --text, --corpus or both")
        file = self.tokenizer / "tokenizer.json" if self.tokenizer.is_dir() else self.tokenizer
        if file.exists() or self.corpus is None:
            tokenizer = BPETokenizer.load(file)
        else:
            tokenizer = train_bpe(load_documents(self.corpus), self.vocab_size, (END_OF_TEXT,), progress=self.progress)
            tokenizer.save(file)
            print(f"tokenizer: trained, {tokenizer.vocab_size:,} tokens, in {file}")
        if self.corpus is not None:
            tokens = encode_corpus(
                tokenizer,
                load_documents(self.corpus),
                self.output,
                num_workers=self.num_workers,
                progress=self.progress,
            )
            num_bytes = sum(len(document.encode("utf-8")) for document in load_documents(self.corpus))
            print(f"corpus: {len(tokens):,} tokens for {num_bytes:,} bytes ({num_bytes / len(tokens):.2f} bytes each)")
            print(f"saved: {self.output}")
        if self.text is not None:
            token_ids = tokenizer.encode(self.text)
            for token_id in token_ids:
                print(f"{token_id:>7}  {tokenizer.decode([token_id])!r}")
            print(f"{len(token_ids)} tokens for {len(self.text.encode('utf-8'))} bytes")
