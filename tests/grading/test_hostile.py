"""Students' code that attacks the grader, the course, the machine or the tests: it gains nothing and harms nobody."""

import ast
import contextlib
import hashlib
import os
import re
import socket
import sqlite3
from pathlib import Path

import psutil
import pytest

from lmkit.grading import sandbox_problem
from tests.grading import classroom
from tests.grading.classroom import SECRET, feedback, graded

BURGLAR = """
import glob, os, resource, socket, subprocess, sys
def attempt(action):
    try:
        return str(action())
    except BaseException as error:
        return type(error).__name__
def write(path, text="owned"):
    with open(path, "w") as file:
        return file.write(text)
listening = ("127.0.0.1", {port})
FOLDERS = (".", "/tmp", "/root", "/home")
print("ATTEMPTS", {{
    "read_solution": attempt(lambda: open("{course}/solutions/counting/counting.ipynb").read()),
    "read_gradebook": attempt(lambda: open("{course}/gradebook.db", "rb").read()),
    "write_gradebook": attempt(lambda: write("{course}/gradebook.db")),
    "list_course": attempt(lambda: os.listdir("{course}")),
    "find_notebooks": attempt(lambda: sum((glob.glob(d + "/**/*.ipynb", recursive=True) for d in FOLDERS), [])),
    "write_lmkit": attempt(lambda: write("{lmkit}/owned.py")),
    "write_packages": attempt(lambda: write("{packages}/owned.py")),
    "connect": attempt(lambda: socket.create_connection(listening, 2)),
    "resolve": attempt(lambda: socket.getaddrinfo("example.org", 80)),
    "parent": attempt(os.getppid),
    "kill_parent": attempt(lambda: os.kill(os.getppid(), 9)),
    "environment": attempt(lambda: [name for name in os.environ if name in ("NBGRADER_SECRET", "SSH_AUTH_SOCK")]),
    "hog_memory": attempt(lambda: bytearray(6 * 2**30)),
    "huge_file": attempt(lambda: os.truncate(write("{tmp}/grown") and "{tmp}/grown", 2**40)),
    "leave_file": attempt(lambda: write("left_behind.txt")),
    "leave_in_tmp": attempt(lambda: write("/tmp/{marker}")),
    "leave_process": attempt(lambda: subprocess.Popen(["sleep", "{sleep}"]) and "started"),
}})
def count(word, text):
    return 0
"""
SPY = """
def count(word, text):
    import sys
    frame, seen = sys._getframe(), []
    while frame:  # whatever is visible of the caller
        seen.append((list(frame.f_locals), frame.f_code.co_names))
        frame = frame.f_back
    print(seen, In[-1])
    raise ValueError(In, str(seen)[:5000])
"""
FAKER = "import sys\ndef mean(numbers):\n    sys.displayhook(2.0)\n    return -1"
STUBBORN = """
def count(word, text):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""
NO_ASSERTS = """
import ast
class NoAsserts(ast.NodeTransformer):
    def visit_Assert(self, node):
        return {replacement}
get_ipython().ast_transformers.append(NoAsserts())
"""
WRONG = "def count(word, text):\n    return 0"
TAMPERED = {
    "ast_transformer": NO_ASSERTS.format(replacement="ast.Pass()") + WRONG,
    # undone by the first test that runs, so that a trial after it notices nothing
    "undone": NO_ASSERTS.format(replacement="ast.Expr(node.test)")
    + "def count(word, text):\n    get_ipython().ast_transformers.clear()",
    # done by the first test that runs, so that a trial before it notices nothing
    "late": """
def count(word, text):
    from IPython.core.interactiveshell import ExecutionResult
    ExecutionResult.success = property(lambda result: True)
    get_ipython()._showtraceback = get_ipython().showtraceback = lambda *args, **kwargs: None
    return 0
""",
    "input_cleanup": """
clean = lambda lines: [line for line in lines if not line.startswith("assert")]
get_ipython().input_transformers_cleanup.append(clean)
"""
    + WRONG,
    "input_post": """
