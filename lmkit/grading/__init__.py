"""Grade a class's notebooks: nbgrader's loop, made safe against what students hand in.

nbgrader releases, collects and grades; ``nbgrader_config.py`` names the pieces from here that take part:

- :class:`MakeVariant` makes the course's variant of an assignment when it is released.
- :class:`RestoreCells` undoes whatever happened to the assignment's own cells: deleted, edited, doubled, relabelled.
- :class:`SandboxedExecute` runs the notebook and its tests in two processes, with bounds on time, memory and output;
  where bubblewrap is installed, each is shut in. :class:`RunAllTests` is the one that autograding uses: one run for the
  scores and for the feedback.
- :class:`ReadScores` accepts as a score only what is clearly one.
- :class:`HideTests`, :class:`RunVisibleTests` and :class:`NameHiddenFailures` make the feedback, :func:`clean_markdown`
  and :func:`clean_html` keep students' HTML from running in the instructor's browser, and :func:`mathjax_script` keeps
  its pages off the network.
- :class:`UnpackEach` and :class:`CollectByName` collect the archives of Canvas and Moodle.

``python -m lmkit.grading ASSIGNMENT`` (``make grade``) runs autograde, feedback and export for everything under
``submitted/`` that has changed, and prints one line for each student. Each submission is graded in a process that can
die without harm to another; what is known of it afterwards is a file under ``.grading/``.

**Two processes.** A student's kernel runs the notebook. Where a test comes, it only answers calls; the test runs in
another process, which has the instructor's cells alone. There each function of an answer cell is a stand-in: it sends
its arguments to the student's kernel and gets plain data back (:mod:`lmkit.grading.channel`), so that a changed
``assert``, ``==`` or ``torch.allclose`` is changed only where no score is made, and no hidden test is where an answer
could read it. An answer still sees the arguments it is called with, and can keep them in files while its kernel lives.

What a test may pass: None, numbers, strings, bytes, ranges, fractions, the standard containers, tensors, arrays,
``torch.Generator``, lmkit's dataclasses, functions and other callables, iterators, and objects of classes that the test
defines. Arguments that an answer changes are changed for the test as well; an exception comes back with its class and
message. An answer may be a class: its objects stay in the student's kernel, and tests make them, call their methods,
``nn.Module``'s among them, and read and set attributes, which are plain data; comparisons are not asked of them. An
object lives as long as the test cell. Gradients pass through calls: ``backward()`` in a test fills the gradients of
its tensors and of a module's parameters. What a test cannot send is refused by the tests of the exercises.

**Hidden tests and feedback.** The notebook runs without its hidden tests, and at each test cell the kernel leaves a
copy of itself behind, which waits. When all that the feedback shows is written down, each cell runs in full against
its copy (:mod:`lmkit.grading.snapshots`). So what a hidden test passes reaches nothing whose output a student sees, and
what an answer remembers of one hidden test the next does not meet in memory. Without a sandbox, the feedback has a run
of its own instead.

**Trials.** After a test cell has passed, the grader makes its first call of each function again, by name, by position
and as the task declares, and looks whether arguments were changed: see :class:`~lmkit.grading.channel.trials.Trials`.

**Shut in.** A student's code finds Python and its packages, read-only, and copies of the assignment's own files. It
does not find the course: no solutions, no gradebook, no other student's work, no other file that was handed in, and
nothing of lmkit unless the assignment's given cells import it, since lmkit holds what tasks ask for. It has no
network, no keyrings, no shared memory and no process but its own, which end with it. All its processes together get
4 GiB of memory and 1 GiB of files; the notebook gets 240 seconds, and so do its tests in full. A message of more than
32 MiB to the grader is lost. What it leaves behind is thrown away. Outputs keep
text, cleaned HTML and pictures. Text on stderr, such as a warning or a progress bar, is shown like any other text and
costs nothing, here and when a student validates.

**What remains possible.** An answer can take the score of a task only by returning what the task asks for, but it may
compute that with any library that is installed. It can tell a test from ordinary use. Two students' notebooks can
differ in time. Without bubblewrap (which needs Linux) students' code would run with the instructor's rights:
``make grade`` refuses, and ``lmkit/grading/Containerfile`` is a recipe for a container that has it.
"""

from lmkit.grading.cells import RestoreCells
from lmkit.grading.collecting import CollectByName, UnpackEach
from lmkit.grading.course import GradingError
from lmkit.grading.execute import SandboxedExecute, SubmissionError
from lmkit.grading.feedback import (
    FeedbackExporter,
    HideTests,
    NameHiddenFailures,
    RunVisibleTests,
    clean_markdown,
    mathjax_script,
)
from lmkit.grading.grade import grade_class
from lmkit.grading.outputs import clean_html
from lmkit.grading.report import Result, format_report
from lmkit.grading.sandbox import SandboxedKernelManager, sandbox_problem
from lmkit.grading.scores import ReadScores
from lmkit.grading.snapshots import RunAllTests
from lmkit.grading.submissions import submission_problem
from lmkit.grading.variants import MakeVariant

__all__ = [
    "CollectByName",
    "FeedbackExporter",
    "GradingError",
    "HideTests",
    "MakeVariant",
    "NameHiddenFailures",
    "ReadScores",
    "RestoreCells",
    "Result",
    "RunAllTests",
    "RunVisibleTests",
    "SandboxedExecute",
    "SandboxedKernelManager",
    "SubmissionError",
    "UnpackEach",
    "clean_html",
    "clean_markdown",
    "format_report",
    "grade_class",
    "mathjax_script",
    "sandbox_problem",
    "submission_problem",
]
