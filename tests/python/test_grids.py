# SPDX-License-Identifier: MIT OR Apache-2.0
"""Grids of records, and variables level above level."""

from __future__ import annotations

import gc
import unittest
import weakref

import fstview
import numpy as np
from support import DATA, MODEL, TestCase, field, write_rsf

TAGS = {'ip1': 11, 'ip2': 22, 'ip3': 33}
GRID = {'ig1': 11, 'ig2': 22, 'ig3': 33}
E_GRID = {'grtyp': 'E', 'ig1': 900, 'ig2': 0, 'ig3': 43200, 'ig4': 43200, 'typvar': 'X'}


class Grids(TestCase):
    def written(self, *fields) -> fstview.File:
        return self.open(write_rsf(self.folder / f'{len(list(self.folder.iterdir()))}.rsf', list(fields)))

    def test_of_a_model(self) -> None:
        for path in (MODEL, DATA / 'model.fst'):
            file = self.open(path)
            for record in file[3:]:
                grid = record.grid
                self.assertEqual([grid.x, grid.y, grid.vertical], file[:3])
                self.assertEqual((grid.grtyp, grid.ref_grtyp, grid.parameters), ('Z', 'E', (0.0, 180.0, 0.0, 270.0)))
                self.assertEqual((grid.panels, grid.tile, grid.flags), (1, (0, 0), fstview._GRID_HAS_PARAMETERS))
                self.assertFalse(grid.ambiguous or grid.points or grid.latlon_fields or grid.vertical_unlinked)
                for none in (grid.yin_yang, grid.mesh, grid.projection, grid.transform, grid.mask,
                             grid.yang_parameters):
                    self.assertIsNone(none)
            x, y = grid.coordinates()
            self.assertTrue(np.array_equal(x, file[0].data))
            self.assertTrue(np.array_equal(y, file[1].data[0]))
            self.assertFalse(x.flags.writeable or y.flags.writeable)
            self.assertIn("'Z' of 'E', records x=0 y=1 vertical=2", repr(grid))

    def test_looked_up_once(self) -> None:
        file = self.open()
        for record in file[3:19]:
            record.grid
        # One a level: it may matter for the vertical descriptor.
        self.assertEqual(len(file._grids), 16)
        for record in file.find(nomvar=['TT', 'UU'], valid=file[3].valid):
            record.grid
        self.assertEqual(len(file._grids), 16)

    def test_files_are_closed_when_they_are_not_used(self) -> None:
        file = fstview.open(MODEL)
        file[3].grid
        gone = weakref.ref(file)
        gc.disable()
        try:
            del file
            self.assertIsNone(gone())
        finally:
            gc.enable()

    def test_points_and_tiles(self) -> None:
        longitudes = np.arange(12.0).reshape(4, 3, order='F')
        file = self.written(
            field('TT', longitudes, grtyp='Y', **GRID), field('>>', longitudes, **E_GRID, **TAGS),
            field('^^', -longitudes, **E_GRID, **TAGS),
        )
        grid = file[0].grid
        self.assertTrue(grid.points)
        x, y = grid.coordinates()
        self.assertEqual((x.tolist(), y.tolist()), (longitudes.tolist(), (-longitudes).tolist()))
        file = self.written(
            field('TT', longitudes, grtyp='#', ig1=11, ig2=22, ig3=3, ig4=2),
            field('>>', np.arange(10.0), **E_GRID, **TAGS), field('^^', np.arange(8.0)[None], **E_GRID, **TAGS),
        )
        grid = file[0].grid
        self.assertEqual((grid.tile, grid.points), ((2, 1), False))
        self.assertEqual([axis.tolist() for axis in grid.coordinates()], [[2, 3, 4, 5], [1, 2, 3]])

    def test_grids_without_descriptors(self) -> None:
        file = self.written(
            field('TT', np.zeros((4, 3)), grtyp='L', ig1=50, ig2=100, ig3=2000, ig4=1000),
            field('TT', np.zeros((4, 3)), grtyp='X'),
        )
        grid = file[0].grid
        self.assertEqual((grid.ref_grtyp, grid.parameters), ('L', (-70.0, 10.0, 0.5, 1.0)))
        self.assertEqual((grid.coordinates(), grid.x), ((None, None), None))
        self.assertIn('records none', repr(grid))
        self.assertEqual((file[1].grid.ref_grtyp, file[1].grid.parameters), ('', None))

    def test_masks_are_of_one_record(self) -> None:
        fields = []
        for level in (500, 850):
            fields += [field('TT', np.zeros((4, 3)), typvar='P@', ip1=level),
                       field('TT', np.ones((4, 3)), typvar='@@', ip1=level)]
        file = self.written(*fields, field('TT', np.zeros((4, 3)), typvar='P', ip1=500))
        self.assertEqual([record.grid.mask for record in file], [file[1], None, file[3], None, None])

    def test_ambiguous(self) -> None:
        axes = [field(name, np.arange(4.0) + n, **E_GRID, **TAGS) for name in ('>>',) for n in (0, 1)]
        file = self.written(field('TT', np.zeros((4, 3)), grtyp='Z', **GRID), *axes,
                            field('^^', np.arange(3.0)[None], **E_GRID, **TAGS))
        grid = file[0].grid
        self.assertTrue(grid.ambiguous)
        self.assertEqual(grid.x, file[1])
        self.assertIn('ambiguous', repr(grid))

    def test_missing_descriptors(self) -> None:
        file = self.written(field('TT', np.zeros((4, 3)), grtyp='Z', ip1=500, **GRID))
        for _ in range(2):
            with self.raises(fstview.NotFoundError, 'record 0', '>>', 11, 22, 33) as caught:
                file[0].grid
            self.assertIsNone(caught.error.errno)
        stack = file.stack('TT')
        self.assertEqual((stack.x, stack.y, stack.data.shape), (None, None, (4, 3, 1)))


