# SPDX-License-Identifier: MIT OR Apache-2.0
"""Arrays: lifetimes, protection, slabs, element types, stacking."""

from __future__ import annotations

import copy
import gc
import hashlib
import os
import pickle
import random
import sys
import unittest
import weakref

import fstview
import numpy as np
from support import DATA, MODEL, TestCase, crc32, expected

MAPPED = 0    # '>>' of model.rsf: an array as it is in the file
PACKED = 3    # TT, packed in 16 bits
CUBE = 193    # 120 x 80 x 4


class Lifetimes(TestCase):
    def test_memory_goes_with_the_last_array(self) -> None:
        file = self.open(access='map')
        for number in (MAPPED, PACKED):
            array = file[number].data
            self.assert_live(file, 1)
            part = array[2:5]
            deep = part[::2].T[..., 1:]
            del array
            self.assert_live(file, 1)
            del part
            self.assert_live(file, 1)
            del deep
            self.assert_live(file, 0)

    def test_the_base_owns_the_view(self) -> None:
        file = self.open(access='map')
        array = file[MAPPED].data
        self.assertIsInstance(array.base, fstview.View)
        self.assertEqual((array.base.origin, array.base.number, array.base.source), ('mapped', MAPPED, str(MODEL)))
        self.assertIn('record 0', repr(array.base))
        owner = weakref.ref(array.base)
        part = array[1:]
        del array
        gc.collect()
        self.assertIsNotNone(owner())
        del part
        gc.collect()
        self.assertIsNone(owner())

    def test_arrays_outlive_their_file(self) -> None:
        lines = expected(MODEL)
        for access in ('map', 'read'):
            file = fstview.open(MODEL, access=access)
            arrays = [record.data for record in file]
            file.close()
            del file
            gc.collect()
            self.assertEqual([crc32(array) for array in arrays], [line['array']['crc32'] for line in lines])

    def test_a_mapping_goes_with_the_last_array(self) -> None:
        path = self.folder / 'mapped.rsf'
        path.write_bytes(MODEL.read_bytes())

        def mapped() -> bool:
            with open('/proc/self/maps', encoding='utf-8', errors='replace') as maps:
                return str(path) in maps.read()

        with fstview.open(path, access='map') as file:
            array = file[MAPPED].data[3:9]
        self.assertTrue(mapped())
        self.assertEqual(array.tolist(), self.open()[MAPPED].data[3:9].tolist())
        del array
        gc.collect()
        self.assertFalse(mapped())

    def test_an_unused_file_is_closed(self) -> None:
        with self.open() as other:
            before = len(list_of_descriptors())
            file = fstview.open(MODEL)
            self.assertEqual(len(list_of_descriptors()), before + 1)
            record = file[PACKED]
            del file
            gc.collect()
            self.assertEqual(crc32(record.data), crc32(other[PACKED].data))
            del record
            gc.collect()
            self.assertEqual(len(list_of_descriptors()), before)

    def test_cycles_are_collected(self) -> None:
        file = self.open()

        class Node:
            pass

        node = Node()
        node.self, node.array = node, file[PACKED].data
        self.assert_live(file, 1)
        del node
        self.assert_live(file, 0)

    def test_failed_views_leave_nothing(self) -> None:
        file = self.open(max_array_bytes=1000)
        for _ in range(3):
            with self.raises(fstview.LimitError):
                file[PACKED].data
        with self.raises(fstview.LimitError, 'record 3'):
            file.views([MAPPED, PACKED, 1])
        self.assert_live(file, 0)

    def test_nothing_accumulates(self) -> None:
        def resident() -> int:
            with open('/proc/self/statm', encoding='ascii') as statm:
                return int(statm.read().split()[1]) * os.sysconf('SC_PAGE_SIZE')

        def rounds(number: int) -> None:
            for place in range(number):
                file = fstview.open(MODEL, access='map' if place % 2 else 'read')
                arrays = [file[PACKED].data, *file.views([MAPPED, PACKED, CUBE], writable=place % 3 == 0)]
                if place % 5:
                    file.close()
                arrays.clear()

        rounds(100)
        before = resident(), len(list_of_descriptors())
        rounds(400)
        # One of the arrays in each round would be 15 MB.
        self.assertLess(resident() - before[0], 4_000_000)
        self.assertEqual(len(list_of_descriptors()), before[1])

    def test_views_of_one_record_share(self) -> None:
        file = self.open()
        one, two = file[PACKED].data, file[PACKED].data
        self.assertEqual(one.ctypes.data, two.ctypes.data)
        self.assertEqual((one.base.origin, two.base.origin), ('decoded', 'shared'))
        self.assertEqual((file.stats.views_shared, file.stats.views_decoded), (1, 1))
        del one
        self.assert_live(file, 1)
        self.assertEqual(crc32(two), expected(MODEL)[PACKED]['array']['crc32'])

    def test_the_cache_keeps_arrays(self) -> None:
        file = self.open(cache_bytes=1 << 20)
        file[PACKED].data
        self.assertEqual(file[PACKED].data.base.origin, 'shared')


