import copy
import inspect
import math
import time
import warnings
from dataclasses import fields

import pytest
import torch

from lmkit.data import Batch
from lmkit.training import (
    DivergenceError,
    History,
    TrainingConfig,
    best_checkpoint,
    constant,
    evaluate_loss,
    fused_adamw,
    next_token_objective,
    train,
    train_step,
    warmup_cosine,
)
from tests.training.tiny import batches, tiny_gpt


def run(model, config, *, source=None, schedule=None, **options):
    return train(
        model,
        fused_adamw(model, 0.01),
        batches() if source is None else source,
        schedule or constant(0.01),
        config,
        **{"progress": False, **options},
    )


def test_train_is_a_loop_over_train_step(model):
    by_hand = copy.deepcopy(model)
    optimizer, schedule = fused_adamw(by_hand, 0.0), warmup_cosine(0.02, num_steps=5, warmup_steps=2)
    source = batches()
    results = [train_step(by_hand, optimizer, next(source), learning_rate=schedule(step)) for step in range(5)]
    history = run(model, TrainingConfig(num_steps=5), schedule=schedule)
    assert history.loss_nats == [result.loss_nats for result in results]
    assert history.grad_norm == [result.grad_norm for result in results]
    assert history.learning_rate == [schedule(step) for step in range(5)]
    assert history.num_tokens == [32] * 5
    for ours, expected in zip(model.parameters(), by_hand.parameters(), strict=True):
        assert torch.equal(ours, expected)


def test_every_setting_reaches_the_step_and_the_evaluation(model, monkeypatch):
    steps, evaluations = [], []
    plain_step, plain_evaluation = train_step, evaluate_loss

    def step(*args, **options):
        steps.append(options)
        return plain_step(*args, **options)

    def evaluation(*args, **options):
        evaluations.append(options)
        return plain_evaluation(*args, **options)

    monkeypatch.setattr("lmkit.training.loop.train_step", step)
    monkeypatch.setattr("lmkit.training.loop.evaluate_loss", evaluation)
    settings = {"max_grad_norm": 0.5, "num_micro_batches": 2, "precision": "bf16", "l1": 1e-3, "l2": 1e-2}

    def objective(model, batch):
        return next_token_objective(model, batch)

    run(
        model,
        TrainingConfig(num_steps=1, **settings),
        schedule=constant(0.02),
        objective=objective,
        validation_batches=[next(batches())],
    )
    assert steps == [{**settings, "learning_rate": 0.02, "objective": objective}]
    assert evaluations == [{"precision": "bf16", "objective": objective}]


def test_the_defaults_of_a_run_are_those_of_a_step():
    """A step by hand and a run of one step do the same unless told otherwise."""
    of_step = {name: parameter.default for name, parameter in inspect.signature(train_step).parameters.items()}
    of_run = {field.name: field.default for field in fields(TrainingConfig)}
    shared = ("max_grad_norm", "num_micro_batches", "precision", "l1", "l2")
    assert [of_run[name] for name in shared] == [of_step[name] for name in shared] == [1.0, 1, "auto", 0.0, 0.0]


def test_the_model_learns_and_ends_in_training_mode(model):
    held_out = [next(batches(batch_size=16))]
    before = evaluate_loss(model, held_out)
    config = TrainingConfig(num_steps=60, evaluate_every=25)
    history = run(model, config, validation_batches=held_out, schedule=warmup_cosine(0.05, num_steps=60))
    assert [step for step, _ in history.validation] == [25, 50, 60]
    assert history.validation[-1][1] == pytest.approx(evaluate_loss(model, held_out), rel=1e-12)
    assert history.validation[-1][1] < before - 0.5
    assert model.training


def test_it_ends_with_the_batches(model):
    assert run(model, TrainingConfig(num_steps=1000), source=batches(batch_size=25, num_epochs=1)).num_steps == 3


def test_dropout_follows_from_the_seed_alone_and_leaves_the_callers_randomness_alone():
    models = [tiny_gpt(dropout=0.5) for _ in range(3)]
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    first, second, third = (
        run(model, TrainingConfig(num_steps=3, seed=seed)).loss_nats
        for model, seed in zip(models, (0, 0, 1), strict=True)
    )
    assert torch.equal(torch.rand(3), expected)
    assert first == second
    assert first != third


def test_each_step_drops_something_else():
    same = [next(batches())] * 4
    losses = run(tiny_gpt(dropout=0.5), TrainingConfig(num_steps=4), source=same, schedule=constant(0.0)).loss_nats
    assert len(set(losses)) == 4


def test_the_objective_is_compiled_where_the_config_says_so(model, monkeypatch):
    compiled = []
    monkeypatch.setattr(torch, "compile", lambda objective: (compiled.append(objective), objective)[1])
    for compile_it, expected in ((None, []), (False, []), (True, [next_token_objective])):  # None: on a GPU
        run(model, TrainingConfig(num_steps=1, compile=compile_it))
        assert compiled == expected


def test_the_last_batch_of_an_epoch_is_split_into_as_many_parts_as_it_has_rows(model):
    whole, in_parts = copy.deepcopy(model), copy.deepcopy(model)
    histories = [
        run(each, TrainingConfig(num_steps=100, num_micro_batches=number), source=batches(num_epochs=1))
        for each, number in ((whole, 1), (in_parts, 4))
    ]
    assert histories[0].num_tokens == histories[1].num_tokens == [4 * 8] * 18 + [3 * 8]
    assert histories[1].loss_nats == pytest.approx(histories[0].loss_nats, rel=1e-6)


