"""Speed and memory of the tokenizers beside tokenizers, tiktoken and SentencePiece.

Run with ``python -m benchmarks.tokenization`` on a quiet machine. Each round runs every program once, one
after the other, so that a change in the machine's load meets all of them; the table shows medians over the rounds.
Encoding is on one thread, with our cache of words empty at the start of each round; training may use all cores.
"""

import argparse
import io
import os
import pickle
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

import sentencepiece
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from benchmarks.timing import times_as_fast
from lmkit.data import load_documents
from lmkit.tokenizers import train_bpe, train_unigram, train_wordpiece

IMPORT = """
import sys, time
start = time.perf_counter()
import lmkit.tokenizers
print(time.perf_counter() - start, "torch" in sys.modules)
"""
PEAK_MEMORY = """
import sys, time
from pathlib import Path
from lmkit import tokenizers
start = time.perf_counter()
getattr(tokenizers, sys.argv[1])(Path(sys.argv[2]), 8192, progress=False)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak.split()[1]) / 1024, time.perf_counter() - start)
"""


def take(documents, megabytes):
    """The first documents that together have so many million characters."""
    taken, size = [], 0
    for document in documents:
        if size >= megabytes * 1e6:
            break
        taken.append(document)
        size += len(document)
    return taken


def interleave(programs, rounds):
    """Seconds of each program in each round."""
    seconds = {name: [] for name in programs}
    for _ in range(rounds):
        for name, prepare in programs.items():
            work = prepare()
            start = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - start)
    return seconds


def hugging_face_bpe(documents, vocab_size):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=vocab_size, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(documents, trainer)


def hugging_face_wordpiece(documents, vocab_size):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=vocab_size, special_tokens=["[UNK]"], show_progress=False)
    tokenizer.train_from_iterator(documents, trainer)


def sentencepiece_unigram(documents, vocab_size):
    model = io.BytesIO()
    lines = (line for document in documents for line in document.split("\n") if line)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=lines,
        model_writer=model,
        vocab_size=vocab_size,
        model_type="unigram",
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        byte_fallback=True,
        max_sentence_length=10**6,
        hard_vocab_limit=False,
        num_threads=os.cpu_count(),
        minloglevel=2,
    )
    return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


def fresh(tokenizer, documents):
    """Encode with an empty cache: a pickled copy has one."""
    copy = pickle.loads(pickle.dumps(tokenizer))
    return lambda: copy.encode_batch(documents)


def compare(title, programs, targets, rounds):
    """Print the time of each program; ours comes first. The targets are greatest ratios of our time to theirs.

    Medians, and for a ratio the middle half of the rounds.
    """
    (ours, our_seconds), *theirs = interleave(programs, rounds).items()
    print(f"\n{title}\n  {ours:24} {statistics.median(our_seconds):8.2f} s")
    for name, seconds in theirs:
        print(f"  {name:24} {statistics.median(seconds):8.2f} s", end="\n" if name not in targets else "   ")
        if name in targets:
            ratio = statistics.median(our_seconds) / statistics.median(seconds)
            shown, spread = times_as_fast(seconds, our_seconds)
            verdict = "yes" if ratio <= targets[name] else "NO"
            middle_half = f" ({spread})" if spread else ""
            print(f"ours / theirs {shown}{middle_half}, at most {targets[name]:.2f}: {verdict}")


