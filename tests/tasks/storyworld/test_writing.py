from lmkit.tasks import summary_task, translation_task


def test_targets_are_the_summary_and_the_translation(world, sizes):
    for example in summary_task(world, **sizes).train:
        assert world.parse(example.source).story.summary == example.target
        assert example.target.count(".") == 2
    for example in translation_task(world, **sizes).train:
        assert world.parse(example.source).story.text_zh == example.target
