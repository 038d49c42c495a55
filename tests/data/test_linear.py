"""Every step of the default pipeline takes time proportional to the length of the document."""

import time

import pytest

from lmkit.data import CLEANING_STEPS, Deduplication, clean_corpus
from lmkit.data.cleaning import step_name

NASTY = {
    "spaces": " ",
    "spaces, then a word": " " * 40 + "x",
    "tabs": "\t",
    "no-break spaces": "\u00a0",
    "indents": "\n        x",
    "line ends": "\n",
    "spaces and line ends": " \n",
    "open attributes": '<a b="',
    "open attributes of two kinds": "<a b=\"<a c='",
    "open tags": "<b ",
    "bare tags": "<p>",
    "opened and never closed": "<b><i><script>",
    "comments": "<!--",
    "less-than signs": "<",
    "backticks": "`a``b",
    "at signs": "a@",
    "dots": "a@b.",
    "digits": "1",
    "plus and digits": "+1 2 ",
    "dotted digits": "1.",
    "colons": "2001:",
    "brackets": "(555) ",
    "ampersands": "&amp",
    "one word": "x",
    "words": "the cat ",
    "Chinese": "猫在睡觉",
    "broken decoding": "â€œ",
}
SIZE = 20_000


def seconds(step, document):
    start = time.process_time()
    clean_corpus([document], [step])
    return time.process_time() - start


@pytest.mark.parametrize(
    "step", [step for step in CLEANING_STEPS if not isinstance(step, Deduplication)], ids=lambda step: step_name(step)
)
def test_four_times_the_text_takes_far_less_than_sixteen_times_as_long(step):
    for name, unit in NASTY.items():
        short, long = (unit * SIZE)[:SIZE], (unit * 4 * SIZE)[: 4 * SIZE]
        if seconds(step, long) < 0.2:  # quadratic work on this much text takes longer than this
            continue
        ratio = min(seconds(step, long) for _ in range(3)) / min(seconds(step, short) for _ in range(3))
        assert ratio < 9, name