def run_speed(name, documents, rounds):
    size = sum(len(document.encode()) for document in documents) / 1e6
    print(f"\n== {name}: {len(documents)} documents, {size:.1f} MB")
    os.environ["TOKENIZERS_PARALLELISM"] = "true"
    for vocab_size in (4096, 8192):
        compare(
            f"train BPE, {vocab_size} tokens",
            {
                "lmkit": lambda v=vocab_size: lambda: train_bpe(documents, v, progress=False),
                "tokenizers": lambda v=vocab_size: lambda: hugging_face_bpe(documents, v),
            },
            {"tokenizers": 2.0},
            rounds,
        )
    compare(
        "train WordPiece, 8192 tokens",
        {
            "lmkit": lambda: lambda: train_wordpiece(documents, 8192, progress=False),
            "tokenizers": lambda: lambda: hugging_face_wordpiece(documents, 8192),
        },
        {"tokenizers": 3.0},
        rounds,
    )
    compare(
        "train Unigram, 4096 tokens",
        {
            "lmkit": lambda: lambda: train_unigram(documents, 4096, progress=False),
            "SentencePiece": lambda: lambda: sentencepiece_unigram(documents, 4096),
        },
        {"SentencePiece": 3.0},
        min(rounds, 3),
    )

    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    bpe = train_bpe(documents, 8192, progress=False)
    bpe_fast, bpe_tiktoken = bpe.to_huggingface(), bpe.to_tiktoken()
    compare(
        "encode BPE, 8192 tokens",
        {
            "lmkit": lambda: fresh(bpe, documents),
            "lmkit, words known": lambda: lambda: bpe.encode_batch(documents),
            "tokenizers": lambda: lambda: bpe_fast.encode_batch_fast(documents),
            "tiktoken": lambda: lambda: [bpe_tiktoken.encode_ordinary(document) for document in documents],
        },
        {"tokenizers": 0.5, "tiktoken": 2.0},
        rounds,
    )
    wordpiece = train_wordpiece(documents, 8192, progress=False)
    wordpiece_fast = wordpiece.to_huggingface()
    compare(
        "encode WordPiece, 8192 tokens",
        {
            "lmkit": lambda: fresh(wordpiece, documents),
            "lmkit, words known": lambda: lambda: wordpiece.encode_batch(documents),
            "tokenizers": lambda: lambda: wordpiece_fast.encode_batch_fast(documents),
        },
        {"tokenizers": 3.0},
        rounds,
    )
    unigram = train_unigram(documents, 4096, progress=False)
    unigram_fast, unigram_peer = unigram.to_huggingface(), sentencepiece_unigram(documents, 4096)
    compare(
        "encode Unigram, 4096 tokens",
        {
            "lmkit": lambda: fresh(unigram, documents),
            "lmkit, words known": lambda: lambda: unigram.encode_batch(documents),
            "tokenizers": lambda: lambda: unigram_fast.encode_batch_fast(documents),
            "SentencePiece": lambda: lambda: unigram_peer.encode(documents, num_threads=1),
        },
        {"SentencePiece": 2.5},
        rounds,
    )


def run_child(program, *arguments):
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def run_import():
    imports = [run_child(IMPORT) for _ in range(11)]
    seconds = statistics.median(float(seconds) for seconds, _ in imports)
    torch = {loaded for _, loaded in imports} != {"False"}
    print(f"\n== import lmkit.tokenizers: {seconds:.3f} s (at most 0.15), torch loaded: {torch}")


def run_memory(megabytes):
    """Train on the source code of the installed packages, which has many different words."""
    size = 0
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.txt"
        with corpus.open("wb") as file:
            while size < megabytes * 1e6:
                for path in sorted(Path(sysconfig.get_path("purelib")).rglob("*.py")):
                    if size < megabytes * 1e6:
                        size += file.write(path.read_bytes().decode(errors="replace").encode())
        print(f"\n== peak memory of training from a path, {size / 1e6:.0f} MB, 8192 tokens (at most 1024 MiB)")
        for name in ("train_bpe", "train_wordpiece", "train_unigram"):
            peak, seconds = map(float, run_child(PEAK_MEMORY, name, str(corpus)))
            print(f"  {name:24} {peak:8.0f} MiB   {seconds:6.1f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--megabytes", type=float, default=8, help="of each corpus; story text has 6")
    parser.add_argument("--memory-megabytes", type=float, default=100)
    options = parser.parse_args()
    run_import()
    run_memory(options.memory_megabytes)
    for name in ("stdlib", "storyworld"):
        run_speed(name, take(load_documents(name), options.megabytes), options.rounds)


if __name__ == "__main__":
    main()
