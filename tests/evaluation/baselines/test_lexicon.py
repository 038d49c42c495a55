import pytest

from lmkit.evaluation.baselines import LexiconTagger
from lmkit.tasks import LabelledSpan, TaggedText


def tagged(text, *phrases):
    spans, end = [], 0
    for phrase, label in phrases:
        start = text.index(phrase, end)
        end = start + len(phrase)
        spans.append(LabelledSpan(start, end, label))
    return TaggedText(text=text, spans=tuple(spans))


def marked(tagger, text):
    return [(text[start:end], label) for start, end, label in tagger.predict([text])[0]]


def test_longest_phrase_wins():
    tagger = LexiconTagger().fit([tagged("A kite, a red kite.", ("kite", "TOY"), ("red kite", "BIRD"))])
    assert marked(tagger, "The red kite saw a kite.") == [("red kite", "BIRD"), ("kite", "TOY")]


def test_most_frequent_label_wins_and_none_is_one_of_them():
    examples = [
        tagged("Rose and Rose saw a Rose.", ("Rose", "PERSON"), ("Rose", "PERSON"), ("Rose", "FLOWER")),
        tagged("May I? May I not? In May.", ("May", "TIME")),
    ]
    examples[1] = TaggedText(text=examples[1].text, spans=(LabelledSpan(21, 24, "TIME"),))
    tagger = LexiconTagger().fit(examples)
    assert marked(tagger, "Rose came in May.") == [("Rose", "PERSON")]


def test_parts_of_words_are_not_marked_but_chinese_has_none():
    tagger = LexiconTagger().fit([tagged("Ann ate.", ("Ann", "PERSON")), tagged("安娜来了", ("安娜", "PERSON"))])
    assert marked(tagger, "Anna and Ann, Joann.") == [("Ann", "PERSON")]
    assert marked(tagger, "是安娜啊") == [("安娜", "PERSON")]


def test_signs_of_patterns_are_plain_characters():
    tagger = LexiconTagger().fit([tagged("See (a.b) there.", ("(a.b)", "X"))])
    assert marked(tagger, "(a.b) or (acb)") == [("(a.b)", "X")]


def test_training_texts_without_ambiguity_come_back():
    examples = [tagged("Anna has a kite.", ("Anna", "PERSON"), ("kite", "THING")), tagged("It rained.")]
    assert LexiconTagger().fit(examples).predict([each.text for each in examples]) == [each.spans for each in examples]


def test_no_spans_are_refused():
    with pytest.raises(ValueError, match="examples has no span in 1 texts"):
        LexiconTagger().fit([TaggedText(text="a", spans=())])
