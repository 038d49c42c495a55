"""A student's kernel: ipykernel, with modules that are slow to load already loaded.

``python -m lmkit.grading.channel.kernel MODULES -- ARGUMENTS OF IPYKERNEL``. What is loaded before the notebook runs
stays, so Python need not search it for garbage: neither while it is loaded, nor later, nor in copies of the process,
whose memory would become their own by being searched.
"""

import contextlib
import gc
import importlib
import sys


def load(modules: list[str]) -> None:
    """Load modules, and keep from the search for garbage all that there is then.

    Args:
        modules: Their names; one that cannot be loaded is left to the notebook.
    """
    gc.disable()
    for module in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(module)
    gc.freeze()
    gc.enable()


if __name__ == "__main__":
    del sys.path[0]  # the notebook's folder: IPython puts it back, after all that is loaded here
    end = sys.argv.index("--")
    load(["ipykernel.kernelapp", *sys.argv[1:end]])
    del sys.argv[1 : end + 1]
    sys.modules["ipykernel.kernelapp"].launch_new_instance()
