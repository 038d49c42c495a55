import numpy as np
import pytest
from scipy.special import rel_entr

from lmkit.book import lens_grid
from tests.book.test_interactive import Strict, data_of

TOKENS = ["the", " <b>", "kite\n", "风筝", " a", " of", " to"]
READ = ["(start)", " the"]


@pytest.fixture
def shares():
    return np.random.default_rng(0).dirichlet(np.ones(len(TOKENS)), size=(3, 2))


@pytest.fixture
def truth():
    return np.array([[0.5, 0.25, 0.25, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0]])


def test_it_carries_the_most_probable_tokens_of_each_cell(shares, truth):
    data = data_of(lens_grid(shares, READ, TOKENS, truth=truth))
    names = ["the", "␣<b>", "kite⏎", "风筝", "␣a", "␣of", "␣to"]
    for position in range(2):
        for depth in range(3):
            row = shares[depth, position]
            cell = data["cells"][position][depth]
            assert [name for name, _ in cell] == [names[index] for index in np.argsort(-row)[:5]]
            np.testing.assert_allclose([share for _, share in cell], np.sort(row)[::-1][:5], atol=0.0001)
    assert data["truths"] == [[["the", 0.5], ["␣<b>", 0.25], ["kite⏎", 0.25]], [["风筝", 1.0]]]
    assert data["depths"] == ["embedding", "layer 1", "layer 2"]


def test_the_distance_is_the_divergence_from_the_truth(shares, truth):
    data = data_of(lens_grid(shares, READ, TOKENS, truth=truth))
    expected = rel_entr(truth[None], shares).sum(axis=-1).T
    np.testing.assert_allclose(data["nats"], expected, atol=0.0006)


def test_tokens_cannot_break_out(shares, truth):
    hostile = ["</script><script>alert(1)</script>", '"><img src=x>', "&lt;", "'", "<i>", "</td>", "x"]
    page = Strict(lens_grid(shares, hostile[:2], hostile, truth=truth).html)
    tags = [tag for tag, _ in page.attributes]
    assert tags.count("script") == 1
    assert not {"img", "i"} & set(tags)


def test_the_first_choice_is_the_one_asked_for(shares, truth):
    page = Strict(lens_grid(shares, READ, TOKENS, truth=truth, position=0, depth=1).html)
    checked = [attributes for tag, attributes in page.attributes if "checked" in attributes]
    assert [attributes["value"] for attributes in checked] == ["1"]
    assert checked[0]["aria-label"].startswith("(start), layer 1: ")


def test_the_still_picture_is_the_grid(shares, truth):
    figure = lens_grid(shares, READ, TOKENS, truth=truth)
    page = Strict(figure.html)
    texts = [text for tag, text in page.texts if tag == "text"]
    assert texts[:4] == ["embedding", "layer 1", "layer 2", "the truth"]
    assert texts[-1] == "风筝"
    assert figure.html.count("<rect") == 2 * 4


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"read": ["one"]}, r"probabilities has shape \(3, 2, 7\), but must be \(Z, 1, 7\)"),
        ({"truth": [[1.0]]}, r"truth has shape \(1, 1\), but must be \(2, 7\)"),
        ({"truth": [[1.0] * 7] * 2}, "truth must be distributions"),
        ({"probabilities": np.full((3, 2, 7), -1.0)}, "probabilities must be distributions"),
        ({"position": 2}, "position=2 is out of range: there are 2"),
        ({"depth": -4}, "depth=-4 is out of range: there are 3"),
    ],
)
def test_what_does_not_fit_is_refused(shares, truth, changes, message):
    given = {"probabilities": shares, "read": READ, "tokens": TOKENS, "truth": truth} | changes
    with pytest.raises(ValueError, match=message):
        lens_grid(given.pop("probabilities"), given.pop("read"), given.pop("tokens"), **given)
