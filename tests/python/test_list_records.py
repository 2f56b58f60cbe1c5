# SPDX-License-Identifier: MIT OR Apache-2.0
"""The example program: its lines, worked out here in another way."""

from __future__ import annotations

import subprocess
import sys
import unittest

import numpy as np
from support import DATA, MODEL, ROOT, TestCase

sys.path.insert(0, str(ROOT / 'python'))
import list_records  # noqa: E402

HEADER = (
    b'record nomvar typvar etiket       level                 dateo       datev         ni x nj x nk type bits'
    b'              min              max             mean\n'
)


def listing(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, '-X', 'dev', str(ROOT / 'python' / 'list_records.py'), *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
    )


class Listing(TestCase):
    def test_lines(self) -> None:
        done = listing(MODEL)
        self.assertEqual((done.returncode, done.stderr), (0, b''))
        lines = done.stdout.splitlines(keepends=True)
        self.assertEqual((lines[0], lines[-1], len(lines)), (HEADER, b'194 records\n', 196))
        self.assertEqual(
            lines[1],
            b'     0 >>     X      RDPS_GRID    1720 m            470636000   470636000              120x1x1    5   32'
            b'   1.0000000E+001   2.0709999E+001   1.5355000E+001\n',
        )
        for line, record in zip(lines[1:-1], self.open()):
            words = line.split()
            total = 0.0
            for value in record.data.ravel(order='F').tolist()[:10_000_000]:
                total += value
            for word, value in zip(words[-3:], (record.data.min(), record.data.max(), total / record.data.size)):
                mantissa, exponent = f'{float(value):.7E}'.split('E')
                self.assertEqual(word.decode(), f'{mantissa}E{exponent[0]}{exponent[1:].zfill(3)}')

    def test_every_file(self) -> None:
        seen = set()
        for path in sorted(DATA.glob('*.?s[ft]')) + [DATA / 'containers' / 'malformed' / 'pack_short.rsf']:
            done = listing(path)
            self.assertEqual((done.returncode, done.stderr), (0, b''))
            lines = done.stdout.decode('ascii').splitlines()
            for line, record in zip(lines[1:-1], self.open(path)):
                self.assertEqual(line, line.rstrip())
                self.assertEqual(len(line), 155)
                smallest = line[105:121].strip()
                seen.add(smallest if smallest in ('text', 'refused') else 'number')
                if record.dtype is not None and record.dtype.kind == 'S' and smallest != 'refused':
                    self.assertEqual(line[104:], f'{"text":>17}{"-":>17}{"-":>17}')
        self.assertEqual(seen, {'text', 'refused', 'number'})

    def test_numbers(self) -> None:
        for value, text in (
            (0.0, '0.0000000E+000'), (-0.0, '-0.0000000E+000'), (-123.45678, '-1.2345678E+002'),
            (1e300, '1.0000000E+300'), (5e-324, '4.9406565E-324'),
            (np.nan, 'nan'), (-np.nan, 'nan'), (np.inf, 'inf'), (-np.inf, '-inf'),
        ):
            self.assertEqual(list_records.number_text(value), text)

    def test_statistics(self) -> None:
        nan, inf = np.nan, np.inf
        for values, texts in (
            (np.array([1, nan, inf], 'f4'), ('nan', 'nan', 'nan')),
            (np.array([-inf, inf], 'f8'), ('-inf', 'inf', 'nan')),
            (np.array([0.0, -0.0]), ('0.0000000E+000', '0.0000000E+000', '0.0000000E+000')),
            (np.array([-0.0, 0.0]), ('-0.0000000E+000', '-0.0000000E+000', '0.0000000E+000')),
            (np.array([3 + 4j, nan + 1j], 'c8')[:1], ('5.0000000E+000',) * 3),
            (np.array([3 + 4j, complex(nan, 1)], 'c8'), ('nan',) * 3),
            (np.array([2**64 - 1, 0], 'u8'), ('0.0000000E+000', '1.8446744E+019', '9.2233720E+018')),
            (np.array([1e308, 1e308]), ('1.0000000E+308', '1.0000000E+308', 'inf')),
            (np.array([b'a', b'b']), ('text', '-', '-')),
        ):
            with np.errstate(all='ignore'):
                self.assertEqual(list_records.statistics(values), texts)

    def test_the_sum_is_sequential(self) -> None:
        values = np.random.default_rng(1).normal(size=5000).astype('f4')
        total = 0.0
        for value in values.tolist():
            total += value
        block, list_records.BLOCK = list_records.BLOCK, 64
        self.addCleanup(setattr, list_records, 'BLOCK', block)
        self.assertEqual(list_records.sequential_sum(values), total)

    def test_mistakes(self) -> None:
        done = listing()
        self.assertEqual((done.returncode, done.stdout), (2, b''))
        self.assertIn(b'usage', done.stderr)
        done = listing('/no/such/file')
        self.assertEqual((done.returncode, done.stdout), (1, b''))
        self.assertIn(b'/no/such/file', done.stderr)
        self.assertNotIn(b'Traceback', done.stderr)


if __name__ == '__main__':
    unittest.main()
