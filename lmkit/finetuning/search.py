"""Search by meaning: embed all documents once, embed the query, and find the nearest documents."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lmkit.finetuning.heads import BiEncoder
from lmkit.finetuning.prediction import embed_texts
from lmkit.tasks import InputFormat


class Hit(NamedTuple):
    """A search result.

    Attributes:
        document: The text.
        score: Cosine similarity between its vector and that of the query.
        number: Its index in the collection, counted from 0.

    Example:
        >>> Hit(document="A red kite.", score=0.9, number=3).document
        'A red kite.'
    """

    document: str
    score: float
    number: int


@runtime_checkable
class VectorSearch(Protocol):
    """Finds the vectors of a collection that have the largest dot products with a query.

    Example:
        >>> search: VectorSearch = ExactSearch(torch.eye(3))
        >>> search.nearest(torch.tensor([[0.1, 0.9, 0.0]]), 1)
        (tensor([[0.9000]]), tensor([[1]]))
    """

    def nearest(self, queries: Float[Tensor, "Q D"], k: int) -> tuple[Float[Tensor, "Q N"], Int[Tensor, "Q N"]]:
        """Find the best ``k``, or all if there are fewer, best first: their dot products and their indices."""


class ExactSearch:
    """Compares each query with every vector, in one matrix product.

    Args:
        vectors: The collection.

    Example:
        >>> search = ExactSearch(torch.eye(3))
        >>> search.nearest(torch.tensor([[0.1, 0.9, 0.0]]), 1)
        (tensor([[0.9000]]), tensor([[1]]))
    """

    def __init__(self, vectors: Float[Tensor, "M D"]) -> None:
        self._vectors = vectors

    def nearest(self, queries: Float[Tensor, "Q D"], k: int) -> tuple[Float[Tensor, "Q N"], Int[Tensor, "Q N"]]:
        """Find the vectors with the largest dot products.

        Args:
            queries: One vector per query.
            k: How many to find for each.

        Returns:
            For each query the dot products, largest first, and the indices of the vectors.
        """
        scores, numbers = (queries @ self._vectors.T).topk(min(k, len(self._vectors)))
        return scores, numbers


class FaissSearch:
    """Compares each query with few vectors: it walks a graph of nearest neighbours towards the query (HNSW).

    It may miss some of the nearest vectors. The scores of those it finds are those of :class:`ExactSearch`.

    Args:
        vectors: The collection.
        num_neighbours: How many neighbours each vector has in the graph.
        num_candidates: How many candidates are kept during the walk and while the graph is built; more candidates miss
            less.

    Raises:
        ImportError: If FAISS is not installed.

    Source:
        Malkov and Yashunin (2020), algorithms 1 and 5.

    Example:
        >>> search = FaissSearch(torch.eye(3))  # doctest: +SKIP
        >>> search.nearest(torch.tensor([[0.1, 0.9, 0.0]]), 1)  # doctest: +SKIP
        (tensor([[0.9000]]), tensor([[1]]))
    """

    def __init__(self, vectors: Float[Tensor, "M D"], *, num_neighbours: int = 32, num_candidates: int = 64) -> None:
        try:
            import faiss
        except ImportError as error:
            raise ImportError("FaissSearch needs the package faiss-cpu: pip install 'lmkit-book[search]'") from error
        self._graph = faiss.IndexHNSWFlat(vectors.shape[1], num_neighbours, faiss.METRIC_INNER_PRODUCT)
        self._graph.hnsw.efConstruction = self._num_candidates = num_candidates
        self._graph.add(vectors.float().numpy())

    def nearest(self, queries: Float[Tensor, "Q D"], k: int) -> tuple[Float[Tensor, "Q N"], Int[Tensor, "Q N"]]:
        """Find vectors with large dot products.

        Args:
            queries: One vector per query.
            k: How many to find for each.

        Returns:
            For each query the dot products, largest first, and the indices of the vectors.
        """
        k = min(k, self._graph.ntotal)
        self._graph.hnsw.efSearch = max(self._num_candidates, k)
        scores, numbers = self._graph.search(queries.float().numpy(), k)
        return torch.from_numpy(scores), torch.from_numpy(numbers)


class Index:
    """A searchable collection of documents.

    Args:
        model: Maps texts to vectors.
        documents: The collection.
        input_format: As in training.
        make_search: How to search vectors: :class:`ExactSearch`, or :class:`FaissSearch` for large collections.
        batch_size: Texts per forward pass.

    Raises:
        ValueError: If there are no documents.

    Source:
        Karpukhin et al. (2020), section 3.

    Example:
        >>> from lmkit.models import load_pretrained, load_tokenizer
        >>> from lmkit.tasks import standard_format
        >>> bert, tokenizer = load_pretrained("storyworld-bert"), load_tokenizer("storyworld-bert")
        >>> input_format = standard_format(tokenizer, bert.config.context_length)
        >>> index = Index(BiEncoder(bert), ["Anna found a red kite.", "Tom lost his drum."], input_format)
        >>> index.search("a red kite", k=1)[0].document
        'Anna found a red kite.'
    """

    def __init__(
        self,
        model: BiEncoder,
        documents: Sequence[str],
        input_format: InputFormat,
        *,
        make_search: Callable[[Tensor], VectorSearch] = ExactSearch,
        batch_size: int = 64,
    ) -> None:
        if not documents:
            raise ValueError("documents is empty: an index needs at least one document")
        self._model, self._input_format, self._batch_size = model, input_format, batch_size
        self._documents = tuple(documents)
        self._search = make_search(embed_texts(model, documents, input_format, batch_size=batch_size))

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """Find the documents nearest to a text.

        Args:
            query: The text to look for.
            k: How many to find.

        Returns:
            The best ``k``, or all if there are fewer, best first.

        Raises:
            ValueError: If ``k`` is less than 1.
        """
        return self.search_all([query], k)[0]

    def search_all(self, queries: Sequence[str], k: int = 10) -> list[list[Hit]]:
        """Find documents for several texts at once.

        Args:
            queries: The texts to look for.
            k: How many to find for each.

        Returns:
            The hits of each, as from :meth:`search`.

        Raises:
            ValueError: If ``k`` is less than 1.
        """
        if k < 1:
            raise ValueError(f"k={k} must be at least 1")
        if not queries:
            return []
        vectors = embed_texts(self._model, queries, self._input_format, batch_size=self._batch_size)
        scores, numbers = self._search.nearest(vectors, k)
        return [
            [Hit(self._documents[number], score, number) for score, number in zip(*row, strict=True) if number >= 0]
            for row in zip(scores.tolist(), numbers.tolist(), strict=True)
        ]
