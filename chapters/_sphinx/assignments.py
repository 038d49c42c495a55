"""The table of assignments, from what their notebooks say of themselves: ``{assignments}``."""

from pathlib import Path
from urllib.parse import quote, urlsplit

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from lmkit.book import Assignment, read_assignments


def open_links(notebook: str, repository: str, branch: str) -> dict[str, str]:
    """Addresses that open a notebook of the repository, without an account or with one.

    Args:
        notebook: Its path in the repository.
        repository: Address of the repository, ``https://github.com/OWNER/NAME``.
        branch: The branch to open.
    """
    name = urlsplit(repository).path.strip("/")
    return {
        "Colab": f"https://colab.research.google.com/github/{name}/blob/{branch}/{notebook}",
        "Binder": f"https://mybinder.org/v2/gh/{name}/{branch}?urlpath={quote(f'lab/tree/{notebook}', safe='')}",
    }


def row(assignment: Assignment, root: Path, repository: str, branch: str) -> str:
    """One line of the table, in Markdown."""
    links = open_links(assignment.path.relative_to(root).as_posix(), repository, branch)
    where = " · ".join(f"[{place}]({address})" for place, address in links.items())
    size = f"{len(assignment.tasks)} tasks, {assignment.points} points"
    page = f"{{doc}}`/chapters/{assignment.page}`"
    return f"| **{assignment.title}**, {size} | {assignment.level} | {assignment.time} | {page} | {where} |"


class AssignmentsDirective(SphinxDirective):
    """Write the table where the directive is."""

    def run(self) -> list[nodes.Node]:
        """Read the students' notebooks."""
        root, options = Path(self.env.srcdir), self.config.html_theme_options
        assignments = read_assignments(root / "exercises")
        for assignment in assignments:
            self.env.note_dependency(str(assignment.path))
        repository, branch = options["repository_url"], options.get("repository_branch", "main")
        lines = ["| assignment | level | time, about | explained in | open it in |", "|---|---|---|---|---|"]
        lines += [row(assignment, root, repository, branch) for assignment in assignments]
        box = nodes.container()
        self.state.nested_parse(StringList(lines, self.env.docname), self.content_offset, box)
        return box.children


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("assignments", AssignmentsDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
