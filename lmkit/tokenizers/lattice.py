"""All segmentations of many words into pieces, summed over at once. Only this and Unigram training need NumPy."""

from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from jaxtyping import Float, Int


class Lattice:
    r"""One graph per word: the nodes are the boundaries between characters, each matching piece is an edge.

    A path through the graph is a segmentation of the word. Let $\alpha_j$ be the total probability of all paths
    from the start of a word to node $j$, and $\beta_i$ that of all paths from node $i$ to its end:

    $$\alpha_j = \sum_{i \to j} \alpha_i\, p_{ij}, \qquad \beta_i = \sum_{i \to j} p_{ij}\, \beta_j$$

    The edges of all words are ordered by the character at which they end, so one array operation advances
    every word by one character.
    """

    def __init__(self, words: Iterable[str], pieces: Sequence[str], *, whole_words: bool = True) -> None:
        """List nodes and edges.

        Args:
            words: The words to segment.
            pieces: The pieces to segment them into.
            whole_words: Whether a word may be a single piece.
        """
        ids = {piece: index for index, piece in enumerate(pieces)}
        longest = max(map(len, pieces), default=0)
        edges, first_nodes, last_nodes = array("q"), array("q"), array("q")
        node = 0
        for word in words:
            for start in range(len(word)):
                for end in range(start + 1, min(start + longest, len(word)) + 1):
                    index = ids.get(word[start:end])
                    if index is not None and (whole_words or end - start < len(word)):
                        edges.extend((end, node + start, node + end, index))
            first_nodes.append(node)
            last_nodes.append(node + len(word))
            node += len(word) + 1
        self._first_nodes, self._last_nodes = (
            np.array(first_nodes, dtype=np.int64),
            np.array(last_nodes, dtype=np.int64),
        )
        self._num_nodes, self._num_pieces = node, len(pieces)
        table = np.array(edges, dtype=np.int64).reshape(-1, 4)
        self._set_edges(*table[np.argsort(table[:, 0], kind="stable")].T)

    def keep(self, kept: Int[np.ndarray, " K"]) -> None:
        """Drop pieces.

        Args:
            kept: Which pieces stay. They are renumbered from 0, in this order.
        """
        new_index = np.full(self._num_pieces, -1)
        new_index[kept] = np.arange(len(kept))
        self._num_pieces = len(kept)
        pieces = new_index[self._pieces]
        stays = pieces >= 0
        self._set_edges(self._depths[stays], self._starts[stays], self._ends[stays], pieces[stays])

    def probabilities(self, piece_probabilities: Float[np.ndarray, " P"]) -> Float[np.ndarray, " W"]:
        """Sum over all segmentations of each word.

        Args:
            piece_probabilities: The probability of each piece.

        Returns:
            The probability of each word.
        """
        return self._forward(piece_probabilities[self._pieces])[self._last_nodes]

    def expected_counts(
        self, piece_probabilities: Float[np.ndarray, " P"], word_counts: Float[np.ndarray, " W"]
    ) -> Float[np.ndarray, " P"]:
        r"""Expected count of each piece, over all segmentations of each word given the word.

        An edge is on the path with probability $\alpha_i\, p_{ij}\, \beta_j / P(\text{word})$.

        Args:
            piece_probabilities: The probability of each piece.
            word_counts: How often each word occurs.

        Returns:
            The expected number of occurrences of each piece.
        """
        edge_probs = piece_probabilities[self._pieces]
        forward = self._forward(edge_probs)
        backward = np.zeros(self._num_nodes)
        backward[self._last_nodes] = word_counts / forward[self._last_nodes]
        for step in reversed(self._steps):
            np.add.at(backward, self._starts[step], edge_probs[step] * backward[self._ends[step]])
        on_the_way = forward[self._starts] * edge_probs * backward[self._ends]
        return np.bincount(self._pieces, weights=on_the_way, minlength=self._num_pieces)

    def _forward(self, edge_probs: Float[np.ndarray, " E"]) -> Float[np.ndarray, " N"]:
        forward = np.zeros(self._num_nodes)
        forward[self._first_nodes] = 1.0
        for step in self._steps:
            np.add.at(forward, self._ends[step], forward[self._starts[step]] * edge_probs[step])
        return forward

    def _set_edges(
        self,
        depths: Int[np.ndarray, " E"],
        starts: Int[np.ndarray, " E"],
        ends: Int[np.ndarray, " E"],
        pieces: Int[np.ndarray, " E"],
    ) -> None:
        self._depths, self._starts, self._ends, self._pieces = depths, starts, ends, pieces
        changes = np.flatnonzero(np.diff(depths)) + 1
        self._steps = [slice(*step) for step in pairwise([0, *changes.tolist(), len(depths)])]
