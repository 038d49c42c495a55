"""Speed of the story world: stories, log-probabilities and next-word distributions per second of processor time.

Run with ``python -m benchmarks.storyworld``.
"""

import argparse
import time

from lmkit.storyworld import StoryWorld, words


def seconds(work):
    start = time.process_time()
    work()
    return time.process_time() - start


def read_all(world, texts):
    for text in texts:
        reader = world.reader()
        for word in words(text):
            reader.distribution()
            reader.read(word)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=20_000)
    count = parser.parse_args().stories
    world = StoryWorld()
    texts = list(world.texts(count // 20, seed=0))
    read_all(world, texts)  # works out the scenes
    num_words = sum(len(words(text)) for text in texts)
    rows = [
        ("texts", count, seconds(lambda: sum(1 for _ in world.texts(count, seed=1)))),
        ("texts in both languages", count, seconds(lambda: [story.text_zh for story in world.stories(count, seed=1)])),
        ("log_prob of a story", len(texts), seconds(lambda: [world.log_prob(text) for text in texts])),
        ("next-word distributions", num_words, seconds(lambda: read_all(world, texts))),
        ("parse of a story", len(texts), seconds(lambda: [world.parse(text) for text in texts])),
    ]
    for name, done, taken in rows:
        print(f"{name:26} {done / taken:12,.0f} per second")
    entropy = StoryWorld().entropy()
    print(f"exact entropy in {seconds(lambda: StoryWorld().entropy()):.2f} s: ", end="")
    print(f"{entropy.nats_per_story:.4f} nats per story, {entropy.words_per_story:.4f} words per story, ", end="")
    print(f"{entropy.nats_per_word:.4f} nats per word")
    sampled = world.sampled_entropy(count // 5, seed=2)
    print(f"from {count // 5} stories: {sampled.nats_per_word:.4f} ± {sampled.word_standard_error:.4f} nats per word")


if __name__ == "__main__":
    main()
