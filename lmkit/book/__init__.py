"""What the pages of the book use: values, claims and experiments in the text, figures that a reader can move.

Runs without Jupyter Book.
"""

from lmkit.book.angle_clocks import angle_clocks
from lmkit.book.attention_map import attention_map
from lmkit.book.chips import token_chips
from lmkit.book.claims import Claim, claim
from lmkit.book.decoding_bars import decoding_bars
from lmkit.book.equations import check_equation
from lmkit.book.exercises import Assignment, Progress, check_tasks, exercise_progress, read_assignments
from lmkit.book.experiments import Experiment, load_experiment, save_experiment
from lmkit.book.interactive import InteractiveFigure
from lmkit.book.lens_grid import lens_grid
from lmkit.book.merge_slider import merge_slider
from lmkit.book.model_sizes import ModelSizes
from lmkit.book.recording import glue
from lmkit.book.size_calculator import size_calculator
from lmkit.book.step_player import step_player
from lmkit.book.training_scrubber import training_scrubber

__all__ = [
    "Assignment",
    "Claim",
    "Experiment",
    "InteractiveFigure",
    "ModelSizes",
    "Progress",
    "angle_clocks",
    "attention_map",
    "check_equation",
    "check_tasks",
    "claim",
    "decoding_bars",
    "exercise_progress",
    "glue",
    "lens_grid",
    "load_experiment",
    "merge_slider",
    "read_assignments",
    "save_experiment",
    "size_calculator",
    "step_player",
    "token_chips",
    "training_scrubber",
]
