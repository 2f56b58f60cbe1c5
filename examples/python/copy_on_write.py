# SPDX-License-Identifier: MIT OR Apache-2.0
"""Changes a field in place: of a mapped record only the pages that are touched get copied, and the file never changes."""

import sys

import fstview


def report(title, array):
    first, second = array[:, :, 0].mean(dtype='f8'), array[:, :, 1].mean(dtype='f8')
    print(f'{title:<10} level 1 {first:12.6f} level 2 {second:12.6f}')


# Files above 1 GiB are mapped by themselves.
with fstview.open(sys.argv[1], access='map') as file:
    record = file.find_first(nomvar='CUBE')
    mine = record.array(writable=True)
    report('as stored:', mine)
    mine[:, :, 0] += 100
    report('changed:', mine)
    report('the file:', record.data)
