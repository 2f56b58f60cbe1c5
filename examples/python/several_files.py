# SPDX-License-Identifier: MIT OR Apache-2.0
"""Several files as one: record numbers run on, and searches see all of them."""

import sys

import fstview

with fstview.open(sys.argv[1:]) as file:
    print(f'{len(file.paths)} files, {len(file)} records')
    for record in file.find(nomvar='PN'):
        mean = record.data.mean(dtype='f8')
        print(f'{record.path} {record.nomvar} ip2 {record.ip2} mean {mean:12.6f}')
