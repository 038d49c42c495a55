import pickle

import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from lmkit.data import HashedNgrams, HasLabel, clean_corpus, train_text_classifier

SENTENCES = {
    "de": [
        "Die Katze schläft auf dem warmen Dach.",
        "Wir haben gestern lange auf den Zug gewartet.",
        "Der Junge liest seiner Schwester ein Buch vor.",
        "Im Winter wird es hier schon früh dunkel.",
    ],
    "en": [
        "The cat is sleeping on the warm roof.",
        "We waited a long time for the train yesterday.",
        "The boy is reading a book to his sister.",
        "In winter it gets dark early around here.",
    ],
    "fr": [
        "Le chat dort sur le toit chaud de la maison.",
        "Hier nous avons attendu le train pendant longtemps.",
        "Le garçon lit un livre à sa petite sœur.",
        "En hiver il fait nuit très tôt par ici.",
    ],
    "ja": ["猫は暖かい屋根の上で寝ています。", "昨日は電車を長く待ちました。", "少年は妹に本を読んでいます。"],
    "zh": ["猫在温暖的屋顶上睡觉。", "昨天我们等了很久的火车。", "男孩在给妹妹读书。"],
}
HELD_OUT = {
    "de": "Meine Großmutter backt am Sonntag immer einen Kuchen.",
    "en": "My grandmother always bakes a cake on Sundays.",
    "fr": "Ma grand-mère prépare toujours un gâteau le dimanche.",
    "ja": "祖母は日曜日にいつもケーキを焼きます。",
    "zh": "奶奶星期天总是在家里做蛋糕。",
}
TEXTS = [text for texts in SENTENCES.values() for text in texts]
LABELS = [label for label, texts in SENTENCES.items() for _ in texts]


@pytest.mark.parametrize("features", [HashedNgrams(num_buckets=500), HashedNgrams(unit="words", longest=2)])
def test_the_minimum_is_that_of_scikit_learn(features):
    penalty = 1e-2
    ours = train_text_classifier(TEXTS, LABELS, features=features, penalty=penalty)

    def matrix(texts):
        buckets, values, starts = features.encode(texts)
        return csr_matrix(
            (values.numpy(), buckets.numpy(), [*starts.tolist(), len(buckets)]), (len(texts), features.num_buckets)
        )

    theirs = LogisticRegression(C=1 / (penalty * len(TEXTS)), tol=1e-10, max_iter=5000).fit(matrix(TEXTS), LABELS)
    assert ours.labels == tuple(theirs.classes_)
    held_out = list(HELD_OUT.values())
    np.testing.assert_allclose(ours.probs(held_out).numpy(), theirs.predict_proba(matrix(held_out)), atol=1e-4)


def test_languages_are_identified_in_unseen_sentences():
    classifier = train_text_classifier(TEXTS, LABELS)
    assert {label: classifier.classify(text) for label, text in HELD_OUT.items()} == {
        label: label for label in HELD_OUT
    }


def test_the_filter_keeps_what_is_probable_enough_and_travels_to_other_processes():
    classifier = train_text_classifier(TEXTS, LABELS)
    step = pickle.loads(pickle.dumps(HasLabel(classifier=classifier, label="en")))
    cleaned, report = clean_corpus(HELD_OUT.values(), [step])
    assert cleaned == [HELD_OUT["en"]]
    assert report.steps[0].name == "HasLabel"
    probability = float(classifier.probs([HELD_OUT["en"]])[0, 1])
    assert HasLabel(classifier=classifier, label="en", minimum=probability)(HELD_OUT["en"])
    assert not HasLabel(classifier=classifier, label="en", minimum=probability + 1e-9)(HELD_OUT["en"])


def test_vectors_have_length_one_and_count_ngrams():
    features = HashedNgrams(unit="words", longest=1)
    _, values, starts = features.encode(["a a b", "", "c"])
    assert starts.tolist() == [0, 2, 2]
    assert sorted(values[:2].tolist()) == pytest.approx([1 / 5**0.5, 2 / 5**0.5])
    assert values[2:].tolist() == [1.0]
    assert HashedNgrams(unit="words", longest=2).ngrams("One, two") == ["one", ",", "two", "one ,", ", two"]


def test_a_text_without_ngrams_gets_the_shares_of_the_classes():
    classifier = train_text_classifier(["x y", "x y", "x z"], ["a", "a", "b"], penalty=100.0)
    torch.testing.assert_close(classifier.probs([""])[0], torch.tensor([2 / 3, 1 / 3]).double(), atol=0.01, rtol=0)


def test_the_defaults():
    texts, labels = ["abcde", "vwxyz"], ["a", "b"]
    features = HashedNgrams()
    assert features == HashedNgrams(unit="characters", shortest=1, longest=4, num_buckets=65_536)
    assert {len(ngram) for ngram in features.ngrams("abcdefg")} == {1, 2, 3, 4}
    classifier = train_text_classifier(texts, labels)
    assert torch.equal(classifier.weight, train_text_classifier(texts, labels, features=features, penalty=1e-4).weight)
    assert HasLabel(classifier=classifier, label="a").minimum == 0.5
    one = train_text_classifier(texts, labels, features=HashedNgrams(num_buckets=1))
    torch.testing.assert_close(one.probs(texts), torch.full((2, 2), 0.5).double())  # nothing is told apart


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="2 texts have 1 labels"):
        train_text_classifier(["a", "b"], ["x"])
    with pytest.raises(ValueError, match=r"labels=\['x'\] are fewer than two classes"):
        train_text_classifier(["a", "b"], ["x", "x"])
    with pytest.raises(ValueError, match="penalty=0.0 must be greater than 0"):
        train_text_classifier(["a", "b"], ["x", "y"], penalty=0.0)
    with pytest.raises(ValueError, match="shortest=3 must be at least 1 and at most longest=2"):
        HashedNgrams(shortest=3, longest=2)
    with pytest.raises(ValueError, match="num_buckets=0 must be at least 1"):
        HashedNgrams(num_buckets=0)
    with pytest.raises(ValueError, match="label='z' is not one of the classifier's labels"):
        HasLabel(classifier=train_text_classifier(["a", "b"], ["x", "y"]), label="z")
