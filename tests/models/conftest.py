import pytest

from lmkit.models import save_pretrained
from tests.models.stored_models import OURS


@pytest.fixture
def folder(tmp_path):
    """A folder that holds a small GPT."""
    save_pretrained(OURS["gpt2"](), tmp_path)
    return tmp_path
