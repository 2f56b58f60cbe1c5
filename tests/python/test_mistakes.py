# SPDX-License-Identifier: MIT OR Apache-2.0
"""What users do wrong, and what is wrong with files: the right class, path and record in the message."""

from __future__ import annotations

import builtins
import errno
import os
import pathlib
import pickle
import unittest

import fstview
import numpy as np
from support import DATA, MODEL, TestCase, run

BUILTINS = {
    'InvalidArgumentError': ValueError, 'InvalidHandleError': ValueError, 'NotFoundError': FileNotFoundError,
    'NoMatch': LookupError, 'PermissionError': builtins.PermissionError, 'IOError': OSError, 'NotFstError': ValueError,
    'UnsupportedError': NotImplementedError, 'CorruptError': ValueError, 'TruncatedError': EOFError,
    'OutOfRangeError': IndexError, 'ShapeMismatchError': ValueError, 'TypeMismatchError': TypeError,
    'NoMemoryError': MemoryError, 'LimitError': MemoryError, 'InternalError': RuntimeError,
    'CancelledError': RuntimeError,
}


class Classes(unittest.TestCase):
    def test_every_error_is_a_builtin_one_too(self) -> None:
        for name, kind in BUILTINS.items():
            error = getattr(fstview, name)('what')
            self.assertIsInstance(error, fstview.Error)
            self.assertIsInstance(error, kind)
            self.assertEqual(str(error), 'what')
            again = pickle.loads(pickle.dumps(error))
            self.assertEqual((type(again), str(again), again.status), (type(error), 'what', error.status))
        self.assertEqual(set(BUILTINS), {kind.__name__ for kind in (*fstview._ERRORS.values(), fstview.NoMatch)})

    def test_a_status_of_a_newer_library(self) -> None:
        with self.assertRaises(fstview.Error) as caught:
            fstview._check(-1000, fstview._library.fst_close, ())
        self.assertIs(type(caught.exception), fstview.Error)
        self.assertEqual((caught.exception.status, caught.exception.status_name), (-1000, 'unknown status'))

    def test_statuses(self) -> None:
        with self.assertRaises(FileNotFoundError) as caught:
            fstview.open('/no/such/file')
        self.assertEqual((caught.exception.status, caught.exception.status_name), (-3, 'FST_ERR_NOT_FOUND'))


