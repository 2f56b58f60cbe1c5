# SPDX-License-Identifier: MIT OR Apache-2.0
"""The index as arrays and by Arrow's interface; arrays by DLPack's."""

from __future__ import annotations

import ctypes
import gc
import unittest
import weakref

import fstview
import numpy as np
from support import DATA, MODEL, TestCase, crc32, field, write_rsf

FILES = [MODEL, DATA / 'model.fst', DATA / 'types.rsf', DATA / 'missing.fst', DATA / 'metadata.rsf',
         DATA / 'semantics' / 'query.rsf', DATA / 'semantics' / 'query.xdf']


def columns() -> list[str]:
    """The columns of an index that are attributes of `FstRecordInfo`."""
    return [name for name, _ in fstview.FstRecordInfo._fields_[1:]]


class Index(TestCase):
    def test_against_the_records(self) -> None:
        for path in FILES:
            file = self.open(path)
            index = file.index()
            self.assertEqual(set(index), {'record', 'origin', 'valid', 'level', 'level_kind', *columns()})
            self.assertEqual(index['record'].tolist(), list(range(len(file))))
            for name in columns():
                values = [getattr(record._info, name) for record in file]
                values = [value.decode() if isinstance(value, bytes) else value for value in values]
                self.assertEqual(index[name].tolist(), values, f'{path}: {name}')
            for name in ('origin', 'valid'):
                self.assertEqual(index[name].dtype, np.dtype('M8[s]'))
                self.assertEqual(index[name].tolist(), [getattr(record, name) for record in file], f'{path}: {name}')
            levels = [record.level for record in file]
            self.assertEqual(index['level_kind'].tolist(), [-1 if level is None else level.kind for level in levels])
            expected = np.array([np.nan if level is None else level.value for level in levels], 'f4')
            self.assertTrue(np.array_equal(index['level'], expected, equal_nan=True))

    def test_of_several_files(self) -> None:
        index = self.open([MODEL, DATA / 'model.fst']).index()
        self.assertEqual(np.unique(index['file_number']).tolist(), [0, 1])
        self.assertEqual(len(index['nomvar']), 2 * 194)

    def test_what_is_missing(self) -> None:
        path = write_rsf(self.folder / 'none.rsf', [
            field('TT', np.zeros(3), datev=0), field('', np.zeros(3), ip1=9 << 24),
            field('TTTT', np.zeros(3), etiket=''),
        ])
        index = self.open(path).index()
        self.assertEqual(np.isnat(index['valid']).tolist(), [True, False, False])
        self.assertEqual((index['level_kind'].tolist(), np.isnan(index['level']).tolist()),
                         ([2, -1, 2], [False, True, False]))
        self.assertEqual(index['nomvar'].tolist(), ['TT', '', 'TTTT'])
        self.assertEqual(index['etiket'].tolist(), ['TEST', 'TEST', ''])

    def test_no_records(self) -> None:
        file = self.open(DATA / 'containers' / 'rsf_empty_fresh.rsf')
        index = file.index()
        self.assertEqual({len(column) for column in index.values()}, {0})
        self.assertEqual((index['valid'].dtype, index['ni'].dtype, index['nomvar'].dtype.kind),
                         (np.dtype('M8[s]'), np.dtype('i8'), 'U'))
        file.arrow().__arrow_c_array__()

    def test_memory(self) -> None:
        file = self.open()
        index = file.index()
        for name, column in index.items():
            self.assertFalse(column.flags.writeable, name)
            with self.assertRaises(ValueError):
                column[0] = column[1]
        values = index['payload_offset'].tolist()
        kept = index['payload_offset'][::2]
        owner = kept.base
        while isinstance(owner, np.ndarray):
            owner = owner.base
        self.assertEqual(owner.__array_interface__['data'][0], kept.ctypes.data)
        batch = weakref.ref(owner.batch)
        del index, column, owner
        file.close()
        gc.collect()
        self.assertIsNotNone(batch())
        self.assertEqual(kept.tolist(), values[::2])
        del kept
        gc.collect()
        self.assertIsNone(batch())

    def test_memory_is_given_back(self) -> None:
        file = self.open(DATA / 'types.rsf')

        def resident() -> int:
            with open('/proc/self/statm', encoding='ascii') as statm:
                return int(statm.read().split()[1]) * 4096

        for _ in range(20):
            file.index()
            file.arrow().__arrow_c_array__()
        gc.collect()
        before = resident()
        for _ in range(200):
            file.index()
            file.arrow().__arrow_c_array__()
        # 200 times 2895 records of 220 bytes, twice, would be 255 MB.
        self.assertLess(resident() - before, 30 << 20)


def pointer(capsule, name: bytes) -> int:
    """What a consumer of a capsule gets."""
    function = ctypes.pythonapi['PyCapsule_GetPointer']
    function.restype, function.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    return function(capsule, name)


