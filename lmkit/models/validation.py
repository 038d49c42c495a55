"""The rules that the sizes of models obey, and errors that name the argument, its value and the rule."""


def require_positive(config: object, *names: str) -> None:
    """Require numbers greater than 0; ``None`` passes, as it stands for a default.

    Args:
        config: What has the fields.
        names: Which fields to look at.

    Raises:
        ValueError: Naming the first field that breaks the rule.
    """
    for name in names:
        value = getattr(config, name)
        if value is not None and not value > 0:
            raise ValueError(f"{name}={value} must be greater than 0")


def require_divisible(config: object, name: str, divisor: str) -> None:
    """Require one field to be a multiple of another.

    Args:
        config: What has the fields.
        name: The field to be divided.
        divisor: The field that divides it.

    Raises:
        ValueError: Naming both fields.
    """
    value, by = getattr(config, name), getattr(config, divisor)
    if value % by:
        raise ValueError(f"{name}={value} is not divisible by {divisor}={by}")


def require_probability(config: object, name: str) -> None:
    """Require a number of at least 0 and less than 1.

    Args:
        config: What has the field.
        name: The field.

    Raises:
        ValueError: Naming the field.
    """
    value = getattr(config, name)
    if not 0 <= value < 1:
        raise ValueError(f"{name}={value} must be at least 0 and less than 1")


def require_room(num_tokens: int, context_length: int) -> None:
    """Require that a sequence fits.

    Args:
        num_tokens: Its length, with what is cached.
        context_length: How many tokens the model can read at once.

    Raises:
        ValueError: Naming both.
    """
    if num_tokens > context_length:
        raise ValueError(f"{num_tokens} tokens are more than context_length={context_length}")