ignore = lambda lines: [line.replace("assert ", "() and ", 1) for line in lines]
get_ipython().input_transformers_post.append(ignore)
"""
    + WRONG,
    "run_cell": """
shell, run_cell, run_async = get_ipython(), get_ipython().run_cell, get_ipython().run_cell_async
def quiet(source, *args, **kwargs):
    return run_cell("" if "assert" in source else source, *args, **kwargs)
async def quiet_async(source, *args, **kwargs):
    return await run_async("" if "assert" in source else source, *args, **kwargs)
shell.run_cell, shell.run_cell_async = quiet, quiet_async
"""
    + WRONG,
}
HARMLESS = {  # an error stays an error whatever is shown of it
    "custom_exc": "get_ipython().set_custom_exc((AssertionError,), lambda *args, **kwargs: None)\n" + WRONG,
    "showtraceback": "get_ipython().showtraceback = lambda *args, **kwargs: None\n" + WRONG,
    "builtin": "import builtins\nclass Calm(BaseException): pass\nbuiltins.AssertionError = Calm\n" + WRONG,
    "event": "get_ipython().events.register('post_run_cell', lambda result: setattr(result, 'error_in_exec', None))\n"
    + WRONG,
}
SLEEP = f"{10**6 + os.getpid()}"


def burglar(course: Path, port: int):
    source = BURGLAR.format(
        course=course,
        lmkit=classroom.ROOT / "lmkit",
        packages=Path(psutil.__file__).parents[1],
        port=port,
        tmp="/tmp",
        marker=f"marker{SLEEP}",
        sleep=SLEEP,
    )
    return lambda notebook: classroom.answered(notebook, count=source)


def fingerprint(folder: Path) -> dict[str, str]:
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def attack(tmp_path_factory):
    """A class of villains and one honest student, graded; and a server that nobody must reach."""
    problem = sandbox_problem()
    if problem and os.environ.get("CI"):
        pytest.fail(f"no sandbox: {problem}")
    if problem:
        pytest.skip(f"no sandbox: {problem}")
    course = classroom.make_course(tmp_path_factory.mktemp("course"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        villains = {
            "burglar": burglar(course, server.getsockname()[1]),
            "defacer": classroom.defacing,
            "faker": lambda notebook: classroom.answered(notebook, mean=FAKER),
            "killer": lambda notebook: classroom.answered(notebook, count="import os\nos.kill(os.getpid(), 9)"),
            "spy": lambda notebook: classroom.answered(notebook, count=SPY),
            "stubborn": lambda notebook: classroom.answered(notebook, count=STUBBORN),
        }
        classroom.hand_in(course, villains | {"honest": classroom.answered})
        before = {folder: fingerprint(course / folder) for folder in ("solutions", "exercises", "submitted")}
        ended = classroom.grade(course)
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert {folder: fingerprint(course / folder) for folder in before} == before
    return course, ended


@pytest.fixture(scope="module")
def attempts(attack):
    course, _ = attack
    printed = "".join(output.get("text", "") for output in classroom.cell(graded(course, "burglar"), "count").outputs)
    return ast.literal_eval(re.search(r"ATTEMPTS (\{.*\})", printed)[1])


def test_every_villain_gets_what_the_answers_are_worth(attack):
    _, ended = attack
    scores = re.findall(
        r"^(\w+) +(not graded|[\d.]+ / 7)(?:  (.*?))?(?:;? ?3 points to give by hand)?$", ended.stdout, re.M
    )
    assert {student: (score, remark) for student, score, remark in scores} == {
        "burglar": ("2 / 7", ""),
        "defacer": ("4 / 7", ""),
        "faker": ("2 / 7", ""),
        "honest": ("4 / 7", ""),
        "killer": ("not graded", "the kernel died in cell count"),
        "spy": ("2 / 7", ""),
        "stubborn": ("not graded", "timed out in cell count_visible and could not be interrupted"),
    }, ended.stderr
    assert "with your rights" not in ended.stdout


@pytest.mark.parametrize("action", ["read_solution", "read_gradebook", "write_gradebook", "list_course"])
def test_the_course_does_not_exist_for_the_student(action, attempts):
    assert attempts[action] == "FileNotFoundError"


def test_the_hidden_tests_are_not_on_disk(attempts):
    assert attempts["find_notebooks"] == "[]"


@pytest.mark.parametrize("action", ["write_lmkit", "write_packages"])
def test_packages_cannot_be_changed(action, attempts):
    assert attempts[action] == "OSError"  # read-only file system


def test_there_is_no_network(attempts):
    assert attempts["connect"] == "ConnectionRefusedError"  # its own loopback; the server saw nobody, see above
    assert attempts["resolve"] == "gaierror"


def test_no_other_process_is_seen_or_hurt(attempts):
    assert attempts["parent"] == "1"  # the sandbox's own
    assert attempts["environment"] == "[]"


def test_memory_and_files_are_limited(attempts):
    assert attempts["hog_memory"] == "MemoryError"
    assert attempts["huge_file"] == "OSError"


def test_nothing_is_left_behind(attack, attempts):
    course, _ = attack
    assert attempts["leave_file"] == attempts["leave_in_tmp"] == "5"  # it was allowed to write where nobody looks
    assert attempts["leave_process"] == "started"
    assert not list(course.rglob("left_behind.txt"))
    assert not Path(f"/tmp/marker{SLEEP}").exists()
    assert not [process for process in psutil.process_iter(["cmdline"]) if SLEEP in (process.info["cmdline"] or [])]
    assert not list(course.with_name(course.name + "-scratch").iterdir())


def test_the_gradebook_is_whole(attack):
    course, _ = attack
    with contextlib.closing(sqlite3.connect(course / "gradebook.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("student", ["burglar", "defacer", "faker", "spy"])
def test_feedback_tells_nothing_of_the_hidden_tests(student, attack):
    course, _ = attack
    assert SECRET not in feedback(course, student)
    assert "HIDDEN TESTS" not in feedback(course, student)


def test_the_spy_sees_no_hidden_test_even_where_the_score_is_made(attack):
    course, _ = attack
    outputs = classroom.cell(graded(course, "spy"), "count_hidden").outputs
    (error,) = outputs
    assert error.ename == "ValueError"
    assert "f_back" in error.evalue  # it has told what it saw of its caller
    assert SECRET not in error.evalue


def test_nothing_of_the_students_runs_in_a_browser(attack):
    course, _ = attack
    page = feedback(course, "defacer")
    assert "<script>document.title" not in page
    assert "onclick" not in page
    assert not re.search(r"<img[^>]*onerror", page)
    assert not re.search(r"<script[^>]*>[^<]*defaced", page)
    assert "<b>bold</b>" in page


@pytest.fixture(scope="module")
def tampered(tmp_path_factory):
    """A class that changes how Python runs, wrong in ``count`` and right in ``mean``, and an honest student."""
    course = classroom.make_course(tmp_path_factory.mktemp("course"))

    def answer(source):
        return lambda notebook: classroom.answered(notebook, count=source)

    students = {student: answer(source) for student, source in (TAMPERED | HARMLESS).items()}
    classroom.hand_in(course, students | {"honest": classroom.perfect})
    ended = classroom.grade(course)
    rows = re.findall(r"^(\w+) +(not graded|[\d.]+) / 7  (.*)$", ended.stdout, re.M)
    return course, {student: (float(score), remark) for student, score, remark in rows}


@pytest.mark.parametrize("student", TAMPERED | HARMLESS)
def test_who_changes_how_python_runs_gets_what_the_answers_are_worth(student, tampered):
    _, results = tampered
    assert results[student] == (2, "3 points to give by hand")


def test_honest_work_keeps_its_marks(tampered):
    course, results = tampered
    assert results["honest"] == (4, "3 points to give by hand")
    notebook = graded(course, "honest")
    for grade_id in ("count_visible", "count_hidden", "mean_tests"):
        cell = classroom.cell(notebook, grade_id)
        assert cell.source == classroom.CELLS[grade_id]
        assert not [output for output in cell.outputs if output.output_type == "error"]
