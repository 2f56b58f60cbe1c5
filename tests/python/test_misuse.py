# SPDX-License-Identifier: MIT OR Apache-2.0
"""Every function of the C interface, called through ctypes with what no caller should give it: each argument in turn, and
many arguments at once. The status is always one of the documented ones, and the one that is documented where one argument
alone is wrong. A signal would end this process, and so the test.

The cases are made from the module's table of functions; they are the same each time.
"""

from __future__ import annotations

import ctypes
import random
import unittest
from ctypes import POINTER, c_char_p, c_double, c_float, c_int32, c_size_t, c_uint64, c_void_p, cast

import fstview
from fstview import FstArray, FstFile, FstStatus, FstView
from support import DATA, MODEL

OK, INVALID_ARGUMENT, INVALID_HANDLE, NOT_FOUND, IO, NOT_FST, OUT_OF_RANGE, INTERNAL = 0, -1, -2, -3, -5, -6, -10, -15
STATUSES = {kind.status for kind in fstview._ERRORS.values()}
FUNCTIONS = [(name, arguments) for name, result, arguments in fstview._FUNCTIONS if result is FstStatus]

# Pointers that may be null, by function and place.
OPTIONAL = {
    ('fst_open', 1), ('fst_open_many', 2), ('fst_open_memory', 2), ('fst_find', 1), ('fst_search', 1),
    ('fst_find_first', 1), ('fst_find_levels', 1), ('fst_record_view', 2), ('fst_record_view_many', 3),
    ('fst_record_view_many', 5), ('fst_record_read', 2), ('fst_record_read_many', 3), ('fst_record_read_many', 7),
}
# Places that say how much memory the caller has: larger numbers than that are a lie that nothing can find out.
COUNTS = {
    ('fst_open_many', 1), ('fst_open_memory', 1), ('fst_file_problems', 2), ('fst_record_metadata', 3), ('fst_find', 3),
    ('fst_search', 3), ('fst_find_levels', 5), ('fst_record_view_many', 2), ('fst_record_read', 5),
    ('fst_record_read_many', 2), ('fst_ip_format', 2),
}
ROOM = 1 << 16
# The structs that begin with their size.
STRUCTS = {name: kind for name, kind in vars(fstview).items()
           if isinstance(kind, type) and issubclass(kind, ctypes.Structure) and hasattr(kind, 'struct_size')}


