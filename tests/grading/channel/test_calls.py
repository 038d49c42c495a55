"""Calls in both directions carry what tests and answers exchange, and nothing that a lying answer could use."""

import collections
import fractions
import math
import random

import numpy as np
import pytest
import torch

from lmkit.grading.channel.calls import ANSWERS, TESTS, ChannelError, Peer
from lmkit.grading.channel.carrying import MAX_DEPTH, CarryError, Opaque, pack, unpack
from lmkit.grading.channel.serving import in_one_process
from lmkit.grading.channel.trials import Declaration, Trials


def joined(**answers) -> Trials:
    """Stand-ins for these functions, and for an `f` that may not be there."""
    return calling(in_one_process(answers), *answers)


def calling(peer: Peer, *names: str) -> Trials:
    return Trials(peer, dict.fromkeys(["f", *names], Declaration()))


def identity(value):
    return value


VALUES = [
    None, True, 3, -(10**5000), 1.5, -math.inf, "é\ud800", b"ab", (1, (2,)), [1, [2]], {1: 2, (1, 2): [3]}, {1},
    frozenset({2}), collections.Counter("aab"), fractions.Fraction(1, 3), 2j, range(3), np.float32(2.5), torch.float16,
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_comes_back_as_it_went(value):
    result = joined(f=identity).stand_in("f")(value)
    assert type(result) is type(value)
    assert result == value


TENSORS = [
    torch.randn(3, 4).T, torch.ones(2, 1).expand(2, 5), torch.tensor([True, False]), torch.empty(0, 3),
    torch.tensor(3, dtype=torch.bfloat16), torch.arange(10)[::3], torch.tensor([1 + 2j]).conj(),
    torch.eye(40).diagonal(),
]  # fmt: skip


@pytest.mark.parametrize("tensor", TENSORS, ids=lambda tensor: str(tuple(tensor.shape)))
def test_a_tensor_keeps_its_numbers_and_layout(tensor):
    result = joined(f=lambda x: x.clone() if x.is_contiguous() else x).stand_in("f")(tensor)
    assert result.dtype == tensor.dtype
    assert torch.equal(result, tensor)
    if tensor.numel() > 1 and tensor.stride() != (41,):  # a diagonal is sent as its numbers alone
        assert result.stride() == tensor.stride()
    array = np.asfortranarray(np.arange(6).reshape(2, 3))
    again = joined(f=lambda x: x).stand_in("f")(array)
    assert np.array_equal(again, array)


def test_what_an_answer_changes_in_place_is_changed():
    def change(numbers, tensor, table, generator, *, names):
        numbers.append([3])
        tensor[0] = 5
        table["x"] = 1
        names.add("n")
        torch.rand(1, generator=generator)

    numbers, tensor, table, names = [1, [2]], torch.zeros(2), {}, set()
    inner = numbers[1]
    generator, untouched = torch.Generator().manual_seed(0), torch.Generator().manual_seed(0)
    joined(f=change).stand_in("f")(numbers, tensor, table, generator, names=names)
    assert (numbers, tensor.tolist(), table, names) == ([1, [2], [3]], [5, 0], {"x": 1}, {"n"})
    assert numbers[1] is inner
    torch.rand(1, generator=untouched)
    assert torch.equal(generator.get_state(), untouched.get_state())


def test_an_argument_that_is_returned_is_the_argument():
    numbers, tensor = [1], torch.ones(2)
    assert joined(f=lambda a, b: (b, a)).stand_in("f")(numbers, tensor)[1] is numbers
    assert joined(f=lambda a, b: b).stand_in("f")(numbers, tensor) is tensor
    assert joined(f=lambda a, b: b.clone()).stand_in("f")(numbers, tensor) is not tensor


def test_callbacks_iterators_and_objects_of_the_tests_are_served():
    class Counted(dict):
        asked = 0

        def __getitem__(self, key):
            Counted.asked += 1
            return super().__getitem__(key)

    Counted.__module__ = "__main__"
    peer = joined(call=lambda f, n: [f(i) for i in range(n)], take=list, look=lambda d: (d["a"], "a" in d, len(d)))
    assert peer.stand_in("call")(lambda i: 2 * i, 3) == [0, 2, 4]
    assert peer.stand_in("take")(iter("ab")) == ["a", "b"]
    assert peer.stand_in("look")(Counted(a=1)) == (1, True, 1)
    assert Counted.asked == 1


def test_an_answer_may_return_an_iterator_or_a_function():
    peer = joined(pairs=lambda x: zip(x, x, strict=True), adder=lambda n: lambda x: x + n)
    assert list(peer.stand_in("pairs")("ab")) == [("a", "a"), ("b", "b")]
    assert peer.stand_in("adder")(2)(3) == 5


@pytest.mark.parametrize(
    ("answer", "kind", "text"),
    [
        (lambda: {}["x"], KeyError, "'x'"),
        (lambda: bytes([255]).decode(), UnicodeDecodeError, "'utf-8' codec can't decode byte 0xff in position 0"),
        (lambda: torch.zeros(2).view(3), RuntimeError, "shape '[3]' is invalid"),
        (lambda: undefined, NameError, "name 'undefined' is not defined"),  # noqa: F821
    ],
)
def test_an_exception_comes_back_with_its_class_and_message(answer, kind, text):
    with pytest.raises(kind) as caught:
        joined(f=answer).stand_in("f")()
    assert str(caught.value).startswith(text)
    assert type(caught.value).__name__ == kind.__name__


def test_an_exception_of_another_library_keeps_its_name_and_its_kind():
    class Mismatch(ValueError):
        pass

    def answer():
        raise Mismatch("no")

    with pytest.raises(ValueError, match="^no$") as caught:
        joined(f=answer).stand_in("f")()
    assert type(caught.value).__name__ == "Mismatch"


@pytest.mark.parametrize("kind", [StopIteration, SystemExit, KeyboardInterrupt, GeneratorExit, StopAsyncIteration])
def test_an_exception_that_would_end_a_tests_loop_is_only_an_error(kind):
    def answer(_):
        raise kind

    with pytest.raises(Exception) as caught:  # noqa: PT011
        list(map(joined(f=answer).stand_in("f"), [1, 2]))
    assert not isinstance(caught.value, StopIteration | StopAsyncIteration)


def test_an_assertion_in_a_callback_counts_although_the_answer_catches_it():
    def swallow(callback):
        try:
            callback(1)
        except BaseException:
            return 7

    def refuse(_):
        raise AssertionError("one call too many")

    with pytest.raises(AssertionError, match="one call too many"):
        joined(f=swallow).stand_in("f")(refuse)


def test_a_missing_answer_is_a_name_error():
    with pytest.raises(NameError, match="name 'f' is not defined"):
        joined().stand_in("f")()


class Liar(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


class Chameleon:
    def __eq__(self, other):
        return True

    def __getattr__(self, name):
        return self

    __hash__ = object.__hash__


def test_what_lies_arrives_as_plain_data():
    result = joined(f=lambda: Liar(3)).stand_in("f")()
    assert (type(result), result == 4) == (int, False)
    result = joined(f=lambda: [Chameleon()]).stand_in("f")()
    assert isinstance(result[0], Opaque)
    assert type(result[0]).__name__ == "Chameleon"
    assert result != [5]
    with pytest.raises(AttributeError):
        result[0].shape  # noqa: B018


def test_what_a_test_cannot_send_is_named():
    with pytest.raises(CarryError, match="f: a Random cannot be carried"):
        joined(f=identity).stand_in("f")(random.Random(1))


def deep(depth):
    return ["list", [deep(depth - 1)]] if depth else 1


ABOUT = {"shared": [], "graph": None, "overwrote": False}
FORGERIES = {
    "no list": {"a": 1},
    "unknown kind": ["os", "system"],
    "a method of the reader": ["known", 10**9],
    "before the first": ["known", -1],
    "a function that was not given": ["function", TESTS, 10**6, "f"],
    "the last function": ["function", TESTS, -1, "f"],
    "an object": ["object", ANSWERS, 0, "X", None, ["__eq__"]],
    "a class that is no dataclass": ["dataclass", "os", "system", []],
    "the grader": ["dataclass", "lmkit.grading.report", "Result", []],
    "an attribute of torch": ["tensor", "load", [1], [1], False, 0],
    "a tensor larger than its memory": ["tensor", "float32", [5], [1], False, 0],
    "a tensor that unfolds": ["tensor", "float32", [10**6, 10**6], [0, 0], False, 0],
    "a tensor that runs backwards": ["tensor", "float32", [2], [-1], False, 0],
    "a tensor of negative size": ["tensor", "float32", [-1], [1], False, 0],
    "an array of objects": ["array", "|O8", [1], "C", 0],
    "an array of another size": ["array", "<f4", [3], "C", 0],
    "a scalar of nothing": ["scalar", "<f8", 1],
    "bytes that are not there": ["bytes", 5],
    "a list as a key": ["dict", [["list", []], 1]],
    "a key without a value": ["dict", [1]],
    "nested too deeply": deep(MAX_DEPTH + 2),
    "a generator's state": ["generator", 0],
    "a number that is none": ["int", "os"],
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_reply_is_an_error_and_nothing_else(forgery):
    peer = Peer(TESTS, lambda request: pack(["value", FORGERIES[forgery], [], ABOUT], [b"1234", b""]))
    with pytest.raises(ChannelError):
        calling(peer).stand_in("f")()


BROKEN = {
    "empty": b"",
    "short": b"\xff\xff\xff\xff{}",
    "no JSON": pack(1, [])[:4] + b"\x80\x04.",
    "an integer of 5000 digits": (5004).to_bytes(4, "little") + b"[" + b"9" * 5000 + b",[]]",
    "brackets": (100_000).to_bytes(4, "little") + b"[" * 100_000,
    "another length": pack(["value", 1, [], ABOUT], [b"ab"]) + b"c",
    "negative lengths": b"\x13\x00\x00\x00" + b'[["value",1,[]],[-1',
    "no reply": pack(["other"], []),
    "changes of nothing": pack(["value", 1, [[0, 1]], ABOUT], []),
    "memory of nothing": pack(["value", 1, [], ABOUT | {"shared": [0]}], []),
    "gradients of nothing": pack(["value", 1, [], ABOUT | {"graph": [0, [0]]}], []),
    "nothing about it": pack(["value", 1, [], None], []),
}


@pytest.mark.parametrize("message", BROKEN)
def test_a_broken_reply_is_an_error_and_nothing_else(message):
    with pytest.raises(ChannelError):
        calling(Peer(TESTS, lambda request: BROKEN[message])).stand_in("f")()


def test_a_third_truth_value_does_not_arrive():
    tree = ["tensor", "bool", [2], [1], False, 0]
    result = calling(Peer(TESTS, lambda request: pack(["value", tree, [], ABOUT], [b"\x02\x00"]))).stand_in("f")()
    assert torch.equal(result, torch.tensor([True, False]))
    assert (~result).tolist() == [False, True]


def test_an_answer_cannot_pose_as_the_assertion_of_another_call():
    failure = {"names": ["Late", "SystemExit"], "args": None, "text": "x", "where": [], "origin": 99}
    peer = Peer(TESTS, lambda request: pack(["error", failure, [], ABOUT], []))
    with pytest.raises(Exception, match="x") as caught:
        calling(peer).stand_in("f")()
    assert type(caught.value).__mro__[1] is Exception


def test_messages_are_read_as_they_were_packed():
    tree = ["list", [1.5, None, "é"]]
    assert unpack(pack(tree, [b"", b"ab"])) == (tree, [b"", b"ab"])
