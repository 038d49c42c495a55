import pytest

from lmkit.storyworld import StoryWorld


@pytest.fixture(scope="session")
def world() -> StoryWorld:
    return StoryWorld()


@pytest.fixture(scope="session")
def sizes() -> dict[str, int]:
    return {"num_train": 12, "num_validation": 2, "num_test": 3}
