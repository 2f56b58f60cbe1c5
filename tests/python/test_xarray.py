# SPDX-License-Identifier: MIT OR Apache-2.0
"""The engine of xarray: every value against the records, coordinates, what names tell apart, laziness."""

from __future__ import annotations

import pickle
import subprocess
import sys
import unittest
import warnings

import fstview
import fstview_xarray
import numpy as np
import xarray
from fstview_xarray import FstviewBackend
from support import DATA, MODEL, ROOT, TestCase, field, run, write_rsf

sys.path.insert(0, str(ROOT / 'examples' / 'python'))
import grid_point  # noqa: E402

STAMP = 470636000
MIDNIGHT = np.datetime64('2024-01-15T00:00')


def ramp(ni: int = 4, nj: int = 3, start: float = 0) -> np.ndarray:
    return np.arange(start, start + ni * nj, dtype='f4').reshape((ni, nj), order='F')


def level(value: float, unit: str = 'hPa') -> int:
    return fstview.ip_encode(value, unit)


def records_of(variable: xarray.Variable):
    """The numbers behind a variable, or None."""
    data = variable._data
    while not isinstance(data, fstview_xarray._Field):
        data = getattr(data, 'array', None)
        if data is None:
            return None
    return data.numbers


class Engine(TestCase):
    def dataset(self, path=MODEL, **options) -> xarray.Dataset:
        dataset = xarray.open_dataset(path, engine=FstviewBackend, **options)
        self.addCleanup(dataset.close)
        return dataset

    def written(self, *fields, **options) -> xarray.Dataset:
        return self.dataset(write_rsf(self.folder / 'written.rsf', list(fields)), **options)


