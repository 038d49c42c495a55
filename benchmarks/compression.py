"""How few bits a GPT of some minutes needs for text that it has not seen, beside a 5-gram, gzip and xz.

    python -m benchmarks.compression                    # the documentation of Python, 2,000 steps
    python -m benchmarks.compression --corpus path/to/folder --num-steps 3000 --write

The GPT is what ``lmkit train`` makes where nothing is said but the number of steps; seconds are those of its training
steps. The 5-gram (interpolated Kneser-Ney) counts the same tokens of the same training text. Compressors know nothing
beforehand, so xz is also given the training text first: what counts then is by how much the file grows.
"""

import argparse
import gzip
import lzma
import tempfile
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from benchmarks.tables import header, line, write_rows
from benchmarks.timing import require_quiet_machine
from lmkit.cli import train
from lmkit.data import encode_corpus, load_documents, split_documents
from lmkit.evaluation import bits_per_byte, token_log_probs
from lmkit.models import KneserNeyNGram, load_pretrained, load_tokenizer
from lmkit.recipes import short_training
from lmkit.training import machine_name, newest_checkpoint

COLUMNS = ("machine", "corpus", "method", "bits per byte", "seconds of training")
DICTIONARY_BYTES = 64 * 2**20


def xz(text: bytes) -> int:
    """Bytes that are left of a text, all of which the compressor can refer to."""
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": DICTIONARY_BYTES}]
    return len(lzma.compress(text, filters=filters))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", default="pydocs")
    parser.add_argument("--num-steps", type=int, default=2000)
    parser.add_argument("--write", action="store_true", help="put the rows into benchmarks/README.md")
    arguments = parser.parse_args()
    if arguments.write:
        require_quiet_machine()

    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder)
        training = replace(short_training(), num_steps=arguments.num_steps)
        train.Command(corpus=arguments.corpus, output=output, training=training).run()
        checkpoint = newest_checkpoint(output / "checkpoints")
        model, tokenizer = load_pretrained(output), load_tokenizer(output)
    assert checkpoint is not None
    seconds = sum(checkpoint.history.seconds)

    split = split_documents(load_documents(arguments.corpus), validation=0.1, test=0.0)
    learned, held_out = (encode_corpus(tokenizer, documents) for documents in (split.train, split.validation))
    before, text = ("".join(documents).encode() for documents in (split.train, split.validation))
    tokens = torch.cat([held_out[-1:], held_out])  # after an end of text, so that the first token is scored too

    def bits(log_probs: Tensor) -> float:
        return bits_per_byte(-log_probs.double().sum().item(), len(text))

    five_gram = KneserNeyNGram(learned, order=5, vocab_size=tokenizer.vocab_size)
    measured = [
        ("GPT", bits(token_log_probs(model, tokens, context_length=model.config.context_length)), f"{seconds:.0f}"),
        ("5-gram of the same tokens", bits(five_gram.log_probs(held_out)), ""),
        ("gzip -9", 8 * len(gzip.compress(text, 9)) / len(text), ""),
        ("xz -9e", 8 * xz(text) / len(text), ""),
        ("xz -9e, after the training text", 8 * (xz(before + text) - xz(before)) / len(text), ""),
    ]
    machine = machine_name(torch.device("cpu"))
    rows = [(machine, arguments.corpus, name, f"{figure:.3f}", taken) for name, figure, taken in measured]
    print(f"validation text: {len(text):,} bytes, {len(held_out):,} tokens; training text: {len(before):,} bytes\n")
    print(header(COLUMNS) + "".join(map(line, rows)))
    if arguments.write:
        write_rows("compression", COLUMNS, rows, num_keys=3)


if __name__ == "__main__":
    main()
