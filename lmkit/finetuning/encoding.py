"""What all heads need: hidden states of a batch from any encoder, and one vector for a whole text."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional as F

from lmkit.data import Batch
from lmkit.models import BERT, GPT, Llama

Encoder = BERT | GPT | Llama
"""The pre-trained models that a head can be put on. In GPT and Llama a position sees only those before it."""


def encode(encoder: Encoder, batch: Batch) -> Float[Tensor, "B T D"]:
    """Compute the hidden state of each token.

    Args:
        encoder: A pre-trained model.
        batch: Uses ``inputs``, ``attention_mask`` and, for BERT, ``segment_ids``.

    Returns:
        The hidden states of the last layer.

    Example:
        >>> from lmkit.models import BERTConfig
        >>> bert = BERT(BERTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> tokens = torch.tensor([[1, 2, 3, 4]])
        >>> encode(bert, Batch(inputs=tokens, targets=tokens)).shape
        torch.Size([1, 4, 16])
    """
    if isinstance(encoder, BERT):
        return encoder.encode(batch.inputs, segment_ids=batch.segment_ids, attention_mask=batch.attention_mask)
    return encoder.hidden(batch.inputs, attention_mask=batch.attention_mask)


def real_tokens(batch: Batch) -> Bool[Tensor, "B T"]:
    """Find the positions of a batch that are not padding: those that some position may attend to.

    Args:
        batch: Any batch.

    Returns:
        ``True`` at real tokens.

    Example:
        >>> tokens = torch.tensor([[5, 6, 0]])  # the last one is padding
        >>> mask = torch.tensor([[True, True, False]]).expand(1, 3, 3)
        >>> real_tokens(Batch(inputs=tokens, targets=tokens, attention_mask=mask))
        tensor([[ True,  True, False]])
    """
    if batch.attention_mask is None:
        return torch.ones_like(batch.inputs, dtype=torch.bool)
    return batch.attention_mask.any(dim=1)


def pool(encoder: Encoder, encoded: Float[Tensor, "B T D"], is_real: Bool[Tensor, "B T"]) -> Float[Tensor, "B D"]:
    """Take the one hidden state of each text that has seen all of it.

    Args:
        encoder: The model that computed the states.
        encoded: Hidden states of the last layer.
        is_real: ``False`` at padding.

    Returns:
        BERT's pooled first position, or the last position before the padding of a left-to-right model.

    Source:
        Devlin et al. (2019), section 3; Radford et al. (2018), section 3.2.

    Example:
        >>> from lmkit.models import GPTConfig
        >>> gpt = GPT(GPTConfig(vocab_size=50, context_length=8, d_model=2, num_layers=1, num_heads=1))
        >>> encoded = torch.tensor([[[1.0, 1.0], [2.0, 2.0], [0.0, 0.0]]])
        >>> pool(gpt, encoded, torch.tensor([[True, True, False]]))  # the last position that is not padding
        tensor([[2., 2.]])
    """
    if isinstance(encoder, BERT):
        return encoder.pool(encoded)
    positions = torch.arange(encoded.shape[1], device=encoded.device)
    last: Int[Tensor, " B"] = (positions * is_real).argmax(dim=1)
    return encoded[torch.arange(len(encoded), device=encoded.device), last]


def mean_pool(encoded: Float[Tensor, "B T D"], is_real: Bool[Tensor, "B T"]) -> Float[Tensor, "B D"]:
    """Average the hidden states of each text.

    Args:
        encoded: Hidden states of the last layer.
        is_real: ``False`` at padding, which is left out.

    Returns:
        One vector per text.

    Source:
        Reimers and Gurevych (2019), section 3.

    Example:
        >>> mean_pool(torch.tensor([[[1.0], [3.0], [9.0]]]), torch.tensor([[True, True, False]]))
        tensor([[2.]])
    """
    weights = is_real.to(encoded.dtype) / is_real.sum(dim=1, keepdim=True).clamp(min=1)
    return (weights.unsqueeze(1) @ encoded).squeeze(1)


@torch.no_grad()
def whitening(embedding: Float[Tensor, "V D"]) -> nn.Linear:
    r"""Make a layer that maps the embeddings of the vocabulary to mean 0 and equal variance in every direction.

    $$e \mapsto C^{-1/2} (e - \mu)$$

    where $\mu$ and $C$ are the mean and covariance of the embeddings of all tokens. Pre-training gives nearly the same
    vector to words that can replace one another, such as names. The directions that distinguish them have little
    variance; whitening gives them as much as all others.

    Args:
        embedding: The embedding matrix. A ten-thousandth of the largest variance is added to each, so that directions
            with almost none are not blown up.

    Returns:
        A linear layer from $D$ to $D$ features.

    Source:
        Su et al. (2021), section 3.2, who whiten sentence vectors; Mu and Viswanath (2018) remove the mean and the
        top directions of word vectors.

    Example:
        >>> embedding = torch.randn(1000, 2, generator=torch.Generator().manual_seed(0))
        >>> embedding = embedding * torch.tensor([5.0, 0.5])  # ten times as wide as high
        >>> white = whitening(embedding)(embedding)
        >>> torch.allclose(torch.cov(white.T), torch.eye(2), atol=0.2)
        True
    """
    mean = embedding.mean(dim=0)
    variances, directions = torch.linalg.eigh(torch.cov(embedding.double().T))
    root = directions @ torch.diag((variances + 1e-4 * variances.max()).rsqrt()) @ directions.T
    layer = nn.Linear(len(root), len(root), device=embedding.device, dtype=embedding.dtype)
    layer.weight.copy_(root)
    layer.bias.copy_(-(layer.weight @ mean))
    return layer


def first_and_last_pool(
    encoder: Encoder,
    whiten: nn.Linear,
    batch: Batch,
    encoded: Float[Tensor, "B T D"],
    is_chosen: Bool[Tensor, "B T"],
) -> Float[Tensor, "B D"]:
    r"""Add the mean of each text's whitened embeddings and the mean of its last hidden states.

    The last hidden states of a pre-trained model predict which word fits a position, so they are similar in all texts
    of a kind. Whitened embeddings keep the words themselves apart. Both means are normalised to mean 0 and variance 1,
    so that they have equal weight:

    $$v = \operatorname{norm}\Big(\frac{1}{n} \sum_t W e_t + b\Big) +
    \operatorname{norm}\Big(\frac{1}{n} \sum_t h_t\Big)$$

    Args:
        encoder: The model that computed the states.
        whiten: $W$ and $b$, as from :func:`whitening`.
        batch: What the encoder read.
        encoded: Hidden states of the last layer.
        is_chosen: Which positions to average over.

    Returns:
        One vector per text.

    Source:
        Su et al. (2021) compare such averages of the first and the last layer. The normalisation is ours.

    Example:
        >>> from lmkit.models import BERTConfig
        >>> bert = BERT(BERTConfig(vocab_size=50, context_length=8, d_model=16, num_layers=1, num_heads=2))
        >>> tokens = torch.tensor([[1, 2, 3, 4]])
        >>> batch = Batch(inputs=tokens, targets=tokens)
        >>> whiten = whitening(bert.token_embedding.weight)
        >>> first_and_last_pool(bert, whiten, batch, encode(bert, batch), real_tokens(batch)).shape
        torch.Size([1, 16])
    """
    embedded = encoder.token_embedding(batch.inputs)
    first = mean_pool(whiten(embedded).to(encoded.dtype), is_chosen)
    last = mean_pool(encoded, is_chosen)
    return F.layer_norm(first, first.shape[-1:]) + F.layer_norm(last, last.shape[-1:])
