import inspect
import random
import sys
import textwrap
import unicodedata

import pytest

SENTENCES = [
    "The quick brown fox can't jump; it's 1,024 times too lazy — isn't it?",
    "Füße, naïve café, ÅNGSTRÖM, Straße, İstanbul, ΟΔΥΣΣΕΥΣ, фыва ЙЦУКЕН.",
    "天地玄黃，宇宙洪荒。日月盈昃，辰宿列張。我有三本书和两只猫。",
    "العربية تُكتب من اليمين إلى اليسار. हिन्दी में देवनागरी। ภาษาไทยไม่มีวรรค",
    "👩‍👩‍👧‍👦 🏴‍☠️ 🇩🇪🇨🇳 e\u0301 \u1100\u1161\u11a8 \U0001d518\U0001d52b ½ ² Ⅷ ﬁ",
    "def f(x):\n    return x ** 2\n\n\n\tif not\tx:  # tabs \r\n        pass   \n",
]


@pytest.fixture(scope="session")
def corpus():
    """About 150 kB: source code, repeated text in several scripts."""
    return [inspect.getsource(textwrap), inspect.getsource(random), *SENTENCES * 3, "\n".join(SENTENCES)]


@pytest.fixture(scope="session")
def hard_texts():
    """Characters of every plane, odd white space, controls, long repeats, broken surrogates."""
    generator = random.Random(0)
    known = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) not in ("Cn", "Cs")]
    samples = ["".join(generator.choices(known, k=60)) for _ in range(60)]
    one_per_plane = "".join(chr(plane * 0x10000 + 0xFFF0) for plane in range(17))
    spaces = [chr(code) for code in range(0x3001) if chr(code).isspace()]
    around_spaces = [f"a{space}b{space}{space}1{space}{space}{space}.{space}" for space in spaces]
    return [
        *SENTENCES,
        *samples,
        *around_spaces,
        *("", " ", "  ", "\n", "a", "\0", "\ufeffa\ufffe\uffff", one_per_plane, "it'S it's 'tis '''llll've"),
        *("a" * 1001, "ab" * 500, "=" * 999, " " * 257, "\n" * 100, "é" * 300, "🙂" * 101, "x\u0301" * 50),
        *("a" * 300 + " " * 300 + "\n" * 3 + "b", "0123456789" * 40),
        *(
            "<|endoftext|>",
            "a<|endoftext|>b",
            "<|endoftext|><|endoftext|>\n",
            "<|endoftext",
            "[UNK] [CLS]",
            "<unk><0x41>",
        ),
    ]


@pytest.fixture(scope="session")
def malformed_texts():
    return ["\ud800", "a\udfffb", "\ud83d\ude00", "x\ude00\ud83dy", "\ud83d \ude00", "é\ud83d\ud83d\ude00 end\udc00"]
