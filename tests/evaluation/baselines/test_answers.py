import pytest

from lmkit.evaluation.baselines import PatternAnswers
from lmkit.tasks import AnsweredQuestion


def asked(question, text, answer):
    start = text.index(answer)
    return AnsweredQuestion(question=question, text=text, answer=answer, span=(start, start + len(answer)))


@pytest.fixture
def answers():
    return PatternAnswers().fit(
        [
            asked("Who has the hat at the end?", "Tom gave Eva the hat.", "Eva"),
            asked("Who has the cup at the end?", "Tom took the cup.", "Tom"),
            asked("Where is the cup?", "Tom put the cup on the shelf.", "shelf"),
            asked("What does Tom eat?", "Tom likes pears.", "pears"),
        ]
    )


def answer(answers, question, text):
    start, end = answers.predict([question], [text])[0]
    return text[start:end], start


def test_answer_is_of_the_kind_of_the_question_and_near_its_words(answers):
    text = "Eva sat near the shelf. Tom held a kite. Eva sang."
    assert answer(answers, "Who has the kite at the end?", text) == ("Tom", 24)
    assert answer(answers, "Where is the kite?", text) == ("shelf", 17)


def test_last_of_equally_good_places_wins(answers):
    text = "Eva sat. Then Tom slept."
    assert answer(answers, "Who has the kite at the end?", text) == ("Tom", 14)


def test_first_word_and_then_anything_stands_in_for_an_unknown_kind(answers):
    assert answer(answers, "Where did it go?", "Eva looked behind the shelf.") == ("shelf", 22)
    assert answer(answers, "Which one?", "Some pears.") == ("pears", 5)


def test_parts_of_words_are_no_answers(answers):
    assert answer(answers, "Where is it?", "Under the bookshelf.") == ("", 0)


def test_nothing_to_learn_is_refused():
    with pytest.raises(ValueError, match="examples is empty"):
        PatternAnswers().fit([])
