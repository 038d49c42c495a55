"""Checks of model arguments, with errors that name the argument, its value and the rule."""

from torch import Tensor


def require_positive(config: object, *names: str) -> None:
    """Check that fields are greater than 0; ``None``, which means a default, passes.

    Args:
        config: The object that has the fields.
        names: The fields to check.

    Raises:
        ValueError: If one is not; the message names the first.
    """
    for name in names:
        value = getattr(config, name)
        if value is not None and not value > 0:
            raise ValueError(f"{name}={value} must be greater than 0")


def require_divisible(config: object, name: str, divisor: str) -> None:
    """Check that one field is a multiple of another.

    Args:
        config: The object that has the fields.
        name: The field that must be a multiple.
        divisor: The field that must divide it.

    Raises:
        ValueError: If it does not; the message names both fields.
    """
    value, by = getattr(config, name), getattr(config, divisor)
    if value % by:
        raise ValueError(f"{name}={value} is not divisible by {divisor}={by}")


def require_probability(config: object, name: str) -> None:
    """Check that a field is at least 0 and less than 1.

    Args:
        config: The object that has the field.
        name: The field to check.

    Raises:
        ValueError: If it is not; the message names the field.
    """
    value = getattr(config, name)
    if not 0 <= value < 1:
        raise ValueError(f"{name}={value} must be at least 0 and less than 1")


def require_room(num_tokens: int, context_length: int) -> None:
    """Check that a sequence fits into a model's context.

    Args:
        num_tokens: Length of the sequence, including cached tokens.
        context_length: Maximum number of tokens that the model can read.

    Raises:
        ValueError: If it does not fit; the message names both numbers.
    """
    if num_tokens > context_length:
        raise ValueError(f"{num_tokens} tokens are more than context_length={context_length}")


def require_window(token_stream: Tensor, window: int) -> None:
    """Check that pairs of neighbours can be taken from a stream.

    Args:
        token_stream: Token ids.
        window: The largest distance between neighbours.

    Raises:
        ValueError: If ``window`` is less than 1 or the stream is empty.
    """
    if window < 1:
        raise ValueError(f"window={window} must be at least 1")
    if token_stream.numel() == 0:
        raise ValueError("token_stream is empty: there are no pairs to take from it")
