"""Search by meaning: documents become vectors once, a query becomes one, and the nearest are found."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lmkit.finetuning.heads import BiEncoder
from lmkit.finetuning.prediction import embed_texts
from lmkit.tasks import InputFormat


class Hit(NamedTuple):
    """A document that was found.

    Attributes:
        document: Its text.
        score: Cosine of the angle between its vector and the query's.
        number: Its position in the collection, counted from 0.

    Example:
        >>> Hit(document="A red kite.", score=0.9, number=3).document
        'A red kite.'
    """

    document: str
    score: float
    number: int


@runtime_checkable
class VectorSearch(Protocol):
    """Finds, for vectors, those of a collection with which their products are largest.

    Example:
        >>> search: VectorSearch = ExactSearch(torch.eye(3))
        >>> search.nearest(torch.tensor([[0.1, 0.9, 0.0]]), 1)
        (tensor([[0.9000]]), tensor([[1]]))
    """

    def nearest(self, queries: Float[Tensor, "Q D"], k: int) -> tuple[Float[Tensor, "Q N"], Int[Tensor, "Q N"]]:
        """Find the best ``k``, or all if there are fewer, best first: their products and their numbers."""


class ExactSearch:
    """Compares each query with each vector: one matrix product.

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
        """Find the vectors with the largest products.

        Args:
            queries: Any number of vectors.
            k: How many to find for each.

        Returns:
            For each query the products, largest first, and the numbers of the vectors.
        """
        scores, numbers = (queries @ self._vectors.T).topk(min(k, len(self._vectors)))
        return scores, numbers


class FaissSearch:
    """Compares each query with few vectors: from neighbour to neighbour, towards the query, through a graph.

    It may miss some. What it finds has the same score as in :class:`ExactSearch`.

    Args:
        vectors: The collection.
        num_neighbours: With how many others each vector is connected.
        num_candidates: How many vectors are kept in view on the way, and when the graph is made; the more, the
            less is missed.

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
        """Find vectors with large products.

        Args:
            queries: Any number of vectors.
            k: How many to find for each.

        Returns:
            For each query the products, largest first, and the numbers of the vectors.
        """
        k = min(k, self._graph.ntotal)
        self._graph.hnsw.efSearch = max(self._num_candidates, k)
        scores, numbers = self._graph.search(queries.float().numpy(), k)
        return torch.from_numpy(scores), torch.from_numpy(numbers)


class Index:
    """A collection of texts that can be searched: text in, documents out.

    Args:
        model: Turns texts into vectors.
        documents: What can be found.
        input_format: How the model wants its texts, as in training.
        make_search: How vectors are found: :class:`ExactSearch`, or :class:`FaissSearch` for large collections.
        batch_size: Texts that are read at once.

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
            raise ValueError("documents is empty: there is nothing to find")
        self._model, self._input_format, self._batch_size = model, input_format, batch_size
        self._documents = tuple(documents)
        self._search = make_search(embed_texts(model, documents, input_format, batch_size=batch_size))

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """Find the documents that are nearest to a text.

        Args:
            query: What is asked.
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
            queries: What is asked.
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
