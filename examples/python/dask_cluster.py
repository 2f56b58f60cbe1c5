# SPDX-License-Identifier: MIT OR Apache-2.0
"""All records of a variable as one lazy array, worked on by the processes of a Dask cluster: dask_cluster.py TT FILE..."""

import sys
import tempfile

import dask
import dask.array
import fstview
import numpy as np
from dask.distributed import Client, LocalCluster

RECORDS_PER_CHUNK = 250


def fields(numbers, paths):
    """Records one behind the other, (record, y, x). It runs in a worker, which opens the files itself: open files stay
    in their process, paths and record numbers travel. Mapped pages are shared by all processes of a machine."""
    with fstview.open(paths, access='map', threads=1) as file:
        return file.read(numbers.tolist()).T


def lazy_array(paths, records):
    """Of an array of record numbers, each chunk becomes the records themselves."""
    first = records[0]
    numbers = dask.array.from_array(np.array([record.number for record in records]), chunks=RECORDS_PER_CHUNK)
    return numbers.map_blocks(
        fields, paths, new_axis=(1, 2), chunks=(*numbers.chunks, (first.nj,), (first.ni,)),
        meta=np.empty((0, 0, 0), first.dtype),
    )


def main():
    nomvar, *paths = sys.argv[1:]
    with fstview.open(paths) as file:
        records = file.find(nomvar=nomvar)
        array = lazy_array(paths, records)
        wanted = file.read(records).T
    print(f'{len(paths)} files, {array.shape[0]} records of {array.shape[2]}x{array.shape[1]}, {array.npartitions} chunks')
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
                     local_directory=folder) as cluster,
        Client(cluster) as client,
    ):
        print(f'{len(client.run(lambda: None))} worker processes')
        means, mean, largest = dask.compute(
            array.mean(axis=(1, 2), dtype='f8'), array.mean(axis=0, dtype='f8'), array.max()
        )
    print(f'mean {means.mean():.6f}, largest {largest:.6f}')
    is_same = np.allclose(means, wanted.mean(axis=(1, 2), dtype='f8'), rtol=1e-12) and np.allclose(
        mean, wanted.mean(axis=0, dtype='f8'), rtol=1e-12)
    print('as computed directly' if is_same and largest == wanted.max() else 'not what is computed directly')


if __name__ == '__main__':
    main()
