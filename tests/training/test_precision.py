import pytest
import torch

from lmkit.training.precision import autocast, has_bf16_instructions

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [({"avx512_bf16": True}, True), ({"amx_bf16": True}, True), ({"bf16": True}, True), ({"avx2": True}, False)],
)
def test_auto_is_bf16_only_where_the_processor_says_so(monkeypatch, capabilities, expected):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    assert has_bf16_instructions(CPU) == expected
    with autocast("auto", CPU):
        product = torch.ones(2, 2) @ torch.ones(2, 2)
    assert product.dtype == (torch.bfloat16 if expected else torch.float32)


def test_the_other_two_do_not_look(monkeypatch):
    for has_instructions in (True, False):
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda answer=has_instructions: {"avx512_bf16": answer})
        with autocast("bf16", CPU):
            assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.bfloat16
        with autocast("fp32", CPU):
            assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.float32


def test_other_devices_have_none():
    assert not has_bf16_instructions(torch.device("meta"))


def test_a_bad_precision_is_named():
    with pytest.raises(ValueError, match="precision='fp16' must be"):
        autocast("fp16", CPU)
