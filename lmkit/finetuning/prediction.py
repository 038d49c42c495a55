"""Predictions of a fine-tuned model for plain texts, many at a time.

All functions leave the model unchanged and return one result per text, in the same order.
"""

from collections.abc import Callable, Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn

from lmkit.data import Batch
from lmkit.data.sentence_pairs import SECOND_SEGMENT
from lmkit.finetuning.heads import BiEncoder, PairRegressor, SequenceClassifier, SpanExtractor, TokenTagger, second_text
from lmkit.functional import softmax
from lmkit.tasks import (
    InputFormat,
    LabelledSpan,
    Row,
    bio_tags,
    first_tokens,
    spans_of_tags,
    word_spans,
)


def predict_probabilities(
    model: SequenceClassifier,
    texts: Sequence[str | tuple[str, str]],
    input_format: InputFormat,
    *,
    batch_size: int = 64,
) -> Float[Tensor, "N C"]:
    """Compute the probability of each class.

    Args:
        model: Predicts classes.
        texts: Texts, or pairs of texts.
        input_format: As in training.
        batch_size: Texts per forward pass.

    Returns:
        One row per text, on the CPU.

    Example:
        >>> from lmkit.models import load_pretrained, load_tokenizer
        >>> from lmkit.tasks import standard_format
        >>> bert, tokenizer = load_pretrained("storyworld-bert"), load_tokenizer("storyworld-bert")
        >>> input_format = standard_format(tokenizer, bert.config.context_length)
        >>> model = SequenceClassifier(bert, num_classes=3)
        >>> probabilities = predict_probabilities(model, ["Anna was happy."], input_format)
        >>> probabilities.shape, round(probabilities.sum().item(), 4)
        (torch.Size([1, 3]), 1.0)
    """
    rows = [input_format.row(*([text] if isinstance(text, str) else text)) for text in texts]
    probabilities = _outputs(lambda batch: softmax(model.logits(batch)), model, rows, input_format, batch_size)
    return torch.cat(probabilities) if rows else torch.zeros(0, model.head.out_features)


def predict_classes(
    model: SequenceClassifier,
    texts: Sequence[str | tuple[str, str]],
    labels: Sequence[str],
    input_format: InputFormat,
    *,
    batch_size: int = 64,
) -> list[str]:
    """Predict the most probable class.

    Args:
        model: Predicts classes.
        texts: Texts, or pairs of texts.
        labels: The classes, in the order of the outputs.
        input_format: As in training.
        batch_size: Texts per forward pass.

    Returns:
        One of the labels per text.

    Raises:
        ValueError: If the model has a different number of classes.

    Example:
        >>> from lmkit.models import load_pretrained, load_tokenizer
        >>> from lmkit.tasks import standard_format
        >>> bert, tokenizer = load_pretrained("storyworld-bert"), load_tokenizer("storyworld-bert")
        >>> input_format = standard_format(tokenizer, bert.config.context_length)
        >>> model = SequenceClassifier(bert, num_classes=2)  # its head has not been trained yet
        >>> predict_classes(model, ["Anna was happy."], ["bad", "good"], input_format)[0] in ("bad", "good")
        True
    """
    _require_outputs(model.head, labels)
    probabilities = predict_probabilities(model, texts, input_format, batch_size=batch_size)
    return [labels[number] for number in probabilities.argmax(dim=-1).tolist()]


def predict_numbers(
    model: PairRegressor, pairs: Sequence[tuple[str, str]], input_format: InputFormat, *, batch_size: int = 64
) -> list[float]:
    """Predict the number of each pair of texts.

    Args:
        model: Predicts numbers.
        pairs: Pairs of texts.
        input_format: As in training.
        batch_size: Pairs per forward pass.

    Returns:
        In the unit of the labels in training.

    Example:
        >>> from lmkit.models import load_pretrained, load_tokenizer
        >>> from lmkit.tasks import standard_format
        >>> bert, tokenizer = load_pretrained("storyworld-bert"), load_tokenizer("storyworld-bert")
        >>> input_format = standard_format(tokenizer, bert.config.context_length)
        >>> len(predict_numbers(PairRegressor(bert), [("Anna slept.", "Anna was asleep.")], input_format))
        1
    """
    rows = [input_format.row(first, second) for first, second in pairs]
    return [
        number for part in _outputs(model.numbers, model, rows, input_format, batch_size) for number in part.tolist()
    ]


def predict_spans(
    model: TokenTagger,
    texts: Sequence[str],
    labels: Sequence[str],
    input_format: InputFormat,
    *,
    batch_size: int = 64,
) -> list[tuple[LabelledSpan, ...]]:
    """Find the labelled spans of each text.

    Args:
        model: Predicts tags.
        texts: Any texts. There are no spans in text that was truncated.
        labels: The labels of spans, as in training.
        input_format: As in training.
        batch_size: Texts per forward pass.

    Returns:
        The spans of each text, from the start of their first word to the end of their last.

    Raises:
        ValueError: If the model has a different number of tags.

    Example:
        >>> from lmkit.models import load_pretrained, load_tokenizer
        >>> from lmkit.tasks import standard_format
        >>> bert, tokenizer = load_pretrained("storyworld-bert"), load_tokenizer("storyworld-bert")
        >>> input_format = standard_format(tokenizer, bert.config.context_length)
        >>> text, labels = "Anna lives in Oslo.", ["person", "place"]
        >>> model = TokenTagger(bert, num_tags=5)  # the tags of two labels: O, B-person, I-person, B-place, I-place
        >>> [spans] = predict_spans(model, [text], labels, input_format)
        >>> all(span.label in labels and text[span.start : span.end] for span in spans)
        True
    """
    tags = bio_tags(labels)
    _require_outputs(model.head, tags)
    rows = [input_format.row(text) for text in texts]
    best = _outputs(lambda batch: model.logits(batch).argmax(dim=-1), model, rows, input_format, batch_size)
    numbers = [row_numbers for part in best for row_numbers in part.tolist()]
    spans = []
    for text, row, row_numbers in zip(texts, rows, numbers, strict=True):
        words = word_spans(text)
        word_tags, token_before = [], None
        for token in first_tokens(words, row.offsets):
            tag = tags[0] if token is None else tags[row_numbers[token]]
            if token is not None and token == token_before:  # two words in one token are one piece
                tag = tag.replace("B-", "I-", 1)
            word_tags.append(tag)
            token_before = token
        spans.append(spans_of_tags(words, word_tags))
    return spans


