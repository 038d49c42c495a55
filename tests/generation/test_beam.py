import itertools

import pytest
import torch

from lmkit.functional import log_softmax
from lmkit.generation import beam_search, generate
from lmkit.nn import padding_mask
from tests.generation.tiny import V, pair, prompts, tiny_gpt


def best(rows):
    return [texts[0].new_ids for texts in rows]


@pytest.mark.parametrize("num_beams", [2, 5])
@pytest.mark.parametrize("length_penalty", [0.0, 1.0, 2.0])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_beam_search_equals_transformers(num_beams, length_penalty, seed, tmp_path):
    ours, theirs = pair(tmp_path, seed)
    prompt_ids, mask = prompts(3, 4, seed=seed), padding_mask(torch.tensor([4, 1, 3]), 4, side="left")
    stop_id = int(generate(ours, prompt_ids, max_new_tokens=4, padding_mask=mask)[0, -1])
    expected = theirs.generate(
        prompt_ids,
        attention_mask=mask.long(),
        max_new_tokens=9,
        do_sample=False,
        num_beams=num_beams,
        num_return_sequences=num_beams,
        length_penalty=length_penalty,
        eos_token_id=stop_id,
        pad_token_id=stop_id,
        output_scores=True,
        return_dict_in_generate=True,
    )
    rows = beam_search(
        ours,
        prompt_ids,
        max_new_tokens=9,
        num_beams=num_beams,
        length_penalty=length_penalty,
        stop_id=stop_id,
        padding_mask=mask,
    )
    texts = [text for row in rows for text in row]
    assert len(texts) == len(expected.sequences)
    for text, sequence, score in zip(texts, expected.sequences[:, 4:], expected.sequences_scores, strict=True):
        length = len(text.new_ids)
        assert text.new_ids == sequence[:length].tolist()
        assert (sequence[length:] == stop_id).all()
        assert text.score == pytest.approx(score.item(), abs=1e-5)  # theirs are fp32


@pytest.mark.parametrize("stop_id", [None, 3])
def test_one_beam_is_greedy(stop_id):
    model, prompt_ids = tiny_gpt(), prompts(3, 4)
    greedy = generate(model, prompt_ids, max_new_tokens=9)[:, 4:].tolist()
    if stop_id is not None:
        greedy = [[*itertools.takewhile(lambda token: token != stop_id, row), stop_id][:9] for row in greedy]
    assert best(beam_search(model, prompt_ids, max_new_tokens=9, num_beams=1, stop_id=stop_id)) == greedy


def test_enough_beams_find_the_most_probable_text():
    model, prompt_ids = tiny_gpt(seed=3), prompts(1, 3)
    candidates = torch.tensor(list(itertools.product(range(V), repeat=2)))
    logits = model(torch.cat([prompt_ids.expand(len(candidates), -1), candidates], dim=1))
    log_probs = log_softmax(logits[:, 2:-1]).gather(-1, candidates.unsqueeze(-1)).sum(dim=(1, 2))
    (texts,) = beam_search(model, prompt_ids, max_new_tokens=2, num_beams=V, length_penalty=0.0)
    assert texts[0].new_ids == candidates[log_probs.argmax()].tolist()
    assert texts[0].score == pytest.approx(log_probs.max().item())


def test_scores_are_normalised_by_length():
    model, prompt_ids = tiny_gpt(), prompts(1, 3)
    for length_penalty in (0.0, 0.5, 1.0):
        (texts,) = beam_search(
            model, prompt_ids, max_new_tokens=5, num_beams=3, length_penalty=length_penalty, stop_id=2
        )
        for text in texts:
            logits = model(torch.cat([prompt_ids, torch.tensor([text.new_ids])], dim=1))[0, 2:-1]
            log_prob = log_softmax(logits).gather(-1, torch.tensor(text.new_ids)[:, None]).sum().item()
            assert text.score == pytest.approx(log_prob / len(text.new_ids) ** length_penalty)


def test_nothing_to_search_is_refused():
    with pytest.raises(ValueError, match="num_beams=0 must be at least 1"):
        beam_search(tiny_gpt(), prompts(1, 2), max_new_tokens=3, num_beams=0)
    with pytest.raises(ValueError, match="max_new_tokens=0 must be at least 1"):
        beam_search(tiny_gpt(), prompts(1, 2), max_new_tokens=0, num_beams=2)
    with pytest.raises(ValueError, match="prompt_ids has no tokens"):
        beam_search(tiny_gpt(), prompts(1, 0), max_new_tokens=3, num_beams=2)
