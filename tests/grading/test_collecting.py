import zipfile

from lmkit.grading.collecting import CollectByName, UnpackEach, unpack

NOTEBOOK = "{}"


def archive(path, **members):
    with zipfile.ZipFile(path, "w") as content:
        for name, text in members.items():
            content.writestr(name, text)
    return path


def collected(extracted):
    collector = CollectByName()
    files = sorted(str(path) for path in extracted.rglob("*") if path.is_file())
    return [tuple(found.values()) for path in files if (found := collector.collect(path))]


def test_moodles_archive_with_a_folder_for_each_student(tmp_path):
    (tmp_path / "archive").mkdir()
    members = {
        "Ada Lovelace_71_assignsubmission_file_/gpt.ipynb": NOTEBOOK,
        "Bo Li_72_assignsubmission_file_/gpt (1).ipynb": NOTEBOOK,
        "Bo Li_72_assignsubmission_file_/notes.txt": "",
    }
    archive(tmp_path / "archive" / "LLM-gpt-905.zip", **members)
    UnpackEach().extract(str(tmp_path / "archive"), str(tmp_path / "extracted"))
    assert collected(tmp_path / "extracted") == [("Ada-Lovelace_71", "gpt"), ("Bo-Li_72", "gpt (1)")]


def test_moodles_archive_without_folders(tmp_path):
    unpack(
        archive(tmp_path / "a.zip", **{"Ada Lovelace_71_assignsubmission_file_gpt.ipynb": ""}), tmp_path / "extracted"
    )
    assert collected(tmp_path / "extracted") == [("Ada-Lovelace_71", "gpt")]


def test_canvas_archive(tmp_path):
    members = {
        "lovelaceada_71_905_gpt.ipynb": NOTEBOOK,
        "libo_LATE_72_906_my_gpt-1.ipynb": NOTEBOOK,
        "cy_73_907_work.zip": archive(tmp_path / "inner.zip", **{"work/gpt.ipynb": NOTEBOOK}).read_bytes(),
    }
    unpack(archive(tmp_path / "submissions.zip", **members), tmp_path / "extracted" / "submissions")
    assert sorted(collected(tmp_path / "extracted")) == [
        ("cy_73", "gpt"),
        ("libo_72", "my_gpt-1"),
        ("lovelaceada_71", "gpt"),
    ]


def test_one_zip_for_each_student_and_what_a_computer_adds(tmp_path):
    (tmp_path / "archive").mkdir()
    members = {
        "gpt.ipynb": NOTEBOOK,
        "old/gpt.ipynb": NOTEBOOK,
        "__MACOSX/._gpt.ipynb": "",
        ".ipynb_checkpoints/gpt-checkpoint.ipynb": "",
    }
    archive(tmp_path / "archive" / "ada.zip", **members)
    UnpackEach().extract(str(tmp_path / "archive"), str(tmp_path / "extracted"))
    assert collected(tmp_path / "extracted") == [("ada", "gpt"), ("ada", "gpt 2")]


def test_a_path_out_of_the_folder_stays_in_it(tmp_path):
    unpack(archive(tmp_path / "a.zip", **{"../../escaped.ipynb": NOTEBOOK}), tmp_path / "extracted" / "a")
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.ipynb")] == ["extracted/a/escaped.ipynb"]


def test_what_is_too_large_when_unpacked_is_named_and_left_out(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as content:
        content.writestr("gpt.ipynb", b" " * (51 * 10**6))
        content.writestr("small.ipynb", NOTEBOOK)
    (problem,) = unpack(tmp_path / "bomb.zip", tmp_path / "extracted")
    assert problem == "bomb.zip: gpt.ipynb has more than 50 MB"
    assert [path.name for path in (tmp_path / "extracted").iterdir()] == ["small.ipynb"]


def test_damaged_archives_stay_as_they_are_and_are_named(tmp_path):
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04")
    (problem,) = unpack(tmp_path / "broken.zip", tmp_path / "extracted" / "broken")
    assert problem.startswith("broken.zip cannot be unpacked")
    outer = archive(tmp_path / "all.zip", **{"ada_71_9_work.zip": b"PK\x03\x04", "bo_72_9_gpt.ipynb": NOTEBOOK})
    (problem,) = unpack(outer, tmp_path / "extracted" / "all")
    assert problem.startswith("ada_71_9_work.zip cannot be unpacked")
    assert sorted(collected(tmp_path / "extracted")) == [("ada_71", "work"), ("bo_72", "gpt"), ("broken", "broken")]
