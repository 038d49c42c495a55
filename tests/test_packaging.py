"""What is around the package: its wheel, its names and versions, and what `make` does to an environment and to work."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

import lmkit

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "chapters"))
from _sphinx.addresses import site_of  # noqa: E402

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WORKFLOWS = ROOT / ".github/workflows"


def yaml_file(path):
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel, built from a copy that must be as clean afterwards as it was before."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    shutil.copytree(ROOT / "lmkit", source / "lmkit", ignore=shutil.ignore_patterns("__pycache__"))
    experiments = "chapters/_experiments"
    shutil.copytree(ROOT / experiments, source / experiments, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests/data", source / "tests/data", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-TEXT", ".gitignore"):
        shutil.copy(ROOT / name, source)
    before = sorted(source.rglob("*"))
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    assert sorted(source.rglob("*")) == before
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_holds_the_package_with_its_models_and_no_tests(wheel):
    assert wheel.name == f"lmkit_book-{lmkit.__version__}-py3-none-any.whl"
    package = {path.relative_to(ROOT).as_posix() for path in (ROOT / "lmkit").rglob("*") if path.is_file()}
    package = {path for path in package if "__pycache__" not in path}
    package |= {f"lmkit/book/_experiments/{path.name}" for path in (ROOT / "chapters/_experiments").glob("*.json")}
    assert {"lmkit/py.typed", "lmkit/models/shipped/storyworld-gpt/model.safetensors"} <= package
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        (metadata,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        text = archive.read(metadata).decode()
    assert names == package
    assert "\nName: lmkit-book\n" in text


def test_what_messages_say_to_install_exists():
    """The name `lmkit` on the package index is another project's."""
    extras = set(PROJECT["optional-dependencies"])
    for path in sorted((ROOT / "lmkit").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\blmkit\[", text), f"{path}: the distribution is called lmkit-book"
        for command in re.findall(r"pip install ['\"]?lmkit\S*", text):
            found = re.fullmatch(r"pip install 'lmkit-book\[(\w+)\]'\S*", command)
            assert found, f"{path}: {command} would install something else, or nothing in a shell that expands [...]"
            assert found[1] in extras, f"{path}: there is no extra {found[1]}"


def test_version_addresses_and_licence_are_the_same_everywhere():
    citation, config = yaml_file("CITATION.cff"), yaml_file("_config.yml")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert citation["version"] == lmkit.__version__
    assert f"\n## {lmkit.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert PROJECT["license"] == f"{citation['license']} AND CC-BY-4.0"
    book = PROJECT["urls"]["Book"]
    assert book == site_of(config["repository"]["url"]) == citation["url"]
    assert readme.count(book) == 1
    assert citation["repository-code"] == PROJECT["urls"]["Source"] == config["repository"]["url"]


def test_the_workflows_cover_the_pythons_that_we_name():
    named = {text.rsplit(" ", 1)[1] for text in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", text)}
    matrix = yaml_file(".github/workflows/test.yml")["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert set(matrix) == named
    assert min(matrix, key=lambda version: int(version.split(".")[1])) == PROJECT["requires-python"].removeprefix(">=")


def test_what_is_published_was_tested_first_and_belongs_to_nobody():
    text = (WORKFLOWS / "publish.yml").read_text(encoding="utf-8")
    jobs = yaml.safe_load(text)["jobs"]
    assert jobs["test"] == {"uses": "./.github/workflows/test.yml"}
    assert all(job["needs"] == "test" for name, job in jobs.items() if name != "test")
    assert "github.io" not in text
    assert "github.com/" not in text


@pytest.fixture
def checkout(tmp_path):
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def fake_python(folder, version, pip="exit 0"):
    """Write a script that is Python as far as setting up is concerned: a version, a `venv` module and pip."""
    path = folder / "fake-python"
    answer = int(tuple(map(int, version.split("."))) < (3, 11))
    path.write_text(
        f"""#!/bin/sh
case "$1 $2" in
  "-c "*) exit {answer} ;;
  "--version "*) echo "Python {version}" ;;
  "-m venv") shift 2; [ "$1" = --clear ] && shift && rm -rf "$1"; mkdir -p "$1/bin" && cp "$0" "$1/bin/python" ;;
  "-m pip") {pip} ;;
esac
""",
        encoding="utf-8",
    )
    path.chmod(0o755)
    return path


def make(checkout, target, *variables):
    return subprocess.run(["make", target, *variables], cwd=checkout, capture_output=True, text=True, check=False)


def test_an_old_python_is_refused_at_once(checkout):
    done = make(checkout, "book", f"PYTHON={fake_python(checkout, '3.10.4')}")
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
    assert "Python 3.10.4" in done.stderr
    assert not (checkout / ".venv").exists()


def test_no_python_at_all_is_said_too(checkout):
    done = make(checkout, "book", "PYTHON=no-such-python")
    assert done.returncode != 0
    assert "needs Python 3.11 or newer, and 'no-such-python' is" in done.stderr
    assert not (checkout / ".venv").exists()


def test_the_version_of_this_python_is_enough(checkout):
    done = make(checkout, "--dry-run", "book")
    line = next(line for line in done.stdout.splitlines() if "version_info" in line)
    check = re.search(r"-c '([^']+)'", line)[1]
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_an_interrupted_set_up_is_made_again(checkout):
    ready = checkout / ".venv/.ready"
    done = make(checkout, ".venv/.ready", f"PYTHON={fake_python(checkout, '3.12.0', pip='exit 1')}")
    assert done.returncode != 0
    assert not ready.exists()
    (checkout / ".venv/broken").touch()
    python = fake_python(checkout, "3.12.0")
    assert make(checkout, ".venv/.ready", f"PYTHON={python}").returncode == 0
    assert ready.exists()
    assert not (checkout / ".venv/broken").exists()


def test_an_update_keeps_the_environment_and_an_interrupted_one_does_not_count(checkout):
    python = fake_python(checkout, "3.12.0")
    make(checkout, ".venv/.ready", f"PYTHON={python}")
    (checkout / ".venv/installed").touch()
    make(checkout, ".venv/.ready", "--what-if=constraints.txt", f"PYTHON={python}")
    assert (checkout / ".venv/installed").exists()
    fake_python(checkout, "3.12.0", pip="exit 1")
    make(checkout, ".venv/.ready", "--what-if=constraints.txt", f"PYTHON={python}")
    assert not (checkout / ".venv/.ready").exists()


def test_clean_leaves_nothing_built_and_everything_written(checkout):
    built = [".venv/bin", "_build/html", "build/lib", "dist", "lmkit_book.egg-info", "lmkit/__pycache__", ".ruff_cache"]
    work = ["submitted/ada/gpt.ipynb", "exercises/gpt/gpt.ipynb", "exercises/gpt/gpt-kept-1.ipynb", "feedback/ada.html"]
    work += ["gradebook.db", "grades.csv", "autograded/ada.ipynb", "solutions/gpt/.ipynb_checkpoints/gpt.ipynb"]
    for folder in built:
        (checkout / folder).mkdir(parents=True)
        (checkout / folder / "file").touch()
    for file in work:
        (checkout / file).parent.mkdir(parents=True, exist_ok=True)
        (checkout / file).touch()
    assert make(checkout, "clean").returncode == 0
    assert not [folder for folder in built if (checkout / folder).exists()]
    left = {path.relative_to(checkout).as_posix() for path in checkout.rglob("*") if path.is_file()}
    assert left == {"Makefile", "pyproject.toml", "constraints.txt", *work}