class Stacks(TestCase):
    def test_of_a_model(self) -> None:
        for path in (MODEL, DATA / 'model.fst'):
            file = self.open(path)
            stack = file.stack('UU', valid='2024-01-15T03:00')
            records = sorted(file.find(nomvar='UU', valid='2024-01-15T03:00'), key=lambda record: record.level)
            self.assertEqual(stack.records, records)
            self.assertEqual(stack.levels.tolist(), [record.level.value for record in records])
            self.assertEqual((stack.level_unit, stack.level_kind, stack.valid), ('hPa', 2, records[0].valid))
            self.assertEqual(stack.data.shape, (120, 80, 8))
            self.assertTrue(stack.data.flags.f_contiguous and stack.data.flags.writeable)
            for place, record in enumerate(records):
                self.assertTrue(np.array_equal(stack.data[..., place], record.data))
            self.assertEqual((stack.x.shape, stack.y.shape), ((120,), (80,)))
            self.assertTrue(np.array_equal(stack.x, file[0].data))

    def test_part_of_the_levels(self) -> None:
        file = self.open()
        stack = file.stack('UU', origin='2024-01-15T00', ip2=6, level=(500, 800, 'hPa'), dtype='f8')
        self.assertEqual(stack.levels.tolist(), [550.0, 662.5, 775.0])
        self.assertEqual(stack.data.dtype, np.dtype('f8'))

    def test_shapes(self) -> None:
        cube = np.arange(24.0).reshape(4, 3, 2, order='F')
        row = np.arange(4.0)
        path = write_rsf(self.folder / 'shapes.rsf', [
            field('CU', cube, ip1=850), field('CU', -cube, ip1=500), field('RO', row, ip1=500),
        ])
        file = self.open(path)
        stack = file.stack('CU')
        self.assertEqual(stack.data.shape, (4, 3, 2, 2))
        self.assertTrue(np.array_equal(stack.data[..., 1], cube))
        self.assertEqual(file.stack('RO').data.shape, (4, 1, 1))

    def test_progress(self) -> None:
        with self.assertRaises(fstview.CancelledError):
            self.open(threads=1).stack('TT', ip2=0, progress=lambda done, total: True)

    def test_mistakes(self) -> None:
        file = self.open()
        wrong = fstview.InvalidArgumentError
        for criteria, kind, *parts in (
            ({'nomvar': 'TT'}, wrong, 'records 3 and 66', 'datev', '2024-01-15 03:00'),
            ({'nomvar': ['TT', 'UU'], 'ip2': 0}, wrong, 'records 3 and 11', 'nomvar', 'TT and UU'),
            ({'nomvar': 'TT', 'valid': '2023-01-15T00:00'}, fstview.NoMatch, MODEL, "'TT'", '2023'),
            ({'nomvar': 'ABCDE'}, wrong, 'ABCDE'),
            ({'nomvar': 'TT', 'dtype': 'i4', 'ip2': 0}, fstview.TypeMismatchError),
        ):
            with self.subTest(criteria), self.raises(kind, *parts):
                file.stack(**criteria)
        flat, tall = np.zeros((4, 3)), np.zeros((3, 4))
        for (values, attributes), kind, *parts in (
            ((tall, {}), fstview.ShapeMismatchError, 'shape', '(4, 3, 1)', '(3, 4, 1)'),
            ((flat, {'ip1': 500}), wrong, 'both at level 500 hPa', 'records 0 and 1'),
            ((flat, {'ip1': fstview.ip_encode(500, 'hPa')}), wrong, 'both at level 500 hPa'),
            ((flat, {'ip1': fstview.ip_encode(10, 'M')}), wrong, 'kind of level', '2 and 4'),
            ((flat, {'ip1': 9 << 24}), wrong, 'record 1', 'no level', 9 << 24),
            ((flat, {'ig2': 5}), wrong, 'grid', "('X', 0, 5, 0)"),
        ):
            path = write_rsf(self.folder / 'wrong.rsf',
                             [field('TT', flat, ip1=500), field('TT', values, **{'ip1': 850, **attributes})])
            with self.subTest(attributes), self.raises(kind, path, *parts):
                self.open(path).stack('TT')


if __name__ == '__main__':
    unittest.main()
