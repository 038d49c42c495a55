"""Stories from prompts, told by the shipped GPT, by n-grams that read the same stories, by chance and by the world.

A prompt is the first sentence of a story that nobody was trained on. Every writer continues it several times, and the
world's grammar judges the whole text: is it a story, and if not, what is its first fault? The order of the n-grams
is chosen on stories that are not used again.
"""

import itertools
import random
from collections.abc import Callable
from statistics import fmean
from typing import Any

import torch

from lmkit.book import save_experiment
from lmkit.data import END_OF_TEXT
from lmkit.evaluation import write_answers
from lmkit.generation import ChooseNext, temperature, top_k, top_p
from lmkit.models import KneserNeyNGram, load_pretrained, load_tokenizer
from lmkit.storyworld import Judgement, StoryWorld, join_words, words

WORLD = StoryWorld()
MODEL, TOKENIZER = load_pretrained("storyworld-gpt"), load_tokenizer("storyworld-gpt")
END_ID = TOKENIZER.special_id(END_OF_TEXT)
VOCABULARY = ["", *WORLD.vocabulary]  # the empty word ends a story
INDEX = {word: number for number, word in enumerate(VOCABULARY)}
TRAINING_SEED, VALIDATION_SEED = 1, 3  # the shipped GPT was trained on seed 1
LONGEST = 200  # new tokens or words; a story of the world has at most about 100
METHODS: dict[str, Callable[[Any], ChooseNext]] = {"temperature": temperature, "top-k": top_k, "top-p": top_p}

Write = Callable[[list[str], random.Random], list[str]]
"""``write(prompts, source) -> texts``, each of which begins with its prompt."""


# Writers


def gpt(choose_next: ChooseNext) -> Write:
    """The shipped GPT."""

    def write(prompts: list[str], source: random.Random) -> list[str]:
        tails = write_answers(
            MODEL,
            TOKENIZER,
            prompts,
            end_of_text_id=END_ID,
            max_new_tokens=LONGEST,
            choose_next=choose_next,
            generator=torch.Generator().manual_seed(source.getrandbits(31)),
            batch_size=200,
        )
        return [prompt + tail for prompt, tail in zip(prompts, tails, strict=True)]

    return write


def ngram(model: KneserNeyNGram, tau: float) -> Write:
    """An n-gram model of words, at a temperature."""
    choose_next = temperature(tau)

    def write(prompts: list[str], source: random.Random) -> list[str]:
        generator = torch.Generator().manual_seed(source.getrandbits(31))
        texts = []
        for prompt in prompts:
            ids = [0, *(INDEX[word] for word in words(prompt))]
            for _ in range(LONGEST):
                logits = model.next_token_distribution(ids).log()
                ids.append(int(choose_next(logits[None], generator=generator)))
                if ids[-1] == 0:
                    break
            texts.append(join_words([VOCABULARY[number] for number in ids if number]))
        return texts

    return write


def another_story(training: list[str]) -> Write:
    """Copy what follows the first sentence of another story."""

    def write(prompts: list[str], source: random.Random) -> list[str]:
        stories = (source.choice(training) for _ in prompts)
        return [prompt + story[story.index(".") + 1 :] for prompt, story in zip(prompts, stories, strict=True)]

    return write


def world(prompts: list[str], source: random.Random) -> list[str]:
    """Draw every word from the world's own distribution."""
    texts = []
    for prompt in prompts:
        told, reader = words(prompt), WORLD.reader()
        for word in told:
            reader.read(word)
        while options := reader.distribution():
            (word,) = source.choices(list(options), weights=list(options.values()))
            reader.read(word)
            told.append(word)
        texts.append(join_words(told[:-1]))
    return texts


# Judging


