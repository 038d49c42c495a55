"""Classes of an answer: made, called and looked at from the tests' side, while the object stays where it is."""

import pytest
import torch
from torch import nn

from lmkit.grading.cells import declared_functions
from lmkit.grading.channel.calls import TESTS, ChannelError, Peer
from lmkit.grading.channel.carrying import Opaque, pack
from lmkit.grading.channel.serving import in_one_process
from lmkit.grading.channel.trials import Declaration, Trials


class Vocabulary:
    def __init__(self, tokens, start=0):
        self.ids = {token: start + number for number, token in enumerate(tokens)}
        self._secret = 1

    def __len__(self):
        return len(self.ids)

    def __getitem__(self, token):
        return self.ids[token]

    def __contains__(self, token):
        return token in self.ids

    def __iter__(self):
        return iter(self.ids)

    def __eq__(self, other):
        return True

    __hash__ = None

    def add(self, tokens):
        for token in tokens:
            self.ids.setdefault(token, len(self.ids))
        return self

    def joined(self, other):
        return Vocabulary([*self.ids, *other.ids])


class Layer(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.full((width, width), 0.5))

    def forward(self, x):
        return torch.tanh(x @ self.weight)


METHODS = ("__init__", "__len__", "__getitem__", "__contains__", "__iter__", "__eq__", "add", "joined")


def stand_ins(**answers):
    declared = {
        "Vocabulary": Declaration(parameters=("tokens", "start"), methods=METHODS),
        "Layer": Declaration(parameters=("width",), methods=("__init__", "forward")),
    }
    return Trials(in_one_process({"Vocabulary": Vocabulary, "Layer": Layer} | answers), declared)


def test_an_object_does_what_its_class_says():
    trials = stand_ins()
    make = trials.stand_ins["Vocabulary"]
    vocabulary = make(["a", "b"], start=3)
    assert isinstance(vocabulary, make)
    assert (len(vocabulary), vocabulary["b"], "c" in vocabulary, [*vocabulary]) == (2, 4, False, ["a", "b"])
    assert vocabulary.ids == {"a": 3, "b": 4}
    assert vocabulary.add(["c"]) is vocabulary
    assert vocabulary.joined(make("x")).ids == {"a": 0, "b": 1, "c": 2, "x": 3}
    with pytest.raises(KeyError, match="'z'"):
        vocabulary["z"]
    with pytest.raises(AttributeError, match="has no attribute 'size'"):
        vocabulary.size  # noqa: B018
    vocabulary.ids = {}
    assert len(vocabulary) == 0
    trials.finish()


def test_an_object_does_not_decide_what_is_equal_to_it():
    vocabulary = stand_ins().stand_ins["Vocabulary"](["a"])
    assert vocabulary != 5
    with pytest.raises(AttributeError):
        vocabulary._secret  # noqa: B018


def test_a_class_takes_its_arguments_by_the_names_that_were_given():
    class Other:
        def __init__(self, words):
            pass

    trials = stand_ins(Vocabulary=Other)
    trials.stand_ins["Vocabulary"](["a"])
    with pytest.raises(AssertionError, match="Vocabulary fails when its arguments are given by name"):
        trials.finish()


def test_a_module_computes_and_its_parameters_are_plain_tensors():
    layer = stand_ins().stand_ins["Layer"](3)
    x = torch.randn(2, 3)
    assert torch.allclose(layer(x), torch.tanh(x @ torch.full((3, 3), 0.5)))
    assert torch.equal(layer(x), layer.forward(x))
    layer.load_state_dict({"weight": torch.eye(3)})
    assert torch.allclose(layer(x), torch.tanh(x))
    assert [tuple(parameter.shape) for parameter in layer.parameters()] == [(3, 3)]
    assert layer.eval() is layer
    assert layer.training is False