def list_of_descriptors() -> list[str]:
    return os.listdir('/proc/self/fd')


class Protection(TestCase):
    def test_a_view_cannot_be_written(self) -> None:
        for access in ('map', 'read'):
            file = self.open(access=access)
            for number in (MAPPED, PACKED):
                array = file[number].data
                for victim in (array, array[2:], array.view(), array.T):
                    with self.assertRaises(ValueError):
                        victim[...] = 0
                    with self.assertRaises(ValueError):
                        victim.flags.writeable = True
                    with self.assertRaises(ValueError):
                        victim.setflags(write=True)
                self.assertTrue(memoryview(array).readonly)

    def test_writable_views_are_their_own(self) -> None:
        path = self.folder / 'model.rsf'
        path.write_bytes(MODEL.read_bytes())
        before = hashlib.sha256(path.read_bytes()).digest()
        for access in ('map', 'read'):
            file = self.open(path, access=access)
            for number in (MAPPED, PACKED, CUBE):
                plain = file[number].data
                digest = crc32(plain)
                one, two = file[number].array(writable=True), file[number].array(writable=True)
                self.assertTrue(one.flags.writeable and two.flags.writeable and one.flags.f_contiguous)
                self.assertFalse(np.shares_memory(one, two) or np.shares_memory(one, plain))
                one[...] = -1
                self.assertEqual((crc32(plain), crc32(two), crc32(file[number].data)), (digest, digest, digest))
                self.assertTrue((one == -1).all())
                slab = file[number].array(writable=True, start=(1,), count=(2,))
                slab += 7
                self.assertEqual(crc32(file[number].data), digest)
        self.assertEqual(hashlib.sha256(path.read_bytes()).digest(), before)

    def test_copies_own_their_data(self) -> None:
        file = self.open(access='map')
        for number in (MAPPED, PACKED, CUBE):
            own = file[number].copy()
            self.assertTrue(own.flags.owndata and own.flags.writeable)
            self.assertTrue(np.array_equal(own, file[number].data))
        self.assertEqual(file[PACKED].copy('f8').dtype, np.float64)
        self.assert_live(file, 0)

    def test_arrays_can_be_pickled_and_views_cannot(self) -> None:
        array = self.open()[PACKED].data
        self.assertTrue(np.array_equal(pickle.loads(pickle.dumps(array)), array))
        with self.raises(TypeError, 'cannot pickle fstview.View'):
            pickle.dumps(array.base)


