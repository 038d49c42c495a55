import json

import pytest
from _sphinx.explained_in import exported_name, read_text, shown_names

LISTING = """Attention in code:

```{{literalinclude}} ../../{file}
{options}
```
"""


@pytest.mark.parametrize(
    ("file", "options", "expected"),
    [
        ("lmkit/nn/attention.py", ":pyobject: dot_product_attention", {"lmkit.nn.dot_product_attention"}),
        ("lmkit/models/gpt.py", ":caption: lmkit/models/gpt.py\n:pyobject: GPT.forward", {"lmkit.models.GPT"}),
        ("lmkit/models/gpt.py", ":pyobject: GPTLayer", set()),  # not exported
        ("tests/models/test_gpt.py", ":pyobject: test_shapes", set()),
        ("lmkit/models/gpt.py", ":lines: 1-3", set()),
    ],
)
def test_a_listing_explains_what_it_shows(file, options, expected):
    assert shown_names(LISTING.format(file=file, options=options)) == expected


def test_one_listing_does_not_take_the_name_of_the_next():
    first = LISTING.format(file="lmkit/models/gpt.py", options=":lines: 1-3")
    second = LISTING.format(file="lmkit/nn/attention.py", options=":pyobject: fused_attention")
    assert shown_names(first + second) == {"lmkit.nn.fused_attention"}


def test_a_method_counts_for_its_class():
    assert exported_name("lmkit/models/ngram", "KneserNeyNGram.probability") == "lmkit.models.KneserNeyNGram"


def test_code_cells_explain_nothing(tmp_path):
    listing = LISTING.format(file="lmkit/models/gpt.py", options=":pyobject: GPT")
    cells = [
        {"cell_type": kind, "id": kind, "metadata": {}, "source": f"{kind}\n{listing}"}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
        for kind in ("markdown", "code")
    ]
    page = tmp_path / "page.ipynb"
    page.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    assert read_text(page).startswith("markdown")
    assert "code\n" not in read_text(page)
