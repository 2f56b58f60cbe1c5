# SPDX-License-Identifier: MIT OR Apache-2.0
"""Threads, forks, and the end of the interpreter."""

from __future__ import annotations

import concurrent.futures
import gc
import os
import threading
import unittest

import fstview
from support import DATA, MODEL, TestCase, crc32, expected, run


class Threads(TestCase):
    def test_pool(self) -> None:
        digests = [line['array']['crc32'] for line in expected(MODEL)]
        for options in ({}, {'access': 'map'}, {'cache_bytes': 1 << 20}):
            file = self.open(**options)
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                arrays = list(pool.map(lambda record: record.data, list(file) * 4))
                self.assertEqual(list(pool.map(crc32, arrays)), digests * 4)
            self.assert_live(file, 4 * len(file))
            del arrays
            self.assert_live(file, 0)

    def test_messages_belong_to_their_thread(self) -> None:
        file = self.open()

        def fail(number: int) -> bool:
            try:
                if number % 2:
                    file[5].array('i4')
                else:
                    fstview.open(f'/no/such/file/{number}')
            except fstview.TypeMismatchError as error:
                return number % 2 == 1 and 'record 5' in str(error)
            except fstview.NotFoundError as error:
                return number % 2 == 0 and str(error).startswith(f'/no/such/file/{number}:')
            return False

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            self.assertTrue(all(pool.map(fail, range(2000))))

    def test_closing_while_others_read(self) -> None:
        digest = expected(MODEL)[3]['array']['crc32']
        for _ in range(20):
            file = fstview.open(MODEL)
            record, wrong, started = file[3], [], threading.Barrier(5)

            def read() -> None:
                started.wait()
                for _ in range(50):
                    try:
                        if crc32(record.data) != digest:
                            wrong.append('values')
                    except fstview.InvalidHandleError:
                        return
                    except Exception as error:
                        wrong.append(error)

            threads = [threading.Thread(target=read) for _ in range(4)]
            for thread in threads:
                thread.start()
            started.wait()
            file.close()
            for thread in threads:
                thread.join()
            self.assertEqual(wrong, [])

    def test_the_last_array_may_go_in_any_thread(self) -> None:
        file = self.open()
        arrays = [record.data for record in file]
        threads = [threading.Thread(target=arrays.clear) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assert_live(file, 0)


class Forks(TestCase):
    def in_child(self, work) -> None:
        """Runs `work` in a child, which ends without cleaning up what it inherited."""
        child = os.fork()
        if child == 0:
            status = 1
            try:
                work()
                status = 0
            except BaseException:
                import traceback
                traceback.print_exc()
            finally:
                os._exit(status)
        self.assertEqual(os.waitpid(child, 0)[1], 0)

    def test_a_child_uses_and_releases_what_it_inherits(self) -> None:
        digests = [line['array']['crc32'] for line in expected(MODEL)]
        for access in ('map', 'read'):
            file = self.open(access=access)
            kept = [record.data for record in file[:8]]

            def work() -> None:
                assert [crc32(array) for array in kept] == digests[:8]
                assert [crc32(array) for array in file.views(file)] == digests
                with fstview.open(DATA / 'model.fst') as other:
                    assert other.read(other.find(nomvar='TT')).shape[-1] > 1
                kept.clear()
                gc.collect()
                assert file.stats.live_views == 0
                file.close()

            self.in_child(work)
            self.assert_live(file, 8)
            self.assertEqual([crc32(array) for array in kept], digests[:8])
            self.assertEqual(crc32(file[100].data), digests[100])

    def test_forks_while_threads_work(self) -> None:
        script = (
            f'import os, threading, warnings, fstview\nwarnings.simplefilter("ignore")\n'
            f'file = fstview.open({str(MODEL)!r}, cache_bytes=1 << 20)\n'
            'stop = threading.Event()\n'
            'def work():\n'
            '    while not stop.is_set(): file.views(range(20))\n'
            'threads = [threading.Thread(target=work) for _ in range(3)]\n'
            'for thread in threads: thread.start()\n'
            'for _ in range(20):\n'
            '    child = os.fork()\n'
            '    if child == 0:\n'
            '        file[3].data\n'
            '        os._exit(len(file.views(range(5))) - 5)\n'
            '    assert os.waitpid(child, 0)[1] == 0\n'
            'stop.set()\n'
        )
        done = run(script)
        self.assertEqual((done.returncode, done.stderr), (0, ''))


class Ends(TestCase):
    """The interpreter ends with files and arrays in every state: no warning, no message, no crash."""

    def check(self, script: str) -> None:
        start = f'import fstview, numpy as np\nfile = fstview.open({str(MODEL)!r}, access="map")\n'
        for options in (('-X', 'dev', '-W', 'error'), ('-I', '-X', 'dev')):
            if '-I' in options:
                start = f'import sys; sys.path.insert(0, {os.path.dirname(fstview.__file__)!r})\n' + start
            done = run(start + script, *options)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, '', ''))

    def test_live_arrays(self) -> None:
        self.check('arrays = [record.data for record in file]\npart = file[0].data[3:]\n')

    def test_closed_file(self) -> None:
        self.check('array = file[3].data\nfile.close()\n')

    def test_cycles(self) -> None:
        self.check('class Node: pass\nnode = Node(); node.self = node; node.array = file[3].data; node.file = file\n')

    def test_in_other_modules(self) -> None:
        self.check('import sys\nsys.kept = file[3].data\nnp.kept = file[0].data\nfstview.kept = [file, file[1].data]\n')

    def test_columns_and_capsules(self) -> None:
        self.check('import sys\nsys.kept = [file.index(), file.arrow().__arrow_c_array__()]\n'
                   'sys.more = file[3].__dlpack__(max_version=(1, 0)), np.from_dlpack(file[0])\n'
                   'fstview.kept = file.arrow().__arrow_c_schema__()\n')

    def test_after_an_exception(self) -> None:
        self.check('import sys\nsys.excepthook = lambda *all: None\n'
                   'def work():\n    array = file[3].data\n    raise KeyError\n'
                   'try: work()\nexcept KeyError as error: kept = error\n')

    def test_from_a_destructor_at_the_end(self) -> None:
        self.check('class Last:\n    def __del__(self): self.array[0, 0] + 1; del self.array\n'
                   'last = Last(); last.array = file[3].data\n')

    def test_daemon_threads(self) -> None:
        self.check('import threading\ndef work():\n    while True: file.views(range(20))\n'
                   'threading.Thread(target=work, daemon=True).start()\nimport time; time.sleep(0.1)\n')


if __name__ == '__main__':
    unittest.main()