class Values(Engine):
    def test_every_value_of_the_golden_files(self) -> None:
        paths = sorted(set(DATA.glob('*.?s[ft]')) - {DATA / 'types.fst'}) + sorted(DATA.glob('containers/*_types.*s[ft]'))
        refused = 0
        for path in paths:
            # Of thousands of small records, some.
            criteria = {'nomvar': 'Z2'} if path.name == 'turbo.rsf' else {}
            with warnings.catch_warnings():
                warnings.simplefilter('ignore')
                dataset = self.dataset(path, criteria=criteria)
            seen = set()
            with fstview.open(path, missing='nan') as file:
                for name, variable in dataset.data_vars.items():
                    numbers = records_of(variable.variable)
                    try:
                        values = variable.values
                    except fstview.CorruptError:
                        for number in numbers.ravel().tolist():
                            self.assertRaises(fstview.CorruptError, lambda number=number: file[number].data)
                        refused += 1
                        continue
                    self.assertEqual((values.shape, values.dtype), (variable.shape, variable.dtype))
                    for place in np.ndindex(numbers.shape):
                        number = int(numbers[place])
                        if number < 0:
                            self.assertTrue(np.isnan(values[place]).all())
                            continue
                        seen.add(number)
                        record = file[number]
                        wanted = record.data.reshape(values.shape[numbers.ndim:][::-1], order='F').T
                        if record.has_missing and wanted.dtype.kind in 'iu' and wanted.dtype.itemsize < 8:
                            limits = np.iinfo(wanted.dtype)
                            code = limits.min or limits.max
                            wanted = np.where(wanted == code, np.nan, wanted.astype('f8'))
                            self.assertTrue(np.isnan(wanted).any(), record)
                        same = np.array_equal(values[place], wanted, equal_nan=wanted.dtype.kind in 'fc')
                        self.assertTrue(same, (path, name, record))
                every = {record.number for record in file if record.dtype is not None and not record.is_descriptor}
            if path.name.startswith('model'):
                self.assertEqual(seen, every)
            self.assertLessEqual(seen, every)
            self.assertGreater(len(seen), 0, path)
        self.assertGreater(refused, 0)

    def test_the_model(self) -> None:
        for path in (MODEL, DATA / 'model.fst'):
            dataset = self.dataset(path)
            self.assertEqual(dataset.TT.dims, ('time', 'level', 'y', 'x'))
            self.assertEqual(dataset.TT.shape, (3, 8, 80, 120))
            self.assertEqual(dataset.CUBE.dims[-3:], ('z', 'y', 'x'))
            self.assertEqual(sorted(name for name in dataset if name.startswith('TM')), ['TM_@@', 'TM_P'])
            self.assertEqual(dataset['TM_@@'].dtype, np.uint32)
            for name, dims in (('TT', 'hybrid'), ('UU', 'pressure')):
                self.assertEqual(dataset[dataset[name].dims[1]].attrs['long_name'], dims)
            with fstview.open(path) as file:
                wanted = file.find_first(nomvar='GZ', level=(550, 'hPa'), valid='2024-01-15T03:00').data
                found = dataset.GZ.sel(level2=550, time='2024-01-15T03:00')
                self.assertTrue((found.values == wanted.T).all())
                x, y = file.find_first(nomvar='TT').grid.coordinates()
                self.assertTrue((dataset.x.values == x).all() and (dataset.y.values == y).all())
                parameters = file.find_first(nomvar='TT').grid.parameters
            for i, j in ((0, 0), (59, 39), (119, 79)):
                latitude, longitude = grid_point.from_rotated(parameters, float(y[j]), float(x[i]))
                self.assertAlmostEqual(float(dataset.lat[j, i]), latitude, 9)
                self.assertAlmostEqual(float(dataset.lon[j, i]), longitude, 9)
            self.assertEqual(dataset.TT.attrs['etiket'], 'RDPS_V9')
            self.assertEqual(dataset.TT.attrs['origin'], '2024-01-15T00:00:00')

    def test_every_way_of_indexing(self) -> None:
        dataset = self.dataset()
        whole = dataset.TT.values
        cube = dataset.CUBE.values
        for key in (
            (0, 0), (0, 0, 3, 4), (slice(None), 2, slice(3, 9), -1), (slice(None, None, 2), slice(None, None, -1)),
            (1, slice(2, 5), slice(60, 10, -7), slice(5, 100, 13)), ([2, 0], [1, 7, 3], [5, 2, 70], [9, 1]),
            ([-1], slice(3, 3)), (0, 0, [], slice(None)), (0, [], 0, 0), (-1, -1, [-1, 0], [-2]),
            (np.array([True, False, True]), 0),
        ):
            with self.subTest(key):
                names = dict(zip(dataset.TT.dims, key))
                wanted = whole
                for axis in reversed(range(len(key))):
                    item = np.array(key[axis], int) if isinstance(key[axis], list) else key[axis]
                    wanted = wanted[(slice(None),) * axis + (item,)]
                found = self.dataset().TT.isel(names).values
                self.assertEqual(found.shape, wanted.shape)
                self.assertTrue((found == wanted).all())
        points = xarray.DataArray([1, 5, 2], dims='p')
        found = self.dataset().TT.isel(time=0, level=1, x=points, y=points + 3)
        self.assertTrue((found.values == whole[0, 1][points.values + 3, points.values]).all())
        self.assertTrue((self.dataset().CUBE.isel(z=[3, 1], x=7).values == cube[:, :, [3, 1]][..., 7]).all())
        latitudes = dataset.lat.values
        self.assertTrue((self.dataset().lat[5:9, 3].values == latitudes[5:9, 3]).all())
        self.assertTrue((self.dataset().lat[[7, 2], 90::-9].values == latitudes[[7, 2], 90::-9]).all())

    def test_no_more_is_decoded_than_is_used(self) -> None:
        opened = []
        function = fstview.open
        self.addCleanup(setattr, fstview, 'open', function)
        fstview.open = lambda *given, **options: opened.append(function(*given, **options)) or opened[-1]
        dataset = self.dataset(access='map')
        (file,) = opened
        made = lambda: sum(file.stats[:5])  # noqa: E731
        decoded = file.stats.bytes_decoded
        self.assertEqual(made(), 2)  # the axes
        dataset.GZ.isel(time=1, level2=slice(0, 2)).load()
        self.assertEqual(file.stats.bytes_decoded - decoded, 2 * 120 * 80 * 4)
        mappable = next(record for record in file if record.is_mappable and not record.is_descriptor)
        name = next(name for name, variable in dataset.data_vars.items()
                    if mappable.number in records_of(variable.variable))
        at = dict(zip(dataset[name].dims, np.argwhere(records_of(dataset[name].variable) == mappable.number)[0]))
        values = dataset[name].isel(at).values
        self.assertEqual(made(), 3)
        owner = values
        while isinstance(owner, np.ndarray):
            owner = owner.base
        self.assertIsInstance(owner, fstview.View)
        self.assertTrue(values.flags.c_contiguous)
        values[:] = 0
        self.assertTrue(self.dataset()[name].isel(at).values.any())

    def test_chunks(self) -> None:
        dataset = self.dataset(chunks={})
        self.assertEqual(dataset.TT.chunks, ((1,) * 3, (1,) * 8, (80,), (120,)))
        self.assertTrue((dataset.TT.compute(scheduler='threads').values == self.dataset().TT.values).all())
        halves = self.dataset(chunks={'time': 3, 'level': 3})
        self.assertEqual(halves.TT.chunks, ((3,), (3, 3, 2), (80,), (120,)))
        self.assertTrue((halves.TT.values == self.dataset().TT.values).all())

    def test_pickles_and_closed_datasets(self) -> None:
        dataset = self.dataset()
        values = dataset.TT.values
        other = pickle.loads(pickle.dumps(self.dataset()))
        self.assertTrue((other.TT.values == values).all() and (other.lat.values == dataset.lat.values).all())
        closed = self.dataset()
        closed.close()
        self.assertTrue((closed.TT.values == values).all())
        path = write_rsf(self.folder / 'a.rsf', [field('TT', ramp())])
        text = pickle.dumps(self.dataset(path))
        write_rsf(path, [field('TT', ramp()), field('UU', ramp())])
        with self.raises(fstview.CorruptError, 'a.rsf', 'changed since the dataset was opened'):
            pickle.loads(text).TT.values


    def test_workers_of_a_cluster(self) -> None:
        script = self.folder / 'cluster.py'
        script.write_text("""
import sys
import numpy as np
import xarray
from dask.distributed import Client, LocalCluster
from fstview_xarray import FstviewBackend

if __name__ == '__main__':
    model, folder = sys.argv[1:]
    dataset = xarray.open_dataset(model, engine=FstviewBackend, chunks={})
    direct = xarray.open_dataset(model, engine=FstviewBackend)
    with LocalCluster(n_workers=2, threads_per_worker=2, processes=True, dashboard_address=None,
                      local_directory=folder) as cluster, Client(cluster):
        assert (dataset.TT.max(['x', 'y']).values == direct.TT.max(['x', 'y']).values).all()
        assert (dataset.lat.max('x').values == direct.lat.max('x').values).all()
    print('holds')
""", encoding='utf-8')
        done = subprocess.run([sys.executable, script, MODEL, self.folder], capture_output=True, text=True, timeout=300,
                              check=False)
        self.assertEqual((done.returncode, done.stdout), (0, 'holds\n'), done.stderr)


