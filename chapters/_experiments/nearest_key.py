"""How far attention is from a dictionary, as the number of entries grows.

The keys are random unit vectors and the query is one of them. A dictionary gives its value alone; attention, at a
fixed inverse temperature, gives the other entries a share of the weight. We measure that share.
"""

from collections.abc import Sequence
from typing import Any

import torch

from lmkit.book import save_experiment

REDUCED = {"sizes": (20, 40), "num_queries": 8, "seeds": (0,)}


def run(
    sizes: Sequence[int] = (50, 200, 1000, 5000),
    num_queries: int = 256,
    d_key: int = 16,
    inverse_temperature: float = 16.0,
    seeds: Sequence[int] = tuple(range(10)),
) -> list[dict[str, Any]]:
    """Measure the weight on the other entries, for each number of entries, seed by seed."""
    return [
        {"size": size, "stray_weights": [stray_weight(size, num_queries, d_key, inverse_temperature, s) for s in seeds]}
        for size in sizes
    ]


def stray_weight(size: int, num_queries: int, d_key: int, inverse_temperature: float, seed: int) -> float:
    """Mean weight of all entries but the right one."""
    generator = torch.Generator().manual_seed(seed)
    keys = torch.nn.functional.normalize(torch.randn(size, d_key, generator=generator, dtype=torch.float64), dim=-1)
    asked = torch.randint(size, (num_queries,), generator=generator)
    weights = (inverse_temperature * keys[asked] @ keys.T).softmax(dim=-1)
    return 1 - weights[torch.arange(num_queries), asked].mean().item()


if __name__ == "__main__":
    save_experiment(__file__, run)