def test_gradients_reach_inputs_and_parameters():
    layer = stand_ins().stand_ins["Layer"](3)
    theirs = Layer(3)
    x = torch.randn(2, 3, dtype=torch.float64).float().requires_grad_()
    y = x.detach().clone().requires_grad_()
    (layer(2 * x) ** 2).sum().backward()
    (theirs(2 * y) ** 2).sum().backward()
    assert torch.allclose(x.grad, y.grad)
    assert torch.allclose(layer.weight.grad, theirs.weight.grad)
    layer.zero_grad()
    assert layer.weight.grad is None


def test_without_gradients_there_is_no_graph():
    layer = stand_ins().stand_ins["Layer"](3)
    with torch.no_grad():
        assert not layer(torch.ones(1, 3)).requires_grad


def call(function, *arguments):
    return Trials(in_one_process({"f": function}), {"f": Declaration()}).stand_ins["f"](*arguments)


def test_gradients_of_a_function_are_those_of_autograd():
    def attend(query, keys, ids, names):
        return {"weights": torch.softmax(query @ keys.T, -1), "ids": ids, names[0]: [keys.sum(0)]}

    query, keys = torch.randn(2, 3, dtype=torch.double), torch.randn(4, 3, dtype=torch.double)

    def weights(query, keys):
        result = call(attend, query, keys, torch.tensor([1]), ["sum"])
        return result["weights"], result["sum"][0]

    assert torch.autograd.gradcheck(weights, (query.requires_grad_(), keys.requires_grad_()))


def test_gradients_flow_through_a_function_of_the_test():
    def residual(x, sublayer):
        return x + sublayer(2 * x)

    gradients = []
    for function in (residual, lambda *arguments: call(residual, *arguments)):
        generator = torch.Generator().manual_seed(0)
        weight, x = (torch.randn(3, 3, generator=generator).requires_grad_() for _ in range(2))
        (function(x, lambda h, weight=weight: torch.sin(h @ weight)) ** 2).sum().backward()
        gradients.append(torch.stack([weight.grad, x.grad]))
    assert torch.allclose(*gradients)


def test_a_detached_result_has_no_gradient_and_a_partly_detached_one_a_wrong_one():
    x = torch.ones(2, requires_grad=True)
    assert not call(lambda x: x.detach() ** 2, x).requires_grad
    (gradient,) = torch.autograd.grad(call(lambda x: x * x.detach(), x).sum(), x)
    assert gradient.tolist() == [1, 1]


def test_a_learner_of_the_students_fills_the_gradients_of_the_tests_tensors():
    def step(weight):
        (weight**2).sum().backward()

    weight = torch.ones(2, requires_grad=True)
    call(step, weight)
    assert weight.grad.tolist() == [2, 2]


def test_an_object_of_another_class_stays_a_riddle():
    class Helper:
        ids = 3

    Helper.__module__ = "__main__"
    assert isinstance(call(Helper), Opaque)


def test_a_forged_object_is_what_its_class_can_be():
    trees = [
        ["instance", "answers", 0, ["Vocabulary"], False, "x"],
        ["instance", "answers", [], "Vocabulary", False, ""],
    ]
    for tree in trees:
        about = {"shared": [], "graph": None, "overwrote": False}
        peer = Peer(TESTS, lambda _, tree=tree, about=about: pack(["value", tree, [], about], []))
        trials = Trials(peer, {"Vocabulary": Declaration(methods=METHODS)})
        with pytest.raises(ChannelError):
            trials.stand_ins["Vocabulary"]([])


def test_a_class_is_described_by_its_released_cell():
    from nbformat.v4 import new_code_cell

    source = (
        "class Layer:\n    def __init__(self, width, *, bias):\n        pass\n    def forward(self, x):\n        pass"
    )
    cell = new_code_cell(source, metadata={"nbgrader": {"solution": True, "grade": False, "locked": False}})
    assert declared_functions([cell], {"Layer": {"new": True}}) == {
        "Layer": {"parameters": [], "methods": ["__init__", "forward"], "new": True}
    }
