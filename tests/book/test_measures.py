from _sphinx.measures import Size, measure
from docutils.core import publish_doctree

PAGE = """
Three words here
================

Then some more, :math:`x = y`.

- an item

::

    code is no text

.. math::

    a = b + c

.. figure:: a.png

   A caption
"""


def test_words_are_those_that_are_read():
    # The title, the paragraph with its formula, the item, the caption.
    assert measure(publish_doctree(PAGE)) == Size(words=3 + (3 + 3) + 2 + 2, figures=1)
