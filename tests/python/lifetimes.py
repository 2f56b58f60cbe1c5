# SPDX-License-Identifier: MIT OR Apache-2.0
"""A program for valgrind: every way to get and to lose an array. Not one of the unit tests."""

from __future__ import annotations

import gc
import pathlib

import fstview
import numpy as np

DATA = pathlib.Path(__file__).resolve().parents[1] / 'data'


def use(file: fstview.File) -> float:
    """Touches every kind of array."""
    records = file.find(nomvar='TT')[:6]
    total = sum(float(array.sum()) for array in file.views(records))
    total += float(file.read(records).sum()) + float(records[0].copy('f8').sum())
    for record in (file[0], records[0], file[len(file) - 1]):
        own = record.array(writable=True)
        own += 1
        part = record.data[1:]
        slab = record.view[1:3]
        del record
        total += float(own.sum()) + float(part.sum()) + float(slab.sum())
        total += float(file[0].array(any_byte_order=True).sum())
    index = file.index()
    total += float(index['ni'].sum()) + len(set(index['nomvar']))
    batch = file.arrow().__arrow_c_array__()
    tensor = records[0].__dlpack__(max_version=(1, 0))
    total += float(np.from_dlpack(file[0]).sum())
    total += len(file.find(level=(0.5, 1, 'hy'), valid=records[0].valid, nomvar=['TT'], metadata={'version': ''}))
    if len(file.paths) == 1:
        stack = file.stack('TT', valid=records[0].valid)
        total += float(stack.x.sum() + stack.y.sum())
        del stack
    del index, batch, tensor
    for wrong in (lambda: file[0].array('i1'), lambda: file.find_first(nomvar='ZZ'), lambda: file[10**6]):
        try:
            wrong()
        except fstview.Error:
            pass
    return total


def main() -> None:
    totals = []
    for name in ('model.rsf', 'model.fst'):
        path = DATA / name
        for source, options in ((path, {'access': 'map'}), (path, {'cache_bytes': 1 << 20}),
                                (path.read_bytes(), {}), ([path, path], {'threads': 2})):
            file = fstview.open(source, **options)
            totals.append(use(file))
            gc.collect()
            assert file.stats.live_views == 0
            kept, levels = file[3].data, file.index()['level']
            file.close()
            totals[-1] += float(kept.max()) + float(levels.max())
    assert np.isfinite(totals).all()
    print('every array was given back')


if __name__ == '__main__':
    main()