class Arrow(TestCase):
    def test_capsules(self) -> None:
        file = self.open()
        batch = file.arrow()
        schema, array = batch.__arrow_c_array__(None)
        found = fstview.ArrowSchema.from_address(pointer(schema, b'arrow_schema'))
        rows = fstview.ArrowArray.from_address(pointer(array, b'arrow_array'))
        self.assertEqual((found.format, found.n_children, rows.n_children, rows.length), (b'+s', 34, 34, len(file)))
        names = [found.children[number].contents.name.decode() for number in range(34)]
        self.assertEqual(names, list(file.index()))
        alone = fstview.ArrowSchema.from_address(pointer(batch.__arrow_c_schema__(), b'arrow_schema'))
        del alone
        self.assertIn('model.rsf', repr(batch))

    def test_a_consumer_takes_the_contents(self) -> None:
        """As the interface says: it copies the struct, and marks the one in the capsule as released."""
        file = self.open()
        expected = file.index()['ip1'].tolist()
        taken = []
        for kind, capsule, name in zip((fstview.ArrowSchema, fstview.ArrowArray), file.arrow().__arrow_c_array__(),
                                       (b'arrow_schema', b'arrow_array')):
            original = kind.from_address(pointer(capsule, name))
            taken.append(kind.from_buffer_copy(original))
            original.release = type(original.release)()
        del capsule, original
        gc.collect()
        file.close()
        schema, array = taken
        place = [schema.children[number].contents.name for number in range(34)].index(b'ip1')
        column = array.children[place].contents
        values = (ctypes.c_int32 * array.length).from_address(column.buffers[1])
        self.assertEqual(list(values), expected)
        for structure in taken:
            structure.release(ctypes.byref(structure))
            self.assertFalse(structure.release)

    def test_capsules_of_a_closed_file(self) -> None:
        file = self.open()
        capsules = file.arrow().__arrow_c_array__()
        file.close()
        rows = fstview.ArrowArray.from_address(pointer(capsules[1], b'arrow_array'))
        self.assertEqual(rows.length, 194)


@unittest.skipIf(np.lib.NumpyVersion(np.__version__) < '2.1.0', 'this NumPy knows no version 1 of DLPack')
class DLPack(TestCase):
    def test_no_copy(self) -> None:
        file = self.open(access='map')
        for number in (0, 3, 193):
            data = file[number].data
            for source in (data.base, file[number]):
                taken = np.from_dlpack(source)
                self.assertEqual((taken.ctypes.data, taken.strides, taken.dtype, taken.shape),
                                 (data.ctypes.data, data.strides, data.dtype, data.shape))
                self.assertFalse(taken.flags.writeable)
            self.assertEqual(data.base.__dlpack_device__(), (1, 0))
            self.assertTrue(np.shares_memory(data.base.array, data))
        writable = file[3].array(writable=True)
        np.from_dlpack(writable.base)[...] = 7
        self.assertEqual(writable.max(), 7)
        part = file[193].view[10:20, 5:30, 1:3]
        self.assertTrue(np.array_equal(np.from_dlpack(part.base), part))
        text = next(record for record in self.open(DATA / 'types.rsf') if record.dtype == np.dtype('S1'))
        self.assertEqual(np.from_dlpack(text).tobytes(), text.data.tobytes())

    def test_lifetimes(self) -> None:
        file = self.open()
        digest = crc32(file[3].data)
        taken = np.from_dlpack(file[3])
        part = taken[3:]
        self.assert_live(file, 1)
        file.close()
        self.assertEqual(crc32(taken), digest)
        values = part.tolist()
        del taken
        gc.collect()
        self.assertEqual(part.tolist(), values)

    def test_views_are_given_back(self) -> None:
        file = self.open()
        taken = np.from_dlpack(file[3])
        self.assertEqual(file.stats.live_bytes, taken.nbytes)
        del taken
        self.assert_live(file, 0)
        capsule = file[3].__dlpack__(max_version=(1, 0))
        self.assert_live(file, 1)
        # Nobody took it.
        del capsule
        self.assert_live(file, 0)

    def test_a_consumer_that_fails(self) -> None:
        file = self.open()

        def failing():
            yield file[3].__dlpack__(max_version=(1, 0))
            yield file.arrow().__arrow_c_array__()
            raise KeyError('mine')

        # The list goes, and with it the capsules, while the error is on its way.
        with self.assertRaisesRegex(KeyError, 'mine'):
            list(failing())
        self.assert_live(file, 0)
        self.assertFalse(fstview._held.capsules)

    def test_copies(self) -> None:
        file = self.open()
        copy = np.from_dlpack(file[3], copy=True)
        self.assertTrue(np.array_equal(copy, file[3].data))
        self.assert_live(file, 0)
        np.from_dlpack(file[3], copy=False, device='cpu')

    def test_an_image_lives_as_long(self) -> None:
        image = bytearray(MODEL.read_bytes())
        file = fstview.open(image)
        taken = np.from_dlpack(file[0])
        values = taken.tolist()
        file.close()
        with self.assertRaises(BufferError):
            image.append(0)
        self.assertEqual(taken.tolist(), values)
        del taken
        gc.collect()
        image.append(0)

    def test_what_it_cannot_say(self) -> None:
        file = self.open(DATA / 'model.fst', access='map')
        view = file[3].data.base
        for options in ({}, {'max_version': None}, {'max_version': (0, 8)}, {'stream': 1, 'max_version': (1, 0)},
                        {'dl_device': (2, 0), 'max_version': (1, 0)}):
            with self.subTest(options), self.assertRaises(BufferError):
                view.__dlpack__(**options)
        swapped = next(record for record in file if record.array(any_byte_order=True).dtype.byteorder == '>')
        with self.assertRaises(BufferError):
            np.from_dlpack(swapped.array(any_byte_order=True).base)
        # What may be changed goes to consumers of any age.
        old = file[3].array(writable=True).base.__dlpack__()
        self.assertEqual(type(old).__name__, 'PyCapsule')
        with self.assertRaises(fstview.InvalidHandleError):
            file.close()
            file[3].__dlpack__(max_version=(1, 0))


if __name__ == '__main__':
    unittest.main()
