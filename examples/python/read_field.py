# SPDX-License-Identifier: MIT OR Apache-2.0
"""Reads one field: opens a file, finds a record, looks at its attributes and its array."""

import sys

import fstview

with fstview.open(sys.argv[1]) as file:
    record = file.find_first(nomvar='TT')
    print(f'{record.nomvar} {record.etiket} {record.ni} x {record.nj}')
    # The array stays valid when the file is closed.
    tt = record.data

print(f'minimum {tt.min():12.6f} maximum {tt.max():12.6f} mean {tt.mean(dtype="f8"):12.6f}')
