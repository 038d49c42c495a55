import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "chapters"))  # where Jupyter Book finds the extensions of the book, `_sphinx`


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT
