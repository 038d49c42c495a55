"""Grade a class's notebooks: nbgrader's loop, made safe against what students hand in.

nbgrader releases, collects and grades; ``nbgrader_config.py`` names the pieces from here that take part:

- :class:`RestoreCells` undoes whatever happened to the assignment's own cells: deleted, edited, doubled, relabelled.
- :class:`SandboxedExecute` runs the notebook with bounds on time and output; where bubblewrap is installed, shut in by
  :class:`SandboxedKernelManager`.
- :class:`ReadScores` accepts as a score only what is clearly one.
- :class:`HideTests` and :class:`NameHiddenFailures` make the feedback, and :func:`clean_markdown` and
  :func:`clean_html` keep students' HTML from running in the instructor's browser.

``python -m lmkit.grading ASSIGNMENT`` (``make grade``) runs autograde, feedback and export for everything under
``submitted/`` and prints one line for each student.

In the sandbox a student's code finds Python, its packages and lmkit, all read-only, and a copy of the files that came
with its notebook. It does not find the course: no solutions, no gradebook, no other student's work, not even its own
notebook, which holds the hidden tests while it is graded. It has no network and sees no process but its own, which end
with it. A process gets 8 GiB of address space and files of at most 256 MiB. What it leaves behind is thrown away.

Tests and answers run in one Python process, so an answer can tamper with Python itself, for example so that ``assert``
does nothing. A test that must fail runs before and after each test; where it does not fail, the test gives no points
and the report says that the notebook changes how Python runs. An answer made against just this grader, or one that
replaces a function which the tests call, such as ``torch.allclose``, can still cheat. It harms nobody else, and the
code that does it stands in the notebook for the instructor to read. Without bubblewrap (which needs Linux) students'
code runs with the instructor's rights, and the report says so.
"""

from lmkit.grading.cells import RestoreCells
from lmkit.grading.execute import SandboxedExecute, SubmissionError
from lmkit.grading.feedback import HideTests, NameHiddenFailures, clean_markdown
from lmkit.grading.grade import GradingError, grade_class
from lmkit.grading.outputs import clean_html
from lmkit.grading.report import Result, format_report
from lmkit.grading.sandbox import SandboxedKernelManager, sandbox_problem
from lmkit.grading.scores import ReadScores
from lmkit.grading.submissions import submission_problem

__all__ = [
    "GradingError",
    "HideTests",
    "NameHiddenFailures",
    "ReadScores",
    "RestoreCells",
    "Result",
    "SandboxedExecute",
    "SandboxedKernelManager",
    "SubmissionError",
    "clean_html",
    "clean_markdown",
    "format_report",
    "grade_class",
    "sandbox_problem",
    "submission_problem",
]
