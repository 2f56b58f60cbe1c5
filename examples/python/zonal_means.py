# SPDX-License-Identifier: MIT OR Apache-2.0
"""Zonal means of many records, in parallel: any thread may use any file and view, and decoding lets others run."""

import sys
from concurrent.futures import ThreadPoolExecutor

import fstview


def means(record):
    """The means of the first, the middle and the last row."""
    rows = record.data.mean(axis=0, dtype='f8')
    return rows[0], rows[rows.size // 2], rows[-1]


with fstview.open(sys.argv[1]) as file, ThreadPoolExecutor() as threads:
    for first, middle, last in threads.map(means, file.find(nomvar='TT')):
        print(f'first row {first:12.6f} middle {middle:12.6f} last {last:12.6f}')