class SlabsAndTypes(TestCase):
    def same(self, part, whole) -> None:
        self.assertEqual(np.shape(part), np.shape(whole))
        self.assertEqual(np.asarray(part).dtype, np.asarray(whole).dtype)
        self.assertEqual(np.asarray(part).tobytes(), np.asarray(whole).tobytes())

    def test_slabs_equal_slices(self) -> None:
        source = random.Random(7)

        def index(extent: int):
            if source.random() < 0.3:
                return source.randrange(-extent, extent)
            ends = [source.choice([None, source.randrange(-extent - 2, extent + 2)]) for _ in range(2)]
            return slice(*ends, source.choice([None, 1, 1, 2, 3, -1, -2]))

        for path, records in ((MODEL, (MAPPED, 1, 2, PACKED, CUBE)), (DATA / 'turbo.rsf', range(0, 400, 23)),
                              (DATA / 'types.fst', range(500, 2800, 97)), (DATA / 'missing.rsf', range(0, 400, 41))):
            for access in ('map', 'read'):
                file = self.open(path, access=access, missing='codes')
                for record in (file[number] for number in records):
                    data = record.data.copy(order='F')
                    for _ in range(12):
                        key = tuple(index(extent) for extent in data.shape)
                        if source.random() < 0.5:
                            at = source.randrange(len(key) + 1)
                            key = key[:at] + (Ellipsis,) + key[source.randrange(at, len(key) + 1):]
                        with self.subTest(path=path.name, record=record.number, key=key):
                            self.same(record.view[key], data[key])

    def test_simple_keys(self) -> None:
        cube = self.open(access='map')[CUBE]
        data = cube.data
        for key in (..., slice(None), 3, -1, (slice(None), slice(None), 2), (..., 2), (1, 2, 3), (1, 2, 3, ...),
                    (slice(5, 5),), (slice(None, None, -1), 4), (np.int64(4), slice(2, 9))):
            with self.subTest(key=key):
                self.same(cube.view[key], data[key])
        self.assertIsInstance(cube.view[5:9, :, :].base, fstview.View)
        self.assertIsInstance(cube.view[:, :, 2].base.base, fstview.View)
        self.assertFalse(cube.view[5:5].flags.writeable)
        self.assertFalse(cube.view[5:9, ::2].flags.writeable)
        self.assertIn('Slabs', repr(cube.view))

    def test_no_more_than_the_slab(self) -> None:
        file = self.open(access='read')
        part = file[CUBE].view[:, :, 1]
        self.assertLess(file.stats.bytes_read, file[CUBE].payload_bytes // 2)
        self.assertEqual(part.nbytes, file.stats.live_bytes)
        file = self.open(access='map')
        part = file[MAPPED].view[5:9]
        self.assertEqual((part.base.origin, file.stats.live_bytes), ('mapped', 16))

    def test_start_and_count(self) -> None:
        file = self.open()
        cube, data = file[CUBE], file[CUBE].data
        self.same(cube.array(start=(1, 2, 3), count=(4, 5, 1)), data[1:5, 2:7, 3])
        self.same(cube.array(start=100), data[100:])
        self.same(cube.array(count=(None, None, 2)), data[:, :, :2])
        self.same(cube.read(start=(1, 2), count=(4, 5)), data[1:5, 2:7])
        self.same(cube.read(np.empty((4, 5, 1), 'f4', order='F'), start=(1, 2, 3), count=(4, 5, 1)),
                  data[1:5, 2:7, 3:4])

    def test_element_types(self) -> None:
        file = self.open()
        wide = file[PACKED].array('float64')
        self.assertEqual((wide.dtype, wide.flags.f_contiguous), (np.float64, True))
        self.same(wide, file[PACKED].data.astype('f8'))
        self.same(file[PACKED].array(float, start=3, count=4), wide[3:7])
        with self.raises(fstview.TypeMismatchError, MODEL, 'record 3'):
            file[PACKED].array('i4')
        with self.raises(fstview.TypeMismatchError, 'float16'):
            file[PACKED].array('f2')
        with self.raises(fstview.TypeMismatchError, 'native'):
            file[PACKED].array('>f4' if sys.byteorder == 'little' else '<f4')
        with self.raises(TypeError):
            file[PACKED].array('no such type')

    def test_byte_order(self) -> None:
        file = self.open(DATA / 'types.fst', access='map')
        foreign = 0
        for record in file:
            if record.dtype is None:
                continue
            array = record.array(any_byte_order=True)
            self.assertEqual(record.data.dtype, record.dtype)
            self.assertEqual(array.dtype.newbyteorder('='), record.dtype)
            if not array.dtype.isnative:
                self.assertEqual((array.dtype.byteorder, array.base.origin), ('>', 'mapped'))
                foreign += 1
        self.assertGreater(foreign, 100)

    def test_text(self) -> None:
        record = next(record for record in self.open(DATA / 'types.rsf') if record.data_type == 7 and record.ni > 10)
        self.assertEqual((record.dtype, record.data.dtype), ('S1', 'S1'))
        self.assertIn('text', repr(record))
        self.same(record.copy(), record.data)
        self.assertEqual(record.data.tobytes('F'), b''.join(record.data.reshape(-1, order='F').tolist()))

    def test_prefetch(self) -> None:
        file = self.open(access='map')
        self.same(file[MAPPED].array(prefetch=True), file[MAPPED].data)


class Reading(TestCase):
    def test_stacks(self) -> None:
        file = self.open()
        records = file.find(nomvar='TT')
        stack = file.read(records)
        self.assertEqual(stack.shape, (120, 80, len(records)))
        self.assertTrue(stack.flags.f_contiguous and stack.flags.owndata)
        for place, record in enumerate(records):
            self.assertTrue(np.array_equal(stack[..., place], record.data))
        self.assertEqual(file.read([CUBE]).shape, (120, 80, 4, 1))
        self.assertEqual(file.read(records, dtype='f8').dtype, np.float64)
        self.assertTrue(np.array_equal(file.read(records, start=(5, 6), count=(7, 8)), stack[5:12, 6:14]))
        self.assertTrue(np.array_equal(file.read([-1, 193]), np.stack([file[CUBE].data] * 2, -1)))

    def test_into_an_array(self) -> None:
        file = self.open()
        records = file.find(nomvar='TT')[:4]
        stack = file.read(records)
        big = np.zeros((120, 80, 8), order='F')
        self.assertIs(file.read(records, big[..., :4]).base, big)
        self.assertTrue(np.array_equal(big[..., :4], stack))
        self.assertTrue((big[..., 4:] == 0).all())
        file.read(records, big[..., ::-2])
        self.assertTrue(np.array_equal(big[..., ::-2], stack))
        level = np.empty((120, 80), 'f4', order='F')
        self.assertIs(records[0].read(level), level)
        self.assertTrue(np.array_equal(level, stack[..., 0]))
        self.assertTrue(np.array_equal(records[1].read(np.empty((120, 80, 1), 'f4', order='F'))[..., 0], stack[..., 1]))

    def test_element_types_of_a_stack(self) -> None:
        file = self.open(DATA / 'types.rsf')
        shape = file[0].shape
        some = [record for record in file if record.shape == shape and record.dtype.kind in 'fu']
        kinds = {record.dtype: record for record in some}
        mixed = [kinds[np.dtype('f4')], kinds[np.dtype('f8')]]
        self.assertEqual(file.read(mixed).dtype, np.float64)
        text = next(record for record in file if record.shape == shape and record.dtype.kind == 'S')
        with self.raises(fstview.TypeMismatchError):
            file.read([some[0], text])
        self.assertEqual(file.read([text, text]).dtype, 'S1')

    def test_destinations_that_do_not_fit(self) -> None:
        file = self.open()
        records, record = file.find(nomvar='TT')[:3], file[PACKED]
        for shape in ((120, 79), (80, 120), (9600,), (120, 80, 2), ()):
            with self.raises(fstview.ShapeMismatchError, MODEL, 'record 3', '(120, 80)'):
                record.read(np.empty(shape, 'f4', order='F'))
        with self.raises(fstview.ShapeMismatchError, 'Fortran'):
            record.read(np.empty((120, 80), 'f4'))
        with self.raises(fstview.TypeMismatchError, 'record 3'):
            record.read(np.empty((120, 80), 'i4', order='F'))
        with self.raises(fstview.TypeMismatchError):
            record.read(np.empty((120, 80), 'O', order='F'))
        with self.raises(fstview.TypeMismatchError):
            record.read(np.empty((120, 80), 'f4', order='F'), dtype='f8')
        with self.raises(fstview.InvalidArgumentError, 'read-only'):
            record.read(record.data)
        with self.raises(TypeError, 'list'):
            record.read([1, 2])
        with self.raises(fstview.InvalidArgumentError, 'aligned'):
            record.read(np.empty(120 * 80 * 4 + 1, 'u1')[1:].view('f4').reshape((120, 80), order='F'))
        with self.raises(fstview.ShapeMismatchError, 'record 193', '(120, 80, 4)'):
            file.read([*records, CUBE])
        with self.raises(fstview.ShapeMismatchError, '(120, 80, 3)'):
            file.read(records, np.empty((120, 80, 2), 'f4', order='F'))
        with self.raises(fstview.ShapeMismatchError, 'Fortran'):
            file.read(records, np.empty((120, 80, 3), 'f4'))
        with self.raises(fstview.InvalidArgumentError, 'no records'):
            file.read([])

    def test_a_bad_record_of_many(self) -> None:
        path = DATA / 'containers' / 'malformed' / 'pack_short.rsf'
        file = self.open(path)
        bad = [line for line in range(len(file)) if not self.sound(file[line])]
        self.assertTrue(bad)
        for call in (file.views, file.read):
            records = [record for record in file if record.shape == file[bad[0]].shape]
            with self.assertRaises(fstview.Error) as caught:
                call(records)
            self.assertIn(f'{path.name}, record {bad[0]}', str(caught.exception))
        self.assert_live(file, 0)

    def sound(self, record: fstview.Record) -> bool:
        try:
            record.data
        except fstview.Error:
            return False
        return True

    def test_progress(self) -> None:
        file = self.open(threads=1)
        for call in (file.views, file.read):
            records, seen = file.find(nomvar='TT'), []
            call(records, progress=lambda done, total: seen.append((done, total)))
            self.assertEqual(seen[-1], (len(records), len(records)))
            self.assertEqual(seen, sorted(seen))
            with self.raises(fstview.CancelledError):
                call(records, progress=lambda done, total: True)
            with self.assertRaises(KeyboardInterrupt):
                call(records, progress=self.interrupt)
            with self.raises(TypeError, 'progress'):
                call(records, progress=3)
        self.assert_live(file, 0)

    def interrupt(self, done: int, total: int) -> None:
        raise KeyboardInterrupt

    def test_views_of_many(self) -> None:
        file = self.open(access='map')
        arrays = file.views(file, writable=True)
        self.assertTrue(all(array.flags.writeable for array in arrays))
        self.assert_live(file, len(file))
        self.assertEqual([crc32(array) for array in arrays], [line['array']['crc32'] for line in expected(MODEL)])
        del arrays[1:]
        self.assert_live(file, 1)
        self.assertEqual(file.views([]), [])
        self.assertEqual(file.views([CUBE, CUBE], start=(0, 0, 2), count=(0, 0, 1))[1].shape, (120, 80))


class Records(TestCase):
    def test_a_sequence(self) -> None:
        file = self.open()
        self.assertEqual(len(file), 194)
        self.assertEqual(file[-1], file[193])
        self.assertNotEqual(file[0], file[1])
        self.assertNotEqual(file[0], self.open()[0])
        self.assertEqual([record.number for record in file[190:]], [190, 191, 192, 193])
        self.assertEqual([record.number for record in file[5:1:-2]], [5, 3])
        self.assertEqual([record.number for record in reversed(file)][:2], [193, 192])
        self.assertEqual([record.number for record in file], list(range(194)))
        self.assertEqual(file.index(file[7]), 7)
        self.assertIn(file[7], file)
        self.assertNotIn(7, file)
        self.assertEqual(len({file[3], file[3], file[4]}), 2)
        self.assertEqual(file[np.int32(3)].number, 3)

    def test_search(self) -> None:
        file = self.open()
        lines = expected(MODEL)
        self.assertEqual(file.find(), list(file))
        self.assertEqual(file.find(nomvar=None, ip1=-1, etiket='  '), list(file))
        for criteria in ({'nomvar': 'TT'}, {'nomvar': 'tt  ', 'ip2': 12}, {'ip1': 93423264}, {'typvar': 'P', 'nk': 1},
                         {'etiket': 'RDPS_V9', 'ni': 120, 'nj': 80}, {'nomvar': 'XXXX'}, {'grtyp': 'E'},
                         {'datev': 470636000, 'data_type': 5}):
            wanted = [
                line['i'] for line in lines
                if all(line[name] == (value.strip().upper() if isinstance(value, str) else value)
                       for name, value in criteria.items())
            ]
            with self.subTest(criteria=criteria):
                self.assertEqual([record.number for record in file.find(**criteria)], wanted)
                if wanted:
                    self.assertEqual(file.find_first(**criteria).number, wanted[0])
                else:
                    with self.raises(fstview.NoMatch, MODEL, repr(criteria['nomvar'])):
                        file.find_first(**criteria)
        plain = file.find(skip_grid_descriptors=True)
        self.assertEqual(plain, [record for record in file if not record.is_descriptor])
        self.assertLess(len(plain), len(file))
        level = fstview.ip_encode(1720.0, 0)
        self.assertEqual(file.find(ip1=level, ip1_all=True)[0], file[0])

    def test_attributes_outlive_the_file(self) -> None:
        file = fstview.open(MODEL)
        record = file[PACKED]
        file.close()
        self.assertEqual((record.nomvar, record.shape, record.dtype, record.path), ('TT', (120, 80), 'f4', str(MODEL)))
        self.assertIn("'TT'", repr(record))

    def test_representations(self) -> None:
        file = self.open(access='map')
        for part in ('model.rsf', 'RSF', '194 records', 'mapped'):
            self.assertIn(part, repr(file))
        for part in ('Record 3', "'TT'", '120x80x1', 'float32'):
            self.assertIn(part, repr(file[PACKED]))
        self.assertIn('incomplete', repr(self.open(DATA / 'unclosed.rsf')))
        file.close()
        self.assertIn('closed', repr(file))

    def test_nothing_is_pickled(self) -> None:
        file = self.open()
        for victim, name in ((file, 'File'), (file[0], 'Record')):
            for call in (pickle.dumps, copy.copy, copy.deepcopy):
                with self.raises(TypeError, f'cannot pickle fstview.{name}'):
                    call(victim)


if __name__ == '__main__':
    unittest.main()
