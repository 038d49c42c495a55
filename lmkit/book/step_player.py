"""A player that goes through every step of a GPT, with the values of one text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lmkit.book.drawing import draw_bars, draw_map
from lmkit.book.interactive import InteractiveFigure, make_figure, select, visible
from lmkit.book.step_texts import LAYER, LOSS, PREDICTION, TEXT, VECTORS, WRITING, StepText

COLUMNS = 16
"""How many numbers of a vector are shown."""
BESIDE = 6
"""How many, where three vectors are side by side."""
CANDIDATES = 9
"""How many next tokens are shown."""


def step_player(
    values: Mapping[str, ArrayLike], token_ids: Sequence[int], tokens: Sequence[str], *, head: int = 0
) -> InteractiveFigure:
    """Show all steps from a text to the next token, with what each of them computed; the reader plays or chooses them.

    Vectors are cut to their first numbers, and numbers are rounded, so that the figure stays small. The still picture
    lists the steps, with the attention weights of the first layer's head and the most probable next tokens.

    Args:
        values: What :func:`lmkit.interpretability.record_forward` returns, for one row.
        token_ids: The row: an end-of-text token, which says that a text begins, and the tokens of the text.
        tokens: The text of each token of the vocabulary, by id.
        head: Index of the head shown first.

    Returns:
        The last value of a cell.

    Raises:
        ValueError: If the values are not those of one row of these tokens, or there is no such head.

    Example:
        >>> import torch
        >>> from lmkit.interpretability import record_forward
        >>> from lmkit.models import GPT, GPTConfig
        >>> tokens = ["<end>", "the", " red", " kite"]
        >>> model = GPT(GPTConfig(vocab_size=4, context_length=4, d_model=16, num_layers=1, num_heads=2)).eval()
        >>> values = record_forward(model, torch.tensor([[0, 1, 2]]))
        >>> figure = step_player(values, [0, 1, 2], tokens)
        >>> "Query, key, value" in figure.html
        True
    """
    run = _Run({name: np.asarray(value, dtype=float) for name, value in values.items()}, list(token_ids), tokens)
    if run.values["logits"].shape != (1, len(token_ids), len(tokens)) or len(token_ids) < 2:
        raise ValueError(
            f"logits has shape {run.values['logits'].shape}, but must be (1, {len(token_ids)}, {len(tokens)}): "
            "one row, at least two positions, one number for each token of the vocabulary"
        )
    if not 0 <= head < run.num_heads:
        raise ValueError(f"head={head} is out of range: there are {run.num_heads}")
    groups = [
        ("Text", list(zip(TEXT, run.text_views(), strict=True))),
        ("Vectors", list(zip(VECTORS, run.vector_views(), strict=True))),
        *(
            (f"Layer {index + 1}", list(zip(LAYER, run.layer_views(f"layers.{index}."), strict=True)))
            for index in range(run.num_layers)
        ),
        ("Prediction", list(zip(PREDICTION, run.prediction_views(), strict=True))),
        ("Loss", list(zip(LOSS, run.loss_views(), strict=True))),
        ("Writing", list(zip(WRITING, run.writing_views(), strict=True))),
    ]
    steps = [{**run.filled(text)._asdict(), "view": view} for _, steps in groups for text, view in steps]
    data = {"rows": run.names, "steps": steps}
    return make_figure("player", _still(groups, run, head), _controls(groups, run, head), data)


@dataclass(frozen=True)
class _Run:
    """The values of one run, and how each step shows them.

    A view is what ``step_player.js`` draws: a text, pairs, bars, or a table with one row per position and one or more
    parts side by side. The numbers of a table are hundredths.
    """

    values: dict[str, np.ndarray]
    token_ids: list[int]
    tokens: Sequence[str]

    @property
    def names(self) -> list[str]:
        return [visible(self.tokens[token_id]) for token_id in self.token_ids]

    @property
    def text(self) -> str:
        return "".join(self.tokens[token_id] for token_id in self.token_ids[1:])

    @property
    def num_layers(self) -> int:
        return sum(name.endswith(".output") for name in self.values)

    @property
    def num_heads(self) -> int:
        return self.values["layers.0.scores"].shape[1]

    @property
    def probabilities(self) -> np.ndarray:
        logits = self.values["logits"][0]
        powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
        return powers / powers.sum(axis=-1, keepdims=True)

    @property
    def surprises(self) -> np.ndarray:
        """Of each token after the first, in nats."""
        answers = np.array(self.token_ids[1:])
        return -np.log(self.probabilities[np.arange(len(answers)), answers])

    @property
    def best(self) -> list[int]:
        """The most probable next tokens."""
        return np.argsort(-self.values["logits"][0, -1], kind="stable")[:CANDIDATES].tolist()

    def filled(self, text: StepText) -> StepText:
        """Put the sizes into the words beside a step."""
        sizes = {
            "T": len(self.token_ids),
            "D": self.values["norm"].shape[-1],
            "H": self.num_heads,
            "K": self.values["layers.0.queries"].shape[-1],
            "F": self.values["layers.0.inner"].shape[-1],
            "V": f"{len(self.tokens):,}",
            "L": self.num_layers,
            "characters": len(self.text),
            "bytes": len(self.text.encode()),
            "loss": f"{self.surprises.mean():.2f}",
            "scored": len(self.surprises),
            "written": self.tokens[self.best[0]].strip(),
        }
        return StepText(*(part.format(**sizes) for part in text))

    def text_views(self) -> list[dict[str, Any]]:
        signs = [[visible(sign), " ".join(map(str, sign.encode()))] for sign in self.text]
        ids = [[name, str(token_id)] for name, token_id in zip(self.names, self.token_ids, strict=True)]
        return [
            {"kind": "text", "text": self.text},
            {"kind": "pairs", "pairs": signs},
            {"kind": "pairs", "pairs": [[name, ""] for name in self.names]},
            {"kind": "pairs", "pairs": ids},
        ]

    def vector_views(self) -> list[dict[str, Any]]:
        token, position = self.values["token_embedding"][0], self.values["position_embedding"]
        position = position.reshape(token.shape)
        total = self.values["layers.0.input"][0]
        return [
            _table(vector=token),
            _table(position=position),
            _table(**{"token": token, "+ position": position, "= sum": total}),
        ]

    def layer_views(self, at: str) -> list[dict[str, Any]]:
        value = {name.removeprefix(at): value[0] for name, value in self.values.items() if name.startswith(at)}
        mask = np.triu(np.ones(value["scores"].shape[-2:], dtype=bool), 1)
        masked = np.where(mask, np.nan, value["scores"])
        return [
            _table(**{"normalised": value["attention_norm"]}),
            _table(query=value["queries"], key=value["keys"], value=value["values"]),
            self._map("score with", value["scores"]),
            self._map("score with", masked),
            self._map("share of attention to", np.where(mask, np.nan, value["weights"])),
            _table(**{"weighted average of values": value["averages"]}),
            _table(**{"all heads side by side": value["heads"]}),
            _table(**{"attention’s result": value["attention"]}),
            _table(**{"read": value["input"], "+ attention": value["attention"], "= sum": value["after_attention"]}),
            _table(**{"normalised": value["feed_forward_norm"]}),
            _table(**{"widened": value["inner"]}),
            _table(**{"after GELU": value["activated"]}),
            _table(**{"feed-forward’s result": value["feed_forward"]}),
            _table(
                **{
                    "before": value["after_attention"],
                    "+ feed-forward": value["feed_forward"],
                    "= output": value["output"],
                }
            ),
        ]

    def prediction_views(self) -> list[dict[str, Any]]:
        return [
            _table(**{"normalised": self.values["norm"][0]}),
            self._bars(self.values["logits"][0, -1], digits=2, unit=""),
            self._bars(100 * self.probabilities[-1], digits=1, unit=" %"),
        ]

    def loss_views(self) -> list[dict[str, Any]]:
        surprises = self.surprises.round(3).tolist()
        bars = {"kind": "bars", "names": self.names[1:], "values": surprises, "digits": 2, "unit": " nats"}
        return [bars, bars]

    def writing_views(self) -> list[dict[str, Any]]:
        chosen = self._bars(100 * self.probabilities[-1], digits=1, unit=" %") | {"marked": 0}
        return [chosen, {"kind": "text", "text": self.text, "added": self.tokens[self.best[0]]}]

    def _bars(self, numbers: np.ndarray, *, digits: int, unit: str) -> dict[str, Any]:
        names = [visible(self.tokens[token_id]) for token_id in self.best]
        return {"kind": "bars", "names": names, "values": numbers[self.best].round(3).tolist()} | {
            "digits": digits,
            "unit": unit,
        }

    def _map(self, title: str, numbers: np.ndarray) -> dict[str, Any]:
        """Numbers by head, position and position."""
        return {"kind": "table", "parts": [{"title": title, "columns": self.names, "heads": _hundredths(numbers)}]}


def _table(**parts: np.ndarray) -> dict[str, Any]:
    """The first numbers of vectors, by position; or by head and position."""
    shown = COLUMNS if len(parts) == 1 else BESIDE
    return {
        "kind": "table",
        "parts": [
            {
                "title": title,
                "of": numbers.shape[-1],
                "heads" if numbers.ndim == 3 else "rows": _hundredths(numbers[..., :shown]),
            }
            for title, numbers in parts.items()
        ],
    }


def _hundredths(numbers: np.ndarray) -> list[Any]:
    """Rounded, with None for what is masked."""
    rounded = np.rint(100 * numbers).astype(object)
    rounded[np.isnan(numbers)] = None
    return np.vectorize(lambda number: None if number is None else int(number), otypes=[object])(rounded).tolist()


def _controls(groups: list[tuple[str, list[tuple[StepText, dict[str, Any]]]]], run: _Run, head: int) -> list[str]:
    strip, first = [], 0
    for name, steps in groups:
        ticks = "<i></i>" * len(steps)
        strip.append(
            f'<button type="button" data-first="{first}">{name}<span class="ticks" aria-hidden="true">{ticks}</span>'
            "</button>"
        )
        first += len(steps)
    return [
        f'<div class="strip" role="group" aria-label="Parts of the model">{"".join(strip)}</div><div class="controls">',
        '<button type="button" class="play">Play</button>',
        '<button type="button" data-move="-1" aria-label="Previous step">‹</button>',
        '<button type="button" data-move="1" aria-label="Next step">›</button>',
        f'<input type="range" data-choice="step" aria-label="Step" min="0" max="{first - 1}" value="0">',
        f'<span class="for-heads">{select("Head", "head", run.num_heads, head)}</span></div>',
        '<div class="step" aria-live="polite"><p class="title"></p><p class="caption"></p></div><p class="shape"></p>',
        f'<div class="view" style="--rows: {len(run.token_ids)}"></div><output class="said"></output>',
    ]


def _still(groups: list[tuple[str, list[tuple[StepText, dict[str, Any]]]]], run: _Run, head: int) -> str:
    """A list of the steps, those of a layer once, with two pictures."""
    weights = run.values["layers.0.weights"][0, head]
    attention = draw_map(f"Attention weights of layer 1, head {head + 1}", weights, run.names, run.names)
    shares = (run.probabilities[-1][run.best]).tolist()
    bars = draw_bars("Probability of the next token", [visible(run.tokens[token_id]) for token_id in run.best], shares)
    parts, layers = [f"<p><strong>{escape(run.text)}</strong></p>"], 0
    for name, steps in groups:
        is_layer = name.startswith("Layer ")
        layers += is_layer
        if is_layer and layers > 1:
            continue
        heading = f"Layer 1 of {run.num_layers}" if is_layer else name
        items = "".join(
            f"<li><strong>{text.title}.</strong> {escape(text.caption)} "
            f"<em>{escape(text.shape)}; {escape(text.unit)}</em></li>"
            for text in (run.filled(text) for text, _ in steps)
        )
        picture = attention if is_layer else bars if name == "Prediction" else ""
        parts.append(f"<p>{heading}</p><ul>{items}</ul>{picture}")
    return "".join(parts)