class Structure(Engine):
    def test_combinations_that_are_not_there(self) -> None:
        later = fstview.stamp_add_hours(STAMP, 6)
        dataset = self.written(
            field('TT', ramp(), ip1=level(500)), field('TT', ramp(start=20), ip1=level(850)),
            field('TT', ramp(start=40), ip1=level(500), datev=later),
        )
        self.assertEqual(dataset.TT.shape, (2, 2, 3, 4))
        self.assertEqual(dataset.level.values.tolist(), [500, 850])
        self.assertEqual((dataset.level.attrs['units'], dataset.level.attrs['kind']), ('hPa', 2))
        self.assertEqual(dataset.time.values.tolist(), [MIDNIGHT.item(), (MIDNIGHT + np.timedelta64(6, 'h')).item()])
        for found in (dataset.TT.values, dataset.TT.isel(level=[0, 1]).values, np.stack([
                dataset.TT.isel(time=time).values for time in (0, 1)])):
            self.assertTrue(np.isnan(found[1, 1]).all())
            self.assertTrue((found[0, 0] == ramp().T).all() and (found[1, 0] == ramp(start=40).T).all())
        self.assertTrue(np.isnan(dataset.TT.isel(time=1, level=1, x=2).values).all())

    def test_no_levels_and_no_times(self) -> None:
        no_level = 6 << 24 | 1 << 23
        self.assertRaises(fstview.InvalidArgumentError, fstview.ip_decode, no_level)
        dataset = self.written(
            field('AA', ramp(), ip1=no_level), field('BB', ramp(), datev=0, ip1=level(500)),
            field('CC', ramp(), datev=0, ip1=no_level), field('DD', ramp(), ip1=level(500)),
            field('DD', ramp(start=9), datev=0, ip1=no_level),
        )
        dims = {name: variable.dims for name, variable in dataset.data_vars.items()}
        self.assertEqual(dims, {
            'AA': ('time', 'y', 'x'), 'BB': ('level', 'y', 'x'), 'CC': ('y', 'x'), 'DD_hPa': ('time', 'level', 'y', 'x'),
            'DD_nolevel': ('y', 'x'),
        })
        self.assertTrue((dataset.CC.values == ramp().T).all())
        self.assertTrue((dataset.DD_nolevel.isel(x=1).values == ramp(start=9)[1]).all())

    def test_an_empty_file(self) -> None:
        self.assertEqual(len(self.dataset(DATA / 'containers' / 'rsf_empty_fresh.rsf')), 0)

    def test_names(self) -> None:
        def names(*fields) -> list[str]:
            return list(self.written(*fields).data_vars)

        one = field('TT', ramp(), ip1=level(500))
        self.assertEqual(names(one, field('TT', ramp(), ip1=level(500), typvar='A')), ['TT_P', 'TT_A'])
        self.assertEqual(names(one, field('TT', ramp(), ip1=level(500), etiket='E 1')), ['TT_TEST', 'TT_E_1'])
        self.assertEqual(names(one, field('TT', ramp(), ip1=level(0.5, 'sg'))), ['TT_hPa', 'TT_sg'])
        self.assertEqual(names(one, field('TT', ramp(5), ip1=level(500))), ['TT_4x3', 'TT_5x3'])
        self.assertEqual(names(one, field('TT', ramp(), ip1=level(500), ig1=7)), ['TT_X0_0_0', 'TT_X7_0_0'])
        self.assertEqual(names(one, field('TT', ramp(), ip1=level(500), ip3=3)), ['TT_ip3_0', 'TT_ip3_3'])
        self.assertEqual(names(one, field('TT', ramp(), ip1=level(500), ip2=6)), ['TT_ip2_0', 'TT_ip2_6'])
        self.assertEqual(names(one, field('TT', ramp(), ip1=level(850), ip2=6)), ['TT'])
        self.assertEqual(
            names(one, field('TT', ramp(), ip1=level(500), deet=3600, npas=6)),
            ['TT_20240115T000000', 'TT_20240114T180000'],
        )
        self.assertEqual(names(one, field('TT', ramp(), ip1=level(500), typvar='A', ip2=7, etiket='OTHER')),
                         ['TT_P', 'TT_A'])
        self.assertEqual(names(one, field('', ramp())), ['TT', 'blank'])

    def test_records_that_agree_in_everything(self) -> None:
        path = write_rsf(self.folder / 'twice.rsf', [field('TT', ramp()), field('TT', ramp(start=5))])
        with self.assertWarnsRegex(UserWarning, 'TT: 1 records have the attributes of others.*record 1, as record 0'):
            dataset = self.dataset(path)
        self.assertEqual(dataset.TT.values.ravel().tolist(), list(range(12)))

    def test_several_files_criteria_and_dropped_variables(self) -> None:
        paths = [write_rsf(self.folder / f'{hour}.rsf', [
            field('TT', ramp(start=hour), datev=fstview.stamp_add_hours(STAMP, hour)), field('UU', ramp()),
        ]) for hour in (6, 0)]
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            dataset = self.dataset(paths)
            self.assertEqual(dataset.TT.values[:, 0, 0, 0].tolist(), [0, 6])
            self.assertEqual(list(self.dataset(paths, drop_variables='UU')), ['TT'])
            self.assertEqual(list(self.dataset(paths, criteria={'nomvar': ['UU', 'VV']})), ['UU'])
        whole = self.dataset(criteria={'level': (500, 800, 'hPa')})
        self.assertTrue(set(whole) < {'UU', 'GZ', 'WW'} | set(self.dataset()))
        self.assertTrue(((500 <= whole.level.values) & (whole.level.values <= 800)).all())

    def test_by_name_and_by_content(self) -> None:
        self.assertTrue(FstviewBackend().guess_can_open(MODEL))
        self.assertFalse(FstviewBackend().guess_can_open(ROOT / 'README.md'))
        self.assertFalse(FstviewBackend().guess_can_open('https://example.org/a.fst'))
        self.assertFalse(FstviewBackend().guess_can_open(b'RSF0'))

    def test_mistakes(self) -> None:
        with self.raises(fstview.NotFoundError, 'nowhere.fst'):
            self.dataset('/nowhere.fst')
        with self.raises(fstview.NotFstError, 'README.md'):
            self.dataset(ROOT / 'README.md')
        for missing, words in (('xarray', 'pip install xarray'), ('numpy', 'pip install numpy')):
            done = run(f'import sys; sys.modules[{missing!r}] = None; import fstview_xarray')
            self.assertEqual(done.returncode, 1)
            self.assertIn(words, done.stderr.splitlines()[-1])


