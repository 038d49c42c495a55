"""Attacks on the score itself, several in each notebook: wherever ``count`` is wrong, its two points are not given."""

import ast
import re

import pytest

from lmkit.grading import mathjax_script, sandbox_problem
from tests.grading import classroom
from tests.grading.classroom import SECRET, feedback

WRONG = "\ndef count(word, text):\n    return 0\n"
PATCHES = """
import builtins, ctypes, gc, inspect, math, operator, pickle, struct, sys, json, socket, traceback, functools
shell = get_ipython()
class Truth(int):
    __eq__ = __lt__ = __gt__ = __ge__ = __le__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = int.__hash__
builtins.isinstance, real = lambda *_: True, builtins.isinstance
builtins.isinstance = real
class Calm(Exception): pass
builtins.AssertionError = Calm
builtins.all = builtins.any = lambda *_: True
math.isclose = lambda *_, **__: True
operator.eq = lambda *_: True
sys.modules["pytest"] = sys.modules["numpy.testing"] = None
sys.excepthook = lambda *_: None
sys.displayhook = lambda *_: None
pickle.loads = pickle.load = lambda *_: 3
traceback.format_exception = lambda *_: []
inspect.getsource = lambda *_: ""
import ast
class Empty(ast.NodeTransformer):
    def visit_FunctionDef(self, node):
        if node.name.startswith("check"):
            node.body = [ast.Pass()]
        return node
    def visit_Assert(self, node):
        return ast.Pass()
shell.ast_transformers.append(Empty())
shell.input_transformers_cleanup.append(lambda lines: [line for line in lines if "assert" not in line])
real_run_code = shell.run_code
async def run_code(code, result=None, *, async_=False):
    if "assert" in repr(code.co_consts):
        return False
    return await real_run_code(code, result, async_=async_)
shell.run_code = run_code
shell.showtraceback = shell._showtraceback = lambda *_, **__: None
shell.set_custom_exc((Exception,), lambda *_, **__: None)
shell.events.register("pre_run_cell", lambda info: shell.user_ns.update(count_visible=True))
def check(*_):
    return True
check_count = check_mean = check
__debug = False
"""
PROTOCOL = """
import socket, struct
import lmkit.grading.channel.calls as calls, lmkit.grading.channel.serving as serving
real_answer = calls.Peer.answer
def answer(self, request):
    if b'"count"' in request:
        return {reply}
    return real_answer(self, request)
calls.Peer.answer = answer
"""
FORGER = """
kernel = get_ipython().kernel
def forge(outcome="ok"):
    parent = kernel.get_parent("shell")
    content = {"status": outcome, "execution_count": 1, "payload": [], "user_expressions": {}}
    kernel.session.send(kernel.shell_stream, "execute_reply", content, parent, ident=kernel._parent_ident["shell"])
    kernel.session.send(kernel.iopub_socket, "execute_result",
        {"execution_count": 1, "data": {"text/plain": "2.0"}, "metadata": {}}, parent, ident=b"execute_result")
    kernel.session.send(kernel.iopub_socket, "status", {"execution_state": "idle"}, parent, ident=b"status")
try:
    forge()
except Exception as error:
    print("no forgery", error)
def count(word, text):
    try:
        forge()
    except Exception:
        pass
    return 0
"""
PROBES = """
import ctypes, os, mmap, subprocess, sys
def attempt(action):
    try:
        return str(action())
    except BaseException as error:
        return type(error).__name__
libc = ctypes.CDLL(None, use_errno=True)
def keyring():
    number = {"x86_64": 248, "aarch64": 217}[os.uname().machine]
    return "kept" if libc.syscall(number, b"user", b"note", b"hidden test", 11, -4) > 0 else ctypes.get_errno()
def write(path):
    with open(path, "w") as file:
        return file.write("left")
print("PROBES", {
    "environ_of_the_sandbox": attempt(lambda: "NBGRADER_SECRET" in open("/proc/1/environ").read()),
    "keyring": attempt(keyring),
    "root": attempt(lambda: write("/left")),
    "dev": attempt(lambda: write("/dev/left")),
    "lmkit": attempt(lambda: __import__("lmkit.tokenizers")),
    "grader": attempt(lambda: __import__("lmkit.grading.execute")),
    "extra_file": attempt(lambda: open("torch.py").read()),
    "tests_process": attempt(lambda: [p for p in os.listdir("/proc") if p.isdigit() and b"testing" in
                                      open(f"/proc/{p}/cmdline", "rb").read()]),
})
from lmkit.tokenizers import train_bpe as count
"""
SCRIPTS = (
    """
from IPython.display import display
import base64
bad = {"image/png": {"width": "1 onload=stolen()", "height": "1\\" onerror=stolen()"}}
display({"image/png": "AAAA"}, raw=True, metadata=bad)
display({"image/png": "AAAA\\" onerror=\\"stolen()"}, raw=True)
display({"image/svg+xml": "<svg onload=stolen()></svg>", "application/javascript": "stolen()"}, raw=True)
display({"text/html": "<b id='nbgrader-score'>x</b><img src=x onerror=stolen()>"}, raw=True)
display({"text/latex": "$</script><script>stolen()</script>$"}, raw=True)
print("big", end="")
display({"image/png": base64.b64encode(b"0" * 2_000_000).decode()}, raw=True)
"""
    + classroom.COUNT
)


