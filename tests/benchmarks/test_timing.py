"""Rows are written on a quiet machine only, and with their spread."""

import os

import pytest

from benchmarks import timing


@pytest.fixture
def work(monkeypatch, tmp_path):
    """Pretend that processors work so many seconds while the program looks at them."""
    statistics, ticks = tmp_path / "stat", os.sysconf("SC_CLK_TCK")
    monkeypatch.setattr(timing, "STATISTICS", statistics)

    def pretend(seconds):
        statistics.write_text(f"cpu  {5 * ticks} 0 {ticks} 900 0 0 0 0 0 0\ncpu0 1 2 3\n")
        later = f"cpu  {int((5 + seconds) * ticks)} 0 {ticks} 999 0 0 0 0 0 0\n"
        monkeypatch.setattr(timing.time, "sleep", lambda _: statistics.write_text(later))

    return pretend


def test_a_busy_machine_is_refused(work):
    work(3.0)
    with pytest.raises(SystemExit, match=r"other programs use 1\.5 processors"):
        timing.require_quiet_machine(2.0)


def test_a_quiet_machine_is_accepted(work):
    work(0.1)
    timing.require_quiet_machine(2.0)


def test_nothing_is_checked_elsewhere(monkeypatch, tmp_path):
    monkeypatch.setattr(timing, "STATISTICS", tmp_path / "missing")
    timing.require_quiet_machine()


def test_runs_take_turns():
    order = []
    seconds = timing.turns(lambda: order.append("a"), lambda: order.append("b"), rounds=2, warm_up=1)
    assert order == ["a", "b"] * 3
    assert [len(taken) for taken in seconds] == [2, 2]


def test_the_spread_is_that_of_the_turns():
    ours, theirs = [1.0, 2.0, 1.0, 1.0, 1.0], [2.0, 2.2, 1.8, 2.1, 1.9]  # ratios 2.0, 1.1, 1.8, 2.1, 1.9
    assert timing.times_as_fast(ours, theirs) == ("2.00", "1.80 to 2.00")
    assert timing.times_as_fast([1.0], [3.0]) == ("3.00", "")


def test_unsteady_turns_are_refused():
    timing.require_steady([1.0, 1.0, 1.0], [1.9, 2.0, 2.1])
    timing.require_steady([1.0], [9.0])
    with pytest.raises(SystemExit, match=r"1\.50 to 3\.00 times as fast\): nothing is written"):
        timing.require_steady([1.0, 1.0, 1.0], [1.0, 2.0, 4.0])


def count_calls(path):
    """What is timed writes into a file, from its own process."""
    path.write_text("")

    def run():
        path.write_text(path.read_text() + f"{os.getpid()}\n")
        if len(path.read_text().splitlines()) == 3:
            raise ValueError("the third time is too much")

    return run


def test_each_contender_can_have_a_process_of_its_own(tmp_path, capfd):
    paths = [tmp_path / "one", tmp_path / "two"]
    contenders = [timing.OwnProcess(count_calls, path) for path in paths]
    timing.turns(*contenders, rounds=1, warm_up=1)
    first, second = (set(path.read_text().split()) for path in paths)
    assert len(first) == len(second) == 1
    assert len(first | second | {str(os.getpid())}) == 3
    with pytest.raises(RuntimeError, match="its own error is above"):
        contenders[0]()
    assert "the third time is too much" in capfd.readouterr().err
    contenders[1].end()
