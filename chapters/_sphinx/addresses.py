"""Where the book and its repository are: every address follows from ``repository: url`` in ``_config.yml``.

A page or notebook writes ``{{ repository }}`` or ``{{ site }}`` where an address belongs, in code blocks too.
"""

from sphinx.application import Sphinx
from sphinx.config import Config


def site_of(repository: str) -> str:
    """Address at which GitHub publishes a repository's site.

    Args:
        repository: Address of the repository, ``https://github.com/OWNER/NAME``.
    """
    owner, name = repository.rstrip("/").split("/")[-2:]
    return f"https://{owner}.github.io/{name}/"


def set_addresses(app: Sphinx, config: Config) -> None:
    """Derive the site's address from the repository's, unless ``html: baseurl`` gives another."""
    repository = config.html_theme_options.get("repository_url", "")
    config.html_baseurl = config.html_baseurl or site_of(repository)
    config.ogp_site_url = config.html_baseurl


def fill_in(app: Sphinx, page: str, source: list[str]) -> None:
    """Put the addresses into a page that is about to be read."""
    repository = app.config.html_theme_options.get("repository_url", "")
    for name, address in (("repository", repository), ("site", app.config.html_baseurl)):
        source[0] = source[0].replace(f"{{{{ {name} }}}}", address)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("config-inited", set_addresses)
    app.connect("source-read", fill_in)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
