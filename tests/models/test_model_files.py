import json
import os
from fnmatch import fnmatch

import pytest
import torch
from safetensors.torch import load_file, save_file

from lmkit.models import SpecialIds, load_pretrained, save_pretrained
from lmkit.models.model_files import write_adapter
from tests.models.stored_models import OURS, change


def test_several_files_are_read_by_their_index(folder):
    expected = load_pretrained(folder)
    tensors = load_file(folder / "model.safetensors")
    names = sorted(tensors)
    (folder / "model.safetensors").unlink()
    weight_map = {}
    for number, part in enumerate((names[:5], names[5:])):
        file = f"model-{number}.safetensors"
        save_file({name: tensors[name] for name in part}, folder / file)
        weight_map |= dict.fromkeys(part, file)
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": weight_map}))
    ids = torch.tensor([[1, 2, 3]])
    assert torch.equal(load_pretrained(folder)(ids), expected(ids))


def test_a_missing_tensor_is_named(folder):
    change(folder, lambda tensors: tensors.pop("transformer.h.1.ln_2.bias"))
    with pytest.raises(ValueError, match=r"tensor transformer\.h\.1\.ln_2\.bias is missing"):
        load_pretrained(folder)


def test_an_unexpected_tensor_is_named(folder):
    change(folder, lambda tensors: tensors.update({"transformer.h.2.ln_2.bias": torch.zeros(18)}))
    with pytest.raises(ValueError, match=r"tensor transformer\.h\.2\.ln_2\.bias in .* is unexpected"):
        load_pretrained(folder)


def test_files_follow_the_umask(tmp_path):
    before = os.umask(0o002)
    try:
        save_pretrained(OURS["gpt2"](), tmp_path / "model", special_ids=SpecialIds(end_ids=(3,)))
        write_adapter({"a": torch.zeros(1)}, {}, tmp_path / "adapter")
    finally:
        os.umask(before)
    for folder in ("model", "adapter"):
        assert (tmp_path / folder).stat().st_mode & 0o777 == 0o775
        assert {path.stat().st_mode & 0o777 for path in (tmp_path / folder).iterdir()} == {0o664}


def test_a_wrong_shape_is_named(folder):
    change(folder, lambda tensors: tensors.update({"transformer.h.1.mlp.c_fc.weight": torch.zeros(72, 18)}))
    with pytest.raises(ValueError, match=r"c_fc\.weight has shape \[72, 18\], expected \[18, 72\]"):
        load_pretrained(folder)


def test_a_wrong_shape_of_a_part_is_named(tmp_path):
    save_pretrained(OURS["llama"](), tmp_path)
    change(tmp_path, lambda tensors: tensors.update({"model.layers.0.self_attn.k_proj.weight": torch.zeros(24, 18)}))
    with pytest.raises(
        ValueError, match=r"layers\.0\.self_attn\.k_proj\.weight has shape \[24, 18\], expected \[8, 18\]"
    ):
        load_pretrained(tmp_path)


@pytest.mark.parametrize("kept", [0.5, 0.99, 0.01, 0.0])
def test_a_truncated_file_is_an_error(folder, kept):
    path = folder / "model.safetensors"
    data = path.read_bytes()
    path.write_bytes(data[: int(kept * len(data))])
    pattern = "is cut short: tensor transformer.* lacks its last" if kept >= 0.5 else "cut short within its header"
    with pytest.raises(ValueError, match=pattern):
        load_pretrained(folder)


def test_a_failed_write_leaves_what_was_there(folder, monkeypatch):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def fail(*_, **__):
        raise OSError("no space left on device")

    monkeypatch.setattr("lmkit.models.model_files.save_file", fail)
    with pytest.raises(OSError, match="no space left"):
        save_pretrained(OURS["bert"](), folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_shipped_models_are_found_by_name(monkeypatch, tmp_path):
    save_pretrained(OURS["gpt2"](), tmp_path / "shipped" / "storyworld-test")
    monkeypatch.setattr("lmkit.models.model_files.SHIPPED", tmp_path / "shipped")
    assert load_pretrained("storyworld-test").config.d_model == 18


def test_a_name_on_the_hub_is_downloaded_without_its_other_files(monkeypatch, tmp_path):
    asked = []

    def snapshot_download(name, *, allow_patterns):
        asked.append((name, allow_patterns))
        save_pretrained(OURS["gpt2"](), tmp_path)
        return str(tmp_path)

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    assert load_pretrained("somebody/some-gpt2").config.d_model == 18
    ((name, patterns),) = asked
    assert name == "somebody/some-gpt2"
    assert not any(fnmatch(file, pattern) for pattern in patterns for file in ("pytorch_model.bin", "model.h5"))
    assert all(any(fnmatch(file, pattern) for pattern in patterns) for file in ("config.json", "model.safetensors"))


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        load_pretrained(tmp_path / "nowhere")
