import csv

from lmkit.recipes.model_cards import LOG_EVERY, log_lines
from lmkit.training import History


def test_the_log_sums_up():
    history = History(
        loss_nats=[float(step) for step in range(2 * LOG_EVERY)],
        grad_norm=[1.0] * (2 * LOG_EVERY),
        learning_rate=[0.1] * (2 * LOG_EVERY),
        num_tokens=[10] * (2 * LOG_EVERY),
        seconds=[2.0] * (2 * LOG_EVERY),
    )
    first, second = csv.DictReader(log_lines(history).splitlines())
    assert float(first["loss_nats"]) == (LOG_EVERY - 1) / 2
    assert second == {
        "step": "50",
        "loss_nats": "37.0000",
        "grad_norm": "1.0000",
        "learning_rate": "0.100000",
        "tokens": "500",
        "seconds": "100",
    }