class Grids(Engine):
    def grid(self, *fields, **of) -> xarray.Dataset:
        return self.written(field('TT', ramp(), **of), *fields)

    def axes(self, x, y, **of):
        of = {'typvar': 'X', 'ip1': 1, 'ip2': 2, 'ip3': 3, **of}
        return field('>>', np.array(x, 'f4', ndmin=1), **of), field('^^', np.array(y, 'f4', ndmin=2), **of)

    def test_plain_degrees(self) -> None:
        tags = {'grtyp': 'Z', 'ig1': 1, 'ig2': 2, 'ig3': 3}
        reference = {'grtyp': 'L', 'ig1': 100, 'ig2': 100, 'ig3': 9000, 'ig4': 0}
        dataset = self.grid(*self.axes([10, 11, 13, 16], [40, 45, 52], **reference), **tags)
        self.assertEqual(dataset.lon.values.tolist(), [10, 11, 13, 16])
        self.assertEqual(dataset.lat.values.tolist(), [40, 45, 52])
        self.assertEqual((dataset.lat.dims, dataset.lon.dims), (('y',), ('x',)))
        self.assertEqual(float(dataset.TT.sel(x=13, y=45).values.squeeze()), ramp()[2, 1])
        # In steps of another grid: the axes alone.
        other = self.grid(*self.axes([1, 2, 3, 4], [1, 2, 3], **{**reference, 'ig1': 50}), **tags)
        self.assertEqual(other.x.values.tolist(), [1, 2, 3, 4])
        self.assertNotIn('lat', other.coords)

    def test_without_descriptors(self) -> None:
        missing = self.grid(grtyp='Z', ig1=1, ig2=2, ig3=3)
        self.assertNotIn('x', missing.coords)
        for grtyp, of, latitudes, longitudes in (
            ('A', (0, 0, 0, 0), [-60, 0, 60], [0, 90, 180, 270]), ('A', (1, 1, 0, 0), [75, 45, 15], [0, 90, 180, 270]),
            ('B', (0, 0, 0, 0), [-90, 0, 90], [0, 120, 240, 360]), ('B', (2, 0, 0, 0), [-90, -45, 0], [0, 120, 240, 360]),
            ('L', (150, 200, 10000, 1000), [10, 11.5, 13], [10, 12, 14, 16]),
            ('G', (0, 0, 0, 0), [-50.768480, 0, 50.768480], [0, 90, 180, 270]),
        ):
            with self.subTest(grtyp, of=of):
                dataset = self.grid(grtyp=grtyp, **dict(zip(('ig1', 'ig2', 'ig3', 'ig4'), of)))
                np.testing.assert_allclose(dataset.lat.values, latitudes, atol=1e-5)
                np.testing.assert_allclose(dataset.lon.values, longitudes, atol=1e-5)

    def test_polar_stereographic(self) -> None:
        # The pole at (2, 2), 100 km, 10 degrees.
        for grtyp, sign in (('N', 1), ('S', -1)):
            dataset = self.grid(grtyp=grtyp, ig1=20, ig2=20, ig3=1000, ig4=1000)
            self.assertEqual(dataset.lat.dims, ('y', 'x'))
            self.assertAlmostEqual(float(dataset.lat[1, 1]), 90 * sign)
            # One grid length along i: tan of half the distance from the pole is that over twice the true-scale radius.
            distance = np.degrees(2 * np.arctan(100e3 / (1.866025 * 6.371e6)))
            self.assertAlmostEqual(float(dataset.lat[1, 2]), sign * (90 - distance), 6)
            self.assertAlmostEqual(float(dataset.lon[1, 2]), -10 * sign, 6)
            self.assertAlmostEqual(float(dataset.lon[2, 1]), 80 * sign, 6)

    def test_points_and_tiles(self) -> None:
        x, y = ramp(start=10), ramp(start=30)
        tags = {'typvar': 'X', 'ip1': 1, 'ip2': 2, 'ip3': 3, 'grtyp': 'L', 'ig1': 100, 'ig2': 100, 'ig3': 9000}
        dataset = self.grid(field('>>', x, **tags), field('^^', y, **tags), grtyp='Y', ig1=1, ig2=2, ig3=3)
        self.assertEqual(dataset.lon.dims, ('y', 'x'))
        self.assertTrue((dataset.lon.values == x.T).all() and (dataset.lat.values == y.T).all())
        tile = self.grid(*self.axes(range(10), range(20, 29), grtyp='L', ig1=100, ig2=100, ig3=9000), grtyp='#', ig1=1,
                         ig2=2, ig3=4, ig4=6)
        self.assertEqual((tile.lon.values.tolist(), tile.lat.values.tolist()), ([3, 4, 5, 6], [25, 26, 27]))

    def test_axes_that_cannot_be_used(self) -> None:
        def damaged(grid: fstview.Grid) -> None:
            raise fstview.CorruptError('corrupt: the axis')

        self.addCleanup(setattr, fstview.Grid, 'coordinates', fstview.Grid.coordinates)
        fstview.Grid.coordinates = damaged
        tags = {'grtyp': 'Z', 'ig1': 1, 'ig2': 2, 'ig3': 3}
        path = write_rsf(self.folder / 'a.rsf', [field('TT', ramp(), **tags), *self.axes([1, 2, 3, 4], [1, 2, 3])])
        with self.assertWarnsRegex(UserWarning, "'TT'.* has no coordinates.*corrupt: the axis"):
            dataset = self.dataset(path)
        self.assertEqual((list(dataset.coords), dataset.TT.values.size), (['time', 'level'], 12))
        # Of another length than the field.
        fstview.Grid.coordinates = lambda grid: (np.arange(3), np.arange(3))
        self.assertNotIn('x', self.dataset(path).coords)

    def test_yin_yang(self) -> None:
        x, y = np.linspace(60, 300, 4), np.linspace(-30, 30, 3)
        yin, yang = (0, 180, 0, 270), (0, 0, 45, 90)
        panels = [[4, 3, x[0], x[-1], y[0], y[-1], *parameters, *x, *y] for parameters in (yin, yang)]
        axes = field('^>', np.array([70, 1, 2, 1, 1, *panels[0], *panels[1]], 'f4'), typvar='X', grtyp='F', ip1=1, ip2=2,
                     ip3=3, ig1=1)
        dataset = self.written(field('TT', ramp(4, 6), grtyp='U', ig1=1, ig2=2, ig3=3), axes)
        self.assertEqual(dataset.lat.shape, (6, 4))
        for j in range(6):
            for i in range(4):
                wanted = grid_point.from_rotated((yin, yang)[j // 3], float(np.float32(y[j % 3])), float(np.float32(x[i])))
                self.assertAlmostEqual(float(dataset.lat[j, i]), wanted[0], 9)
                self.assertAlmostEqual((float(dataset.lon[j, i]) - wanted[1] + 180) % 360 - 180, 0, 9)
        self.assertTrue((dataset.lat[1:5, 2].values == dataset.lat.values[1:5, 2]).all())


if __name__ == '__main__':
    unittest.main()
