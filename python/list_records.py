#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Lists the records of a standard file, with the extremes and the mean of each field.

    python3 list_records.py FILE

The same program exists in C and in Fortran; all three print the same bytes.
"""

from __future__ import annotations

import sys

import fstview
import numpy as np

HEADER = (
    'record nomvar typvar etiket       level                 dateo      datev           ni x nj x nk     type bits'
    '              min              max             mean'
)

# Elements that are added up at a time.
BLOCK = 1 << 20


def number_text(value: float) -> str:
    """Eight significant digits and an exponent of three, or nan, inf, -inf."""
    text = f'{value:.7e}'
    if 'e' not in text:
        return text
    digits, exponent = text.split('e')
    return f'{digits}E{exponent[0]}{int(exponent[1:]):03d}'


def sequential_sum(values: np.ndarray) -> float:
    """The sum in 64 bits, strictly from the first element to the last."""
    total = 0.0
    for start in range(0, values.size, BLOCK):
        block = values[start:start + BLOCK].astype(np.float64)
        block[0] += total
        total = np.add.accumulate(block)[-1]
    return total


def statistics(data: np.ndarray) -> tuple[str, str, str]:
    """The smallest and the largest value and the mean, as text."""
    values = data.reshape(-1, order='F')
    if values.dtype.kind == 'S':
        return 'text', '-', '-'
    if values.dtype.kind == 'c':
        values = np.hypot(values.real.astype(np.float64), values.imag.astype(np.float64))
    if np.isnan(values).any():
        return 'nan', 'nan', 'nan'
    # The first of equal values: zeros may differ in sign.
    smallest, largest = values[values.argmin()], values[values.argmax()]
    mean = sequential_sum(values) / values.size
    return number_text(float(smallest)), number_text(float(largest)), number_text(float(mean))


def line(record: fstview.Record) -> str:
    """The line of a record."""
    try:
        smallest, largest, mean = statistics(record.data)
    except fstview.Error:
        smallest, largest, mean = 'refused', '-', '-'
    extents = f'{record.ni}x{record.nj}x{record.nk}'
    return (
        f'{record.number:6d} {record.nomvar:<6} {record.typvar:<6} {record.etiket:<12} '
        f'{fstview.ip_format(record.ip1):<15} {record.dateo:11d} {record.datev:11d} {extents:>20} '
        f'{record.data_type:4d} {record.pack_bits:4d} {smallest:>16} {largest:>16} {mean:>16}'
    )


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print('usage: list_records.py FILE', file=sys.stderr)
        return 2
    try:
        file = fstview.open(arguments[0])
    except fstview.Error as error:
        print(f'list_records.py: {error}', file=sys.stderr)
        return 1
    with file, np.errstate(all='ignore'):
        print(HEADER)
        for record in file:
            print(line(record))
        print(f'{len(file)} records')
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