class Opening(TestCase):
    def test_files_that_cannot_be_opened(self) -> None:
        missing = self.folder / 'missing.rsf'
        with self.raises(fstview.NotFoundError, missing) as caught:
            fstview.open(missing)
        self.assertEqual((caught.error.errno, caught.error.filename), (errno.ENOENT, str(missing)))
        with self.raises(fstview.NotFoundError, missing):
            fstview.open([MODEL, missing])
        with self.raises(fstview.IOError) as caught:
            fstview.open('x' * 300)
        self.assertEqual(caught.error.errno, errno.ENAMETOOLONG)
        with self.raises(fstview.NotFstError, self.folder, 'directory'):
            fstview.open(self.folder)
        text = self.folder / 'notes.txt'
        text.write_text('Not a standard file.\n' * 40)
        with self.raises(fstview.NotFstError, text, 'text'):
            fstview.open(text)
        empty = self.folder / 'empty'
        empty.touch()
        with self.raises(fstview.NotFstError, empty):
            fstview.open(empty)
        with self.raises(fstview.UnsupportedError, 'old_rsf.rsf'):
            fstview.open(DATA / 'containers' / 'malformed' / 'old_rsf.rsf')

    def test_a_file_that_may_not_be_read(self) -> None:
        path = self.folder / 'secret.rsf'
        path.write_bytes(MODEL.read_bytes())
        path.chmod(0)
        self.folder.chmod(0o755)
        script = (
            'import os, sys, fstview\n'
            'if os.geteuid() == 0: os.setgid(65534), os.setuid(65534)\n'
            'try: fstview.open(sys.argv[1])\n'
            'except fstview.PermissionError as error:\n'
            '    assert isinstance(error, PermissionError) and sys.argv[1] in str(error), error\n'
            '    assert error.errno == 13 and error.filename == sys.argv[1]\n'
            'else: raise SystemExit("opened")\n'
        )
        done = run(f'import sys; sys.argv = ["", {str(path)!r}]\n' + script)
        self.assertEqual((done.returncode, done.stderr), (0, ''))

    def test_damaged_files(self) -> None:
        for name in ('unclosed.rsf', 'unclosed.fst'):
            file = self.open(DATA / name)
            self.assertFalse(file.info.complete)
            self.assertGreater(len(file), 0)
            with self.assertRaises((fstview.CorruptError, fstview.TruncatedError)) as caught:
                fstview.open(DATA / name, strict=True)
            self.assertIn(name, str(caught.exception))

    def test_a_file_that_shrinks(self) -> None:
        path = self.folder / 'shrinks.rsf'
        path.write_bytes(MODEL.read_bytes())
        for access in ('read', 'map'):
            file = self.open(path, access=access)
            with open(path, 'r+b') as other:
                other.truncate(100_000)
            with self.raises(fstview.TruncatedError, path, 'record 192'):
                file[192].copy()
            path.write_bytes(MODEL.read_bytes())

    def test_wrong_sources(self) -> None:
        for source in (3, None, 2.5, [3], [None], object()):
            with self.assertRaises(TypeError):
                fstview.open(source)
        with self.raises(TypeError, 'path 1', 'bytes', 'os.fsdecode'):
            fstview.open([MODEL, b'model.rsf'])
        with self.raises(fstview.InvalidArgumentError, 'empty'):
            fstview.open([])
        with self.raises(fstview.InvalidArgumentError, 'empty'):
            fstview.open('')
        for path in ('a\0b', pathlib.Path('a\0b'), ['a\0b']):
            with self.raises(fstview.InvalidArgumentError, r"'a\x00b'", 'NUL'):
                fstview.open(path)
        with self.raises(fstview.NotFstError, 'memory image of 5 bytes'):
            fstview.open(b'model')
        with self.raises(fstview.NotFstError, 'memory image of 0 bytes'):
            fstview.open(b'')
        with self.raises(fstview.InvalidArgumentError, 'contiguous'):
            fstview.open(memoryview(MODEL.read_bytes())[::2])

    def test_wrong_options(self) -> None:
        for options, kind in (
            ({'access': 'mmap'}, fstview.InvalidArgumentError), ({'access': 1}, TypeError),
            ({'missing': 'NaN'}, fstview.InvalidArgumentError), ({'missing': None}, TypeError),
            ({'threads': -1}, fstview.InvalidArgumentError), ({'threads': 2**32}, fstview.InvalidArgumentError),
            ({'threads': 1.0}, TypeError), ({'cache_bytes': 2**64}, fstview.InvalidArgumentError),
            ({'map_threshold': '1G'}, TypeError), ({'strict': 'yes'}, TypeError), ({'strict': 2}, TypeError),
        ):
            with self.raises(kind, *options):
                fstview.open(MODEL, **options)
        with self.assertRaises(TypeError):
            fstview.open(MODEL, 'map')
        with self.assertRaises(TypeError):
            fstview.open(MODEL, mode='r')


