import itertools
import math

import pytest
import torch
import transformers

from lmkit.functional import log_softmax
from lmkit.generation import beam_search, generate
from lmkit.models import GPT, GPTConfig, load_pretrained
from lmkit.nn import padding_mask
from tests.generation.tiny import V, pair, prompts, tiny_gpt
from tests.models.stored_models import THEIRS, exact_sinusoids, randomise


def best(rows):
    return [texts[0].new_ids for texts in rows]


def assert_same_texts(rows, expected, prompt_length, stop_id):
    texts = [text for row in rows for text in row]
    assert len(texts) == len(expected.sequences)
    new_ids = expected.sequences[:, prompt_length:]
    for text, sequence, score in zip(texts, new_ids, expected.sequences_scores, strict=True):
        length = len(text.new_ids)
        assert text.new_ids == sequence[:length].tolist()
        assert (sequence[length:] == stop_id).all()
        assert text.score == pytest.approx(score.item(), abs=1e-5)  # theirs are fp32


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
    assert_same_texts(rows, expected, 4, stop_id)


@pytest.mark.parametrize("seed", [0, 1])
def test_each_row_of_an_encoder_decoder_reads_its_own_source_as_in_transformers(seed, tmp_path):
    torch.manual_seed(0)
    theirs = randomise(THEIRS["marian"]().double(), seed=seed)
    exact_sinusoids(theirs)
    theirs.save_pretrained(tmp_path)
    ours, start_id = load_pretrained(tmp_path, dtype=torch.float64), theirs.config.decoder_start_token_id
    start = torch.full((3, 1), start_id)
    source_ids, source_mask = prompts(3, 5, seed=seed), padding_mask(torch.tensor([5, 2, 4]), 5)
    sources = {"source_ids": source_ids, "source_mask": source_mask}
    stop_id = int(generate(ours, start, max_new_tokens=3, **sources)[0, -1])
    theirs.generation_config = transformers.GenerationConfig(
        decoder_start_token_id=start_id, eos_token_id=stop_id, pad_token_id=stop_id
    )
    expected = theirs.generate(
        source_ids,
        attention_mask=source_mask.long(),
        max_new_tokens=6,
        do_sample=False,
        num_beams=3,
        num_return_sequences=3,
        output_scores=True,
        return_dict_in_generate=True,
    )
    rows = beam_search(ours, start, max_new_tokens=6, num_beams=3, stop_id=stop_id, **sources)
    assert_same_texts(rows, expected, 1, stop_id)
    assert len({round(texts[0].score, 3) for texts in rows}) == 3


@pytest.mark.parametrize(("vocab_size", "max_new_tokens"), [(1, 3), (2, 1), (2, 2), (4, 1)])
def test_all_texts_of_a_tiny_vocabulary_are_found_once(vocab_size, max_new_tokens):
    sizes = {"vocab_size": vocab_size, "context_length": 8, "d_model": 8, "num_layers": 1, "num_heads": 1}
    model = GPT(GPTConfig(**sizes)).double().eval()
    prompt_ids = torch.zeros(1, 1, dtype=torch.long)
    (texts,) = beam_search(model, prompt_ids, max_new_tokens=max_new_tokens, num_beams=5, length_penalty=0.0)
    expected = itertools.product(range(vocab_size), repeat=max_new_tokens)
    assert sorted(text.new_ids for text in texts) == [list(text) for text in expected]
    assert sum(math.exp(text.score) for text in texts) == pytest.approx(1)


def test_the_search_ends_when_nothing_unfinished_can_enter():
    model, prompt_ids, steps = tiny_gpt(), prompts(1, 4), []
    new_ids = generate(model, prompt_ids, max_new_tokens=5)[0, 4:].tolist()
    model.layers[0].register_forward_hook(lambda *_: steps.append(1))
    ((text,),) = beam_search(model, prompt_ids, max_new_tokens=20, num_beams=1, stop_id=new_ids[-1])
    assert text.new_ids == new_ids[: len(steps)]
    assert len(steps) == new_ids.index(new_ids[-1]) + 1


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
