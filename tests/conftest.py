"""Hypothesis without a stopwatch, the default story world, databases that are closed, and a report on the exercises.

The report is here, and not in `exercises/`, because pytest-xdist's main process reads no deeper `conftest.py`.
"""

import sqlite3
import traceback

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes depends on what else the machine does.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session")
def world():
    """The default story world."""
    from lmkit.storyworld import StoryWorld  # not before jaxtyping's import hook is in place

    return StoryWorld()


class WatchedConnection(sqlite3.Connection):
    """A connection that knows who opened it, until it is closed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.opened_by = traceback.format_stack()

    def close(self):
        super().close()
        self.opened_by = None


@pytest.fixture(scope="module", autouse=True)
def closed_databases():
    """Fail a file of tests that leaves a database open; Python 3.13 fails whatever test the collector finds it in."""
    connections, connect = [], sqlite3.connect

    def watched_connect(*args, **kwargs):
        connections.append(connect(*args, **{"factory": WatchedConnection, **kwargs}))
        return connections[-1]

    with pytest.MonkeyPatch.context() as monkeypatch:
        for module in (sqlite3, sqlite3.dbapi2):
            monkeypatch.setattr(module, "connect", watched_connect)
        yield
    for connection in connections:
        if connection.opened_by:
            pytest.fail("a database is left open by\n" + "".join(connection.opened_by), pytrace=False)


def pytest_terminal_summary(terminalreporter):
    reports = [
        (report.passed, dict(report.user_properties))
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        if report.when == "call"
    ]
    answers = [(passed, properties) for passed, properties in reports if "exercise_seconds" in properties]
    if answers:
        summarise_answers(terminalreporter, answers)
    tasks = [properties["exercise_mutants"] for _, properties in reports if "exercise_mutants" in properties]
    if tasks:
        summarise_mutants(terminalreporter, tasks)


def summarise_answers(terminalreporter, answers):
    correct = [passed for passed, properties in answers if properties["exercise_correct"]]
    wrong = [passed for passed, properties in answers if not properties["exercise_correct"]]
    seconds = sum(properties["exercise_seconds"] for _, properties in answers)
    terminalreporter.section("exercises")
    terminalreporter.write_line(f"wrong answers caught: {sum(wrong)} of {len(wrong)}")
    terminalreporter.write_line(f"correct answers with full marks: {sum(correct)} of {len(correct)}")
    terminalreporter.write_line(
        f"speed: {len(answers) / seconds:.0f} answers per second ({len(answers)} in {seconds:.1f} s of processor time)"
    )


def summarise_mutants(terminalreporter, tasks):
    """Say per assignment how many mutants its tests caught, of those that are not explained as equivalent."""
    terminalreporter.section("mutants of the solutions")
    totals = {}
    for assignment, *numbers in tasks:
        totals[assignment] = [sum(pair) for pair in zip(totals.get(assignment, (0, 0, 0)), numbers, strict=True)]
    for assignment, (made, survived, explained) in sorted(totals.items()):
        caught, wrong = made - survived, made - explained
        terminalreporter.write_line(
            f"{assignment}: {caught} of {wrong} caught ({caught / wrong:.1%}), {explained} explained as equivalent"
        )