class Using(TestCase):
    def test_numbers_outside_the_file(self) -> None:
        file = self.open()
        for number in (194, -195, 2**40, -2**70, 2**64):
            with self.raises(fstview.OutOfRangeError, MODEL, number, 194):
                file[number]
            with self.raises(fstview.OutOfRangeError, MODEL, number):
                file.views([0, number])
            with self.raises(fstview.OutOfRangeError, MODEL, number):
                file.read([number])
        for number in ('TT', 2.0, None):
            with self.raises(TypeError, 'integer'):
                file[number]
        for records in (3, file[3], 'TT', None):
            with self.raises(TypeError, 'several records'):
                file.read(records)

    def test_records_of_another_file(self) -> None:
        file, other = self.open(), self.open(DATA / 'model.fst')
        for call in (file.views, file.read):
            with self.raises(fstview.InvalidArgumentError, 'model.fst', MODEL):
                call([other[3]])

    def test_slabs_outside_the_record(self) -> None:
        file = self.open()
        cube = file[193]
        for start, count in (((120,), None), ((-1,), None), (None, (121,)), ((0, 0, 3), (0, 0, 2)), (None, (-1,)),
                             (2**62, 2**62)):
            for call in (cube.array, cube.read):
                with self.raises(fstview.OutOfRangeError, MODEL, 'record 193', 'along'):
                    call(start=start, count=count)
            with self.raises(fstview.OutOfRangeError, MODEL, 'record 193', 'along'):
                file.read([cube], start=start, count=count)
            with self.raises(fstview.OutOfRangeError, MODEL, 'record 193', 'along'):
                file.views([cube], start=start, count=count)
        with self.raises(fstview.InvalidArgumentError, 'start'):
            cube.array(start=(0, 0, 0, 0))
        with self.raises(fstview.InvalidArgumentError, 'count'):
            cube.array(count=2**63)
        for wrong in (2.5, 'abc', (1.5,)):
            with self.raises(TypeError, 'start'):
                cube.array(start=wrong)

    def test_wrong_indices(self) -> None:
        cube = self.open()[193]
        for key in (120, -121, (0, 80), (..., 4), (0, 0, 0, 0), 2**70):
            with self.raises(fstview.OutOfRangeError, MODEL, 'record 193'):
                cube.view[key]
        for key in (2.0, 'i', None, [1, 2], np.array([1, 2]), True, (slice(None), [0])):
            with self.raises(TypeError, 'record.data'):
                cube.view[key]
        with self.assertRaises(IndexError):
            cube.view[..., ...]
        with self.assertRaises(ValueError):
            cube.view[::0]
        with self.assertRaises(TypeError):
            cube.view[0] = 1

    def test_wrong_options_of_views(self) -> None:
        record = self.open()[3]
        for options in ({'writable': 'yes'}, {'any_byte_order': 2}, {'prefetch': None}):
            with self.raises(TypeError, *options):
                record.array(**options)

    def test_wrong_criteria(self) -> None:
        file = self.open()
        for criteria, kind in (
            ({'nomvar': 'ABCDE'}, fstview.InvalidArgumentError), ({'grtyp': 'ZZ'}, fstview.InvalidArgumentError),
            ({'etiket': 'x' * 13}, fstview.InvalidArgumentError), ({'nomvar': 'T\0'}, fstview.InvalidArgumentError),
            ({'nomvar': '温度'}, fstview.InvalidArgumentError), ({'typvar': 'é'}, fstview.InvalidArgumentError),
            ({'nomvar': 3}, TypeError), ({'ip1': '3'}, TypeError), ({'ip1': 1.0}, TypeError),
            ({'ip1': 2**31}, fstview.InvalidArgumentError), ({'ni': -2**31 - 1}, fstview.InvalidArgumentError),
            ({'ip1_all': 'yes'}, TypeError), ({'nomvr': 'TT'}, TypeError),
        ):
            for call in (file.find, file.find_first):
                with self.raises(kind, *criteria):
                    call(**criteria)
        with self.raises(fstview.NoMatch, MODEL, 'ZZ'):
            file.find_first(nomvar='ZZ')

    def test_a_closed_file(self) -> None:
        file = fstview.open(MODEL)
        record, array, batch = file[3], file[3].data, file.arrow()
        with file:
            pass
        file.close()
        self.assertTrue(file.closed)
        for call in (
            lambda: file[0], lambda: len(file), lambda: list(file), lambda: file.info, lambda: file.stats,
            lambda: file.find(nomvar='TT'), lambda: file.find_first(nomvar='TT'), lambda: file.views([record]),
            lambda: file.read([record]), lambda: record.data, lambda: record.array(), lambda: record.copy(),
            lambda: record.view[:3], lambda: record.metadata, lambda: record.read(np.empty((120, 80), 'f4', order='F')),
            file.__enter__, file.index, file.arrow, lambda: record.grid, lambda: record.metadata_json(),
            lambda: file.stack('TT'), lambda: file.find(level=(500, 'hPa')), batch.__arrow_c_array__,
        ):
            with self.raises(fstview.InvalidHandleError, MODEL, 'closed'):
                call()
        self.assertEqual(array.shape, (120, 80))

    def test_a_handle_that_the_library_does_not_know(self) -> None:
        for handle in (0, 1, 2**64 - 1):
            with self.raises(fstview.InvalidHandleError, 'handle'):
                fstview._library.fst_close(fstview.FstFile(handle))

    def test_limits(self) -> None:
        file = self.open(max_array_bytes=38399)
        for call in (lambda: file[3].data, file[3].copy, lambda: file.read([3])):
            with self.raises(fstview.LimitError, 'model.rsf', '38400'):
                call()
        self.assertEqual(self.open(max_array_bytes=38400)[3].copy().nbytes, 38400)

    def test_no_memory(self) -> None:
        script = (
            f'import resource, fstview\nfile = fstview.open({str(MODEL)!r})\n'
            'pages = int(open("/proc/self/statm").read().split()[0])\n'
            'resource.setrlimit(resource.RLIMIT_AS, (pages * 4096 + (64 << 20),) * 2)\n'
            'try: file.read([193] * 2000)\n'
            'except fstview.NoMemoryError as error: assert "model.rsf" in str(error), error\n'
            'else: raise SystemExit("read")\n'
            'kept = []\n'
            'try:\n'
            '    while True: kept.append(file[193].array(writable=True))\n'
            'except MemoryError as error: found = error\n'
            'del kept\n'
            'assert file[193].data.shape == (120, 80, 4)\n'
        )
        done = run(script, OPENBLAS_NUM_THREADS='1')
        self.assertEqual((done.returncode, done.stderr), (0, ''))

    def test_codes_without_meaning(self) -> None:
        for call in (
            lambda: fstview.date_from_stamp(-2**31), lambda: fstview.ip_encode(1.0, 99),
            lambda: fstview.ip_encode(1.0, 2, 'newer'), lambda: fstview.ip_format(2**31),
        ):
            with self.raises(fstview.InvalidArgumentError):
                call()
        for call in (lambda: fstview.ip_format('3'), lambda: fstview.stamp_from_date('2024-01-15')):
            with self.assertRaises(TypeError):
                call()


