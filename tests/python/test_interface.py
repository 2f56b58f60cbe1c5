# SPDX-License-Identifier: MIT OR Apache-2.0
"""The module's picture of the C interface against include/fstview.h, line by line."""

from __future__ import annotations

import ctypes
import inspect
import re
import unittest

import fstview
from support import ROOT

HEADER = re.sub(r'/\*.*?\*/', '', (ROOT / 'include' / 'fstview.h').read_text(encoding='utf-8'), flags=re.DOTALL)
TYPEDEFS = dict(re.findall(r'^typedef\s+(int32_t)\s+(\w+);', HEADER, re.MULTILINE))
NUMBERS = {name: int(value) for name, value in re.findall(r'^#define (FST_\w+) (-?\d+)$', HEADER, re.MULTILINE)}
ENUMERATIONS = {name for _, name in re.findall(r'^typedef\s+(int32_t)\s+(\w+);', HEADER, re.MULTILINE)}
SCALARS = {
    'int32_t': ctypes.c_int32, 'uint32_t': ctypes.c_uint32, 'int64_t': ctypes.c_int64, 'uint64_t': ctypes.c_uint64,
    'size_t': ctypes.c_size_t, 'double': ctypes.c_double, 'float': ctypes.c_float, 'char': ctypes.c_char,
}


def scalar(name: str):
    """The ctypes type of a C type without pointers."""
    if name == 'FstStatus':
        return fstview.FstStatus
    if name in ENUMERATIONS:
        return ctypes.c_int32
    return SCALARS.get(name) or getattr(fstview, name)


def c_type(text: str):
    """The ctypes type of the declaration of an argument, a field or a result."""
    words = re.sub(r'\b(const|struct)\b', '', text).replace('*', ' * ').split()
    if words[-1] != '*' and len(words) > 1:
        words = words[:-1]
    name, depth = words[0], words.count('*')
    if name == 'DLManagedTensorVersioned':
        name = 'void'
    if depth == 0:
        return scalar(name)
    if name in ('void', 'char'):
        kind = ctypes.c_void_p if name == 'void' else ctypes.c_char_p
        depth -= 1
    else:
        kind = scalar(name)
    for _ in range(depth):
        kind = ctypes.POINTER(kind)
    return kind


