from lmkit.tasks import extractive_question_task, generative_question_task, word_problem_task


def test_answers_stand_where_their_spans_say(world, sizes):
    task = extractive_question_task(world, **sizes)
    for example in task.train:
        start, end = example.span
        assert example.text[start:end] == example.answer
        assert (example.question, example.answer) in {
            (asked.question, asked.answer) for asked in world.parse(example.text).story.questions
        }
    assert len({example.text for example in task.train}) == len(task.train)
    assert len({example.question.split()[0] for example in task.train}) == 3  # who, what and where


def test_written_answers_are_those_found_in_the_text(world, sizes):
    found = extractive_question_task(world, **sizes).train
    written = generative_question_task(world, **sizes).train
    for extracted, generated in zip(found, written, strict=True):
        assert generated.prompt == f"{extracted.text} {extracted.question}"
        assert generated.answer == extracted.answer
        assert extracted.answer in generated.steps[-1]


def test_steps_of_word_problems_lead_to_the_answer(world, sizes):
    for num_steps in (1, 3):
        for example in word_problem_task(world, num_steps=num_steps, **sizes).train:
            assert len(example.steps) == num_steps
            for step in example.steps:
                sum_, result = step.split(": ")[1].split(" = ")
                first, sign, second = sum_.split()
                assert int(result) == int(first) + (int(second) if sign == "+" else -int(second))
            assert result == example.answer
            assert example.prompt.endswith("?")
