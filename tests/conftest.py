"""The lines at the end of a test run that say how the exercises fared.

They are here, and not in `exercises/`, because pytest-xdist's main process reads no deeper `conftest.py`.
"""


def pytest_terminal_summary(terminalreporter):
    answers = [
        (report.passed, dict(report.user_properties))
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        if report.when == "call" and "exercise_seconds" in dict(report.user_properties)
    ]
    if not answers:
        return
    correct = [passed for passed, properties in answers if properties["exercise_correct"]]
    wrong = [passed for passed, properties in answers if not properties["exercise_correct"]]
    seconds = sum(properties["exercise_seconds"] for _, properties in answers)
    terminalreporter.section("exercises")
    terminalreporter.write_line(f"wrong answers caught: {sum(wrong)} of {len(wrong)}")
    terminalreporter.write_line(f"correct answers with full marks: {sum(correct)} of {len(correct)}")
    terminalreporter.write_line(
        f"speed: {len(answers) / seconds:.0f} answers per second ({len(answers)} in {seconds:.1f} s of processor time)"
    )