def kinds_of_words() -> dict[str, str]:
    """Which words are names, pronouns, moods, or belong to things or places."""
    kinds = dict.fromkeys(("she", "he", "her", "him", "his", "She", "He"), "pronoun")
    roles = {"hero": "name", "thing": "thing", "place": "place", "spot": "place", "glad": "mood"}
    roles |= {"calm": "mood", "sad": "mood"}
    others = {"a", "an", "the", "to", "in", "on", "at", "under", "behind", "next", "of"}
    for role, kind in roles.items():
        for entity, _ in WORLD.roles[role].anything():
            kinds |= dict.fromkeys(set(entity.words[""]) - others, kind)
    return kinds


KINDS = kinds_of_words()
FAULTS = ("stranger", "broken sentence", "wrong person", "wrong detail", "repetition", "other event", "no end")


def fault(text: str, judged: Judgement) -> str:
    """What is wrong with the first word that no story could have at its position.

    A "stranger" is a name that the text has not told. With a "wrong person" the sentence could come if the two people
    were exchanged, or a name or pronoun is not the one that belongs there. A "wrong detail" is another thing, place or
    mood than could come. A "repetition" begins like an earlier sentence, up to the wrong word. A text with "no end"
    stops too early. Otherwise the sentence is none of the world's, "broken", or cannot come here, an "other event".
    """
    if judged.verdict == "unfinished":
        return "no end"
    told, wrong, position = words(text), judged.word or "", judged.position or 0
    ends = [number + 1 for number, word in enumerate(told) if word in ".!"]
    start = max((end for end in ends if end <= position), default=0)
    end = min((end for end in ends if end > position), default=len(told))
    kind, possible = KINDS.get(wrong), {KINDS.get(word) for word in judged.allowed or ()}
    if kind == "name" and wrong not in told[:position] and kind in possible:
        return "stranger"
    people = list(dict.fromkeys(word for word in told[:start] if KINDS.get(word) == "name"))[:2]
    exchange = dict(zip(people, people[::-1], strict=True))
    if (kind in ("name", "pronoun") and kind in possible) or could_come(
        told[:start], [exchange.get(word, word) for word in told[start:end]]
    ):
        return "wrong person"
    if kind is not None and kind in possible:
        return "wrong detail"
    begins = told[start : position + 1]
    earlier = (told[first : first + len(begins)] for first in (0, *(each for each in ends if each < start)))
    if len(begins) > 1 and begins in earlier:
        return "repetition"
    return "other event" if judged.verdict == "contradiction" else "broken sentence"


def could_come(told: list[str], sentence: list[str]) -> bool:
    """Whether a sentence can follow the words that were told."""
    reader = WORLD.reader()
    for word in told:
        reader.read(word)
    return all(reader.read(word) > 0 for word in sentence)


@torch.no_grad()
def belief(text: str, position: int) -> float:
    """Probability that the GPT gave to the word at a position, or to its first token."""
    told = words(text)
    before = TOKENIZER.encode(join_words(told[:position]))
    after = TOKENIZER.encode(join_words(told[: position + 1]))
    next_id = after[len(before)] if len(after) > len(before) and after[: len(before)] == before else END_ID
    return MODEL(torch.tensor([[END_ID, *before]]))[0, -1].softmax(dim=0)[next_id].item()


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [sentence.strip() for sentence in text.replace("!", ".").split(".") if sentence.strip()]


def runs_of_four(text: str) -> set[tuple[str, ...]]:
    """All runs of four words."""
    told = words(text)
    return set(zip(*(told[start:] for start in range(4)), strict=False))


def difference(texts: list[str]) -> float:
    """Mean over pairs of 1 minus the share of runs of four words that two texts have in common (Broder 1997)."""
    pairs = itertools.combinations(map(runs_of_four, texts), 2)
    return fmean(1 - len(a & b) / max(len(a | b), 1) for a, b in pairs)


