# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the tests share: the golden files, digests, scripts in a process of their own."""

from __future__ import annotations

import gc
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

import fstview
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / 'tests' / 'data'
MODEL = DATA / 'model.rsf'
REFUSALS = (fstview.CorruptError, fstview.UnsupportedError, fstview.TruncatedError)


def expected(path: pathlib.Path) -> list[dict]:
    """What the records of a golden file are."""
    with open(f'{path}.jsonl', encoding='utf-8') as lines:
        return [json.loads(line) for line in lines]


def crc32(array: np.ndarray) -> int:
    """The digest of an array as little-endian bytes in Fortran order."""
    little = array.astype(array.dtype.newbyteorder('<'), copy=False)
    return zlib.crc32(little.reshape(-1, order='F').view(np.uint8))


def _long(value: int) -> bytes:
    return struct.pack('<II', value >> 32, value & 0xFFFF_FFFF)


def _start(kind: int, words: int, length: int, metadata: int, unit: int) -> bytes:
    return (struct.pack('<BHB', kind, words, 0xFE) + _long(length) + struct.pack('<HBB', metadata, 0, unit))


def _end(kind: int, words: int, length: int) -> bytes:
    return _long(length) + struct.pack('<BHB', kind, words, 0xFF)


def field(nomvar: str, values: np.ndarray, **attributes) -> tuple[bytes, bytes]:
    """A record of 32-bit reals for `write_rsf`: the words of its keys, and its payload."""
    of = {'typvar': 'P', 'grtyp': 'X', 'etiket': 'TEST', 'datev': 470636000, 'deet': 0, 'npas': 0, 'ip1': 0, 'ip2': 0,
          'ip3': 0, 'ig1': 0, 'ig2': 0, 'ig3': 0, 'ig4': 0, **attributes}
    ni, nj, nk = values.shape + (1,) * (3 - values.ndim)

    def packed(text: str) -> int:
        word = 0
        for character in text:
            word = word << 6 | (ord(character.upper()) - 32) & 63
        return word

    etiket, stamp = of['etiket'].ljust(12), of['datev'] & 0xFFFF_FFFF
    words = (
        0x0001_0101, 0, 0x0113_0000, of['deet'] << 8 | 32, ni << 8 | ord(of['grtyp']), nj << 8 | 5, nk << 12,
        of['npas'] << 6, of['ig4'] << 8 | of['ig2'] >> 16, of['ig1'] << 8 | of['ig2'] >> 8 & 0xFF,
        of['ig3'] << 8 | of['ig2'] & 0xFF, packed(etiket[:5]) << 2, packed(etiket[5:10]) << 2,
        packed(etiket[10:]) << 20 | packed(of['typvar'].ljust(2)) << 8, packed(nomvar.ljust(4)) << 8 | 32,
        of['ip1'] << 4, of['ip2'] << 4, of['ip3'] << 4, stamp // 10 << 3 | stamp % 10,
    )
    return struct.pack('<19I', *words), values.astype('<f4').tobytes(order='F')


def write_rsf(path: pathlib.Path, fields: list[tuple[bytes, bytes]]) -> pathlib.Path:
    """A file of one segment with these records."""
    body, entries = b'', b''
    for keys, payload in fields:
        place, length = 72 + len(body), 104 + len(payload)
        body += _start(1, 19, length, 19, 4) + keys + payload + _end(1, 19, length)
        entries += _long(place) + _long(length) + _long(0) + struct.pack('<II', 19 << 16 | 19, 0) + keys
    place, length = 72 + len(body), 20 + len(entries) + 12
    directory = _start(6, 1, length, 0, 0) + struct.pack('<I', len(fields)) + entries + _end(6, 1, length)
    segment = place + length + 68
    where = _long(segment - 68) + _long(segment) + _long(place) + _long(length)
    end = _start(4, 19, 68, 19, 0) + struct.pack('<II', 0xBEBE_FADA, 0xCAFE_FADE) + where + _end(4, 19, 68)
    start = _start(3, 0, 72, 19, 0) + b'RSF0STDF' + struct.pack('<I', 0xDEAD_BEEF) + where + _end(3, 0, 72)
    path.write_bytes(start + body + directory + end)
    return path


def run(script: str, *options: str, **environment: str) -> subprocess.CompletedProcess:
    """A script in a process of its own."""
    return subprocess.run(
        [sys.executable, *options, '-c', script], env={**os.environ, **environment},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120, check=False,
    )


class TestCase(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix='fstview-test-')
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def open(self, source=MODEL, **options) -> fstview.File:
        file = fstview.open(source, **options)
        self.addCleanup(file.close)
        return file

    def assert_live(self, file: fstview.File, views: int) -> None:
        """The library's own count of views that are alive."""
        gc.collect()
        stats = file.stats
        self.assertEqual(stats.live_views, views)
        self.assertEqual(stats.live_bytes > 0, views > 0)

    def raises(self, kind: type, *parts: object):
        """A context in which an error of exactly that class is raised, whose message has these parts."""
        case = self

        class Context:
            def __enter__(self):
                return self

            def __exit__(self, found, error, trace):
                case.assertIsNotNone(error, f'nothing was raised, expected {kind.__name__}')
                case.assertIs(found, kind, repr(error))
                for part in parts:
                    case.assertIn(str(part), str(error))
                self.error = error
                return True

        return Context()
