# SPDX-License-Identifier: MIT OR Apache-2.0
"""Part of a field that need not fit in memory: only the bytes of the slab are read."""

import sys

import fstview

with fstview.open(sys.argv[1], access='read') as file:
    record = file.find_first(nomvar='CUBE')
    # Counted from 0, as everything in Python.
    slab = record.view[10:30, 5:15, 2]
    ni, nj = slab.shape
    print(f'{ni} x {nj}, first {slab[0, 0]:12.6f} mean {slab.mean(dtype="f8"):12.6f}')
    little = file.stats.bytes_read < record.array_bytes // 10
    print(f'less than a tenth of the field was read: {"yes" if little else "no"}')
