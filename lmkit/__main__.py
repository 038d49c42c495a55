"""So that ``python -m lmkit`` does what ``lmkit`` does."""

from lmkit.cli import main

if __name__ == "__main__":
    main()
