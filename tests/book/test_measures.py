from _sphinx.measures import Size, measure
from docutils.core import publish_doctree

PAGE = """
Three words here
================

Four more words, :math:`x = y`.

- an item

::

    code is no text

.. math::

    a = b + c

.. figure:: a.png

   A caption
"""


def test_words_are_those_that_are_read():
    # Three, four and the formula's three, two, two.
    assert measure(publish_doctree(PAGE)) == Size(words=3 + 4 + 3 + 2 + 2, figures=1)