def reply(expression):
    return PROTOCOL.replace("{reply}", expression.replace("ABOUT", "{'shared': [], 'graph': None}")) + WRONG


ERROR = """calls.pack(["error", {"names": ["StopIteration", "AssertionError"], "args": ["tuple", []], "text": "",
    "where": [], "origin": 0}, [], ABOUT], [])"""
HONEST = {"scripts": SCRIPTS}
ATTACKS = {
    "patches": PATCHES + WRONG,
    "lies": PATCHES + "\ndef count(word, text):\n    return Truth(7)\n",
    "pickles": reply("pickle.dumps([1])").replace("import socket", "import pickle, socket"),
    "huge": reply("b'1' * (65 * 2**20)"),
    "kinds": reply("calls.pack(['value', ['object', 'answers', 0, 'int', None, ['__eq__']], [], ABOUT], [])"),
    "changes": reply("calls.pack(['value', 0, [[0, 2]], ABOUT], [])"),
    "errors": reply(ERROR),
    "raises": "def count(word, text):\n    raise StopIteration\n",
    "exits": "def count(word, text):\n    raise SystemExit\n",
    "silent": "import lmkit.grading.channel.serving as _\n_.serve = _.leave_copy = lambda *_: None\n" + WRONG,
    "forger": FORGER,
    "probes": PROBES,
}


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    if problem := sandbox_problem():
        pytest.skip(f"no sandbox: {problem}")
    course = classroom.make_course(tmp_path_factory.mktemp("course"), timeout=20)
    sources = ATTACKS | {"scripts": SCRIPTS}
    classroom.hand_in_answers(course, {student: {"count": source} for student, source in sources.items()})
    extra = course / "submitted" / "probes" / classroom.ASSIGNMENT / "torch.py"
    extra.write_text("raise RuntimeError('mine')", encoding="utf-8")
    ended = classroom.grade(course)
    rows = re.findall(r"^(\w+) +(not graded|[\d.]+) / 7(?:  (.*))?$", ended.stdout, re.M)
    return course, {student: (float(score), remark) for student, score, remark in rows}, ended


@pytest.mark.parametrize("student", ATTACKS)
def test_a_wrong_answer_stays_wrong(student, attacked):
    _, results, ended = attacked
    assert results[student][0] <= 2, ended.stdout + ended.stderr


@pytest.mark.parametrize("student", ["patches", "lies", "raises", "exits"])
def test_and_a_right_one_beside_it_stays_right(student, attacked):
    _, results, _ = attacked
    assert results[student][0] == 2


@pytest.mark.parametrize(
    ("student", "remark"), [("silent", "does not answer calls"), ("forger", "messages of its own")]
)
def test_what_can_be_seen_is_named(student, remark, attacked):
    _, results, _ = attacked
    assert remark in results[student][1]


def test_an_honest_plot_of_two_megabytes_keeps_its_marks_and_no_script_is_kept(attacked):
    course, results, _ = attacked
    assert results["scripts"][0] == 4
    outputs = [cell.get("outputs", []) for cell in classroom.graded(course, "scripts").cells]
    for mark in ("onload", "svg+xml", "application/javascript", "nbgrader-score"):
        assert mark not in str(outputs)
    page = feedback(course, "scripts").replace(mathjax_script(), "")
    assert not re.search(r"<[^>]*(onload|onerror)", str(outputs) + page)


def test_nothing_of_the_machine_is_seen_and_nothing_can_be_left(attacked):
    course, results, _ = attacked
    outputs = classroom.cell(classroom.graded(course, "probes"), "count").outputs
    printed = "".join(output.get("text", "") for output in outputs)
    found = ast.literal_eval(re.search(r"PROBES (\{.*\})", printed)[1])
    assert found == {
        "environ_of_the_sandbox": "False",
        "keyring": "1",  # EPERM
        "root": "OSError",
        "dev": "OSError",
        "lmkit": "ModuleNotFoundError",
        "grader": "ModuleNotFoundError",
        "extra_file": "FileNotFoundError",
        "tests_process": "[]",
    }
    assert "files that are not part of the assignment were left out: torch.py" in results["probes"][1]


@pytest.mark.parametrize("student", ATTACKS)
def test_no_hidden_test_reaches_feedback(student, attacked):
    course, _, _ = attacked
    assert SECRET not in feedback(course, student)
