"""The settings of nbgrader_config.py have an effect: each belongs to a class that knows it."""

from pathlib import Path

import nbgrader.apps
import nbgrader.converters
import nbgrader.plugins
import nbgrader.preprocessors
import nbgrader.validator
from nbconvert.exporters import HTMLExporter
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader

import lmkit.grading

PLACES = (
    nbgrader.apps,
    nbgrader.converters,
    nbgrader.plugins,
    nbgrader.preprocessors,
    nbgrader.validator,
    lmkit.grading,
)
CLASSES = {name: vars(place)[name] for place in PLACES for name in vars(place)}
CLASSES |= {"CourseDirectory": CourseDirectory, "HTMLExporter": HTMLExporter}


def unknown(settings, above=""):
    """List settings that no class has; a section within a section is a class again."""
    for name, value in settings.items():
        owner = CLASSES[name]
        for key, setting in value.items():
            if isinstance(setting, Config):
                yield from unknown({key: setting}, above=f"{name}.")
            elif key not in owner.class_traits(config=True):
                yield f"{above}{name}.{key}"


def test_every_setting_is_known_to_its_class():
    settings = PyFileConfigLoader("nbgrader_config.py", path=str(Path(__file__).parents[2])).load_config()
    assert len(settings) > 8
    assert [*unknown(settings)] == []
    assert [*unknown(Config(GenerateFeedback={"export_class": "", "exporter_class": ""}))] == [
        "GenerateFeedback.export_class"
    ]
