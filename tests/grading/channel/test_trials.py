"""Each trial catches an answer that does not stand it, names what is wrong, and lets right ones pass."""

import math
import random

import pytest
import torch

from lmkit.grading.channel.serving import in_one_process
from lmkit.grading.channel.trials import Declaration, Trials

KEPT = []


def tried(function, *calls, **declared):
    """Call a function as a test does, and let the trials follow."""
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    trials = Trials(in_one_process({"f": function}), {"f": Declaration(parameters=names, **declared)})
    for arguments in calls:
        trials.stand_ins["f"](*arguments)
    trials.finish()


def sort_in_place(tokens, n):
    tokens[0].sort()
    return tokens[0][:n]


def one_hot_in_place(logits):
    logits[0] = 5
    return logits.clone()


def as_parameter(logits):
    return logits.requires_grad_().sum().item()


def append_to_named(names):
    names.setdefault("x", 1)
    return len(names)


def grows(n, seen=[]):  # noqa: B006
    seen.append(n)
    return len(seen)


def in_a_buffer(x, kept=torch.empty(2)):  # noqa: B008
    return kept.copy_(x)


def in_a_row(n, kept=[]):  # noqa: B006
    kept[:] = range(n)
    return {"row": kept}


def merged(x):
    return x.view(-1)


def single(x):
    return torch.zeros(2, dtype=torch.float32).addmv_(torch.eye(2), x)


def returned(logits):
    return logits


def returned_in_a_pair(logits):
    return 1, logits.view(2, 1)


CAUGHT = {
    "a list inside a list": (sort_in_place, [([[2, 1]], 1)], {}, r"f changed its argument `tokens`: leave"),
    "a tensor": (one_hot_in_place, [(torch.zeros(3),)], {}, r"f changed its argument `logits`"),
    "whether a tensor requires a gradient": (as_parameter, [(torch.zeros(3),)], {}, r"f changed its argument `logits`"),
    "a dictionary": (append_to_named, [({},)], {}, r"f changed its argument `names`"),
    "an accumulator": (grows, [(1,), (1,)], {}, r"f gives another result .*: does it keep something between calls\?"),
    "a memory": (lambda n: KEPT.append(n) or len(KEPT), [(1,)], {}, r"f gives another result"),
    "a buffer": (
        in_a_buffer,
        [(torch.zeros(2),), (torch.ones(2),)],
        {},
        r"f changed the result of an earlier call: make",
    ),
    "a list that is used again": (in_a_row, [(2,), (3,)], {}, r"f changed the result of an earlier call"),
    "another layout": (merged, [(torch.arange(6).reshape(2, 3),)], {"layouts": True}, r"fails when tensors lie other"),
    "float64": (single, [(torch.ones(2),)], {"float64": True}, r"f fails when tensors are float64: RuntimeError: "),
    "the argument": (returned, [(torch.ones(2),)], {"new": True}, r"f returned its argument `logits`, or a view of it"),
    "a view": (returned_in_a_pair, [(torch.ones(2),)], {"new": True}, r"f returned its argument `logits`"),
    "an empty list": (returned, [([],)], {"new": True}, r"f returned its argument `logits`"),
}


@pytest.mark.parametrize("case", CAUGHT)
def test_a_wrong_answer_is_caught(case):
    function, calls, declared, message = CAUGHT[case]
    KEPT.clear()
    with pytest.raises(AssertionError, match=message):
        tried(function, *calls, **declared)


def test_a_parameter_of_another_name_is_found_by_naming_it():
    trials = Trials(in_one_process({"f": lambda y: y + 1}), {"f": Declaration(parameters=("x",))})
    assert trials.stand_ins["f"](1) == 2
    with pytest.raises(AssertionError, match=r"^f fails when its arguments are given by name: TypeError: .*'x'"):
        trials.finish()


def test_and_by_position():
    def keyword_only(*, x):
        return x

    trials = Trials(in_one_process({"f": keyword_only}), {"f": Declaration(parameters=("x",))})
    trials.stand_ins["f"](x=1)
    with pytest.raises(AssertionError, match="fails when the same call is made again.*positional"):
        trials.finish()


STANDS = {
    "nan and infinities": (lambda x: x.log(), [(torch.tensor([0.0, -1.0]),)], {"float64": True, "layouts": True}),
    "views": (lambda x: x.transpose(0, 1), [(torch.ones(2, 3),)], {"layouts": True}),
    "a copy": (lambda x: x.clone(), [(torch.ones(2),)], {"new": True}),
    "a generator that is used": (lambda g: torch.rand(1, generator=g), [(torch.Generator(),)], {}),
    "a set": (lambda words: sorted(words), [({"b", "a", "aa", "c"},)], {}),
    "what may be changed": (one_hot_in_place, [(torch.zeros(3),)], {"changes": ("logits",)}),
    "declared random": (lambda n: random.random(), [(1,)], {"random": True}),
    "float32 inside": (lambda x: x.float().softmax(0), [(torch.randn(9),)], {"float64": True}),
    "a callback": (lambda model: model(1), [(lambda n: KEPT.append(n) or len(KEPT),)], {}),
    "an iterator": (lambda items: list(items), [(iter("ab"),)], {}),
    "a test that changes the result": (lambda n: [n], [(1,)], {}),
    "arguments of one array twice": (lambda a, b: a + b, [(torch.ones(2),) * 2], {"layouts": True}),
    "no arguments": (lambda: 1, [()], {}),
    "a constant": (lambda x, zero=torch.zeros(2): zero, [(torch.zeros(2),), (torch.ones(2),)], {}),  # noqa: B008
    "the argument": (lambda x: x, [([1, 2],), ([3],)], {}),
    "iterators": (lambda n: iter(range(n)), [(2,), (3,)], {}),
    "nan": (lambda n: [math.nan, torch.tensor([math.nan])], [(2,), (3,)], {}),
}


@pytest.mark.parametrize("case", STANDS)
def test_a_right_answer_stands_the_trials(case):
    function, calls, declared = STANDS[case]
    tried(function, *calls, **declared)


def test_a_call_is_made_again_with_the_arguments_that_it_had():
    trials = Trials(in_one_process({"f": lambda tokens: tokens[:1]}), {"f": Declaration(parameters=("tokens",))})
    tokens = [1, 2]
    result = trials.stand_ins["f"](tokens)
    tokens.clear()
    result.append(7)
    trials.finish()


def test_a_call_that_raised_is_not_made_again():
    trials = Trials(in_one_process({"f": lambda n: 1 / n}), {"f": Declaration(parameters=("n",))})
    with pytest.raises(ZeroDivisionError):
        trials.stand_ins["f"](0)
    trials.finish()


def test_a_cell_does_not_pay_for_the_one_before():
    trials = Trials(in_one_process({"f": one_hot_in_place}), {"f": Declaration(parameters=("logits",))})
    trials.stand_ins["f"](torch.zeros(2))
    trials.begin()
    trials.finish()
