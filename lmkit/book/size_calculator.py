"""A calculator of parameters, memory, operations and time: the reader moves the sizes of a model."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

from lmkit.book.drawing import draw_bars
from lmkit.book.interactive import InteractiveFigure, make_figure, slider
from lmkit.book.model_sizes import ModelSizes

VALUES: Mapping[str, Sequence[int]] = {
    "Layers": (1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 28, 32, 40, 48, 64, 80, 96, 126),
    "Width": (64, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 5120, 6144, 8192, 12288, 16384),
    "Heads": (1, 2, 4, 8, 16, 32, 64, 128),
    "KV heads": (1, 2, 4, 8, 16, 32, 64, 128),
    "Vocabulary": (256, 608, 2000, 8192, 16384, 32000, 50257, 65536, 128256, 256000),
    "Context": (64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072),
    "Rows": (1, 2, 4, 8, 16, 32, 64, 128, 256),
    "Cache bits": (4, 8, 16, 32),
    "Tokens read": (*(step * 10**power for power in range(6, 13) for step in (1, 3)), 15 * 10**12),
    "Speed": tuple(step * 10**power for power in range(9, 19) for step in (1, 4)),
}
"""The values of each slider."""

FORMATS: Mapping[str, Sequence[int]] = {
    "AdamW, fp32": (4, 4, 8),
    "AdamW, bf16, fp32 copy": (2, 2, 12),
    "AdamW, bf16": (2, 2, 4),
    "momentum, fp32": (4, 4, 4),
}
"""Bytes per parameter of weights, gradients and what the optimiser keeps."""

FIRST: Mapping[str, int] = {
    "Layers": 32,
    "Width": 4096,
    "Heads": 32,
    "KV heads": 8,
    "Vocabulary": 128256,
    "Context": 8192,
    "Rows": 1,
    "Cache bits": 16,
    "Tokens read": 15 * 10**12,
    "Speed": 10**18,
}
"""The sizes of Llama 3 8B and its training."""

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
PREFIXES = ("", " k", " M", " G", " T", " P", " E", " Z", " Y")
SECONDS: Mapping[str, int] = {"s": 1, "min": 60, "h": 3600, "days": 86400, "years": 31_557_600}
"""Units of time."""


def size_calculator() -> InteractiveFigure:
    """Show parameters, memory, operations and training time of a Llama; the reader moves its sizes.

    The feed-forward layers are 3.5 times as wide as the model, and embedding and unembedding are two matrices. It
    starts with the sizes of Llama 3 8B, which the still picture shows.

    Returns:
        The last value of a cell.

    Example:
        >>> "Parameters: 8,030,261,248" in size_calculator().html
        True
    """
    sliders = "".join(
        slider(label, label, 0, len(values) - 1, 1, values.index(FIRST[label])) for label, values in VALUES.items()
    )
    formats = "".join(f'<option value="{number}">{escape(name)}</option>' for number, name in enumerate(FORMATS))
    shown = results(FIRST)
    lists = "".join(
        f'<div><p class="legend">{title}: <span class="number"></span></p><ul class="bars" aria-label="{title}">'
        + "".join(
            f'<li><span class="token">{name}</span><span class="bar"></span><span class="number"></span></li>'
            for name in parts
        )
        + "</ul></div>"
        for title, (_, parts) in shown.items()
    )
    select = f'<label><span>Training</span> <select data-choice="Training">{formats}</select></label>'
    controls = [
        f'<div class="controls">{sliders}{select}</div>',
        f'<div class="both">{lists}</div>',
        '<output class="said"></output>',
    ]
    still = "".join(
        f"<p>{title}: {total}</p>{draw_bars(title, list(parts), _shares(parts))}"
        for title, (total, parts) in shown.items()
    )
    data = {"values": VALUES, "formats": list(FORMATS.values()), "prefixes": PREFIXES, "seconds": SECONDS}
    return make_figure("sizes", f"{still}<p>{told(FIRST)}</p>", controls, data)


def model_of(chosen: Mapping[str, int]) -> ModelSizes:
    """The model that is calculated: a head is at least 8 wide, and there are no more key-value heads than heads.

    Example:
        >>> small = model_of(FIRST | {"Width": 192, "Heads": 128, "KV heads": 32})
        >>> small.num_heads, small.num_kv_heads
        (16, 16)
    """
    widest = chosen["Width"] // 8
    num_heads = max(number for number in VALUES["Heads"] if number <= min(chosen["Heads"], widest))
    return ModelSizes(
        vocab_size=chosen["Vocabulary"],
        d_model=chosen["Width"],
        num_layers=chosen["Layers"],
        num_heads=num_heads,
        num_kv_heads=min(chosen["KV heads"], num_heads),
        d_ff=7 * chosen["Width"] // 2,
    )


def results(
    chosen: Mapping[str, int], bytes_each: Sequence[int] = FORMATS["AdamW, fp32"]
) -> dict[str, tuple[str, dict[str, float | int]]]:
    """What the lists show: of each title the total, written out, and the parts.

    Example:
        >>> results(FIRST)["Training memory"]
        ('128 GB', {'weights': 32121044992, 'gradients': 32121044992, 'optimiser': 64242089984})
    """
    model = model_of(chosen)
    parameters = model.parameters()
    size = sum(parameters.values())
    training = {name: size * each for name, each in zip(("weights", "gradients", "optimiser"), bytes_each, strict=True)}
    cache = model.cache_bytes(batch_size=chosen["Rows"], length=chosen["Context"], bits=chosen["Cache bits"])
    writing = {"weights, 16 bits": 2 * size, "KV cache": cache}
    flops = model.training_flops(chosen["Context"])
    work = {name: operations / chosen["Context"] for name, operations in flops.items()}
    lists: dict[str, tuple[Callable[[float | int], str], Mapping[str, float | int]]] = {
        "Parameters": (lambda total: f"{total:,}", parameters),
        "Training memory": (_bytes, training),
        "Writing memory": (_bytes, writing),
        "Operations to train on a token": (quantity, work),
    }
    return {title: (write(sum(parts.values())), dict(parts)) for title, (write, parts) in lists.items()}


def told(chosen: Mapping[str, int]) -> str:
    """What training takes, in a sentence.

    Example:
        >>> told(FIRST)
        'Training takes 8.69 × 10²³ operations, or 10.1 days. The rule 6N is 83 % of them. 32 heads of 128, 8 KV heads.'
    """
    model = model_of(chosen)
    each = sum(model.training_flops(chosen["Context"]).values()) / chosen["Context"]
    work = each * chosen["Tokens read"]
    rule = 6 * sum(model.parameters().values()) / each
    heads = f"{model.num_heads} heads of {model.d_model // model.num_heads}, {model.num_kv_heads} KV heads"
    takes = f"{_power_of_ten(work)} operations, or {duration(work / chosen['Speed'])}"
    return f"Training takes {takes}. The rule 6N is {100 * rule:.0f} % of them. {heads}."


def quantity(number: float | int) -> str:
    """A number with three digits and a metric prefix.

    Example:
        >>> quantity(999.7), quantity(128484179968)
        ('1.00 k', '128 G')
    """
    power = 0
    while float(f"{number:.3g}") >= 1000 and power < len(PREFIXES) - 1:
        number, power = number / 1000, power + 1
    return _three_digits(number) + PREFIXES[power]


def duration(seconds: float | int) -> str:
    """A time with three digits in the largest unit that it fills.

    Example:
        >>> duration(7200), duration(4e6)
        ('2.00 h', '46.3 days')
    """
    unit = max((unit for unit in SECONDS if SECONDS[unit] <= seconds), key=SECONDS.__getitem__, default="s")
    return f"{_three_digits(seconds / SECONDS[unit])} {unit}"


def _three_digits(number: float | int) -> str:
    return f"{number:#.3g}".rstrip(".") if number == 0 or 0.01 <= number < 999.5 else _power_of_ten(number)


def _power_of_ten(number: float | int) -> str:
    digits, power = f"{number:.2e}".split("e")
    return f"{digits} × 10{str(int(power)).translate(SUPERSCRIPTS)}"


def _bytes(number: float | int) -> str:
    written = quantity(number)
    return f"{written}B" if written[-1].isalpha() else f"{written} B"


def _shares(parts: Mapping[str, float | int]) -> list[float]:
    total = sum(parts.values())
    return [part / total for part in parts.values()]
