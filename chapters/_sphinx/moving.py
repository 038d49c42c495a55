"""The moving piece of the home page: a shipped model writes a sentence, one token at a time.

    ```{moving} Sophie worked as a nurse, and one windy morning
    The caption, with a link to the page that explains it.
    ```

The build runs the model. Each frame shows the text so far, the most probable next tokens, and the one that is drawn.
The frames change by CSS alone (``static/book.css``). On paper, and where a reader prefers reduced motion, the last one
is shown.
"""

from dataclasses import dataclass
from html import escape

import torch
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from lmkit.data import END_OF_TEXT
from lmkit.generation import top_k
from lmkit.models import load_pretrained, load_tokenizer

MODEL = "storyworld-gpt"
FRAMES = 9  # the animation in book.css is made for so many
SHOWN = 5
SEED = 2


@dataclass(frozen=True)
class Frame:
    """One step of writing.

    Args:
        text: What the model reads.
        guesses: The most probable next tokens, the first one first, each with its probability.
        drawn: The one that is drawn.
    """

    text: str
    guesses: list[tuple[str, float]]
    drawn: str


def write(prompt: str, *, num_frames: int = FRAMES, seed: int = SEED) -> list[Frame]:
    """Let the shipped model continue a text, each time with one of the five most probable tokens.

    Args:
        prompt: Its beginning.
        num_frames: Number of tokens to write.
        seed: Seed of the draws.
    """
    model, tokenizer = load_pretrained(MODEL), load_tokenizer(MODEL)
    choose_next, generator = top_k(SHOWN), torch.Generator().manual_seed(seed)
    ids, frames = [tokenizer.special_tokens[END_OF_TEXT], *tokenizer.encode(prompt)], []
    for _ in range(num_frames):
        with torch.no_grad():
            logits = model(torch.tensor([ids]))[:, -1]
        best = logits[0].softmax(dim=-1).topk(SHOWN)
        guesses = [
            (tokenizer.decode([token_id]), share)
            for token_id, share in zip(best.indices.tolist(), best.values.tolist(), strict=True)
        ]
        chosen = int(choose_next(logits, generator=generator))
        frames.append(Frame(tokenizer.decode(ids[1:]), guesses, tokenizer.decode([chosen])))
        ids.append(chosen)
    return frames


def draw(prompt: str, frames: list[Frame]) -> str:
    """The frames as HTML.

    Args:
        prompt: The text that was given.
        frames: What :func:`write` returns.
    """
    drawn = "".join(
        f'<div class="frame" style="--at: {number}"><p><b>{escape(prompt)}</b>{escape(frame.text[len(prompt) :])}'
        f"<mark>{escape(frame.drawn)}</mark></p>{_bars(frame)}</div>"
        for number, frame in enumerate(frames)
    )
    written = frames[-1].text[len(prompt) :] + frames[-1].drawn
    said = f"The text “{prompt}”, which the model continues: “{written.strip()}”."
    return (
        f'<div class="moving"><p class="visually-hidden">{escape(said)}</p><div aria-hidden="true">{drawn}</div>'
        '<label><input type="checkbox"> Pause</label></div>'
    )


def _bars(frame: Frame) -> str:
    items = "".join(
        f'<li{" class=drawn" if token == frame.drawn else ""} style="--share: {share:.3f}">'
        f'<span class="token">{escape(token.strip())}</span> <span class="bar"></span> '
        f'<span class="number">{100 * share:.0f} %</span></li>'
        for token, share in frame.guesses
    )
    return f'<ul class="bars">{items}</ul>'


class Moving(SphinxDirective):
    """``{moving}``: the prompt is its argument, the caption its content."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Run the model and put its frames before the caption."""
        prompt = self.arguments[0]
        figure = nodes.container(classes=["moving-figure"])
        figure += nodes.raw("", draw(prompt, write(prompt)), format="html")
        self.state.nested_parse(self.content, self.content_offset, figure)
        return [figure]


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("moving", Moving)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
