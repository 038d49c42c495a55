import pytest

from tests.training.tiny import tiny_gpt


@pytest.fixture
def model():
    return tiny_gpt()