class Misuse(unittest.TestCase):
    def setUp(self) -> None:
        self.keep: list[object] = []
        self.functions = {}
        for name, arguments in FUNCTIONS:
            function = fstview._library[name]
            function.restype, function.argtypes = c_int32, arguments
            self.functions[name] = function
        self.path = str(MODEL).encode()
        self.file, self.view = self.new_file(), None
        array = self.new_array()
        self.assertEqual(self.functions['fst_record_view'](self.file, 3, None, ctypes.byref(array)), OK)
        self.view = FstView(array.view.id)
        closed, released = self.new_file(), FstView()
        self.assertEqual(self.functions['fst_record_view'](self.file, 4, None, ctypes.byref(array)), OK)
        released.id = array.view.id
        self.assertEqual(self.functions['fst_view_release'](released), OK)
        self.assertEqual(self.functions['fst_close'](closed), OK)
        self.bad = {
            FstFile: [0, closed.id, self.view.id, 1, 2**64 - 1, self.file.id ^ 1 << 24, self.file.id + 1,
                      self.file.id ^ 1 << 63, 0xF1 << 56, (0xF1 << 56) | 0xFFFFFF],
            FstView: [0, released.id, self.file.id, 1, 2**64 - 1, self.view.id ^ 1 << 24, self.view.id + 1,
                      self.view.id ^ 1 << 63, 0xA7 << 56, (0xA7 << 56) | 0xFFFFFF],
        }

    def new_file(self) -> FstFile:
        file = FstFile()
        self.assertEqual(self.functions['fst_open'](self.path, None, ctypes.byref(file)), OK)
        return file

    @staticmethod
    def new_array() -> FstArray:
        array = FstArray()
        array.struct_size = ctypes.sizeof(array)
        return array

    def room(self, kind, offset: int = 0):
        """A pointer to room for anything, all zero; with an offset, an unaligned one."""
        memory = ctypes.create_string_buffer(ROOM + 64)
        self.keep.append(memory)
        start = (ctypes.addressof(memory) + 63) // 64 * 64
        return cast(c_void_p(start + offset), kind)

    def structure(self, kind, size: int | None = None, offset: int = 0, fill: int = 0):
        """A pointer to structs of that size, one behind the other, with `fill` in the bytes behind what is known."""
        known = ctypes.sizeof(kind)
        size = known if size is None else size
        pointer = self.room(POINTER(kind), offset)
        start = cast(pointer, c_void_p).value
        for number in range(8):
            at = start + number * max(size, 4)
            if at + size + 4 > start + ROOM:
                break
            ctypes.memset(at, 0, size)
            ctypes.c_uint32.from_address(at).value = size
            if size > known:
                ctypes.memset(at + known, fill, size - known)
        if kind.__name__ == 'FstCriteria':
            wild = cast(pointer, POINTER(kind)).contents
            for name, of in kind._fields_:
                if of is c_int32:
                    setattr(wild, name, -1)
        if kind.__name__ == 'FstDate' and size == known:
            date = cast(pointer, POINTER(kind)).contents
            date.year, date.month, date.day = 2024, 1, 15
        if kind.__name__ == 'FstInterval' and size == known:
            cast(pointer, POINTER(kind)).contents.time.kind = 10
        return pointer

    def sound(self, name: str, place: int, kind):
        """A value with which the call succeeds, as far as this argument goes."""
        if kind is FstFile:
            # A file of its own, where the call closes it.
            return self.new_file() if name == 'fst_close' else self.file
        if kind is FstView:
            return self.view
        if kind is c_char_p:
            return self.path if name == 'fst_open' else cast(self.room(c_void_p), c_char_p)
        if kind is POINTER(c_char_p):
            paths = (c_char_p * 2)(self.path, str(DATA / 'types.rsf').encode())
            self.keep.append(paths)
            return cast(paths, kind)
        if kind is c_void_p and name == 'fst_open_memory':
            image = MODEL.read_bytes()
            self.keep.append(image)
            return cast(c_char_p(image), c_void_p)
        if kind is POINTER(c_void_p) and name == 'fst_record_read_many':
            places = (c_void_p * 2)(*(cast(self.room(c_void_p), c_void_p).value for _ in range(2)))
            self.keep.append(places)
            return cast(places, kind)
        if kind is POINTER(c_size_t) and (name, place) == ('fst_record_read_many', 6):
            return cast((c_size_t * 2)(ROOM, ROOM), kind)
        if kind is c_size_t:
            known = {('fst_open_many', 1): 2, ('fst_open_memory', 1): MODEL.stat().st_size, ('fst_file_problems', 2): 2,
                     ('fst_record_metadata', 3): ROOM, ('fst_find', 3): 100, ('fst_search', 3): 100,
                     ('fst_find_levels', 5): 100, ('fst_record_view_many', 2): 2, ('fst_record_read', 5): ROOM,
                     ('fst_record_read_many', 2): 2, ('fst_ip_format', 2): 64}
            return known.get((name, place), 3)
        if kind is c_int32:
            known = {('fst_record_read', 3): 9, ('fst_record_read_many', 4): 9, ('fst_ip_encode', 1): 2,
                     ('fst_calendar_add_hours', 2): 1, ('fst_calendar_difference', 2): 2}
            if name in ('fst_ip_decode_triplet', 'fst_ip_decode_interval'):
                return (500, 12, 0)[place]
            return known.get((name, place), 471613400 if name != 'fst_ip_encode' else 0)
        if kind in (c_float, c_double):
            return 500.0
        if isinstance(kind, type(POINTER(c_int32))) and kind._type_ in STRUCTS.values():
            return self.structure(kind._type_)
        return self.room(kind)

    def wrong(self, name: str, place: int, kind) -> list[tuple[object, set[int] | None]]:
        """Values that are wrong, with the statuses that they alone lead to; `None` is any documented one."""
        if kind in self.bad:
            handles = []
            for number in self.bad[kind]:
                handle = kind()
                handle.id = number
                handles.append((handle, {INVALID_HANDLE}))
            return handles
        if kind is c_size_t:
            # What is missing is said before what is too much: places of results are looked at first.
            limits = [0, 1] if (name, place) in COUNTS else [0, 10**6, 2**31, 2**32 + 3, 2**63, 2**64 - 1]
            records = [value for value in limits if value >= 10**6]
            return [(value, {OUT_OF_RANGE} if value in records else None) for value in limits]
        if kind is c_int32:
            return [(value, None) for value in (0, -1, 1, 99, -2**31, 2**31 - 1, 12345678)]
        if kind in (c_float, c_double):
            return [(value, None) for value in (0.0, -1.0, 1e30, -1e30, 1e-40, float('nan'), float('inf'))]
        null = {OK} if (name, place) in OPTIONAL else {INVALID_ARGUMENT}
        values: list[tuple[object, set[int] | None]] = [(None, null)]
        if kind is c_char_p and name == 'fst_open':
            values += [(b'', {INVALID_ARGUMENT}), (b'\xff\xfe\x80 no text', {NOT_FOUND}), (b'/' * 100_000, None),
                       (b'x' * 7000, {IO}), (b'x' * 100_000, {IO}), (str(DATA).encode(), {NOT_FST}), (b'\n%s%n%p', {NOT_FOUND})]
        elif kind is POINTER(c_char_p):
            for paths in ((None, self.path), (self.path, None), (b'', self.path), (b'\xff', b'\xfe')):
                array = (c_char_p * 2)(*paths)
                self.keep.append(array)
                values.append((cast(array, kind), None))
        elif isinstance(kind, type(POINTER(c_int32))) and kind._type_ in STRUCTS.values():
            of = kind._type_
            for size in (0, 1, 3, 4, 16):
                values.append((self.structure(of, size), {INVALID_ARGUMENT}))
            known = ctypes.sizeof(of)
            values.append((self.structure(of, known, offset=1), None))
            values.append((self.structure(of, known + 24), None))
            values.append((self.structure(of, known + 24, fill=1), None))
            for seed in range(6):
                # Everything but the size and the pointers is arbitrary.
                pointer = self.structure(of)
                chance = random.Random(seed)
                for field, type_of in of._fields_[1:]:
                    if type_of in (c_int32, ctypes.c_uint32, c_uint64, ctypes.c_int64):
                        setattr(pointer.contents, field, chance.choice([1, 2, 7, 2**31 - 1, chance.getrandbits(31)]))
                values.append((pointer, None))
        else:
            values.append((self.room(kind, offset=1), None))
        return values

    def call(self, name: str, arguments: list[object]) -> int:
        if name == 'fst_view_release' and arguments[0].id == self.view.id:
            self.assertEqual(self.functions['fst_view_retain'](self.view), OK)
        status = self.functions[name](*arguments)
        self.assertTrue(status == OK or status in STATUSES, f'{name}{tuple(arguments)}: {status}')
        self.assertNotEqual(status, INTERNAL, f'{name}{tuple(arguments)}')
        if status != OK:
            self.assertTrue(fstview._library.fst_last_error(), name)
        elif name.startswith('fst_open'):
            handle = cast(arguments[-1], POINTER(c_uint64)).contents.value
            file = FstFile()
            file.id = handle
            self.assertEqual(self.functions['fst_close'](file), OK)
        elif name == 'fst_record_view':
            self.release(arguments[3])
        elif name == 'fst_record_view_many' and arguments[2]:
            first = cast(arguments[4], c_void_p).value
            size = ctypes.c_uint32.from_address(first).value
            for number in range(arguments[2]):
                self.release(cast(c_void_p(first + number * size), POINTER(FstArray)))
        elif name == 'fst_view_retain':
            self.assertEqual(self.functions['fst_view_release'](arguments[0]), OK)
        elif name == 'fst_view_to_dlpack':
            tensor = cast(arguments[1], POINTER(c_void_p)).contents.value
            deleter = c_void_p.from_address(tensor + 16).value
            ctypes.CFUNCTYPE(None, c_void_p)(deleter)(tensor)
        elif name == 'fst_index_export':
            for place, offset in ((1, 56), (2, 64)):
                address = cast(arguments[place], c_void_p).value
                ctypes.CFUNCTYPE(None, c_void_p)(c_void_p.from_address(address + offset).value)(address)
        return status

    def release(self, pointer) -> None:
        if pointer.contents.view.id:
            self.assertEqual(self.functions['fst_view_release'](pointer.contents.view), OK)

    def test_each_argument_in_turn(self) -> None:
        calls = 0
        for name, kinds in FUNCTIONS:
            with self.subTest(function=name):
                base = [self.sound(name, place, kind) for place, kind in enumerate(kinds)]
                if name not in ('fst_open_many', 'fst_record_grid', 'fst_find_levels', 'fst_ip_decode'):
                    self.assertEqual(self.call(name, base), OK, fstview._library.fst_last_error())
                for place, kind in enumerate(kinds):
                    for value, statuses in self.wrong(name, place, kind):
                        arguments = [self.sound(name, at, of) for at, of in enumerate(kinds)]
                        arguments[place] = value
                        status = self.call(name, arguments)
                        calls += 1
                        if statuses is not None and name != 'fst_find_levels':
                            self.assertIn(status, statuses, f'{name}, argument {place}: {value!r}: '
                                          f'{fstview._library.fst_last_error()}')
            self.keep.clear()
        print(f'misuse: {calls} calls of {len(FUNCTIONS)} functions, one argument wrong')

    def test_many_arguments_at_once(self) -> None:
        chance = random.Random(7)
        calls = 0
        for name, kinds in FUNCTIONS:
            with self.subTest(function=name):
                wrong = [self.wrong(name, place, kind) for place, kind in enumerate(kinds)]
                for _ in range(300):
                    arguments = [self.sound(name, place, kind) if chance.random() < 0.4 else
                                 chance.choice(wrong[place])[0] for place, kind in enumerate(kinds)]
                    self.call(name, arguments)
                    calls += 1
            self.keep.clear()
        print(f'misuse: {calls} calls, several arguments wrong')

    def tearDown(self) -> None:
        # After all that, everything is as it should be.
        count = c_size_t()
        self.assertEqual(self.functions['fst_record_count'](self.file, ctypes.byref(count)), OK)
        self.assertEqual(count.value, len(fstview.open(MODEL)))
        with fstview.open(MODEL) as again:
            self.assertEqual(again[3].data.shape, (120, 80))
        self.assertEqual(self.functions['fst_view_release'](self.view), OK)
        self.assertEqual(self.functions['fst_view_release'](self.view), INVALID_HANDLE)
        self.assertEqual(self.functions['fst_close'](self.file), OK)


if __name__ == '__main__':
    unittest.main()
