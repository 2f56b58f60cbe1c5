# SPDX-License-Identifier: MIT OR Apache-2.0
"""Golden files: every attribute and every array, mapped and read."""

from __future__ import annotations

import json
import unittest

import fstview
import numpy as np
from support import DATA, REFUSALS, TestCase, crc32, expected

STRINGS = ('nomvar', 'typvar', 'grtyp', 'etiket')
NUMBERS = (
    'ni', 'nj', 'nk', 'data_type', 'data_bits', 'pack_bits', 'dateo', 'datev', 'deet', 'npas', 'ip1', 'ip2', 'ip3',
    'ig1', 'ig2', 'ig3', 'ig4', 'payload_offset', 'payload_bytes',
)
DTYPES = {
    'U8': 'u1', 'I8': 'i1', 'U16': 'u2', 'I16': 'i2', 'U32': 'u4', 'I32': 'i4', 'U64': 'u8', 'I64': 'i8', 'F32': 'f4',
    'F64': 'f8', 'C64': 'c8', 'C128': 'c16', 'CHAR': 'S1',
}


def files() -> list:
    own = [path for kind in ('model', 'types', 'missing', 'metadata', 'turbo') for path in DATA.glob(f'{kind}.*')]
    own += DATA.glob('containers/*')
    return sorted(path for path in own if path.with_name(path.name + '.jsonl').exists())


class Golden(TestCase):
    def check(self, path, access: str) -> tuple[int, int]:
        equal = refused = 0
        keep = self.open(path, access=access)
        codes = self.open(path, access=access, missing='codes')
        lines = expected(path)
        self.assertEqual(len(keep), len(lines))
        meta = path.with_name(path.name + '.meta.json')
        if meta.exists():
            said = json.loads(meta.read_text())
            self.assertEqual(keep.info.format, said['format'])
            if said['complete'] is not None:
                self.assertEqual(keep.info.complete, bool(said['complete']))
        for line, record in zip(lines, keep):
            with self.subTest(path=path.name, access=access, record=record.number):
                self.assertEqual(record.number, line['i'])
                for name in STRINGS + NUMBERS:
                    self.assertEqual(getattr(record, name), line[name], name)
                self.assertEqual(record.metadata, line.get('metadata') or '')
                self.assertEqual(record.has_metadata, bool(line.get('metadata')))
                if line.get('refused'):
                    with self.assertRaises(REFUSALS) as caught:
                        record.data
                    self.assertIn(f'record {record.number}', str(caught.exception))
                    self.assertRaises(REFUSALS, record.copy)
                    refused += 1
                    continue
                data = record.data
                self.assertEqual(data.dtype, DTYPES[line['dtype']])
                self.assertEqual((data.dtype, data.shape), (record.dtype, record.shape))
                self.assertEqual(data.nbytes, record.array_bytes)
                self.assertTrue(data.flags.f_contiguous and not data.flags.writeable and not data.flags.owndata)
                self.assertEqual(data.base.origin == 'mapped', record.is_mappable and access == 'map')
                self.assertEqual((data.nbytes, crc32(data)), (line['array']['nbytes'], line['array']['crc32']))
                self.assertEqual(crc32(record.array(any_byte_order=True)), line['array']['crc32'])
                own = record.copy()
                self.assertTrue(own.flags.owndata and own.flags.writeable and own.flags.f_contiguous)
                self.assertEqual((own.shape, crc32(own)), (record.shape, line['array']['crc32']))
                if line.get('array_missing_codes'):
                    self.assertTrue(record.has_missing)
                    self.assertEqual(crc32(codes[line['i']].data), line['array_missing_codes']['crc32'])
                equal += 1
        return equal, refused

    def test_every_record(self) -> None:
        paths = files()
        self.assertGreater(len(paths), 50)
        for access in ('map', 'read'):
            counts = [self.check(path, access) for path in paths]
            equal, refused = (sum(column) for column in zip(*counts))
            print(f'golden from Python ({access}): {len(paths)} files, {equal} arrays equal, {refused} refused')
            self.assertGreater(equal, 5000)

    def test_batches(self) -> None:
        for name in ('model.rsf', 'model.fst', 'missing.fst', 'turbo.rsf'):
            path = DATA / name
            lines = expected(path)
            lines = [line for line in lines if not line.get('refused')]
            arrays = self.open(path).views(line['i'] for line in lines)
            self.assertEqual([crc32(array) for array in arrays], [line['array']['crc32'] for line in lines])

    def test_files_linked(self) -> None:
        paths = [DATA / 'model.rsf', DATA / 'missing.fst', DATA / 'metadata.rsf']
        lines = [(number, line) for number, path in enumerate(paths) for line in expected(path)]
        file = self.open(paths)
        self.assertEqual(file.info.file_count, 3)
        self.assertEqual(len(file), len(lines))
        self.assertEqual(file.info.bytes, sum(path.stat().st_size for path in paths))
        for record, (number, line) in zip(file, lines):
            self.assertEqual((record.file_number, record.path), (number, str(paths[number])))
            self.assertEqual(crc32(record.data), line['array']['crc32'])

    def test_malformed(self) -> None:
        """Whatever the bytes are: an error of ours, or arrays."""
        folder = DATA / 'containers' / 'malformed'
        rules = json.loads((folder / 'index.json').read_text())
        for name, rule in rules.items():
            with self.subTest(file=name):
                try:
                    file = self.open(folder / name)
                except fstview.Error as error:
                    self.assertNotEqual(rule['open'], 'ok', str(error))
                    self.assertIsInstance(error, (*REFUSALS, fstview.NotFstError))
                    continue
                arrays = {}
                for record in file:
                    try:
                        arrays.setdefault(record.ip1, []).append(crc32(record.data))
                    except fstview.Error as error:
                        self.assertIsInstance(error, REFUSALS)
                        self.assertIn(f'{name}, record {record.number}', str(error))
                for ip1, digest in zip(rule.get('good', ()), rule.get('crc32', ())):
                    self.assertIn(digest, arrays.get(ip1, ()))

    def test_missing_values_become_nan(self) -> None:
        keep, nan = self.open(DATA / 'missing.rsf'), self.open(DATA / 'missing.rsf', missing='nan')
        codes = self.open(DATA / 'missing.rsf', missing='codes')
        seen = 0
        for record in keep:
            if record.has_missing and record.dtype.kind == 'f':
                array, code = nan[record.number].data, codes[record.number].data
                gone = np.isnan(array)
                self.assertTrue(np.array_equal(array[~gone], code[~gone]))
                self.assertFalse(np.isnan(code).any())
                seen += int(gone.any())
        self.assertGreater(seen, 10)


if __name__ == '__main__':
    unittest.main()
