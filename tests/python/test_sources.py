# SPDX-License-Identifier: MIT OR Apache-2.0
"""Where bytes come from: paths of all kinds, images in memory, several files; dates and codes."""

from __future__ import annotations

import array
import datetime
import gc
import mmap
import os
import pathlib
import unittest
import weakref

import fstview
import numpy as np
from support import DATA, MODEL, TestCase, crc32, expected


class Problems(TestCase):
    def test_files_that_are_left_out(self) -> None:
        paths = [DATA / 'README.md', MODEL, self.folder / 'missing']
        with self.raises(fstview.NotFstError, 'README.md'):
            fstview.open(paths)
        file = self.open(paths, skip_unreadable=True)
        self.assertEqual((len(file), file.info.complete, file[0].file_number), (194, False, 1))
        first, second = file.problems
        self.assertEqual((first.file_number, first.status_name, first.record), (0, 'FST_ERR_NOT_FST', None))
        self.assertEqual((second.file_number, second.status_name), (2, 'FST_ERR_NOT_FOUND'))
        self.assertIn('README.md', first.message)
        with self.raises(fstview.NotFstError, 'README.md'):
            fstview.open(paths[:1], skip_unreadable=True)

    def test_damage(self) -> None:
        self.assertEqual(self.open().problems, [])
        file = self.open(DATA / 'containers/malformed/xdf_record_address.fst')
        self.assertEqual([problem.record for problem in file.problems], [1, 3, 4])
        self.assertIn('record 1', file.problems[0].message)


class Paths(TestCase):
    def test_all_kinds(self) -> None:
        digest = crc32(self.open()[3].data)

        class Own:
            def __fspath__(self):
                return os.fsencode(MODEL)

        for path in (str(MODEL), MODEL, Own(), os.path.relpath(MODEL), [MODEL], (str(MODEL),), iter([MODEL])):
            self.assertEqual(crc32(self.open(path)[3].data), digest)

    def test_paths_are_bytes(self) -> None:
        raw = os.fsencode(self.folder) + b'/caf\xe9 \xff.rsf'
        with open(raw, 'wb') as copy:
            copy.write(MODEL.read_bytes())
        for path in (os.fsdecode(raw), pathlib.Path(os.fsdecode(raw)), [os.fsdecode(raw)]):
            file = self.open(path)
            self.assertEqual(len(file), 194)
            self.assertEqual(os.fsencode(file.paths[0]), raw)
            self.assertIn('caf', repr(file))
        with self.raises(fstview.NotFoundError, 'caf'):
            fstview.open(os.fsdecode(raw) + 'x')

    def test_unicode(self) -> None:
        path = self.folder / 'prévision — 雪.rsf'
        path.write_bytes(MODEL.read_bytes())
        self.assertEqual(len(self.open(path)), 194)
        with self.raises(fstview.NotFoundError, 'prévision — 雪.rsf2'):
            fstview.open(f'{path}2')

    def test_modes_of_access(self) -> None:
        self.assertFalse(self.open().info.mapped)
        self.assertTrue(self.open(access='map').info.mapped)
        self.assertTrue(self.open(map_threshold=1).info.mapped)
        self.assertFalse(self.open(map_threshold=1, access='read').info.mapped)
        self.assertEqual(self.open().info.format, 'RSF')
        self.assertEqual(self.open(DATA / 'model.fst').info.format, 'XDF')
        self.assertEqual(self.open().info.bytes, MODEL.stat().st_size)

    def test_with(self) -> None:
        with fstview.open(MODEL) as file:
            self.assertFalse(file.closed)
        self.assertTrue(file.closed)
        with self.assertRaises(ZeroDivisionError), fstview.open(MODEL) as file:
            1 / 0
        self.assertTrue(file.closed)


class Image(bytearray):
    """Bytes whose end can be seen."""


