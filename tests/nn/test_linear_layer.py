import jaxtyping
import pytest
import torch
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from lmkit.nn import Linear, linear, linear_layer

onednn = pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="PyTorch has no oneDNN")


@pytest.fixture
def products(monkeypatch):
    """Leave products of any size to oneDNN; where each product went is in the list."""
    seen = []
    by_onednn = linear_layer._OneDNNLinear.forward
    monkeypatch.setattr(linear_layer, "ONEDNN_IS_FASTER", True)
    monkeypatch.setattr(linear_layer, "LARGE", 1)
    monkeypatch.setattr(
        linear_layer._OneDNNLinear, "forward", lambda *tensors: seen.append(tensors[0].shape) or by_onednn(*tensors)
    )
    return seen


def rows_and_layer(*batch, bias=True, dtype=torch.float32):
    generator = torch.Generator().manual_seed(0)
    shapes = [(*batch, 6), (5, 6), *([(5,)] if bias else [])]
    return [torch.randn(shape, generator=generator, dtype=dtype, requires_grad=True) for shape in shapes]


@onednn
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("batch", [(), (1,), (4,), (2, 3)])
def test_values_and_gradients_are_those_of_pytorch(products, batch, bias):
    tensors = rows_and_layer(*batch, bias=bias)
    ours, theirs = linear(*tensors), F.linear(*tensors)
    torch.testing.assert_close(ours, theirs)
    grad = torch.randn(ours.shape, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(torch.autograd.grad(ours, tensors, grad), torch.autograd.grad(theirs, tensors, grad))
    assert len(products) == 3


@onednn
def test_the_columns_of_a_transposed_matrix_are_its_rows(products):
    x, weight, _ = rows_and_layer(4)
    torch.testing.assert_close(linear(x.T, weight.new_ones(3, 4)), F.linear(x.T, weight.new_ones(3, 4)))
    torch.testing.assert_close(linear(x, weight.T.contiguous().T), F.linear(x, weight))
    assert len(products) == 2


@onednn
def test_only_what_is_needed_is_computed(products):
    x, weight, bias = rows_and_layer(4)
    linear(x.detach(), weight, bias).sum().backward()
    assert products == [(4, 6), (5, 4)]  # forward, and the weight's gradient
    products.clear()
    linear(x, weight.detach(), bias.detach()).sum().backward()
    assert products == [(4, 6), (4, 5)]


@onednn
@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated", "ignore:There is a performance drop")
def test_derivatives_of_all_kinds(products):
    tensors = rows_and_layer(4)

    def loss(function):
        return lambda *given: function(*given).square().sum()

    ours, theirs = (
        torch.autograd.functional.hvp(loss(each), tuple(tensors), tuple(tensors)) for each in (linear, F.linear)
    )
    torch.testing.assert_close(ours, theirs)
    ours, theirs = (torch.func.jvp(each, tuple(tensors), tuple(tensors)) for each in (linear, F.linear))
    torch.testing.assert_close(ours, theirs)
    x, weight, bias = tensors
    ours, theirs = (
        torch.func.vmap(torch.func.grad(loss(each), argnums=1), in_dims=(0, None, None))(x[:, None], weight, bias)
        for each in (linear, F.linear)
    )
    torch.testing.assert_close(ours, theirs)
    assert products


def test_other_formats_sizes_and_contexts_are_left_to_pytorch(products, monkeypatch):
    tensors = rows_and_layer(4)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert linear(*tensors).dtype == torch.bfloat16
    exact = rows_and_layer(4, dtype=torch.float64)
    torch.testing.assert_close(linear(*exact), F.linear(*exact), atol=1e-14, rtol=0)
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)  # the checks of shapes do not compile
    compiled = torch.compile(linear, backend="eager", fullgraph=True)
    torch.testing.assert_close(compiled(*tensors), F.linear(*tensors))
    monkeypatch.setattr(linear_layer, "LARGE", 4 * 6 * 5 + 1)
    linear(*tensors)
    monkeypatch.setattr(linear_layer, "LARGE", 1)
    assert linear(torch.zeros(0, 6), *tensors[1:]).shape == (0, 5)
    monkeypatch.setattr(linear_layer, "ONEDNN_IS_FASTER", False)
    linear(*tensors)
    assert products == []


@onednn
def test_from_how_many_multiplications_on(products, monkeypatch):
    monkeypatch.setattr(linear_layer, "LARGE", 4 * 6 * 5)
    linear(*rows_and_layer(4))
    assert len(products) == 1


@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [
        ({"cpu_name": "AMD EPYC", "avx512_f": True}, True),
        ({"cpu_name": "AMD EPYC", "avx512_f": False}, False),
        ({"cpu_name": "Intel Xeon", "avx512_f": True}, False),
        ({}, False),
    ],
)
def test_which_processors_gain(monkeypatch, capabilities, expected):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: True)
    assert linear_layer.onednn_is_faster() is expected
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    assert not linear_layer.onednn_is_faster()


@onednn
def test_operations_are_counted(products):
    with FlopCounterMode(display=False) as counter:
        linear(*rows_and_layer(4))
    assert counter.get_total_flops() == 2 * 4 * 6 * 5


def test_the_layer_is_pytorchs():
    layer = Linear(3, 2, bias=False)
    assert isinstance(layer, torch.nn.Linear)
    assert list(layer.state_dict()) == ["weight"]
    torch.testing.assert_close(layer(torch.ones(4, 3)), torch.nn.Linear.forward(layer, torch.ones(4, 3)))
