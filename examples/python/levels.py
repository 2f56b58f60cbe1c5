# SPDX-License-Identifier: MIT OR Apache-2.0
"""Makes a 3-D array of a variable: the levels at one moment, in their order, each decoded straight into its place."""

import sys

import fstview

with fstview.open(sys.argv[1]) as file:
    stack = file.stack('TT', valid='2024-01-15T03:00')

ni, nj, nk = stack.data.shape
print(f'{ni} x {nj} x {nk}, levels of kind {stack.level_kind}')
for k, level in enumerate(stack.levels):
    print(f'level {level:8.5f} mean {stack.data[:, :, k].mean(dtype="f8"):12.6f}')
