import pytest
import torch
from torch import nn

from lmkit.training import autocast, gains_from_bf16, has_bf16_instructions


def product_in(precision, model):
    with autocast(precision, model):
        return model(torch.ones(2, model.in_features)).dtype


@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [({"avx512_bf16": True}, True), ({"amx_bf16": True}, True), ({"bf16": True}, True), ({"avx2": True}, False)],
)
def test_auto_is_bf16_only_where_the_processor_says_so(monkeypatch, capabilities, expected):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    assert has_bf16_instructions(torch.device("cpu")) == expected
    assert product_in("auto", nn.Linear(64, 128)) == (torch.bfloat16 if expected else torch.float32)


def test_auto_leaves_narrow_matrices_in_fp32(monkeypatch):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"amx_bf16": True})
    assert product_in("auto", nn.Linear(32, 1000)) == torch.float32
    assert not gains_from_bf16(nn.LayerNorm(512))


def test_the_other_two_do_not_look(monkeypatch):
    for answer in (True, False):
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda answer=answer: {"avx512_bf16": answer})
        assert product_in("bf16", nn.Linear(8, 8)) == torch.bfloat16
        assert product_in("fp32", nn.Linear(64, 64)) == torch.float32


def test_other_devices_have_none():
    assert not has_bf16_instructions(torch.device("meta"))


def test_a_bad_precision_is_named():
    with pytest.raises(ValueError, match="precision='fp16' must be"):
        autocast("fp16", nn.Linear(1, 1))
