"""The models that ship with the package are as good as the papers beside them say."""

import json
from random import Random

import pytest
import torch

from lmkit.data import END_OF_TEXT
from lmkit.evaluation import document_log_probs
from lmkit.models import SHIPPED, KneserNeyNGram, load_pretrained, load_special_ids, load_tokenizer
from lmkit.recipes import HELD_OUT_SEED, MODEL_RECIPES
from lmkit.recipes.base_scores import answer_nats, context_hits
from lmkit.recipes.mixture import draw_document
from lmkit.recipes.storyworld_bert import measure_bert
from lmkit.recipes.storyworld_translation import measure_translation
from lmkit.storyworld import StoryWorld, words

MEGABYTE = 1e6


def stated(name):
    return json.loads((SHIPPED / name / "evaluation.json").read_text(encoding="utf-8"))["scores"]


def test_all_recipes_ship_and_are_small():
    assert {folder.name for folder in SHIPPED.iterdir()} == set(MODEL_RECIPES)
    sizes = [sum(path.stat().st_size for path in (SHIPPED / name).rglob("*")) for name in MODEL_RECIPES]
    assert max(sizes) <= 8 * MEGABYTE
    assert sum(sizes) <= 24 * MEGABYTE


@pytest.mark.parametrize("name", MODEL_RECIPES)
def test_a_shipped_model_has_its_papers(name):
    files = {path.name for path in (SHIPPED / name).iterdir()}
    model_files = {"config.json", "generation_config.json", "model.safetensors", "tokenizer.json"}
    assert files == {*model_files, "log.csv", "evaluation.json", "README.md"}
    facts = json.loads((SHIPPED / name / "evaluation.json").read_text(encoding="utf-8"))
    model = load_pretrained(name)
    assert sum(weight.numel() for weight in model.parameters()) == facts["parameters"]
    assert model.config.vocab_size == load_tokenizer(name).vocab_size
    last = (SHIPPED / name / "log.csv").read_text(encoding="utf-8").splitlines()[-1]
    assert facts["steps"] - 25 < int(last.split(",")[0]) <= facts["steps"]


@pytest.mark.parametrize("name", MODEL_RECIPES)
def test_a_shipped_model_says_what_it_was_trained_with(name):
    special_ids = load_special_ids(name)
    assert special_ids == MODEL_RECIPES[name].special_ids(load_tokenizer(name))
    assert not special_ids.packed
    assert special_ids.starts_texts


def test_the_gpt_is_within_three_percent_of_the_truth_and_a_trigram_is_not():
    world = StoryWorld()
    texts = list(world.texts(200, seed=HELD_OUT_SEED))
    model, tokenizer = load_pretrained("storyworld-gpt"), load_tokenizer("storyworld-gpt")
    end_id = tokenizer.special_tokens[END_OF_TEXT]
    loss = -document_log_probs(model, tokenizer.encode_batch(texts), end_of_text_id=end_id)
    truth = -torch.tensor([world.log_prob(text) for text in texts])
    excess = (loss.sum() / truth.sum() - 1).item()
    assert excess < 0.03
    # The stated score is for more stories: the two differ by chance alone.
    spread = ((loss - truth).std() / len(texts) ** 0.5 / truth.mean()).item()
    assert abs(excess - stated("storyworld-gpt")["loss above the truth, percent"] / 100) < 4 * spread

    ids = {word: number for number, word in enumerate(["", *world.vocabulary])}
    learned, held_out = (
        [ids[word] for text in each for word in [*words(text), ""]] for each in (world.texts(4000, seed=1), texts)
    )
    trigram = KneserNeyNGram(learned, order=3, vocab_size=len(ids))
    assert -trigram.log_probs(held_out).sum().item() > 1.5 * truth.sum().item()


def test_the_bert_restores_words_and_knows_what_follows():
    scores = stated("storyworld-bert")
    again = measure_bert(load_pretrained("storyworld-bert"), load_tokenizer("storyworld-bert"), 150)
    assert again["masked loss, nats per token"] == pytest.approx(scores["masked loss, nats per token"], rel=0.1)
    assert again["masked loss, nats per token"] < again["masked loss of token frequencies"] - 4
    accuracy = scores["accuracy of the next sentence head"]
    error = (accuracy * (1 - accuracy) / 150) ** 0.5
    assert again["accuracy of the next sentence head"] >= accuracy - 4 * error - 0.01


def test_the_translator_translates():
    scores = stated("storyworld-translation")
    again = measure_translation(load_pretrained("storyworld-translation"), load_tokenizer("storyworld-translation"), 24)
    assert again["signature"] == scores["signature"]
    assert again["BLEU"] == pytest.approx(scores["BLEU"], abs=5)


def test_the_base_model_has_read_every_kind_of_text():
    name = "storyworld-base"
    model, tokenizer, scores = load_pretrained(name), load_tokenizer(name), stated(name)
    world = StoryWorld()
    for kind in ("summaries", "questions", "problems", "translations", "examples"):
        random = Random(f"{kind}, seed {HELD_OUT_SEED}")
        nats, num_tokens = answer_nats(model, tokenizer, [draw_document(kind, world, random) for _ in range(40)])
        expected = scores[f"{kind}: loss of what follows the prompt, nats per token"]
        assert nats / num_tokens == pytest.approx(expected, rel=0.5)


def test_the_base_model_learns_from_examples_which_letter_means_what():
    name = "storyworld-base"
    model, tokenizer, scores = load_pretrained(name), load_tokenizer(name), stated(name)
    stated_right = scores["letters: right after 4 examples"]
    assert scores["letters: right after 0 examples"] == 0
    right = sum(context_hits(model, tokenizer, "letters", 4, 40)) / 40
    misled = sum(context_hits(model, tokenizer, "letters", 4, 40, shuffled=True)) / 40
    assert right > stated_right - 4 * (stated_right * (1 - stated_right) / 40) ** 0.5
    assert right > misled + 0.2
