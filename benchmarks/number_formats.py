"""Loss in bf16 beside the loss in fp32: 2,000 steps of the small configuration, from one start in one order.

    python -m benchmarks.number_formats                # the bytes of Python's documentation, about 8 minutes on a CPU
    python -m benchmarks.number_formats --write        # also into benchmarks/README.md

Both curves are means over a twentieth of the steps.
"""

import argparse

import torch

from benchmarks.gpu.__main__ import CHECK_COLUMNS, check_cells
from benchmarks.gpu.checks import bf16_curve
from benchmarks.gpu.sizes import Sizes
from benchmarks.tables import header, line, write_rows
from benchmarks.training import CONFIGS
from lmkit.training import machine_name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--num-steps", type=int, default=2000)
    parser.add_argument("--write", action="store_true", help="put the row into benchmarks/README.md")
    arguments = parser.parse_args()
    config, batch_size = CONFIGS["small"]
    device = torch.device("cpu")
    sizes = Sizes(checked=config, checked_rows=batch_size, curve_steps=arguments.num_steps, backend="eager")
    found = bf16_curve(sizes, device)
    rows = [check_cells(machine_name(device), check) for check in found.checks]
    print(header(CHECK_COLUMNS) + "".join(map(line, rows)))
    if arguments.write:
        write_rows("number formats", CHECK_COLUMNS, rows)


if __name__ == "__main__":
    main()
