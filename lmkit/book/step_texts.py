"""What the step player says of each step: a title, one or two sentences, a shape and a unit.

In braces are sizes: T positions, D numbers per vector, H heads of K numbers, F numbers inside the feed-forward network,
V tokens of the vocabulary, L layers.
"""

from typing import NamedTuple


class StepText(NamedTuple):
    """The words beside a step."""

    title: str
    caption: str
    shape: str
    unit: str


VECTORS_SHAPE = "{T} positions × {D} numbers"
HEADS_SHAPE = "{H} heads × {T} positions × {K} numbers"
MAP_SHAPE = "{H} heads × {T} positions × {T} positions"
NO_UNIT = "no unit"

TEXT = (
    StepText("Text", "The model is given the beginning of a text.", "{characters} characters", "characters"),
    StepText(
        "Bytes",
        "A computer stores each character as a number from 0 to 255, a byte; some characters need several.",
        "{bytes} bytes",
        "0 to 255",
    ),
    StepText(
        "Tokens",
        "Bytes that often occur together are joined into tokens. The space before a word (␣) belongs to its token. "
        "A special token in front says that a text begins.",
        "{T} tokens",
        "pieces of text",
    ),
    StepText(
        "Token ids",
        "Each token has a number in the vocabulary, the list of all {V} tokens. The model sees only these numbers.",
        "{T} ids",
        "0 to {V} − 1",
    ),
)
VECTORS = (
    StepText(
        "Embedding",
        "Each id selects a row of a table: {D} numbers for this token, found by training. A row of numbers is called a "
        "vector.",
        VECTORS_SHAPE,
        NO_UNIT,
    ),
    StepText(
        "Position",
        "A second table has a vector for each position, so that the model can tell the first token from the last.",
        VECTORS_SHAPE,
        NO_UNIT,
    ),
    StepText("Sum", "The two are added, number by number. The first layer reads the sum.", VECTORS_SHAPE, NO_UNIT),
)
LAYER = (
    StepText(
        "Normalise",
        "Each vector is shifted and scaled to mean 0 and variance 1, then multiplied and shifted by learned numbers "
        "(layer normalisation). This keeps all numbers at a similar size.",
        VECTORS_SHAPE,
        NO_UNIT,
    ),
    StepText(
        "Query, key, value",
        "Learned matrices make three short vectors of each vector: a query (what this position looks for), a key (what "
        "it can be found by) and a value (what it passes on). This is done {H} times, with other matrices: {H} heads.",
        "3 × " + HEADS_SHAPE,
        NO_UNIT,
    ),
    StepText(
        "Scores",
        "Each query is multiplied with each key, number by number; the products are added and divided by √{K}. "
        "A high score: the row’s token looks for what the column’s token offers.",
        MAP_SHAPE,
        "nats, up to a constant per row",
    ),
    StepText(
        "Mask",
        "A position may look at itself and at earlier positions only: it must not see the token that it has to "
        "predict. All other scores are crossed out.",
        MAP_SHAPE,
        "nats, up to a constant per row",
    ),
    StepText(
        "Softmax",
        "In each row, take the exponential of each score and divide by their sum. The results are shares that add up "
        "to 1, the attention weights.",
        MAP_SHAPE,
        "shares",
    ),
    StepText(
        "Weighted average",
        "Each position takes the average of all values, weighted by its row of shares. Here, and only here, does "
        "information move from one position to another.",
        HEADS_SHAPE,
        NO_UNIT,
    ),
    StepText(
        "Join the heads",
        "The results of the {H} heads are written side by side: {H} × {K} = {D} numbers again.",
        VECTORS_SHAPE,
        NO_UNIT,
    ),
    StepText("Mix", "One more learned matrix mixes the results of the heads.", VECTORS_SHAPE, NO_UNIT),
    StepText(
        "Add",
        "The result is added to the vector that the layer has read. So a layer changes vectors, it does not replace "
        "them (residual connection).",
        VECTORS_SHAPE,
        NO_UNIT,
    ),
    StepText(
        "Normalise again",
        "As before: each vector gets mean 0 and variance 1, then a learned scale and shift.",
        VECTORS_SHAPE,
        NO_UNIT,
    ),
    StepText(
        "Widen",
        "Now each position works alone, in the feed-forward network. A learned matrix turns {D} numbers into {F}.",
        "{T} positions × {F} numbers",
        NO_UNIT,
    ),
    StepText(
        "Bend",
        "A curve called GELU pushes negative numbers close to 0. Without it, two matrices in a row would be no more "
        "than one.",
        "{T} positions × {F} numbers",
        NO_UNIT,
    ),
    StepText("Narrow", "A second matrix turns the {F} numbers into {D} again.", VECTORS_SHAPE, NO_UNIT),
    StepText("Add again", "The result is added to the vector. This is the layer’s output.", VECTORS_SHAPE, NO_UNIT),
)
PREDICTION = (
    StepText("Normalise", "After the last layer each vector is normalised once more.", VECTORS_SHAPE, NO_UNIT),
    StepText(
        "Logits",
        "Each vector is multiplied with one vector per token of the vocabulary. The {V} sums are called logits: the "
        "larger, the more the model expects this token next. Here: the largest ones after the last position.",
        "{T} positions × {V} tokens",
        "nats, up to a constant per row",
    ),
    StepText(
        "Probabilities",
        "Softmax again: exponentials, divided by their sum. Now each token has a probability to come next.",
        "{T} positions × {V} tokens",
        "probabilities",
    ),
)
LOSS = (
    StepText(
        "Surprise",
        "Within the text the right answers are known: each next token. Its surprise is minus the natural logarithm of "
        "the probability that it was given: 0 for a certainty, large for a token that nobody expected.",
        "{scored} tokens",
        "nats",
    ),
    StepText(
        "Loss",
        "The mean of the surprises is the loss, here {loss}. Training changes all tables and matrices a little, again "
        "and again, so that it falls.",
        "1 number",
        "nats per token",
    ),
)
WRITING = (
    StepText("Choose", "To write, choose a token: here the most probable one.", "1 id", "0 to {V} − 1"),
    StepText(
        "Append",
        "The id becomes text again, “{written}”, and is appended. Then everything starts over with the longer text.",
        "{T} + 1 tokens",
        "text",
    ),
)