def test_a_step_takes_part_of_the_time_that_the_run_takes(model):
    started = time.perf_counter()
    history = run(model, TrainingConfig(num_steps=3))
    assert min(history.seconds) > 0
    assert sum(history.seconds) < time.perf_counter() - started


def test_it_stops_when_nothing_improves_any_more(model):
    """The validation text is noise: the more the model learns of the training text, the worse it does."""
    noise = torch.randint(23, (4, 9), generator=torch.Generator().manual_seed(3))
    config = TrainingConfig(num_steps=200, evaluate_every=5, patience=3)
    history = run(model, config, validation_batches=[Batch(inputs=noise[:, :-1], targets=noise[:, 1:])])
    losses = [loss for _, loss in history.validation]
    assert history.num_steps < 200
    assert min(losses[-3:]) >= min(losses[:-3])
    assert not History(validation=history.validation[:-1]).has_stalled(3)


def test_the_best_checkpoint_stays_beside_the_newest_two(model, tmp_path):
    """The validation text is noise again, so the best model is an early one."""
    noise = torch.randint(23, (4, 9), generator=torch.Generator().manual_seed(3))
    held_out = [Batch(inputs=noise[:, :-1], targets=noise[:, 1:])]
    config = TrainingConfig(num_steps=32, evaluate_every=3, checkpoint_every=7)
    history = run(model, config, validation_batches=held_out, checkpoint_folder=tmp_path)
    step, loss_nats = min(history.validation, key=lambda evaluation: evaluation[1])
    assert (step, loss_nats) == history.best
    assert step < 28
    assert {path.name for path in tmp_path.iterdir()} == {f"step-{number:09d}" for number in (step, 28, 32)}
    best = best_checkpoint(tmp_path)
    assert best.history.num_steps == step
    again = tiny_gpt()
    again.load_state_dict(best.model)
    assert evaluate_loss(again, held_out) == pytest.approx(loss_nats, rel=1e-12)
    assert evaluate_loss(model, held_out) > loss_nats + 0.01


def test_without_evaluations_the_newest_checkpoint_counts_as_the_best(model, tmp_path):
    assert best_checkpoint(tmp_path) is None
    run(model, TrainingConfig(num_steps=4, checkpoint_every=3), checkpoint_folder=tmp_path)
    assert best_checkpoint(tmp_path).history.num_steps == 4


def test_a_bad_loss_stops_with_step_position_and_checkpoint(model, tmp_path):
    source = batches()
    calls = []

    def objective(model, batch):
        calls.append(batch)
        return next_token_objective(model, batch) * (math.nan if len(calls) == 6 else 1)

    config = TrainingConfig(num_steps=10, checkpoint_every=2)
    with pytest.raises(DivergenceError, match="step 5: the loss is nan") as error:
        run(model, config, source=source, objective=objective, checkpoint_folder=tmp_path)
    assert error.value.step == 5
    assert error.value.batch_position["num_seen"] == 6 * 4
    assert error.value.checkpoint == tmp_path / "step-000000004"
    assert error.value.checkpoint.is_dir()
    assert str(error.value.checkpoint) in str(error.value)


def test_the_bar_shows_loss_speed_and_time_left_and_can_be_off(model, capsys):
    run(model, TrainingConfig(num_steps=2), progress=True)
    shown = capsys.readouterr().err
    assert "2/2" in shown
    assert "tokens/s" in shown
    assert "loss 3." in shown
    run(model, TrainingConfig(num_steps=2), progress=False)
    assert capsys.readouterr().err == ""


def test_the_bar_of_a_resumed_run_begins_where_the_run_does(model, tmp_path, capsys):
    for num_steps in (2, 3):
        run(model, TrainingConfig(num_steps=num_steps), progress=True, checkpoint_folder=tmp_path)
    shown = capsys.readouterr().err
    assert "3/3" in shown
    assert "0/3" not in shown


def test_tensorboard_gets_every_number(model, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of tensorboard's own imports
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
        from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(tmp_path) as log:
        history = run(model, TrainingConfig(num_steps=3), validation_batches=[next(batches())], log=log)
    read = EventAccumulator(str(tmp_path)).Reload()
    assert [event.step for event in read.Scalars("loss_nats/training")] == [1, 2, 3]
    assert [event.value for event in read.Scalars("loss_nats/training")] == pytest.approx(history.loss_nats, rel=1e-6)
    assert [event.value for event in read.Scalars("grad_norm")] == pytest.approx(history.grad_norm, rel=1e-6)
    assert len(read.Scalars("learning_rate")) == 3
    assert read.Scalars("loss_nats/validation")[0].value == pytest.approx(history.validation[0][1], rel=1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_steps": 0}, "num_steps=0 must be at least 1"),
        ({"num_steps": 1, "patience": 0}, "patience=0 must be at least 1"),
        ({"num_steps": 1, "max_grad_norm": 0.0}, "max_grad_norm=0.0 must be greater than 0"),
    ],
)
def test_bad_settings_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        TrainingConfig(**options)


def test_patience_needs_something_to_look_at(model):
    with pytest.raises(ValueError, match="patience=2 needs evaluate_every and validation_batches"):
        run(model, TrainingConfig(num_steps=1, patience=2, evaluate_every=1))
    with pytest.raises(ValueError, match="patience=2 needs evaluate_every and validation_batches"):
        run(model, TrainingConfig(num_steps=1, patience=2), validation_batches=[next(batches())])
