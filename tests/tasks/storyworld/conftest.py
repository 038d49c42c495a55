import pytest


@pytest.fixture(scope="session")
def sizes() -> dict[str, int]:
    return {"num_train": 12, "num_validation": 2, "num_test": 3}