def measure(write: Write, seed: int, num_prompts: int, copies: int, known: set[str]) -> dict[str, Any]:
    """Let a writer continue each prompt several times, and judge."""
    prompts = [story.sentences[0] for story in WORLD.stories(num_prompts, seed=seed)]
    given = [prompt for prompt in prompts for _ in range(copies)]
    texts = write(given, random.Random(seed))
    judged = [WORLD.parse(text) for text in texts]
    tails = [text[len(prompt) :] for text, prompt in zip(texts, given, strict=True)]
    by_prompt = [slice(start, start + copies) for start in range(0, len(texts), copies)]
    faults = [(fault(text, one), text, one) for text, one in zip(texts, judged, strict=True) if not one.is_story]
    until_fault = [
        (len(words(text)) if one.position is None else one.position) + 1 - len(words(prompt))
        for text, prompt, one in zip(texts, given, judged, strict=True)
    ]
    return {
        "seed": seed,
        "valid": [sum(one.is_story for one in judged[each]) for each in by_prompt],
        "difference": [round(difference(tails[each]), 4) for each in by_prompt],
        "faults": {name: sum(kind == name for kind, _, _ in faults) for name in FAULTS},
        "beliefs": [[kind, round(belief(text, one.position or 0), 5)] for kind, text, one in faults],
        "words_until_fault_or_end": sum(until_fault),
        "words": sum(len(words(tail)) for tail in tails),
        "repeat_a_sentence": sum(len(set(sentences(text))) < len(sentences(text)) for text in texts),
        "known": sum(text in known for text in texts),
    }


# The n-grams


def word_ids(texts: list[str]) -> list[int]:
    """Texts as one stream of word ids; 0 ends each."""
    return [INDEX[word] for text in texts for word in [*words(text), ""]]


def nats_per_word(model: KneserNeyNGram, texts: list[str]) -> float:
    """Loss on texts; the end of a text precedes each."""
    return -model.log_probs([0, *word_ids(texts)])[1:].mean().item()


REDUCED = {
    "seeds": (0,),
    "num_prompts": 2,
    "copies": 2,
    "num_stories": 60,
    "orders": (1, 2),
    "num_validation": 3,
    "settings": (("temperature", 1.0),),
    "temperatures": (1.0,),
}


def run(
    seeds: tuple[int, ...] = (1010, 1011, 1012, 1013, 1014),
    num_prompts: int = 40,
    copies: int = 4,
    num_stories: int = 110_000,
    orders: tuple[int, ...] = (1, 4, 6, 8),
    num_validation: int = 500,
    settings: tuple[tuple[str, float], ...] = (
        *(("temperature", tau) for tau in (0.1, 0.3, 0.5, 0.7, 1.0, 1.2, 1.5)),
        *(("top-k", k) for k in (1, 2, 5, 20, 100)),
        *(("top-p", p) for p in (0.5, 0.7, 0.8, 0.9, 0.95)),
    ),
    temperatures: tuple[float, ...] = (0.5, 1.0),
) -> dict[str, Any]:
    """Choose the order of the n-grams, then let each writer write."""
    training = list(WORLD.texts(num_stories, seed=TRAINING_SEED))
    validation = list(WORLD.texts(num_validation, seed=VALIDATION_SEED))
    stream, known = word_ids(training), set(training)

    def row(writer: str, method: str, value: float, write: Write) -> dict[str, Any]:
        runs = [measure(write, seed, num_prompts, copies, known) for seed in seeds]
        return {"writer": writer, "method": method, "value": value, "runs": runs}

    tried: dict[int, float] = {}
    for order in orders:
        model = KneserNeyNGram(stream, order=order, vocab_size=len(VOCABULARY))
        tried[order] = nats_per_word(model, validation)
        if order == 1:
            chance = model
        if tried[order] == min(tried.values()):
            best = model
    rows = [
        row("world", "itself", 1.0, world),
        row("chance", "by frequency", 1.0, ngram(chance, 1.0)),
        row("another story", "copied", 1.0, another_story(training)),
        *(row("n-gram", "temperature", tau, ngram(best, tau)) for tau in temperatures),
        *(row("GPT", method, value, gpt(METHODS[method](value))) for method, value in settings),
    ]
    return {
        "orders": [{"order": order, "nats_per_word": round(loss, 4)} for order, loss in tried.items()],
        "order": best.order,
        "rows": rows,
    }


if __name__ == "__main__":
    save_experiment(__file__, run)
