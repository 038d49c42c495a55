"""``lmkit tokenize``: split texts into tokens."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from lmkit.data import (
    END_OF_TEXT,
    encode_corpus,
    encode_files,
    find_text_files,
    is_in_split,
    load_documents,
    write_token_shards,
)
from lmkit.data.corpus.splits import SplitName
from lmkit.recipes.saved_model import TRAIN_TOKENS, VALIDATION_TOKENS, find_tokenizer
from lmkit.tokenizers import Tokenizer, train_bpe


@dataclass(frozen=True, kw_only=True)
class Command:
    """Show how a text is split into tokens, or encode a corpus, with a given tokenizer or one trained on the corpus.

    With --shards, a corpus of any size becomes a folder for lmkit train --tokens: memory-mapped token files for
    training and validation, and the tokenizer. If the command is interrupted, run it again to resume.

    Args:
        tokenizer: A tokenizer.json (BPE, WordPiece or Unigram), a folder that has one, or the name of a shipped
            model. If it does not exist, one is trained on the corpus and saved there.
        text: Show the tokens of this text.
        corpus: Encode this folder, file or named corpus.
        output: The file for the tokens of the corpus.
        shards: Write the tokens into this folder instead, with a share of the documents for validation.
        scheduler: With --shards, encode on a Dask cluster whose scheduler has this address, such as
            tcp://10.0.0.1:8786. Its workers read --corpus, a file or folder, and write --shards under the same paths.
        validation: Expected share of the documents for validation, with --shards.
        vocab_size: Vocabulary size of a new tokenizer.
        num_workers: How many processes encode; 0 for this process alone.
        progress: Show progress bars.
    """

    tokenizer: str = "tokenizer.json"
    text: str | None = None
    corpus: str | None = None
    output: Path = Path("tokens.safetensors")
    shards: Path | None = None
    scheduler: str | None = None
    validation: float = 0.01
    vocab_size: int = 4096
    num_workers: int = 0
    progress: bool = True

    def run(self) -> None:
        """Print tokens and sizes."""
        if self.text is None and self.corpus is None:
            raise ValueError("give --text, --corpus or both")
        if self.scheduler is not None and (self.corpus is None or self.shards is None):
            raise ValueError(f"--scheduler {self.scheduler} needs --corpus and --shards")
        if self.scheduler is not None and not Path(str(self.corpus)).exists():
            raise ValueError(f"corpus={self.corpus!r} must be a file or folder, which the workers of --scheduler read")
        tokenizer = find_tokenizer(self.tokenizer)
        if tokenizer is None and self.corpus is None:
            raise FileNotFoundError(f"there is no tokenizer {self.tokenizer}; give --corpus to train one")
        if tokenizer is None:
            documents = load_documents(str(self.corpus))
            tokenizer = train_bpe(documents, self.vocab_size, (END_OF_TEXT,), progress=self.progress)
            tokenizer.save(Path(self.tokenizer))
            print(f"tokenizer: trained, {tokenizer.vocab_size:,} tokens, in {self.tokenizer}")
        if self.corpus is not None and self.shards is not None:
            self._write_shards(tokenizer, self.corpus, self.shards)
        elif self.corpus is not None:
            documents = load_documents(self.corpus)
            tokens = encode_corpus(
                tokenizer, documents, self.output, num_workers=self.num_workers, progress=self.progress
            )
            num_bytes = sum(len(document.encode("utf-8", "replace")) for document in load_documents(self.corpus))
            print(f"corpus: {len(tokens):,} tokens for {num_bytes:,} bytes ({num_bytes / len(tokens):.2f} bytes each)")
            print(f"saved: {self.output}")
        if self.text is not None:
            token_ids = tokenizer.encode(self.text)
            for token_id in token_ids:
                print(f"{token_id:>7}  {tokenizer.decode([token_id])!r}")
            print(f"{len(token_ids)} tokens for {len(self.text.encode('utf-8', 'replace'))} bytes")

    def _write_shards(self, tokenizer: Tokenizer, corpus: str, folder: Path) -> None:
        parts: dict[str, SplitName] = {TRAIN_TOKENS: "train", VALIDATION_TOKENS: "validation"}
        for name, part in parts.items():
            keep = partial(is_in_split, name=part, validation=self.validation, test=0.0)
            if self.scheduler is None:
                documents: Iterator[str] = filter(keep, load_documents(corpus))
                stream = write_token_shards(
                    tokenizer, documents, folder / name, num_workers=self.num_workers, progress=self.progress
                )
            else:
                source = Path(corpus).resolve()
                paths = find_text_files(source) if source.is_dir() else [source]
                stream = encode_files(tokenizer, paths, (folder / name).resolve(), keep=keep, scheduler=self.scheduler)
            print(f"{part}: {len(stream):,} tokens in {folder / name}", flush=True)
        tokenizer.save(folder / "tokenizer.json")
        print(f"saved: {folder}; try lmkit train --tokens {folder}")
