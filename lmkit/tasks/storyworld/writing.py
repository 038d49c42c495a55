"""Writing tasks: summaries and translations."""

from collections.abc import Iterator
from typing import Unpack

from lmkit.storyworld import StoryWorld
from lmkit.tasks.examples import Task, TextToText
from lmkit.tasks.storyworld.drawing import Parts, Source, draw_task


def summary_task(world: StoryWorld | None = None, **parts: Unpack[Parts]) -> Task[TextToText]:
    """Summarise a story in two sentences: the most important event, and how the hero feels in the end.

    Args:
        world: The world to draw from; ``None`` for the default world.
        parts: Sizes and seed; see :class:`~lmkit.tasks.storyworld.drawing.Parts`.

    Returns:
        Stories with their summaries.

    Example:
        >>> summary_task(num_train=1, num_validation=0, num_test=1).test[0].target
        'Felix made the lovely ring dirty. In the end Rowan was sad.'
    """

    def examples(source: Source) -> Iterator[TextToText]:
        while True:
            story = source.story()
            yield TextToText(source=story.text, target=story.summary)

    return draw_task("summaries", examples, world, **parts)


def translation_task(world: StoryWorld | None = None, **parts: Unpack[Parts]) -> Task[TextToText]:
    """Translate a story from English to Chinese.

    Args:
        world: The world to draw from; ``None`` for the default world.
        parts: Sizes and seed; see :class:`~lmkit.tasks.storyworld.drawing.Parts`.

    Returns:
        English stories with their Chinese translations.

    Example:
        >>> example = translation_task(num_train=1, num_validation=0, num_test=1).test[0]
        >>> example.source[:18], example.target[:5]
        ('On a warm Thursday', '在一个温暖')
    """

    def examples(source: Source) -> Iterator[TextToText]:
        while True:
            story = source.story()
            yield TextToText(source=story.text, target=story.text_zh)

    return draw_task("translation", examples, world, **parts)
