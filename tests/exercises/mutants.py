"""Mistakes made by machine: small changes to a reference solution, one at a time, and whether the tests notice them.

A mutant differs from the solution by one operator, constant, name, argument or statement. Tests that are worth their
points tell it from the solution, unless the change makes no difference to what was asked.
"""

import ast
import copy
import difflib
import signal
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from nbformat import NotebookNode
from nbgrader import utils

from lmkit.grading.cells import declared_functions
from tests.exercises.assignments import ROOT, Task, fill_in, read_notebook, trials_of
from tests.exercises.grading import execute

OPERATORS: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}

FUNCTIONS = {
    "all": ("any",),
    "amax": ("amin",),
    "any": ("all",),
    "append": ("extend",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "cat": ("stack",),
    "cos": ("sin",),
    "cumsum": ("cumprod",),
    "exp": ("exp2",),
    "items": ("keys",),
    "log": ("log2", "log10"),
    "log_softmax": ("softmax",),
    "max": ("min",),
    "mean": ("sum",),
    "min": ("max",),
    "ones": ("zeros",),
    "pairwise": ("combinations",),
    "reversed": ("list",),
    "set": ("list",),
    "sin": ("cos",),
    "softmax": ("sigmoid", "log_softmax"),
    "sorted": ("list",),
    "sqrt": ("exp",),
    "stack": ("cat",),
    "sum": ("mean", "max"),
    "tril": ("triu",),
    "triu": ("tril",),
    "zeros": ("ones",),
}

MODULES = {"F", "itertools", "math", "torch"}


@dataclass(frozen=True)
class Mutant:
    """A changed solution; the change is the line that differs, as it has become, or `without: ...`."""

    change: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """Make every mutant of a solution once."""
    tree = ast.parse(source)
    original = ast.unparse(tree)
    sources = dict.fromkeys(variants(tree, tree))
    sources.pop(original, None)
    named: dict[str, Mutant] = {}
    for changed in sources:
        change = changed_line(original, changed)
        while change in named:  # the same line occurs twice in the solution
            change += " (again)"
        named[change] = Mutant(change, changed)
    return list(named.values())


def changed_line(original: str, changed: str) -> str:
    difference = list(difflib.ndiff(original.splitlines(), changed.splitlines()))
    added = [line[2:].strip() for line in difference if line.startswith("+ ")]
    removed = [line[2:].strip() for line in difference if line.startswith("- ")]
    return f"without: {removed[0]}" if added in ([], ["pass"]) else added[0]


def variants(tree: ast.AST, node: ast.AST) -> Iterator[str]:
    """Put each change into the tree, and out again, and say how the tree reads with it."""
    for field, value in ast.iter_fields(node):
        if field in ("args", "decorator_list") and isinstance(node, ast.FunctionDef):
            continue  # the signature was given
        children = value if isinstance(value, list) else [value]
        for position, child in enumerate(children):
            if not isinstance(child, ast.AST):
                continue
            for replacement in changes(child):
                put(node, field, position, replacement)
                yield ast.unparse(tree)
                put(node, field, position, child)
            yield from variants(tree, child)


def put(node: ast.AST, field: str, position: int, child: ast.AST) -> None:
    if isinstance(getattr(node, field), list):
        getattr(node, field)[position] = child
    else:
        setattr(node, field, child)


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """Say what a node can be mistaken for."""
    for operator in OPERATORS.get(type(node), ()):
        yield operator()
    match node:
        case ast.Expr(ast.Constant()) | ast.FunctionDef() | ast.ClassDef() | ast.Import() | ast.ImportFrom():
            return
        case ast.Constant(bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(int(value) | float(value)):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        case ast.UnaryOp(ast.USub() | ast.Not() | ast.Invert(), operand):
            yield operand
        case ast.BinOp(left, operator, right):
            yield left
            yield right
            if isinstance(operator, ast.Sub | ast.Div | ast.FloorDiv | ast.Pow | ast.MatMult):
                yield ast.BinOp(right, operator, left)
        case ast.If(test) | ast.IfExp(test) | ast.While(test):
            yield changed_copy(node, test=ast.UnaryOp(ast.Not(), test))
        case ast.comprehension(ifs=[_, *_]):
            yield changed_copy(node, ifs=[])
        case ast.Slice():
            for bound in ("lower", "upper", "step"):
                yield changed_copy(node, **{bound: None})
        case ast.Tuple(elements, ast.Load()):
            for swapped in swaps(elements):
                yield ast.Tuple(swapped, ast.Load())
        case ast.Call():
            yield from changed_calls(node)
    if isinstance(node, ast.stmt):
        yield ast.Pass()


def changed_calls(call: ast.Call) -> Iterator[ast.AST]:
    """Another function, no function, arguments in another order, a keyword less."""
    match call.func:
        case ast.Name(name):
            of_module, renamed = True, [ast.Name(other) for other in FUNCTIONS.get(name, ())]
        case ast.Attribute(owner, name):
            of_module = isinstance(owner, ast.Name) and owner.id in MODULES
            renamed = [ast.Attribute(owner, other) for other in FUNCTIONS.get(name, ())]
        case _:
            return
    for function in renamed:
        yield ast.Call(function, call.args, call.keywords)
    if not of_module:
        yield call.func.value
    elif len(call.args) == 1:
        yield call.args[0]
    for swapped in swaps(call.args):
        yield ast.Call(call.func, swapped, call.keywords)
    for keyword in call.keywords:
        yield ast.Call(call.func, call.args, [other for other in call.keywords if other is not keyword])


def swaps(nodes: list[ast.expr]) -> Iterator[list[ast.expr]]:
    for i in range(len(nodes) - 1):
        yield [*nodes[:i], nodes[i + 1], nodes[i], *nodes[i + 2 :]]


def changed_copy(node: ast.AST, **fields: object) -> ast.AST:
    return type(node)(**{**dict(ast.iter_fields(node)), **fields})


def equivalent(task: Task) -> dict[str, str]:
    """Read which changes make no difference, and why: `equivalent_mutants.toml` in the assignment's folder."""
    path = ROOT / "tests/exercises" / task.assignment / "equivalent_mutants.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")).get(task.name, {}) if path.exists() else {}


def loses_marks(task: Task, answer: str, seconds: float = 60.0) -> bool:
    """Grade one task as `grading.grade` does, but stop at the first mark lost, or after this much processor time."""
    notebook = copy.deepcopy(read_notebook("solutions", task.assignment))
    notebook.cells = [cell for cell in notebook.cells if belongs(cell, task)]
    functions = declared_functions(notebook.cells, trials_of(task.assignment))
    fill_in(notebook, {task.name: answer})
    lost = []

    def stop(cell: NotebookNode) -> bool:
        if utils.is_grade(cell):
            score, max_score = utils.determine_grade(cell)
            lost.extend([cell.id] if score < max_score else [])
        return bool(lost)

    try:
        with processor_seconds(seconds):
            execute(notebook, functions, stop=stop)
    except TimeoutError:
        return True
    return bool(lost)


def belongs(cell: NotebookNode, task: Task) -> bool:
    """Say whether a cell is given code, or the task's answer or one of its tests."""
    given = utils.is_locked(cell) and cell.cell_type == "code" and not utils.is_grade(cell)
    return given or cell.metadata.get("nbgrader", {}).get("grade_id") in (task.name, *task.test_ids)


@contextmanager
def processor_seconds(limit: float) -> Iterator[None]:
    """Raise a TimeoutError in what runs longer, and again if it goes on; waiting does not count."""

    def stop(number, frame):
        raise TimeoutError(f"more than {limit} s of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, limit, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
