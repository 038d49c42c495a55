import math

import pytest
import torch

from lmkit.training import constant, inverse_square_root, restarts, warmup_cosine


def test_warmup_cosine_equals_torchs_cosine_after_its_warmup():
    ours = warmup_cosine(0.3, num_steps=50, warmup_steps=10, final_learning_rate=0.03)
    optimizer = torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=0.3)
    theirs = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=40, eta_min=0.03)
    for step in range(10, 51):
        assert ours(step) == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-9)
        optimizer.step()
        theirs.step()
    assert [ours(step) for step in (0, 4, 9)] == pytest.approx([0.03, 0.15, 0.3])
    assert ours(1000) == pytest.approx(0.03)


def test_inverse_square_root_is_the_original_formula():
    d_model, warmup = 512, 4000
    ours = inverse_square_root((d_model * warmup) ** -0.5, warmup_steps=warmup)
    for step in (1, 10, 3999, 4000, 4001, 100_000):  # the paper counts from one
        assert ours(step - 1) == pytest.approx(d_model**-0.5 * min(step**-0.5, step * warmup**-1.5))


def test_restarts_run_through_the_same_cycle_again():
    one = warmup_cosine(0.3, num_steps=7, warmup_steps=2)
    assert [restarts(one, every=7)(step) for step in range(21)] == 3 * [one(step) for step in range(7)]


def test_constant():
    assert {constant(0.1)(step) for step in (0, 7, 10**6)} == {0.1}


def test_the_least_of_everything_is_allowed():
    assert constant(0.0)(5) == 0.0
    assert [restarts(warmup_cosine(0.3, num_steps=7), every=1)(step) for step in range(3)] == [0.3] * 3
    assert [inverse_square_root(1.0, warmup_steps=1)(step) for step in (0, 3)] == [1.0, 0.5]
    assert [warmup_cosine(0.0, num_steps=1)(step) for step in (0, 1)] == [0.0, 0.0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: constant(-1.0), "learning_rate=-1.0 must not be negative"),
        (lambda: constant(math.nan), "learning_rate=nan must not be negative"),
        (
            lambda: warmup_cosine(1.0, num_steps=5, warmup_steps=5),
            "warmup_steps=5 must be .* less than num_steps=5",
        ),
        (lambda: warmup_cosine(1.0, num_steps=5, final_learning_rate=-0.1), "final_learning_rate=-0.1 must not"),
        (lambda: inverse_square_root(1.0, warmup_steps=0), "warmup_steps=0 must be at least 1"),
        (lambda: restarts(constant(1.0), every=0), "every=0 must be at least 1"),
    ],
)
def test_bad_settings_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