def loaded(part: str) -> str:
    """The path of a library of this process."""
    with open('/proc/self/maps', encoding='utf-8') as maps:
        return next(line.split()[-1] for line in maps if part in line)


class Library(TestCase):
    """How the shared library is found."""

    def load(self, folder: pathlib.Path, **environment: str):
        return run('import fstview; print(fstview.LIBRARY_PATH)', PYTHONPATH=str(folder), **environment)

    def module(self) -> pathlib.Path:
        """A folder with the module alone."""
        folder = self.folder / 'module'
        folder.mkdir()
        (folder / 'fstview.py').write_bytes(pathlib.Path(fstview.__file__).read_bytes())
        return folder

    def test_places(self) -> None:
        folder, library = self.module(), os.path.abspath(fstview.LIBRARY_PATH)
        done = self.load(folder, FSTVIEW_LIBRARY=library)
        self.assertEqual((done.stdout.strip(), done.stderr), (library, ''))
        elsewhere = self.folder / 'lib'
        elsewhere.mkdir()
        (elsewhere / 'libfstview.so.1').symlink_to(library)
        done = self.load(folder, FSTVIEW_LIBRARY='', LD_LIBRARY_PATH=str(elsewhere))
        self.assertIn('libfstview.so.1', done.stdout, done.stderr)
        (folder / 'libfstview.so').symlink_to(library)
        done = self.load(folder, FSTVIEW_LIBRARY='', LD_LIBRARY_PATH='')
        self.assertEqual((done.stdout.strip(), done.stderr), (str(folder / 'libfstview.so'), ''))

    def test_what_is_said_without_it(self) -> None:
        folder = self.module()
        for environment, parts in (
            ({'FSTVIEW_LIBRARY': '', 'LD_LIBRARY_PATH': ''}, ('no library', 'cargo build', 'FSTVIEW_LIBRARY')),
            ({'FSTVIEW_LIBRARY': '/no/such/libfstview.so'}, ('named by FSTVIEW_LIBRARY', '/no/such/libfstview.so')),
            ({'FSTVIEW_LIBRARY': loaded('/libm.')}, ('libm.', 'is not the fstview library')),
        ):
            done = self.load(folder, **environment)
            self.assertEqual(done.returncode, 1)
            self.assertIn('ImportError', done.stderr)
            for part in parts:
                self.assertIn(part, done.stderr)

    def test_what_is_said_without_numpy(self) -> None:
        done = run('import fstview', '-S')
        self.assertIn('ImportError: fstview needs NumPy', done.stderr)
        self.assertIn('pip install numpy', done.stderr)


if __name__ == '__main__':
    unittest.main()
