import matplotlib as mpl
import pytest

from lmkit.training import History
from lmkit.training.step import StepResult

mpl.use("svg")


def evaluated(*losses):
    return History(validation=[(10 * number, loss) for number, loss in enumerate(losses, start=1)])


def test_a_step_adds_one_entry_to_each_list():
    history = History(loss_nats=[3.0], grad_norm=[2.0], learning_rate=[0.1], num_tokens=[8], seconds=[0.5])
    history.add(StepResult(loss_nats=2.0, grad_norm=1.0, learning_rate=0.2, num_tokens=16), seconds=0.25)
    assert history == History(
        loss_nats=[3.0, 2.0],
        grad_norm=[2.0, 1.0],
        learning_rate=[0.1, 0.2],
        num_tokens=[8, 16],
        seconds=[0.5, 0.25],
    )
    assert history.num_steps == 2


def test_the_speed_is_that_of_the_last_twenty_steps_unless_said_otherwise():
    history = History(num_tokens=[1000] + 20 * [10], seconds=[1.0] + 20 * [2.0])
    assert history.tokens_per_second() == 5
    assert history.tokens_per_second(last=21) == pytest.approx(1200 / 41)
    assert history.tokens_per_second(last=100) == pytest.approx(1200 / 41)


def test_the_best_evaluation_is_the_first_of_equal_ones():
    assert evaluated(3.0, 2.0, 2.0, 2.5).best == (20, 2.0)
    assert evaluated(3.0, 2.0, 2.0, 2.5).evaluated_at == 40
    assert History().best is History().evaluated_at is None


def test_an_equal_loss_is_no_progress_and_a_better_one_ends_the_wait():
    assert evaluated(2.0, 2.0).has_stalled(1)
    assert not evaluated(2.0, 1.9).has_stalled(1)
    assert not evaluated(2.0, 1.9, 1.9).has_stalled(2)
    assert evaluated(2.0, 2.1, 2.2).has_stalled(2)
    assert not evaluated(2.0, 2.1).has_stalled(2)  # too few to tell
    assert not evaluated(2.0, 2.1, 1.8, 1.9).has_stalled(2)


def test_it_comes_back_from_a_file_as_it_was():
    history = History(loss_nats=[3.0], grad_norm=[1.0], learning_rate=[0.1], num_tokens=[8], seconds=[0.5])
    history.validation = [(1, 2.5)]
    lists = history.to_json()
    lists["validation"] = [list(entry) for entry in lists["validation"]]  # as JSON has them
    assert History.from_json(lists) == history


def test_the_curves_are_the_losses_and_the_evaluations():
    history = History(loss_nats=[3.0, 2.0], validation=[(2, 2.5)])
    ax = mpl.pyplot.subplots()[1]
    assert history.plot(ax) is ax
    training, validation = ax.lines
    assert (training.get_label(), training.get_xydata().tolist()) == ("training", [[0, 3], [1, 2]])
    assert (validation.get_label(), validation.get_xydata().tolist()) == ("validation", [[2, 2.5]])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("steps", "loss (nats per token)")
    assert len(History(loss_nats=[1.0]).plot().lines) == 1  # without evaluations, and in a figure of its own
    mpl.pyplot.close("all")
