import pytest

from lmkit.models import BERT, GPT, BERTConfig, GPTConfig, Llama, LlamaConfig
from lmkit.tasks import standard_format
from lmkit.tokenizers import BERT_SPECIAL_TOKENS, BPETokenizer, WordPieceTokenizer

WORDS = ["anna", "tom", "kate", "saw", "ran", "slept", "in", "oslo", "rome", "a", "kite", "who", "where", "good", "bad"]
WORDS += ["day", ".", "?"]
SIZES = {"context_length": 24, "d_model": 16, "num_layers": 1, "num_heads": 2}


@pytest.fixture(scope="session")
def wordpiece():
    tokens = [*BERT_SPECIAL_TOKENS, *WORDS, "##na", "##lo", "an", "os"]
    return WordPieceTokenizer({token: number for number, token in enumerate(tokens)})


@pytest.fixture(scope="session")
def bpe():
    return BPETokenizer([(b"a", b"n"), (b" ", b"s"), (b"an", b"n")], ["<|endoftext|>"])


@pytest.fixture(params=["bert", "gpt", "llama"])
def encoder_and_format(request, wordpiece, bpe):
    """A small encoder in float64 and evaluation mode, and how it wants its texts."""
    if request.param == "bert":
        model = BERT(BERTConfig(vocab_size=wordpiece.vocab_size, **SIZES), seed=1)
        return model.double().eval(), standard_format(wordpiece, 24)
    sizes = SIZES | {"vocab_size": bpe.vocab_size}
    llama = LlamaConfig(**sizes, num_kv_heads=1, d_ff=16)
    model = GPT(GPTConfig(**sizes), seed=1) if request.param == "gpt" else Llama(llama, seed=1)
    return model.double().eval(), standard_format(bpe, 24)


@pytest.fixture
def bert(wordpiece):
    """A small BERT to be trained."""
    return BERT(BERTConfig(vocab_size=wordpiece.vocab_size, **SIZES | {"d_model": 32}), seed=1)


@pytest.fixture
def bert_format(wordpiece):
    return standard_format(wordpiece, 24)
