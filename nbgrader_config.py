"""The course as nbgrader sees it: where the notebooks are, and how they are graded."""

from pathlib import Path

import nbgrader

import lmkit.grading
from lmkit.grading.validation import put_message_first

c = get_config()  # noqa: F821 (nbgrader runs this file with get_config defined)

c.CourseDirectory.course_id = "llm"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__"]

# Release: the course's variant, then nbgrader's own steps.
c.GenerateAssignment.preprocessors = [
    "lmkit.grading.MakeVariant",
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearSolutions",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Seconds per cell. The slowest test cell takes less than one; an endless loop is cut off here.
c.Execute.timeout = 30

# `nbgrader validate` cuts longer lines off, and with them the end of a test's message.
c.Validator.width = 300
# A student who presses Validate reads the message of a test that failed, not its code.
c.Validator.Execute.on_cell_error = put_message_first
# nbgrader calls a cell with text on stderr a failure. For us a warning or a progress bar is text like any other.
c.Validator.Execute.extra_arguments = ["--IPKernelApp.exec_lines=__import__('sys').stderr.name = 'stdout'"]

# Grading: whatever was handed in becomes the released notebook again, with the student's answers, and runs shut in.
c.Autograde.sanitize_preprocessors = [
    "lmkit.grading.RestoreCells",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "lmkit.grading.RunAllTests",
    "lmkit.grading.ReadScores",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.SandboxedExecute.notebook_timeout = 240  # seconds for all cells together, and as many for the tests in full

# Feedback: it shows how the notebook ran without the hidden tests, so that in the sandbox nothing of them can reach it.
c.GenerateFeedback.exporter_class = "lmkit.grading.FeedbackExporter"
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "lmkit.grading.HideTests",
    "nbgrader.preprocessors.ClearOutput",
    "lmkit.grading.RunVisibleTests",
    "nbgrader.preprocessors.LimitOutput",
    "lmkit.grading.NameHiddenFailures",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]

# Students' HTML is shown in the instructor's browser, by the formgrader and on feedback pages.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {
    "clean_html": "lmkit.grading.clean_html",
    "markdown2html": "lmkit.grading.clean_markdown",
    "mathjax_script": "lmkit.grading.mathjax_script",
}
# Feedback pages have MathJax in them.
c.HTMLExporter.extra_template_basedirs = [
    str(Path(lmkit.grading.__file__).parent / "templates"),
    str(Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"),
]

# `nbgrader zip_collect`: downloaded/<assignment>/archive/ has a zip for each student, or one of Canvas or Moodle.
c.ZipCollectApp.extractor_plugin = "lmkit.grading.UnpackEach"
c.ZipCollectApp.collector_plugin = "lmkit.grading.CollectByName"
