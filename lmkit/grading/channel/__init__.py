"""How the tests' process calls a student's functions in another: plain data there and back, and nothing that executes.

:mod:`~lmkit.grading.channel.carrying` turns values into bytes, :mod:`~lmkit.grading.channel.calls` makes calls of
them, and :mod:`~lmkit.grading.channel.serving` is what runs in the student's kernel. The three import nothing else of
lmkit: the student's kernel finds nothing else of it.
"""
