"""Every experiment reruns in a reduced form; the results that the pages read have the same shape."""

import importlib.util
import inspect
import json
from pathlib import Path

import pytest

from lmkit.book import experiments, load_experiment, save_experiment
from lmkit.book.experiments import read_experiment
from tests.book.small_books import build, code, markdown

FOLDER = Path(__file__).parents[2] / "chapters" / "_experiments"
PROGRAMS = sorted(path.stem for path in FOLDER.glob("*.py"))


def shape_of(value):
    """Names and kinds in a result, whatever the lengths of its lists; a list is as its first entry."""
    if isinstance(value, dict):
        return {name: shape_of(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [shape_of(entry) for entry in value[:1]]
    return "number" if isinstance(value, int | float) else type(value).__name__


@pytest.fixture(params=PROGRAMS)
def program(request, monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)  # as when the program is run: some share `parts/`
    path = FOLDER / f"{request.param}.py"
    spec = importlib.util.spec_from_file_location(request.param, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_experiment_reruns_in_a_reduced_form(program):
    result = json.loads(json.dumps(program.run(**program.REDUCED)))
    saved = json.loads(Path(program.__file__).with_suffix(".json").read_text())
    assert shape_of(result) == shape_of(saved["result"]), f"run {saved['command']} again"


def test_the_saved_result_has_the_settings_of_the_program(program):
    saved = json.loads(Path(program.__file__).with_suffix(".json").read_text())
    parameters = inspect.signature(program.run).parameters.values()
    settings = json.loads(json.dumps({p.name: list(d) if isinstance(d := p.default, range) else d for p in parameters}))
    assert saved["settings"] == settings, f"run {saved['command']} again"
    assert saved["command"] == f"python chapters/_experiments/{Path(program.__file__).name}"
    assert saved["seconds"] > 0


def test_no_result_is_without_its_program():
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == PROGRAMS


def test_what_is_saved_can_be_loaded(tmp_path, monkeypatch):
    def run(seeds=range(3), rate=0.5):
        return {"losses": [rate * seed for seed in seeds]}

    (tmp_path / "_experiments").mkdir()
    (tmp_path / "concepts").mkdir()
    save_experiment(str(tmp_path / "_experiments" / "toy.py"), run)
    monkeypatch.chdir(tmp_path / "concepts")
    toy = load_experiment("toy")
    assert toy.result == {"losses": [0.0, 0.5, 1.0]}
    assert toy.settings == {"seeds": [0, 1, 2], "rate": 0.5}
    assert toy.origin.startswith("python chapters/_experiments/toy.py, 0 s on ")
    with pytest.raises(ValueError, match=r"name='other': there is no _experiments/other\.json"):
        load_experiment("other")


def test_the_full_experiment_takes_no_arguments(tmp_path):
    with pytest.raises(ValueError, match="seeds of <lambda> has no default"):
        save_experiment(str(tmp_path / "toy.py"), lambda seeds: seeds)


@pytest.mark.filterwarnings("default")  # Sphinx's own are not ours to mend
def test_a_page_says_where_its_numbers_come_from(tmp_path):
    (tmp_path / "_experiments").mkdir()
    save_experiment(str(tmp_path / "_experiments" / "toy.py"), lambda seeds=(0,): len(seeds))
    origin = read_experiment("toy", tmp_path / "one.ipynb").origin
    loading = code("load", 'toy = load_experiment("toy")', recorded={"toy-origin": repr(origin)})
    settings = {"exclude_patterns": ["_build", "_experiments"]}
    told = []
    for text in ("Numbers.", "Numbers, from {glue:text}`toy-origin`."):
        pages = {"one": [markdown("text", f"# One\n\n{text}"), loading]}
        told.append(build(tmp_path, "_sphinx.origins", "toctree", pages, **settings)[1])
    assert "does not say where the numbers of 'toy' come from" in told[0]
    assert told[1] == ""


def test_an_installed_package_has_the_results(tmp_path, monkeypatch):
    """A downloaded page finds them there; tests/test_packaging.py says that they are in the wheel."""
    package = tmp_path / "package"
    (package / "_experiments").mkdir(parents=True)
    save_experiment(str(package / "_experiments" / "toy.py"), lambda seeds=(0,): len(seeds))
    monkeypatch.setattr(experiments, "__file__", str(package / "experiments.py"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert load_experiment("toy").result == 1
