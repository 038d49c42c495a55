"""How the tests' process calls a student's functions in another: plain data there and back, and nothing that executes.

:mod:`~lmkit.grading.channel.carrying` turns values into bytes, :mod:`~lmkit.grading.channel.calls` makes calls of
them, and :mod:`~lmkit.grading.channel.serving` is what runs in the student's kernel. Objects of an answer's classes
stay there (:mod:`~lmkit.grading.channel.objects`), and gradients are asked for
(:mod:`~lmkit.grading.channel.gradients`). :mod:`~lmkit.grading.channel.trials` tries what holds for every task. They
import nothing else of lmkit: the student's kernel finds nothing else of it.
"""
