import os
import signal

import pytest
import torch

from lmkit.data import next_token_batches
from lmkit.recipes import StoppableBatches
from lmkit.recipes.stopping import TrainingRun
from lmkit.training import History


@pytest.fixture(autouse=True)
def _interrupts_as_in_a_terminal():
    """A process that was started in the background ignores Ctrl-C; these tests are about one that does not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_second_ctrl_c_is_not_caught():
    batches = StoppableBatches(next_token_batches(torch.arange(9), batch_size=1, context_length=2), "cpu")
    with batches.stopped_by_signals():
        os.kill(os.getpid(), signal.SIGINT)
        assert batches.is_stopped
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize(
    ("num_taken", "is_stopped", "is_interrupted"),
    [(2, True, True), (4, True, False), (2, False, False)],  # the last one ran out of batches or patience
)
def test_a_run_is_interrupted_if_steps_are_missing_because_it_was_stopped(num_taken, is_stopped, is_interrupted):
    run = TrainingRun(history=History(loss_nats=[1.0] * num_taken), num_steps=4, is_stopped=is_stopped)
    assert run.is_interrupted == is_interrupted