class Images(TestCase):
    def test_all_kinds(self) -> None:
        data = MODEL.read_bytes()
        lines = expected(MODEL)
        with open(MODEL, 'rb') as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            words = array.array('I', data)
            for image in (data, bytearray(data), memoryview(data), words, np.frombuffer(data, '<u4'), mapped):
                file = fstview.open(image)
                self.assertEqual([crc32(record.data) for record in file], [line['array']['crc32'] for line in lines])
                self.assertEqual(file.info.bytes, len(data))
                self.assertIn('memory image', repr(file))
                file.close()
            gc.collect()

    def test_arrays_point_into_the_image(self) -> None:
        image = np.frombuffer(MODEL.read_bytes(), np.uint8)
        file = self.open(image)
        record = next(record for record in file if record.is_mappable)
        found = record.data
        self.assertEqual(found.base.origin, 'mapped')
        self.assertEqual(found.ctypes.data, image.ctypes.data + record.payload_offset)
        own = record.array(writable=True)
        own[...] = 0
        self.assertNotEqual(found.sum(), 0)

    def test_the_image_lives_as_long_as_file_and_views(self) -> None:
        image = Image(MODEL.read_bytes())
        alive = weakref.ref(image)
        file = fstview.open(image)
        with self.assertRaises(BufferError):
            image.append(0)
        del image
        views = file.views([0, 3])
        part = file[0].data[4:]
        values = part.tolist()
        file.close()
        del file
        gc.collect()
        self.assertIsNotNone(alive())
        self.assertEqual(part.tolist(), values)
        del views
        gc.collect()
        self.assertIsNotNone(alive())
        del part
        gc.collect()
        self.assertIsNone(alive())

    def test_the_image_goes_with_the_file(self) -> None:
        image = Image(MODEL.read_bytes())
        alive = weakref.ref(image)
        file = fstview.open(image)
        file.close()
        image.append(0)
        del image
        gc.collect()
        self.assertIsNone(alive())
        with self.assertRaises(fstview.NotFstError):
            fstview.open(Image(b'no file' * 30))
        gc.collect()


class Several(TestCase):
    def test_as_one(self) -> None:
        paths = [MODEL, DATA / 'model.fst']
        file, one, two = self.open(paths), self.open(MODEL), self.open(DATA / 'model.fst')
        self.assertEqual(len(file), len(one) + len(two))
        self.assertEqual(file.paths, tuple(map(str, paths)))
        self.assertIn('and 1 more file', repr(file))
        found = file.find(nomvar='TT')
        self.assertEqual(len(found), len(one.find(nomvar='TT')) + len(two.find(nomvar='TT')))
        self.assertEqual(found[-1].path, str(DATA / 'model.fst'))
        stack = file.read(found)
        self.assertTrue(np.array_equal(stack[..., -1], two.find(nomvar='TT')[-1].data))
        with self.raises(fstview.OutOfRangeError, MODEL, len(file)):
            file[len(file)]


class Codes(unittest.TestCase):
    def test_dates(self) -> None:
        date = datetime.datetime(2024, 1, 15)
        self.assertEqual(fstview.date_from_stamp(470636000), date)
        self.assertEqual(fstview.stamp_from_date(date), 470636000)
        self.assertEqual(fstview.stamp_from_date(date.replace(tzinfo=datetime.timezone.utc)), 470636000)
        for text in ('2024-01-15', '2024-01-15T00', '2024-01-15T00:00:00.000000000'):
            self.assertEqual(fstview.stamp_from_date(np.datetime64(text)), 470636000)
        west = datetime.timezone(datetime.timedelta(hours=-5))
        there = date.replace(tzinfo=datetime.timezone.utc).astimezone(west)
        self.assertEqual(fstview.stamp_from_date(there), 470636000)
        later = fstview.stamp_add_hours(470636000, 36.5)
        self.assertEqual(fstview.date_from_stamp(later), date + datetime.timedelta(hours=36.5))
        self.assertEqual(fstview.stamp_difference(later, 470636000), 36.5)

    def test_levels(self) -> None:
        self.assertEqual(fstview.ip_decode(93423264), (1.0, 5))
        code = fstview.ip_encode(500.0, 2)
        self.assertEqual(fstview.ip_decode(code), (500.0, 2))
        self.assertEqual(fstview.ip_encode(500.0, 2, 'old'), 500)
        for value, unit in ((500, 'hPa'), (500, 'mb'), (np.float32(50000), 'Pa')):
            self.assertEqual(fstview.ip_encode(value, unit), code)
        self.assertEqual(fstview.ip_format(500), '500 mb')
        self.assertEqual(fstview.ip_format(code), '500 mb')


if __name__ == '__main__':
    unittest.main()
