"""Heads: a small layer on a pre-trained encoder for a new task. Each head holds its encoder and reads batches.

Only the head starts from random weights. Train it together with its encoder, with :func:`lmkit.training.train` and the
objective of the task.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from lmkit.data import Batch
from lmkit.data.sentence_pairs import SECOND_SEGMENT
from lmkit.finetuning.encoding import Encoder, encode, first_and_last_pool, pool, real_tokens, whitening
from lmkit.nn import Dropout, initialise


class SequenceClassifier(nn.Module):
    """Predicts the class of a text or of a pair of texts.

    Args:
        encoder: A pre-trained model; it is not copied.
        num_classes: How many classes there are.
        dropout: Share of the pooled vector that is set to zero in training.
        seed: Seed of the head's initial weights.

    Source:
        Devlin et al. (2019), section 4.1; Radford et al. (2018), section 3.2.

    Example:
        >>> from lmkit.models import BERT, BERTConfig
        >>> bert = BERT(BERTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> tokens = torch.tensor([[1, 2, 3, 4]])
        >>> batch = Batch(inputs=tokens, targets=tokens, segment_ids=torch.tensor([[0, 0, 1, 1]]))
        >>> SequenceClassifier(bert, num_classes=3).logits(batch).shape
        torch.Size([1, 3])
    """

    def __init__(self, encoder: Encoder, num_classes: int, *, dropout: float = 0.1, seed: int = 0) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = Dropout(dropout)
        self.head = _linear(encoder, num_classes, seed)

    def logits(self, batch: Batch) -> Float[Tensor, "B C"]:
        """Score each class for each row of a batch."""
        pooled = pool(self.encoder, encode(self.encoder, batch), real_tokens(batch))
        return _in_full(self.head(self.dropout(pooled)))


class PairRegressor(nn.Module):
    r"""Predicts a number for a pair of texts, such as their similarity.

    The encoder reads both texts in one row. With $u$ and $v$ for the vectors of the first and the second text, the
    number is linear in $|u - v|$ and $u \odot v$: what differs, and what is shared.

    Args:
        encoder: A pre-trained model; it is not copied.
        dropout: Share of these features that is set to zero in training.
        seed: Seed of the head's initial weights.

    Source:
        Reimers and Gurevych (2019), section 3, for the features; we leave out $u$ and $v$ themselves.

    Example:
        >>> from lmkit.models import BERT, BERTConfig
        >>> bert = BERT(BERTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> tokens = torch.tensor([[1, 2, 3, 4]])
        >>> batch = Batch(inputs=tokens, targets=tokens, segment_ids=torch.tensor([[0, 0, 1, 1]]))
        >>> PairRegressor(bert).numbers(batch).shape
        torch.Size([1])
    """

    def __init__(self, encoder: Encoder, *, dropout: float = 0.1, seed: int = 0) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = Dropout(dropout)
        self.whiten = whitening(encoder.token_embedding.weight)
        self.head = _linear(encoder, 1, seed, num_inputs=2 * encoder.config.d_model)

    def numbers(self, batch: Batch) -> Float[Tensor, " B"]:
        """Predict the number of each row of a batch."""
        encoded = _in_full(encode(self.encoder, batch))
        assert batch.segment_ids is not None
        is_real, is_second = real_tokens(batch), batch.segment_ids == SECOND_SEGMENT
        u, v = (
            first_and_last_pool(self.encoder, self.whiten, batch, encoded, is_real & chosen)
            for chosen in (~is_second, is_second)
        )
        features = torch.cat([(u - v).abs(), u * v], dim=-1).to(self.head.weight.dtype)
        return _in_full(self.head(self.dropout(features))).squeeze(-1)


class TokenTagger(nn.Module):
    """Predicts the tag of each token.

    Args:
        encoder: A pre-trained model; it is not copied.
        num_tags: How many tags there are.
        dropout: Share of each token's vector that is set to zero in training.
        seed: Seed of the head's initial weights.

    Source:
        Devlin et al. (2019), section 5.3.

    Example:
        >>> from lmkit.models import BERT, BERTConfig
        >>> bert = BERT(BERTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> tokens = torch.tensor([[1, 2, 3, 4]])
        >>> batch = Batch(inputs=tokens, targets=tokens, segment_ids=torch.tensor([[0, 0, 1, 1]]))
        >>> TokenTagger(bert, num_tags=5).logits(batch).shape
        torch.Size([1, 4, 5])
    """

    def __init__(self, encoder: Encoder, num_tags: int, *, dropout: float = 0.1, seed: int = 0) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = Dropout(dropout)
        self.head = _linear(encoder, num_tags, seed)

    def logits(self, batch: Batch) -> Float[Tensor, "B T C"]:
        """Score each tag for each token of a batch."""
        return _in_full(self.head(self.dropout(encode(self.encoder, batch))))


class SpanExtractor(nn.Module):
    """Predicts where in a text the answer to a question begins and ends.

    Args:
        encoder: A pre-trained model; it is not copied.
        seed: Seed of the head's initial weights.

    Source:
        Devlin et al. (2019), sections 4.2 and 4.3.

    Example:
        >>> from lmkit.models import BERT, BERTConfig
        >>> bert = BERT(BERTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> tokens = torch.tensor([[1, 2, 3, 4]])
        >>> batch = Batch(inputs=tokens, targets=tokens, segment_ids=torch.tensor([[0, 0, 1, 1]]))
        >>> SpanExtractor(bert).logits(batch).shape
        torch.Size([1, 2, 4])
    """

    def __init__(self, encoder: Encoder, *, seed: int = 0) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = _linear(encoder, 2, seed)

    def logits(self, batch: Batch) -> Float[Tensor, "B 2 T"]:
        """Score each position of a batch as the first of the answer, and as its last.

        An answer is in the second text, or at position 0 if the text does not contain it; all other positions get the
        lowest possible score.
        """
        scores_B2T = _in_full(self.head(encode(self.encoder, batch))).transpose(1, 2)
        assert batch.segment_ids is not None
        allowed = second_text(batch.segment_ids)
        allowed[:, 0] = True
        return scores_B2T.masked_fill(~allowed.unsqueeze(1), torch.finfo(scores_B2T.dtype).min)


class BiEncoder(nn.Module):
    """Maps each text to a vector of length 1, so that texts that belong together have similar vectors.

    Each text is encoded on its own, so a collection is encoded once and searched many times.

    Args:
        encoder: A pre-trained model; it is not copied.

    Source:
        Reimers and Gurevych (2019); Karpukhin et al. (2020), section 3.

    Example:
        >>> from lmkit.models import BERT, BERTConfig
        >>> bert = BERT(BERTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> tokens = torch.tensor([[1, 2, 3, 4]])
        >>> batch = Batch(inputs=tokens, targets=tokens, segment_ids=torch.tensor([[0, 0, 1, 1]]))
        >>> round(BiEncoder(bert).embed(batch).norm().item(), 4)
        1.0
    """

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.whiten = whitening(encoder.token_embedding.weight)

    def embed(self, batch: Batch) -> Float[Tensor, "B D"]:
        """Compute the vector of each row of a batch: mean embedding plus mean hidden state, scaled to length 1."""
        encoded = _in_full(encode(self.encoder, batch))
        return F.normalize(first_and_last_pool(self.encoder, self.whiten, batch, encoded, real_tokens(batch)), dim=-1)


def second_text(segment_ids: Int[Tensor, "B T"]) -> Bool[Tensor, "B T"]:
    """Mark the second text of each row, without its final separator.

    Args:
        segment_ids: As from :class:`lmkit.tasks.InputFormat`.

    Returns:
        ``True`` at positions of the second text.

    Example:
        >>> second_text(torch.tensor([[0, 0, 1, 1, 1, 0]])).int().tolist()
        [[0, 0, 1, 1, 0, 0]]
    """
    is_second = segment_ids == SECOND_SEGMENT
    return is_second & F.pad(is_second[:, 1:], (0, 1))


def _linear(encoder: Encoder, num_outputs: int, seed: int, *, num_inputs: int | None = None) -> nn.Linear:
    if num_outputs < 1:
        raise ValueError(f"num_outputs={num_outputs}: a head needs at least one output")
    weight = encoder.token_embedding.weight
    layer = nn.Linear(num_inputs or encoder.config.d_model, num_outputs)
    initialise(layer, seed=seed)
    return layer.to(weight.device, weight.dtype)


def _in_full(tensor: Tensor) -> Tensor:
    """Convert to at least 32 bits: no softmax is computed in bf16, even under autocast."""
    return tensor.to(torch.promote_types(tensor.dtype, torch.float32))
