import json
import os
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from lmkit.models import SpecialIds, load_pretrained, save_pretrained
from lmkit.models.model_files import read_adapter, read_tensors, write_adapter
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


@pytest.mark.parametrize("folder_or_name", [Path("owner/nowhere"), "a/b/nowhere", "/nowhere"])
def test_a_folder_that_does_not_exist_is_named_and_not_looked_for_on_the_hub(folder_or_name, monkeypatch):
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda *_, **__: pytest.fail("the hub was asked"))
    with pytest.raises(FileNotFoundError, match=f"there is no folder {folder_or_name}"):
        load_pretrained(folder_or_name)


def test_without_the_hubs_library_an_unknown_name_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(FileNotFoundError, match=r"'somebody/some-gpt2' is neither .*lmkit-book\[hub\]"):
        load_pretrained("somebody/some-gpt2")


def test_a_folder_without_weights_is_an_error(folder):
    (folder / "model.safetensors").unlink()
    with pytest.raises(FileNotFoundError, match=r"model\.safetensors"):
        load_pretrained(folder)


def test_an_index_beside_the_single_file_is_out_of_date(folder):
    (folder / "model.safetensors.index.json").write_text('{"weight_map": {"a": "gone.safetensors"}}')
    assert load_pretrained(folder).config.d_model == 18


def test_some_tensors_are_read_by_what_their_names_begin_with(folder):
    tensors = load_file(folder / "model.safetensors")
    read = read_tensors(folder, "transformer.h.1.")
    assert len(read) == 12
    for name, tensor in read.items():
        assert torch.equal(tensor, tensors[f"transformer.h.1.{name}"])
    with (folder / "model.safetensors").open("r+b") as file:
        file.truncate(1000)
    with pytest.raises(ValueError, match="is cut short"):
        read_tensors(folder, "transformer.h.1.")


def test_an_adapter_is_given_back_or_said_to_be_cut_short(tmp_path):
    write_adapter({"a": torch.arange(5)}, {"rank": 3}, tmp_path / "new" / "adapter")
    tensors, config = read_adapter(tmp_path / "new" / "adapter")
    assert tensors["a"].tolist() == [0, 1, 2, 3, 4]
    assert config == {"rank": 3}
    path = tmp_path / "new" / "adapter" / "adapter.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="tensor a lacks its last 1 bytes"):
        read_adapter(tmp_path / "new" / "adapter")


def test_weights_say_that_they_are_of_pytorch(folder):
    """Programs other than ours look for it."""
    with safe_open(folder / "model.safetensors", framework="pt") as file:
        assert file.metadata() == {"format": "pt"}
