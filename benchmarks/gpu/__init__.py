"""Every check and row that needs a GPU; ``python -m benchmarks.gpu`` runs them."""
