"""The course as nbgrader sees it: where the notebooks are, and how they are graded."""

c = get_config()  # noqa: F821 (nbgrader runs this file with get_config defined)

c.CourseDirectory.course_id = "llm"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__"]

# Seconds per cell. The slowest test cell takes less than one; an endless loop is cut off here.
c.Execute.timeout = 30

# A test cell that the student deleted comes back; otherwise its score would stay empty.
c.OverwriteCells.add_missing_cells = True

# nbgrader gives no points to a cell that wrote to stderr. A warning or a progress bar is not an error.
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = r"(?s).*"
