"""So that ``python -m lmkit.cli`` and ``torchrun --module lmkit.cli`` do what ``lmkit`` does."""

from lmkit.cli import main

if __name__ == "__main__":
    main()