def predict_answer_spans(
    model: SpanExtractor,
    questions: Sequence[tuple[str, str]],
    input_format: InputFormat,
    *,
    max_answer_tokens: int = 30,
    batch_size: int = 64,
) -> list[tuple[int, int]]:
    """Find the answer to each question in its text: the span with the highest sum of first and last score.

    Args:
        model: Predicts positions.
        questions: Pairs of a question and the text that contains the answer.
        input_format: As in training.
        max_answer_tokens: Longer spans are not considered.
        batch_size: Questions per forward pass.

    Returns:
        Start and end of each answer in its text, in characters; 0 and 0 if the text has no tokens.

    Source:
        Devlin et al. (2019), section 4.2.

    Example:
        >>> from lmkit.models import load_pretrained, load_tokenizer
        >>> from lmkit.tasks import standard_format
        >>> bert, tokenizer = load_pretrained("storyworld-bert"), load_tokenizer("storyworld-bert")
        >>> input_format = standard_format(tokenizer, bert.config.context_length)
        >>> question, text = "Where does Anna live?", "Anna lives in Oslo."
        >>> [(start, end)] = predict_answer_spans(SpanExtractor(bert), [(question, text)], input_format)
        >>> text[start:end] in text
        True
    """

    def best_positions(batch: Batch) -> Tensor:
        first_BT, last_BT = model.logits(batch).unbind(dim=1)
        scores_BTT = first_BT.unsqueeze(2) + last_BT.unsqueeze(1)
        assert batch.segment_ids is not None
        is_text = second_text(batch.segment_ids)
        possible = torch.ones_like(scores_BTT, dtype=torch.bool).triu().tril(max_answer_tokens - 1)
        possible &= is_text.unsqueeze(2) & is_text.unsqueeze(1)
        best = scores_BTT.masked_fill(~possible, -torch.inf).flatten(1).argmax(dim=1)
        return torch.stack([best // is_text.shape[1], best % is_text.shape[1]], dim=1)

    rows = [input_format.row(question, text, keep_first=True) for question, text in questions]
    positions = [
        pair for part in _outputs(best_positions, model, rows, input_format, batch_size) for pair in part.tolist()
    ]
    return [
        (row.offsets[first][0], row.offsets[last][1]) if row.segment_ids[first] == SECOND_SEGMENT else (0, 0)
        for row, (first, last) in zip(rows, positions, strict=True)
    ]


def embed_texts(
    model: BiEncoder, texts: Sequence[str], input_format: InputFormat, *, batch_size: int = 64
) -> Float[Tensor, "N D"]:
    """Embed each text as a vector.

    Args:
        model: Maps texts to vectors.
        texts: Any texts; long ones are truncated at the end.
        input_format: As in training.
        batch_size: Texts per forward pass.

    Returns:
        Vectors of length 1, on the CPU; the cosine of two is their dot product.

    Example:
        >>> from lmkit.models import load_pretrained, load_tokenizer
        >>> from lmkit.tasks import standard_format
        >>> bert, tokenizer = load_pretrained("storyworld-bert"), load_tokenizer("storyworld-bert")
        >>> input_format = standard_format(tokenizer, bert.config.context_length)
        >>> texts = ["Anna was happy.", "Anna was glad.", "The ship sank."]
        >>> vectors = embed_texts(BiEncoder(bert), texts, input_format)
        >>> cosines = vectors @ vectors.T
        >>> (cosines[0, 1] > cosines[0, 2]).item()
        True
    """
    rows = [input_format.row(text) for text in texts]
    vectors = _outputs(model.embed, model, rows, input_format, batch_size)
    return torch.cat(vectors) if rows else torch.zeros(0, model.encoder.config.d_model)


@torch.inference_mode()
def _outputs(
    function: Callable[[Batch], Tensor],
    model: nn.Module,
    rows: Sequence[Row],
    input_format: InputFormat,
    batch_size: int,
) -> list[Tensor]:
    """Apply a function of the model to the rows, batch by batch and without dropout."""
    device = next(model.parameters()).device
    was_training = model.training
    model.eval()
    starts = range(0, len(rows), batch_size)
    outputs = [function(input_format.batch(rows[i : i + batch_size]).to(device)).cpu() for i in starts]
    model.train(was_training)
    return outputs


def _require_outputs(head: nn.Linear, names: Sequence[str]) -> None:
    if head.out_features != len(names):
        raise ValueError(f"the model has {head.out_features} outputs, but there are {len(names)} labels: {list(names)}")
