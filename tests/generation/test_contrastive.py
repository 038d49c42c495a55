import pytest
import torch
from torch.nn import functional as F

from lmkit.functional import softmax
from lmkit.generation import contrastive_search, generate, stop_at
from tests.generation.tiny import V, prompts, tiny_gpt


def search_plainly(model, prompt_ids, max_new_tokens, k, alpha):
    """One row, one candidate at a time, without a cache."""
    text = prompt_ids
    for _ in range(max_new_tokens):
        hidden = model.hidden(text[None])[0]
        probs, candidates = softmax(model.unembedding(hidden[-1])).topk(k)
        scores = []
        for prob, candidate in zip(probs, candidates, strict=True):
            state = model.hidden(torch.cat([text, candidate[None]])[None])[0, -1]
            similarity = F.cosine_similarity(state[None], hidden).max()
            scores.append((1 - alpha) * prob - alpha * similarity)
        text = torch.cat([text, candidates[torch.stack(scores).argmax()][None]])
    return text


@pytest.mark.parametrize("alpha", [0.3, 0.6, 1.0])
def test_it_equals_the_formula(alpha):
    model, prompt_ids = tiny_gpt(), prompts(3, 4)
    text = contrastive_search(model, prompt_ids, max_new_tokens=8, k=4, alpha=alpha)
    for row in range(3):
        assert torch.equal(text[row], search_plainly(model, prompt_ids[row], 8, 4, alpha))


def test_without_penalty_it_is_greedy_and_with_it_not():
    model, prompt_ids = tiny_gpt(), prompts(2, 4)
    greedy = generate(model, prompt_ids, max_new_tokens=8)
    assert torch.equal(contrastive_search(model, prompt_ids, max_new_tokens=8, alpha=0.0), greedy)
    assert not torch.equal(contrastive_search(model, prompt_ids, max_new_tokens=8, alpha=0.6), greedy)


def test_by_default_a_penalty_of_six_tenths_chooses_among_four():
    model, prompt_ids = tiny_gpt(), prompts(2, 4)
    expected = contrastive_search(model, prompt_ids, max_new_tokens=8, k=4, alpha=0.6)
    assert torch.equal(contrastive_search(model, prompt_ids, max_new_tokens=8), expected)


def test_a_finished_row_repeats_its_last_token_and_the_search_ends_with_the_last_row():
    model, prompt_ids = tiny_gpt(), prompts(3, 4)
    whole = contrastive_search(model, prompt_ids, max_new_tokens=8)
    stops = {whole[0, 5].item(), whole[1, 4].item(), whole[2, 6].item()}
    text = contrastive_search(model, prompt_ids, max_new_tokens=8, stop=stop_at(*stops))
    ends = [next(place for place in range(4, 12) if row[place].item() in stops) for row in whole]
    assert text.shape[1] == max(ends) + 1 < whole.shape[1]
    assert len(set(ends)) > 1  # one row finishes while another goes on
    for row, end, found in zip(whole, ends, text, strict=True):
        assert torch.equal(found[: end + 1], row[: end + 1])
        assert (found[end:] == row[end]).all()


def test_as_much_is_written_as_the_context_holds():
    model = tiny_gpt()
    assert contrastive_search(model, prompts(1, 20), max_new_tokens=4, k=V).shape == (1, 24)
    assert torch.equal(contrastive_search(model, prompts(1, 20), max_new_tokens=0), prompts(1, 20))
    with pytest.raises(ValueError, match="25 tokens are more than context_length=24"):
        contrastive_search(model, prompts(1, 20), max_new_tokens=5)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"alpha": -0.1}, "alpha=-0.1 must be between 0 and 1"),
        ({"alpha": 1.5}, "alpha=1.5 must be between 0 and 1"),
        ({"k": 0}, "k=0 must be at least 1"),
        ({"k": V + 1}, "k=18 must be at most the vocabulary size, 17"),
        ({"max_new_tokens": -1}, "max_new_tokens=-1 must be at least 0"),
        ({"prompt_ids": torch.zeros(1, 0, dtype=torch.long)}, "prompt_ids has no tokens"),
    ],
)
def test_what_is_out_of_range_is_named(changes, message):
    arguments = {"prompt_ids": prompts(1, 2), "max_new_tokens": 1, **changes}
    with pytest.raises(ValueError, match=message):
        contrastive_search(tiny_gpt(), **arguments)