class Interface(unittest.TestCase):
    def test_functions(self) -> None:
        declared = {}
        for result, name, arguments in re.findall(r'FST_API\s+([\w\s*]+?)\b(fst_\w+)\(([^;]*?)\);', HEADER):
            kinds = [] if arguments.strip() == 'void' else [c_type(argument) for argument in arguments.split(',')]
            declared[name] = (c_type(result), kinds)
        self.assertEqual(len(declared), len(re.findall('^FST_API', HEADER, re.MULTILINE)))
        table = {name: (result, arguments) for name, result, arguments in fstview._FUNCTIONS}
        self.assertEqual(len(table), len(fstview._FUNCTIONS))
        self.assertEqual(sorted(table), sorted(declared))
        for name, types in declared.items():
            self.assertEqual(table[name], types, name)
        for name, result, arguments in fstview._FUNCTIONS:
            function = getattr(fstview._library, name)
            self.assertEqual(list(function.argtypes), arguments)
            self.assertEqual(function.errcheck is fstview._check, result is fstview.FstStatus, name)

    def test_structs(self) -> None:
        sizes = {
            'FstOpenOptions': 56, 'FstProblem': 512, 'FstFileInfo': 40, 'FstFileStats': 88, 'FstRecordInfo': 168, 'FstCriteria': 116,
            'FstViewOptions': 80, 'FstArray': 104, 'FstDate': 28, 'FstLevel': 8, 'FstTriplet': 32, 'FstBounds': 12, 'FstInterval': 44, 'FstFile': 8, 'FstView': 8, 'FstSearch': 120,
            'FstGrid': 128, 'ArrowSchema': 72, 'ArrowArray': 80,
        }
        seen = set()
        for name, body in re.findall(r'struct (\w+) \{(.*?)\}[ \w]*;', HEADER, re.DOTALL):
            fields = []
            for field in filter(None, (field.strip() for field in body.split(';'))):
                callback = re.fullmatch(r'void \(\*(\w+)\)\(([^()]*)\)', field)
                if callback:
                    fields.append((callback[1], ctypes.CFUNCTYPE(None, c_type(callback[2]))))
                    continue
                match = re.fullmatch(r'((?:const |struct )*\w+ (?:\*(?:const )?)*)(\w+)(?:\[(\d+)\])?', field)
                kind = (
                    ctypes.c_void_p if match[1] in ('const void *', 'void *')
                    else fstview.FstProgress if match[1].strip() == 'FstProgress' else c_type(match[1])
                )
                fields.append((match[2], kind * int(match[3]) if match[3] else kind))
            struct = getattr(fstview, name)
            self.assertEqual(struct._fields_, fields, name)
            self.assertEqual(ctypes.sizeof(struct), sizes[name], name)
            if fields[0][0] == 'struct_size':
                self.assertEqual(struct().struct_size, sizes[name])
            seen.add(name)
        self.assertEqual(seen, set(sizes))

    def test_constants(self) -> None:
        statuses = {name: value for name, value in NUMBERS.items() if name.startswith('FST_ERR_')}
        self.assertEqual({kind.status_name: status for status, kind in fstview._ERRORS.items()}, statuses)
        for status, kind in fstview._ERRORS.items():
            self.assertEqual(fstview._library.fst_status_name(status).decode(), kind.status_name)
        for prefix, choices in (('ACCESS', fstview._ACCESS), ('MISSING', fstview._MISSING)):
            names = {f'FST_{prefix}_{name.upper()}': value for name, value in choices.items()}
            self.assertEqual(names, self.of(prefix))
        for prefix, names in (('FORMAT', fstview._FORMATS), ('ORIGIN', fstview._ORIGINS)):
            self.assertEqual({f'FST_{prefix}_{name.upper()}': value for value, name in names.items()}, self.of(prefix))
        for prefix in ('RECORD', 'VIEW', 'ARRAY', 'GRID'):
            for name, value in self.of(prefix).items():
                self.assertEqual(getattr(fstview, name[len('FST'):]), value, name)
        self.assertEqual({f'FST_CALENDAR_{name.upper()}': value for name, value in fstview._CALENDARS.items()
                          if name not in ('standard', 'noleap')}, self.of('CALENDAR'))
        self.assertEqual({f'FST_IP_{name.upper()}_STYLE': value for name, value in fstview._IP_STYLES.items()},
                         self.of('IP'))
        letters = {'u': 'U', 'i': 'I', 'f': 'F', 'c': 'C'}
        names = {
            code: 'FST_DTYPE_' + ('CHAR' if dtype.kind == 'S' else f'{letters[dtype.kind]}{8 * dtype.itemsize}')
            for code, dtype in fstview._DTYPES.items()
        }
        self.assertEqual({name: code for code, name in names.items()}, self.of('DTYPE'))
        self.assertEqual(fstview.ABI_VERSION, NUMBERS['FST_ABI_VERSION'])
        self.assertEqual(fstview._library.fst_abi_version(), NUMBERS['FST_ABI_VERSION'])

    def of(self, prefix: str) -> dict[str, int]:
        return {name: value for name, value in NUMBERS.items() if name.startswith(f'FST_{prefix}_')}

    def test_versions(self) -> None:
        version = '.'.join(str(NUMBERS[f'FST_VERSION_{part}']) for part in ('MAJOR', 'MINOR', 'PATCH'))
        self.assertEqual((fstview.__version__, fstview.library_version()), (version, version))

    def test_everything_public_is_documented(self) -> None:
        for name in fstview.__all__:
            thing = getattr(fstview, name)
            self.assertTrue(inspect.getdoc(thing), name)
            if inspect.isclass(thing):
                for own, member in vars(thing).items():
                    if not own.startswith('_') and (callable(member) or isinstance(member, property)):
                        self.assertTrue(inspect.getdoc(member), f'{name}.{own}')

    def test_criteria_are_keywords(self) -> None:
        keywords = list(inspect.signature(fstview.File.find).parameters)[1:]
        names = [name for name, _ in fstview.FstCriteria._fields_[1:]]
        self.assertEqual(keywords, [*names, *fstview._NATURAL])
        for name, _ in fstview.FstRecordInfo._fields_[1:]:
            self.assertIsInstance(getattr(fstview.Record, name), property)


if __name__ == '__main__':
    unittest.main()
