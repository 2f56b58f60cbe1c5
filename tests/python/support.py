"""What the tests share: the golden files, digests, scripts in a process of their own."""

from __future__ import annotations

import gc
import json
import os
import pathlib
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
