# SPDX-License-Identifier: MIT OR Apache-2.0
"""Fields of RPN Standard Files as NumPy arrays, without a copy whenever the bytes on disk already are the array.

    import fstview

    with fstview.open('2024011500_012') as file:
        for record in file.find(nomvar='TT', ip2=12):
            print(record, record.data.mean())

An open file is a sequence of records, in file order. A record has the attributes of the directory (``record.nomvar``,
``record.ni``, ...) and gives its field in several ways:

``record.data``
    The whole field, read-only: a view of the file's own memory where that is possible, else decoded in one pass.
``record.view[:, :, 3]``
    A part of it: no more than that part is read or decoded.
``record.array(...)``
    With options: another element type, writable, big-endian as stored, ...
``record.copy()``, ``record.read(out)``
    Decoded straight into an array that owns its memory, or into the caller's own.

And the file does so with several at once:

``file.find(nomvar=['TT', 'UU'], level=(500, 850, 'hPa'), valid='2024-01-15T12:00')``
    Records by what their codes mean: see `File.find`.
``file.stack('TT', valid=...)``
    A variable, level above level, with its levels and coordinates.
``file.index()``, ``file.arrow()``
    The attributes of all records, for NumPy and data frames.

``record.level``, ``record.valid``, ``record.origin``, ``record.grid`` and ``record.metadata_json()`` say what the codes
of a record mean. Dates are in UTC and have no time zone, as in NumPy.

Arrays are in Fortran order and have the shape (ni, nj, nk) less trailing extents of 1, at least one axis (raw bits of
odd widths are the exception: see `Record.shape`). The object at the end of an array's chain of ``base`` owns the view:
the array stays valid after the file is closed, and the memory is given back when the last array that refers to it goes.

A mapped array is memory of the file itself. If another process cuts the file short, touching the array behind the new
end ends the process with SIGBUS; open with ``access='read'`` where files may change.

Every failure raises a subclass of `fstview.Error` that is also the built-in exception that fits: `FileNotFoundError`,
`ValueError`, `IndexError` and so on. Everything may be used from any thread, and in children after a fork.

``python -m fstview list FILE`` runs the command ``fstview`` that belongs to the library.

The shared library is the file that the environment variable ``FSTVIEW_LIBRARY`` names, else the one beside this module,
else the one that the system's loader finds.
"""

from __future__ import annotations

import builtins
import ctypes
import ctypes.util
import datetime
import errno
import gc
import importlib.metadata
import json
import math
import operator
import os
import re
import shutil
import sys
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from ctypes import (
    CFUNCTYPE,
    POINTER,
    PYFUNCTYPE,
    Structure,
    byref,
    c_char,
    c_char_p,
    c_double,
    c_float,
    c_int,
    c_int32,
    c_int64,
    c_size_t,
    c_uint32,
    c_uint64,
    c_void_p,
    pointer,
    py_object,
    sizeof,
)
from typing import Any, NamedTuple, Optional, Union, overload

try:
    import numpy as np
except ImportError as error:
    raise ImportError(f'fstview needs NumPy ({error}): install it with "pip install numpy"', name='numpy') from error

__all__ = [
    'open', 'File', 'Record', 'Slabs', 'View', 'Grid', 'Stack', 'ArrowBatch',
    'FileInfo', 'FileStats', 'Level', 'Bounds', 'Triplet', 'Interval', 'Problem',
    'date_from_stamp', 'stamp_from_date', 'stamp_add_hours', 'stamp_difference',
    'ip_decode', 'ip_encode', 'ip_format', 'ip_decode_triplet', 'ip_encode_triplet', 'ip_decode_interval',
    'ip_encode_interval', 'library_version',
    'Error', 'InvalidArgumentError', 'InvalidHandleError', 'NotFoundError', 'NoMatch', 'PermissionError', 'IOError',
    'NotFstError', 'UnsupportedError', 'CorruptError', 'TruncatedError', 'OutOfRangeError', 'ShapeMismatchError',
    'TypeMismatchError', 'NoMemoryError', 'LimitError', 'InternalError', 'CancelledError',
]

__version__ = '0.1.0'

ABI_VERSION = 1


# Errors

class Error(Exception):
    """Base of all errors of fstview. The message names the file, the record and the offending values.

    ``status`` is the number, ``status_name`` the name of the status in C.
    """

    status: int = 0
    status_name: str = 'unknown status'

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else type(self).__name__


class InvalidArgumentError(Error, ValueError):
    """An argument that means nothing, or contradicts another one."""

    status, status_name = -1, 'FST_ERR_INVALID_ARGUMENT'


class InvalidHandleError(Error, ValueError):
    """A file that is closed."""

    status, status_name = -2, 'FST_ERR_INVALID_HANDLE'


class NotFoundError(Error, FileNotFoundError):
    """No such file; no records that describe a grid that needs them (`Record.grid`)."""

    status, status_name = -3, 'FST_ERR_NOT_FOUND'


class NoMatch(Error, LookupError):
    """No record matches (`File.find_first`)."""

    status, status_name = -3, 'FST_ERR_NOT_FOUND'


class PermissionError(Error, builtins.PermissionError):
    """The file may not be read."""

    status, status_name = -4, 'FST_ERR_PERMISSION'


class IOError(Error, OSError):
    """Any other error of the system; its number is in ``errno``."""

    status, status_name = -5, 'FST_ERR_IO'


class NotFstError(Error, ValueError):
    """Not an RPN standard file; the message says what it looks like instead."""

    status, status_name = -6, 'FST_ERR_NOT_FST'


class UnsupportedError(Error, NotImplementedError):
    """Recognised, but not something that this version reads."""

    status, status_name = -7, 'FST_ERR_UNSUPPORTED'


class CorruptError(Error, ValueError):
    """A rule of the format is broken; offset and values are in the message."""

    status, status_name = -8, 'FST_ERR_CORRUPT'


class TruncatedError(Error, ValueError, EOFError):
    """The file ends before what its directory promises, or shrank while it was open."""

    status, status_name = -9, 'FST_ERR_TRUNCATED'


class OutOfRangeError(Error, IndexError):
    """A record number, or the start or count of a slab."""

    status, status_name = -10, 'FST_ERR_OUT_OF_RANGE'


class ShapeMismatchError(Error, ValueError):
    """A destination that cannot hold the records, or records of different shapes in one array."""

    status, status_name = -11, 'FST_ERR_SHAPE_MISMATCH'


class TypeMismatchError(Error, TypeError):
    """An element type that cannot hold all values of the stored one."""

    status, status_name = -12, 'FST_ERR_TYPE_MISMATCH'


class NoMemoryError(Error, MemoryError):
    """An allocation was refused."""

    status, status_name = -13, 'FST_ERR_NO_MEMORY'


class LimitError(Error, MemoryError):
    """A configured limit (such as ``max_array_bytes``) would be exceeded."""

    status, status_name = -14, 'FST_ERR_LIMIT'


class InternalError(Error, RuntimeError):
    """A defect of fstview."""

    status, status_name = -15, 'FST_ERR_INTERNAL'


class CancelledError(Error, RuntimeError):
    """A batch that its `progress` function cancelled."""

    status, status_name = -16, 'FST_ERR_CANCELLED'


_ERRORS: dict[int, type[Error]] = {
    kind.status: kind
    for kind in (
        InvalidArgumentError, InvalidHandleError, NotFoundError, PermissionError, IOError, NotFstError,
        UnsupportedError, CorruptError, TruncatedError, OutOfRangeError, ShapeMismatchError, TypeMismatchError,
        NoMemoryError, LimitError, InternalError, CancelledError,
    )
}


# The C side: structs, functions, the library

class FstFile(Structure):
    _fields_ = [('id', c_uint64)]


class FstView(Structure):
    _fields_ = [('id', c_uint64)]


class _Sized(Structure):
    """A struct that begins with its own size."""

    def __init__(self, **fields: Any) -> None:
        super().__init__(struct_size=sizeof(type(self)), **fields)


class FstOpenOptions(_Sized):
    _fields_ = [
        ('struct_size', c_uint32),
        ('access', c_int32),
        ('map_threshold', c_uint64),
        ('cache_bytes', c_uint64),
        ('max_array_bytes', c_uint64),
        ('threads', c_uint32),
        ('missing', c_int32),
        ('strict', c_uint32),
        ('skip_unreadable', c_uint64),
    ]


class FstFileInfo(_Sized):
    _fields_ = [
        ('struct_size', c_uint32),
        ('format', c_int32),
        ('file_count', c_uint64),
        ('record_count', c_uint64),
        ('bytes', c_uint64),
        ('mapped', c_uint32),
        ('complete', c_uint32),
    ]


class FstFileStats(_Sized):
    _fields_ = [
        ('struct_size', c_uint32),
        ('views_mapped', c_uint64),
        ('views_shared', c_uint64),
        ('views_read', c_uint64),
        ('views_decoded', c_uint64),
        ('views_copied', c_uint64),
        ('live_views', c_uint64),
        ('live_bytes', c_uint64),
        ('bytes_mapped', c_uint64),
        ('bytes_read', c_uint64),
        ('bytes_decoded', c_uint64),
    ]


class FstRecordInfo(_Sized):
    _fields_ = [
        ('struct_size', c_uint32),
        ('nomvar', c_char * 5),
        ('typvar', c_char * 3),
        ('grtyp', c_char * 2),
        ('etiket', c_char * 13),
        ('ni', c_int64),
        ('nj', c_int64),
        ('nk', c_int64),
        ('data_type', c_int32),
        ('data_bits', c_int32),
        ('pack_bits', c_int32),
        ('dtype', c_int32),
        ('dateo', c_int32),
        ('datev', c_int32),
        ('deet', c_int32),
        ('npas', c_int32),
        ('ip1', c_int32),
        ('ip2', c_int32),
        ('ip3', c_int32),
        ('ig1', c_int32),
        ('ig2', c_int32),
        ('ig3', c_int32),
        ('ig4', c_int32),
        ('flags', c_uint32),
        ('file_number', c_uint64),
        ('file_offset', c_uint64),
        ('stored_bytes', c_uint64),
        ('payload_offset', c_uint64),
        ('payload_bytes', c_uint64),
        ('array_bytes', c_uint64),
    ]


class FstCriteria(_Sized):
    _fields_ = [
        ('struct_size', c_uint32),
        ('nomvar', c_char * 5),
        ('typvar', c_char * 3),
        ('grtyp', c_char * 2),
        ('etiket', c_char * 13),
        ('dateo', c_int32),
        ('datev', c_int32),
        ('data_type', c_int32),
        ('data_bits', c_int32),
        ('pack_bits', c_int32),
        ('ni', c_int32),
        ('nj', c_int32),
        ('nk', c_int32),
        ('deet', c_int32),
        ('npas', c_int32),
        ('ip1', c_int32),
        ('ip2', c_int32),
        ('ip3', c_int32),
        ('ig1', c_int32),
        ('ig2', c_int32),
        ('ig3', c_int32),
        ('ig4', c_int32),
        ('ip1_all', c_uint32),
        ('ip2_all', c_uint32),
        ('ip3_all', c_uint32),
        ('stamp_norun', c_uint32),
        ('skip_grid_descriptors', c_uint32),
    ]


class FstDate(_Sized):
    _fields_ = [
        ('struct_size', c_uint32),
        ('year', c_int32),
        ('month', c_int32),
        ('day', c_int32),
        ('hour', c_int32),
        ('minute', c_int32),
        ('second', c_int32),
    ]


class FstLevel(Structure):
    _fields_ = [
        ('value', c_float),
        ('kind', c_int32),
    ]


class FstTriplet(_Sized):
    _fields_ = [
        ('struct_size', c_uint32),
        ('guesses', c_uint32),
        ('values', FstLevel * 3),
    ]


class FstBounds(Structure):
    _fields_ = [
        ('kind', c_int32),
        ('first', c_float),
        ('second', c_float),
    ]


class FstInterval(_Sized):
    _fields_ = [
        ('struct_size', c_uint32),
        ('guesses', c_uint32),
        ('level', FstBounds),
        ('time', FstBounds),
        ('third', FstBounds),
    ]


class FstSearch(_Sized):
    _fields_ = [
        ('struct_size', c_uint32),
        ('has_level', c_uint32),
        ('criteria', POINTER(FstCriteria)),
        ('nomvars', POINTER(c_char_p)),
        ('nomvar_count', c_size_t),
        ('typvars', POINTER(c_char_p)),
        ('typvar_count', c_size_t),
        ('etikets', POINTER(c_char_p)),
        ('etiket_count', c_size_t),
        ('valid_from', POINTER(FstDate)),
        ('valid_to', POINTER(FstDate)),
        ('origin_from', POINTER(FstDate)),
        ('origin_to', POINTER(FstDate)),
        ('level_kind', c_int32),
        ('level_from', c_float),
        ('level_to', c_float),
        ('reserved', c_uint32),
        ('metadata', c_char_p),
    ]


class FstGrid(_Sized):
    _fields_ = [
        ('struct_size', c_uint32),
        ('grtyp', c_char * 2),
        ('ref_grtyp', c_char * 2),
        ('flags', c_uint32),
        ('panels', c_uint32),
        ('tile_i', c_int64),
        ('tile_j', c_int64),
        ('x', c_uint64),
        ('y', c_uint64),
        ('yin_yang', c_uint64),
        ('mesh', c_uint64),
        ('projection', c_uint64),
        ('transform', c_uint64),
        ('vertical', c_uint64),
        ('mask', c_uint64),
        ('xg', c_float * 4),
        ('xg_yang', c_float * 4),
    ]


FstProgress = CFUNCTYPE(c_int32, c_void_p, c_size_t, c_size_t)


class FstViewOptions(_Sized):
    _fields_ = [
        ('struct_size', c_uint32),
        ('flags', c_uint32),
        ('dtype', c_int32),
        ('slab_start', c_int64 * 3),
        ('slab_count', c_int64 * 3),
        ('progress', FstProgress),
        ('progress_context', c_void_p),
    ]


class FstArray(_Sized):
    _fields_ = [
        ('struct_size', c_uint32),
        ('dtype', c_int32),
        ('rank', c_uint32),
        ('itemsize', c_uint32),
        ('origin', c_int32),
        ('flags', c_uint32),
        ('shape', c_int64 * 3),
        ('strides', c_int64 * 3),
        ('size', c_uint64),
        ('nbytes', c_uint64),
        ('data', c_void_p),
        ('view', FstView),
    ]


class ArrowSchema(Structure):
    """`struct ArrowSchema` of Arrow's C data interface."""


ArrowSchema._fields_ = [
    ('format', c_char_p),
    ('name', c_char_p),
    ('metadata', c_char_p),
    ('flags', c_int64),
    ('n_children', c_int64),
    ('children', POINTER(POINTER(ArrowSchema))),
    ('dictionary', POINTER(ArrowSchema)),
    ('release', CFUNCTYPE(None, POINTER(ArrowSchema))),
    ('private_data', c_void_p),
]


class ArrowArray(Structure):
    """`struct ArrowArray` of Arrow's C data interface."""


ArrowArray._fields_ = [
    ('length', c_int64),
    ('null_count', c_int64),
    ('offset', c_int64),
    ('n_buffers', c_int64),
    ('n_children', c_int64),
    ('buffers', POINTER(c_void_p)),
    ('children', POINTER(POINTER(ArrowArray))),
    ('dictionary', POINTER(ArrowArray)),
    ('release', CFUNCTYPE(None, POINTER(ArrowArray))),
    ('private_data', c_void_p),
]


class DLManagedTensorVersioned(Structure):
    """What `struct DLManagedTensorVersioned` of DLPack begins with."""

    _fields_ = [
        ('major', c_uint32),
        ('minor', c_uint32),
        ('manager_ctx', c_void_p),
        ('deleter', CFUNCTYPE(None, c_void_p)),
        ('flags', c_uint64),
    ]


class FstStatus(c_int32):
    """The result of functions that can fail: `_check` turns it into an exception."""


class FstProblem(_Sized):
    _fields_ = [
        ('struct_size', c_uint32),
        ('status', FstStatus),
        ('file_number', c_uint64),
        ('record', c_uint64),
        ('offset', c_uint64),
        ('message', c_char * 480),
    ]


_ACCESS = {'auto': 0, 'map': 1, 'read': 2}
_MISSING = {'keep': 0, 'codes': 1, 'nan': 2}
_FORMATS = {1: 'XDF', 2: 'RSF'}
_ORIGINS = {1: 'mapped', 2: 'shared', 3: 'read', 4: 'decoded', 5: 'copied'}
_IP_STYLES = {'new': 0, 'old': 1}
_CALENDARS = {'standard': 0, 'gregorian': 0, '365_day': 1, 'noleap': 1, '360_day': 2}
_DTYPES: dict[int, np.dtype[Any]] = {
    1: np.dtype('u1'), 2: np.dtype('i1'), 3: np.dtype('u2'), 4: np.dtype('i2'), 5: np.dtype('u4'), 6: np.dtype('i4'),
    7: np.dtype('u8'), 8: np.dtype('i8'), 9: np.dtype('f4'), 10: np.dtype('f8'), 11: np.dtype('c8'),
    12: np.dtype('c16'), 13: np.dtype('S1'),
}
_DTYPE_CODES = {dtype: code for code, dtype in _DTYPES.items()}
_RECORD_MAPPABLE, _RECORD_TURBO, _RECORD_HAS_MISSING, _RECORD_HAS_METADATA, _RECORD_IS_DESCRIPTOR = 1, 2, 4, 8, 16
_VIEW_WRITABLE, _VIEW_ANY_BYTE_ORDER, _VIEW_PREFETCH = 1, 2, 4
_ARRAY_WRITABLE, _ARRAY_BIG_ENDIAN = 1, 2
_NO_RECORD = 2**64 - 1
_GRID_AMBIGUOUS, _GRID_HAS_PARAMETERS, _GRID_POINTS, _GRID_LATLON_FIELDS = 1, 2, 4, 8
_GRID_VERTICAL_UNLINKED, _GRID_VERTICAL_AMBIGUOUS = 16, 32

# Every function of fstview.h: name, type of the result, types of the arguments.
_FUNCTIONS: list[tuple[str, Any, list[Any]]] = [
    ('fst_open', FstStatus, [c_char_p, POINTER(FstOpenOptions), POINTER(FstFile)]),
    ('fst_open_many', FstStatus, [POINTER(c_char_p), c_size_t, POINTER(FstOpenOptions), POINTER(FstFile)]),
    ('fst_open_memory', FstStatus, [c_void_p, c_size_t, POINTER(FstOpenOptions), POINTER(FstFile)]),
    ('fst_close', FstStatus, [FstFile]),
    ('fst_file_info', FstStatus, [FstFile, POINTER(FstFileInfo)]),
    ('fst_file_problems', FstStatus, [FstFile, POINTER(FstProblem), c_size_t, POINTER(c_size_t)]),
    ('fst_file_stats', FstStatus, [FstFile, POINTER(FstFileStats)]),
    ('fst_record_count', FstStatus, [FstFile, POINTER(c_size_t)]),
    ('fst_last_error', c_char_p, []),
    ('fst_status_name', c_char_p, [FstStatus]),
    ('fst_record_info', FstStatus, [FstFile, c_size_t, POINTER(FstRecordInfo)]),
    ('fst_record_metadata', FstStatus, [FstFile, c_size_t, c_char_p, c_size_t, POINTER(c_size_t)]),
    ('fst_find', FstStatus, [FstFile, POINTER(FstCriteria), POINTER(c_size_t), c_size_t, POINTER(c_size_t)]),
    ('fst_search', FstStatus, [FstFile, POINTER(FstSearch), POINTER(c_size_t), c_size_t, POINTER(c_size_t)]),
    ('fst_find_first', FstStatus, [FstFile, POINTER(FstCriteria), POINTER(c_size_t)]),
    ('fst_find_levels', FstStatus,
     [FstFile, POINTER(FstCriteria), POINTER(c_size_t), POINTER(c_float), POINTER(c_int32), c_size_t,
      POINTER(c_size_t)]),
    ('fst_record_grid', FstStatus, [FstFile, c_size_t, POINTER(FstGrid)]),
    ('fst_index_export', FstStatus, [FstFile, POINTER(ArrowSchema), POINTER(ArrowArray)]),
    ('fst_record_view', FstStatus, [FstFile, c_size_t, POINTER(FstViewOptions), POINTER(FstArray)]),
    ('fst_record_view_many', FstStatus,
     [FstFile, POINTER(c_size_t), c_size_t, POINTER(FstViewOptions), POINTER(FstArray), POINTER(FstStatus)]),
    ('fst_record_read', FstStatus, [FstFile, c_size_t, POINTER(FstViewOptions), c_int32, c_void_p, c_size_t]),
    ('fst_record_read_many', FstStatus,
     [FstFile, POINTER(c_size_t), c_size_t, POINTER(FstViewOptions), c_int32, POINTER(c_void_p), POINTER(c_size_t),
      POINTER(FstStatus)]),
    ('fst_view_retain', FstStatus, [FstView]),
    ('fst_view_release', FstStatus, [FstView]),
    ('fst_view_array', FstStatus, [FstView, POINTER(FstArray)]),
    ('fst_view_to_dlpack', FstStatus, [FstView, POINTER(c_void_p)]),
    ('fst_version', c_char_p, []),
    ('fst_abi_version', c_uint32, []),
    ('fst_date_from_stamp', FstStatus, [c_int32, POINTER(FstDate)]),
    ('fst_stamp_from_date', FstStatus, [POINTER(FstDate), POINTER(c_int32)]),
    ('fst_stamp_add_hours', FstStatus, [c_int32, c_double, POINTER(c_int32)]),
    ('fst_stamp_difference', FstStatus, [c_int32, c_int32, POINTER(c_double)]),
    ('fst_ip_decode', FstStatus, [c_int32, POINTER(c_float), POINTER(c_int32)]),
    ('fst_ip_encode', FstStatus, [c_float, c_int32, c_int32, POINTER(c_int32)]),
    ('fst_ip_format', FstStatus, [c_int32, c_char_p, c_size_t]),
    ('fst_extended_stamp_from_date', FstStatus, [POINTER(FstDate), POINTER(c_int32)]),
    ('fst_calendar_add_hours', FstStatus, [c_int32, c_double, c_int32, POINTER(c_int32)]),
    ('fst_calendar_difference', FstStatus, [c_int32, c_int32, c_int32, POINTER(c_double)]),
    ('fst_ip_decode_triplet', FstStatus, [c_int32, c_int32, c_int32, POINTER(FstTriplet)]),
    ('fst_ip_encode_triplet', FstStatus, [POINTER(FstTriplet), POINTER(c_int32), POINTER(c_int32), POINTER(c_int32)]),
    ('fst_ip_decode_interval', FstStatus, [c_int32, c_int32, c_int32, POINTER(FstInterval)]),
    ('fst_ip_encode_interval', FstStatus,
     [POINTER(FstInterval), POINTER(c_int32), POINTER(c_int32), POINTER(c_int32)]),
]


def _load() -> tuple[ctypes.CDLL, str]:
    """The library, and where it was found."""
    if sys.platform == 'darwin':
        names = [f'libfstview.{ABI_VERSION}.dylib', 'libfstview.dylib']
    else:
        names = [f'libfstview.so.{ABI_VERSION}', 'libfstview.so']
    given = os.environ.get('FSTVIEW_LIBRARY')
    if given:
        given = os.path.abspath(given)
    folder = os.path.dirname(os.path.abspath(__file__))
    beside = [path for path in (os.path.join(folder, name) for name in names) if os.path.exists(path)]
    if given:
        candidates = [given]
    elif beside:
        candidates = beside[:1]
    else:
        found = ctypes.util.find_library('fstview')
        candidates = ([found] if found else []) + names
    tried = []
    for candidate in candidates:
        try:
            library = ctypes.CDLL(candidate)
        except OSError as error:
            tried.append(f'{candidate}: {error}')
            continue
        _check_library(library, candidate)
        return library, candidate
    where = 'named by FSTVIEW_LIBRARY' if given else f'beside {__file__} or on the path of the system loader'
    raise ImportError(
        f'no library libfstview.so {where} can be loaded: build it with "cargo build --release" and set '
        f'FSTVIEW_LIBRARY to the path of target/release/libfstview.so, or install it ("make install" or "pip install ."). '
        f'Tried: {"; ".join(tried)}'
    )


def _check_library(library: ctypes.CDLL, path: str) -> None:
    """Refuses a library of another binary interface."""
    try:
        function = library['fst_abi_version']
    except AttributeError as error:
        raise ImportError(f'{path} is not the fstview library: it has no fst_abi_version', path=path) from error
    function.restype, function.argtypes = c_uint32, []
    version = function()
    if version != ABI_VERSION:
        raise ImportError(
            f'{path} has version {version} of the binary interface, this module is for version {ABI_VERSION}: '
            'install module and library of the same release',
            path=path,
        )


def _declare(library: ctypes.CDLL, path: str) -> None:
    """Gives every function its types, and those that can fail the check of their status."""
    for name, result, arguments in _FUNCTIONS:
        try:
            function = getattr(library, name)
        except AttributeError as error:
            raise ImportError(
                f'{path} has no {name}: the library is older than this module, install those of one release',
                path=path,
            ) from error
        function.restype = c_int32 if result is FstStatus else result
        function.argtypes = arguments
        if result is FstStatus:
            function.errcheck = _check


def _check(status: int, function: Any, arguments: tuple[Any, ...]) -> int:
    """Raises what a status says. Runs right after the call, on its thread, so that the message is that of the call."""
    if status == 0:
        return status
    message = _library.fst_last_error().decode('utf-8', 'replace')
    if status == NotFoundError.status and function.__name__ == 'fst_find_first':
        raise NoMatch(message)
    kind = _ERRORS.get(status, Error)
    error = kind(message)
    if kind is Error:
        error.status, error.status_name = status, _library.fst_status_name(status).decode('ascii')
    if isinstance(error, OSError) and function.__name__ != 'fst_record_grid':
        number = re.search(r'\(os error (\d+)\)', message)
        error.errno = int(number[1]) if number else _ERRNO.get(status)
    raise error


_ERRNO = {NotFoundError.status: errno.ENOENT, PermissionError.status: errno.EACCES}

_library, LIBRARY_PATH = _load()
_declare(_library, LIBRARY_PATH)


def _quiet(name: str, handle: type[Structure]) -> Any:
    """A function object of its own for finalisers: whatever it returns, nothing is raised and no message is lost."""
    function = _library[name]
    function.restype, function.argtypes = c_int32, [handle]
    return function


_quiet_close = _quiet('fst_close', FstFile)
_quiet_release = _quiet('fst_view_release', FstView)


def _close_file(close: Any, handle: FstFile, image: Any) -> None:
    """Finaliser of a file. `image` is what must stay alive until then."""
    if handle.id:
        close(handle)


def _release_view(release: Any, array: FstArray, image: Any) -> None:
    """Finaliser of a view. `array` may be that of a call that failed, or has been interrupted: then it is all zero."""
    if array.view.id:
        release(array.view)


def _release_arrow(structure: Structure) -> None:
    """Finaliser of a struct of Arrow's interface. It is released when it is not filled in, or was moved elsewhere."""
    if structure.release:
        structure.release(byref(structure))


# Capsules: how Arrow's and DLPack's structs are handed to other libraries

def _python(name: str, result: Any, *arguments: Any) -> Any:
    """A function of Python itself. Every look-up makes a function object of its own."""
    function = ctypes.pythonapi[name]
    function.restype, function.argtypes = result, list(arguments)
    return function


def _for_ever(thing: Any) -> Any:
    """What a capsule may need as long as the interpreter lives, also when this module is gone."""
    _python('Py_IncRef', None, py_object)(thing)
    return thing


_new_capsule = _python('PyCapsule_New', py_object, c_void_p, c_char_p, c_void_p)
_SCHEMA_CAPSULE, _ARRAY_CAPSULE = _for_ever(b'arrow_schema'), _for_ever(b'arrow_array')
_TENSOR_CAPSULE = _for_ever(b'dltensor_versioned')


class _Held:
    """Capsules that are out. Destructors are Python's, which cannot run while an error is on its way: so the last
    reference to a capsule is ours, and is dropped when nobody else has one, before the next capsule and when Python
    collects garbage."""

    def __init__(self) -> None:
        self.capsules: dict[int, Any] = {}
        alone = {0: object()}
        self.alone = self.references(alone, 0)

    @staticmethod
    def references(capsules: dict[int, Any], key: int, count: Any = sys.getrefcount) -> int:
        capsule = capsules.get(key)
        return count(capsule)

    def add(self, capsule: Any) -> Any:
        self.sweep()
        self.capsules[id(capsule)] = capsule
        return capsule

    def sweep(self, phase: str = 'stop', about: Any = None) -> None:
        if phase == 'stop':
            for key in list(self.capsules):
                if self.references(self.capsules, key) <= self.alone:
                    self.capsules.pop(key, None)


_held = _Held()
gc.callbacks.append(_held.sweep)


def _destructor(name: bytes, drop: Callable[[int], None]) -> Any:
    """The destructor of capsules: drops what they point to, unless a consumer has renamed them."""
    is_valid = _python('PyCapsule_IsValid', c_int, c_void_p, c_char_p)
    get_pointer = _python('PyCapsule_GetPointer', c_void_p, c_void_p, c_char_p)

    def destroy(capsule: int) -> None:
        if is_valid(capsule, name):
            drop(get_pointer(capsule, name))

    return _for_ever(PYFUNCTYPE(None, c_void_p)(destroy))


def _arrow_capsules(name: bytes) -> Callable[[Structure], Any]:
    """Makes capsules of one of Arrow's structs. Consumers move its contents out; the rest is released."""
    kept: dict[int, Structure] = {}
    release = _release_arrow
    destroy = _destructor(name, lambda address: release(kept.pop(address)))

    def capsule(structure: Structure) -> Any:
        address = ctypes.addressof(structure)
        kept[address] = structure
        return _held.add(_new_capsule(address, name, destroy))

    return capsule


def _delete_tensor(address: int, tensor: Any = DLManagedTensorVersioned) -> None:
    tensor.from_address(address).deleter(address)


_schema_capsule, _array_capsule = _arrow_capsules(_SCHEMA_CAPSULE), _arrow_capsules(_ARRAY_CAPSULE)
_destroy_tensor = _destructor(_TENSOR_CAPSULE, _delete_tensor)


# From Python's arguments to C's

_Source = Union[str, 'os.PathLike[Any]', Iterable[Union[str, 'os.PathLike[Any]']], bytes, bytearray, memoryview]
_Places = Optional[Union[int, Sequence[Optional[int]]]]
_ProgressFunction = Optional[Callable[[int, int], Any]]
_Texts = Optional[Union[str, Iterable[str]]]
_Level = Optional[Union[float, tuple[float, str], tuple[float, float], tuple[float, float, str]]]
_Date = Optional[Union[datetime.datetime, np.datetime64, str]]


def _integer(value: Any, name: str, low: int, high: int) -> int:
    """`value` as an integer in a range; ctypes itself would cut it off silently."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f'{name} must be an integer, not {type(value).__name__}') from None
    if not low <= number <= high:
        raise InvalidArgumentError(f'{name} is {number}, expected {low} to {high}')
    return number


def _flag(value: Any, name: str) -> int:
    if isinstance(value, (bool, np.bool_)) or (isinstance(value, int) and value in (0, 1)):
        return int(value)
    raise TypeError(f'{name} must be True or False, not {value!r}')


def _choice(value: Any, name: str, choices: Mapping[str, int]) -> int:
    if not isinstance(value, str):
        raise TypeError(f'{name} must be one of {", ".join(map(repr, choices))}, not {type(value).__name__}')
    if value not in choices:
        raise InvalidArgumentError(f'{name} is {value!r}, expected one of {", ".join(map(repr, choices))}')
    return choices[value]


def _path(value: Any, name: str) -> bytes:
    """The bytes of a path. Text that came from undecodable bytes becomes those bytes again."""
    if not isinstance(value, (str, os.PathLike)):
        hint = ' (bytes are the image of a file; os.fsdecode makes a path of them)' if isinstance(value, bytes) else ''
        raise TypeError(f'{name} must be a str or os.PathLike, not {type(value).__name__}{hint}')
    path = os.fsencode(value)
    if b'\0' in path:
        raise InvalidArgumentError(f'{name} {os.fsdecode(path)!r} has a NUL inside')
    return path


def _text(value: Any, name: str, width: int) -> bytes:
    """A criterion of text."""
    if isinstance(value, str):
        try:
            value = value.encode('latin-1')
        except UnicodeEncodeError:
            raise InvalidArgumentError(f'{name} {value!r} has a character that no record can have') from None
    elif not isinstance(value, bytes):
        raise TypeError(f'{name} must be a str, not {type(value).__name__}')
    value = value.rstrip(b' ')
    if b'\0' in value:
        raise InvalidArgumentError(f'{name} {value!r} has a NUL inside')
    if len(value) > width:
        raise InvalidArgumentError(f'{name} {value.decode("latin-1")!r} is longer than {width} characters')
    return value


def _criteria(given: Mapping[str, Any]) -> FstCriteria:
    """The criteria of a search; None is any."""
    criteria = FstCriteria()
    fields: dict[str, Any] = dict(FstCriteria._fields_[1:])  # type: ignore[arg-type]
    for name, kind in fields.items():
        value = given.get(name)
        if issubclass(kind, ctypes.Array):
            setattr(criteria, name, b'' if value is None else _text(value, name, sizeof(kind) - 1))
        elif kind is c_uint32:
            setattr(criteria, name, 0 if value is None else _flag(value, name))
        else:
            setattr(criteria, name, -1 if value is None else _integer(value, name, -2**31, 2**31 - 1))
    unknown = sorted(set(given) - {*fields, *_NATURAL})
    if unknown:
        raise TypeError(f'there is no criterion {unknown[0]!r}; there are {", ".join([*fields, *_NATURAL])}')
    return criteria


# Criteria beyond those of `FstCriteria`.
_NATURAL = (
    'level', 'level_kind', 'level_from', 'level_to', 'valid', 'valid_from', 'valid_to', 'origin', 'origin_from',
    'origin_to', 'metadata',
)

# Units and other names of the kinds of level and time, the unit that `Level` has first; hundredths for Pa.
_UNITS: dict[str, int] = {
    'm': 0, 'mASL': 0, 'M': 4, 'mAGL': 4, 'm-': 7, 'sg': 1, 'sigma': 1, 'hPa': 2, 'hpa': 2, 'mb': 2, 'Pa': 2, 'hy': 5,
    'hybrid': 5, 'K': 6, 'th': 6, 'mp': 21, '': 3, 'H': 10, 'h': 10, '_0': 15, '[]': 17,
}
_UNIT_OF_KIND = {kind: unit for unit, kind in reversed(_UNITS.items())}
_UNITS_IN_WORDS = (
    "'m' or 'mASL' (metres above sea level), 'M' or 'mAGL' (metres above ground), 'm-' (metres below sea level), 'sg' "
    "or 'sigma', 'hPa', 'mb' or 'Pa', 'hy' or 'hybrid', 'K' or 'th' (potential temperature), 'mp' (hybrid height), '' "
    "(arbitrary number), 'H' or 'h' (hours), '_0' (integer), '[]' (index)"
)


class Level(NamedTuple):
    """A level, or a time, as a code such as `ip1` says it."""

    value: float
    """In the unit; of the precision of a 32-bit real."""
    unit: str
    """``'m'`` above sea level, ``'M'`` above ground, ``'m-'`` below sea level, ``'sg'`` sigma, ``'hPa'``, ``'hy'``
    hybrid, ``'K'`` potential temperature, ``'mp'`` hybrid height, ``''`` an arbitrary number, ``'H'`` hours, ``'_0'``
    an integer, ``'[]'`` an index."""

    @property
    def kind(self) -> int:
        """The number of the kind, as `ip_decode` gives it."""
        return _UNITS[self.unit]


class Bounds(NamedTuple):
    """Two bounds of one kind; equal when there is no interval."""

    first: float
    """The earlier time, the lower level (so that pressures decrease); as coded where a kind has no direction."""
    second: float
    """The later time, the upper level."""
    unit: str
    """As that of a `Level`."""


class Triplet(NamedTuple):
    """What the three codes of a record say together: see `ip_decode_triplet`."""

    values: tuple[Level, Level, Level]
    """A level; a time, or a second level; anything."""
    guesses: int
    """Sum of 2 (an old-style ip1 or plain hours, taken for what they usually mean), 8 (an old-style ip3, taken as a
    number) and 32 (a level where a time is expected, or the two exchanged)."""


class Interval(NamedTuple):
    """What the three codes of a record say, a pair of them taken as an interval: see `ip_decode_interval`."""

    level: Bounds
    """Level, or interval of levels."""
    time: Bounds
    """Time, or interval of times."""
    third: Optional[Bounds]
    """What ip3 says when it is not the end of an interval."""
    guesses: int
    """As those of a `Triplet`."""


def _kind(value: Any, name: str) -> tuple[int, float]:
    """The kind of level that a unit or a number stands for, and the size of the unit."""
    if isinstance(value, str):
        if value not in _UNITS:
            raise InvalidArgumentError(f'{name}: unknown unit {value!r}, expected {_UNITS_IN_WORDS}')
        return _UNITS[value], 0.01 if value == 'Pa' else 1.0
    try:
        kind = operator.index(value)
    except TypeError:
        raise TypeError(f'{name} must be a unit or the number of a kind, not {type(value).__name__}') from None
    if kind not in _UNIT_OF_KIND:
        numbers = ', '.join(map(str, sorted(_UNIT_OF_KIND)))
        raise InvalidArgumentError(f'{name} is {kind}, expected one of {numbers}, or a unit: {_UNITS_IN_WORDS}')
    return kind, 1.0


def _real(value: Any, name: str) -> float:
    if isinstance(value, (str, bytes, bool, np.bool_)):
        raise TypeError(f'{name} must be a number, not {value!r}')
    try:
        number = float(value)
    except TypeError:
        raise TypeError(f'{name} must be a number, not {type(value).__name__}') from None
    except OverflowError:
        raise InvalidArgumentError(f'{name} is {value}, which no level can be') from None
    if math.isnan(number):
        raise InvalidArgumentError(f'{name} is not a number')
    return number


# Codes have six digits: the same level in another encoding may differ by that much.
_LEVEL_TOLERANCE = 5e-7


def _levels(given: Mapping[str, Any]) -> Optional[tuple[int, float, float]]:
    """Kind, least and greatest level of a search; None is any."""
    level, unit, low, high = (given.get(name) for name in _NATURAL[:4])
    if level is None and unit is None and low is None and high is None:
        return None
    if level is not None and (low is not None or high is not None):
        raise InvalidArgumentError('level is one level or a range, level_from and level_to are a range: give either')
    name = 'level_kind'
    if isinstance(level, tuple):
        values = level
        if values and isinstance(values[-1], str):
            if unit is not None:
                raise InvalidArgumentError(f'level {level!r} has a unit: level_kind {unit!r} is one too many')
            *values, unit = values
            name = 'level'
        if not 1 <= len(values) <= 2:
            raise InvalidArgumentError(f"level is {level!r}, expected (500, 'hPa') or (500, 850, 'hPa')")
        if len(values) == 2:
            low, high = values
            level = None
        else:
            (level,) = values
    elif level is not None and (isinstance(level, (str, bytes)) or isinstance(level, Iterable)):
        raise TypeError(f"level must be a number, (500, 'hPa') or (500, 850, 'hPa'), not {level!r}")
    if unit is None:
        wanted = ', '.join(str(value) for value in (low, high) if value is not None) if level is None else level
        raise InvalidArgumentError(
            f"level {wanted} has no unit: expected a tuple such as (500, 'hPa'), or level_kind, of {_UNITS_IN_WORDS}"
        )
    kind, size = _kind(unit, name)
    if level is not None:
        value = _real(level, 'level') * size
        try:
            value = ip_decode(ip_encode(value, kind))[0]
        except InvalidArgumentError as error:
            raise InvalidArgumentError(f'level {level} {unit}: {error}') from None
        low = high = value
    else:
        low = -math.inf if low is None else _real(low, 'level_from') * size
        high = math.inf if high is None else _real(high, 'level_to') * size
        if low > high:
            raise InvalidArgumentError(f'levels from {low} to {high} {unit}: expected the smaller one first')
    return kind, low - _LEVEL_TOLERANCE * abs(low), high + _LEVEL_TOLERANCE * abs(high)


_DATE_TEXT = re.compile(
    r'(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(\.\d+)?)?)?(?: *(Z|[+-]\d\d:?\d\d))?)?', re.ASCII
)


def _date_of_text(text: str, name: str) -> datetime.date:
    """The date that a text names, a `datetime.datetime` if it has a time."""
    match = _DATE_TEXT.fullmatch(text.strip())
    if not match:
        raise InvalidArgumentError(f"{name} is {text!r}, expected a date such as '2024-01-15T12:00'")
    year, month, day, *time = (int(part) if part else 0 for part in match.groups()[:6])
    try:
        if match[4] is None:
            return datetime.date(year, month, day)
        zone = None
        if match[8] and match[8] != 'Z':
            minutes = 60 * int(match[8][1:3]) + int(match[8][-2:])
            zone = datetime.timezone(datetime.timedelta(minutes=-minutes if match[8][0] == '-' else minutes))
        fraction = int(bool((match[7] or '.').strip('.0')))
        return datetime.datetime(year, month, day, *time, fraction, tzinfo=zone)
    except ValueError as error:
        raise InvalidArgumentError(f'{name} is {text!r}, which does not exist: {error}') from None


def _date_of_numpy(date: np.datetime64, name: str) -> datetime.date:
    """The date that a NumPy date names, a `datetime.datetime` if it has a time."""
    year = int(date.astype('datetime64[Y]').astype('i8')) + 1970
    if not 1 <= year <= 9999:
        raise InvalidArgumentError(f'{name} is {date}, expected a date in the years 1 to 9999')
    if np.datetime_data(date.dtype)[0] in 'YMWD':
        return date.astype('datetime64[D]').item()
    seconds = date.astype('datetime64[s]')
    return seconds.item().replace(microsecond=int(seconds != date))


def _utc(date: datetime.datetime, name: str) -> datetime.datetime:
    """A date without a time zone, which is UTC."""
    if date.tzinfo is None:
        return date
    try:
        return date.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    except OverflowError:
        raise InvalidArgumentError(f'{name} is {date}, which is not in the years 1 to 9999 UTC') from None


def _is_no_date(date: Any) -> bool:
    """Whether it is NumPy's NaT or another object that says to be a date and is none."""
    return isinstance(date, (np.datetime64, datetime.date)) and bool(date != date)


def _fst_date(date: datetime.datetime) -> FstDate:
    return FstDate(
        year=date.year, month=date.month, day=date.day, hour=date.hour, minute=date.minute, second=date.second
    )


def _date(value: Any, name: str, end: str = '') -> Optional[FstDate]:
    """A date of a search: an instant, or the first or the last one (`end`) of a period. None is any."""
    if value is None:
        return None
    if not isinstance(value, (str, np.datetime64, datetime.date)):
        hint = ': criteria for stamps are dateo and datev' if isinstance(value, (int, np.integer)) else ''
        raise TypeError(
            f'{name} must be a datetime.datetime, a numpy.datetime64 or a text, not {type(value).__name__}{hint}'
        )
    if _is_no_date(value):
        raise InvalidArgumentError(f'{name} is {value}, which is no date')
    date: Any = value
    if isinstance(value, str):
        date = _date_of_text(value, name)
    elif isinstance(value, np.datetime64):
        date = _date_of_numpy(value, name)
    if not isinstance(date, datetime.datetime):
        if end != 'from':
            wanted = name if end else f'{name}_from and {name}_to'
            raise InvalidArgumentError(
                f"{name} is {str(value)!r}, a day or more: expected an instant such as '{date}T00:00'"
                f'{"" if end else f", or {wanted}"}'
            )
        date = datetime.datetime(date.year, date.month, date.day)
    date = _utc(date, name)
    if date.microsecond and end != 'to':
        if not end:
            raise InvalidArgumentError(f'{name} is {value}, but dates of records are whole seconds')
        try:
            date += datetime.timedelta(seconds=1)
        except OverflowError:
            raise InvalidArgumentError(f'{name} is {value}, which is not in the years 1 to 9999') from None
    return _fst_date(date)


def _period(given: Mapping[str, Any], name: str) -> tuple[Optional[FstDate], Optional[FstDate]]:
    """The ends of a period of a search."""
    instant, first, last = given.get(name), given.get(f'{name}_from'), given.get(f'{name}_to')
    if instant is None:
        return _date(first, f'{name}_from', 'from'), _date(last, f'{name}_to', 'to')
    if first is not None or last is not None:
        raise InvalidArgumentError(f'{name} is an instant, {name}_from and {name}_to are a period: give either')
    date = _date(instant, name)
    return date, date


def _plain_json(value: Any) -> Any:
    """What `json` cannot write by itself."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise TypeError(f'metadata: JSON has no {type(value).__name__}')


def _metadata_criterion(value: Any) -> Optional[bytes]:
    if value is None:
        return None
    if isinstance(value, Mapping):
        try:
            value = json.dumps(dict(value), ensure_ascii=False, default=_plain_json)
        except (ValueError, RecursionError) as error:
            raise InvalidArgumentError(f'metadata: {error}') from None
    elif not isinstance(value, str):
        raise TypeError(f'metadata must be a dict or JSON text, not {type(value).__name__}')
    try:
        text = value.encode('utf-8', 'surrogateescape')
    except UnicodeEncodeError as error:
        raise InvalidArgumentError(f'metadata: {error}') from None
    if b'\0' in text:
        raise InvalidArgumentError('metadata have a NUL inside')
    return text


def _is_extended(search: FstSearch) -> bool:
    """Whether there is more to look for than criteria."""
    counts = search.nomvar_count + search.typvar_count + search.etiket_count + search.has_level
    dates = (search.valid_from, search.valid_to, search.origin_from, search.origin_to)
    return bool(counts or any(dates) or search.metadata is not None)


def _search(given: Mapping[str, Any]) -> FstSearch:
    """What to look for; None is any."""
    single = dict(given)
    search = FstSearch()
    for name, width in (('nomvar', 4), ('typvar', 2), ('etiket', 12)):
        value = given.get(name)
        if value is None or isinstance(value, (str, bytes)):
            continue
        if not isinstance(value, Iterable):
            raise TypeError(f'{name} must be a str or several, not {type(value).__name__}')
        texts = [_text(text, f'{name}[{number}]', width) for number, text in enumerate(value)]
        if not texts:
            raise InvalidArgumentError(f'{name} is an empty list, which nothing matches')
        setattr(search, f'{name}s', (c_char_p * len(texts))(*texts))
        setattr(search, f'{name}_count', len(texts))
        single[name] = None
    search.criteria = pointer(_criteria(single))
    for name in ('valid', 'origin'):
        for end, date in zip(('from', 'to'), _period(given, name)):
            if date is not None:
                setattr(search, f'{name}_{end}', pointer(date))
    levels = _levels(given)
    if levels is not None:
        search.has_level = 1
        search.level_kind, search.level_from, search.level_to = levels
    search.metadata = _metadata_criterion(given.get('metadata'))
    return search


def _dtype_code(dtype: Any, what: str) -> int:
    """The FstDtype of a NumPy dtype (or of what NumPy makes one of)."""
    dtype = np.dtype(dtype)
    code = _DTYPE_CODES.get(dtype)
    if code is None:
        order = ' (of the native byte order)' if dtype.newbyteorder('=') in _DTYPE_CODES else ''
        known = ', '.join(map(str, _DTYPE_CODES))
        raise TypeMismatchError(f'type mismatch: {what}: elements {dtype}, expected one of {known}{order}')
    return code


def _axes(value: _Places, name: str) -> list[int]:
    """The start or the count of a slab along i, j, k; what is not given is 0."""
    if value is None:
        return [0, 0, 0]
    if isinstance(value, (int, np.integer)):
        value = (value,)
    if not isinstance(value, Iterable):
        raise TypeError(f'{name} must be an integer or several, not {type(value).__name__}')
    values = list(value)
    if len(values) > 3:
        raise InvalidArgumentError(f'{name} has {len(values)} axes, a record has 3')
    numbers = [0 if item is None else _integer(item, name, -2**63, 2**63 - 1) for item in values]
    return numbers + [0] * (3 - len(numbers))


def _view_options(
    dtype: Any, writable: bool, any_byte_order: bool, prefetch: bool, start: _Places, count: _Places
) -> FstViewOptions:
    flags = 0
    if _flag(writable, 'writable'):
        flags |= _VIEW_WRITABLE
    if _flag(any_byte_order, 'any_byte_order'):
        flags |= _VIEW_ANY_BYTE_ORDER
    if _flag(prefetch, 'prefetch'):
        flags |= _VIEW_PREFETCH
    options = FstViewOptions(flags=flags, dtype=0 if dtype is None else _dtype_code(dtype, 'dtype'))
    if start is not None:
        options.slab_start[:] = _axes(start, 'start')
    if count is not None:
        options.slab_count[:] = _axes(count, 'count')
    return options


class _Progress:
    """Around a batch: tells a function how far it is. What that raises cancels the batch and is raised by it."""

    def __init__(self, function: _ProgressFunction, options: FstViewOptions) -> None:
        self.error: Optional[BaseException] = None
        if function is not None:
            if not callable(function):
                raise TypeError(f'progress must be a function, not {type(function).__name__}')
            options.progress = FstProgress(lambda context, done, total: self._call(function, done, total))

    def _call(self, function: Callable[[int, int], Any], done: int, total: int) -> int:
        try:
            return int(bool(function(done, total)))
        except BaseException as error:
            self.error = error
            return 1

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *exception: Any) -> None:
        if self.error is not None:
            raise self.error from None


def _trimmed(shape: Sequence[int]) -> tuple[int, ...]:
    """A shape less its trailing extents of 1; at least one axis."""
    shape = tuple(shape)
    while len(shape) > 1 and shape[-1] == 1:
        shape = shape[:-1]
    return shape


def _new_array(shape: tuple[int, ...], dtype: Any, limit: int, place: str) -> np.ndarray:
    """Memory for an array, in Fortran order."""
    _dtype_code(dtype, place)
    dtype = np.dtype(dtype)
    size = math.prod(shape) * dtype.itemsize
    if 0 < limit < size:
        raise LimitError(f'limit: {place}: an array of {size} bytes, max_array_bytes is {limit}')
    try:
        return np.empty(shape, dtype, order='F')
    except (MemoryError, ValueError) as error:
        raise NoMemoryError(f'out of memory: {size} bytes for the array of {place}') from error


# Files, records, views

class Problem(NamedTuple):
    """Something wrong with an open file."""

    file_number: int
    """Which of the files that were to be opened, 0-based."""
    record: Optional[int]
    """The record whose data cannot be read, or None for the file as a whole."""
    offset: Optional[int]
    """Where in the file, bytes; None when that means nothing."""
    status_name: str
    """The status that stands for it."""
    message: str
    """What was expected and what was found."""


class FileInfo(NamedTuple):
    """A file as a whole."""

    format: str
    """``'XDF'`` or ``'RSF'``, of the first file."""
    file_count: int
    record_count: int
    bytes: int
    """Total size on disk."""
    mapped: bool
    """Whether the (first) file is mapped."""
    complete: bool
    """False when a damaged or unclosed file was opened as far as it is sound."""


class FileStats(NamedTuple):
    """How many views a file gave, by what they cost. Mapped and shared ones moved no byte."""

    views_mapped: int
    views_shared: int
    views_read: int
    views_decoded: int
    views_copied: int
    live_views: int
    live_bytes: int
    bytes_mapped: int
    bytes_read: int
    bytes_decoded: int


# DLPack's name of the CPU: kind and number of the device.
_CPU = (1, 0)


def _numpy_tensor(array: np.ndarray, max_version: Optional[tuple[int, int]]) -> Any:
    """NumPy's own DLPack tensor of an array."""
    if max_version is None or max_version[0] < 1:
        return array.__dlpack__()
    try:
        return array.__dlpack__(max_version=max_version)
    except TypeError:
        # A NumPy before 2.1.
        return array.__dlpack__()


class View:
    """What an array's memory belongs to: the last object in the array's chain of ``base``.

    It gives the memory back when the last array that refers to it goes. ``origin`` says what the array cost:
    ``'mapped'`` (memory of the file itself) and ``'shared'`` (the array of another view) moved no byte, ``'read'`` is
    one copy by the kernel, ``'decoded'`` one pass over the payload, ``'copied'`` a private copy that was asked for.

    Other libraries take it by DLPack, ``torch.from_dlpack(record.data.base)``, without a copy.
    """

    __slots__ = ('__array_interface__', '__weakref__', '_array', '_image', 'number', 'origin', 'source')

    def __init__(self, array: FstArray, image: Any) -> None:
        # Before the call that makes the view: whatever interrupts us, the view will be released.
        weakref.finalize(self, _release_view, _quiet_release, array, image).atexit = False
        self._array = array
        self._image = image
        self.number = -1
        self.origin = ''
        self.source = ''

    def __repr__(self) -> str:
        return f'<fstview.View of record {self.number} of {self.source!r}, {self.origin}>'

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError('cannot pickle fstview.View: it is memory of this process')

    @property
    def array(self) -> np.ndarray:
        """The array: another object each time, of the same memory."""
        return np.asarray(self)

    def __dlpack_device__(self) -> tuple[int, int]:
        """Where the memory is: DLPack's number of the CPU, and 0."""
        return _CPU

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: Optional[tuple[int, int]] = None,
        dl_device: Optional[tuple[int, int]] = None,
        copy: Optional[bool] = None,
    ) -> Any:
        """The array as a DLPack tensor, which keeps the memory alive: no copy, and read-only as the array is.

        Text comes as unsigned bytes. `BufferError` for what DLPack cannot say: another byte order, a device that is
        not the CPU, and, to consumers that know no version 1 of DLPack, arrays that are read-only.
        """
        if stream is not None:
            raise BufferError(f'the memory of {self!r} is that of the CPU, which has no stream {stream!r}')
        if dl_device is not None and tuple(dl_device) != _CPU:
            raise BufferError(f'the memory of {self!r} is that of the CPU, not that of device {dl_device!r}')
        if copy:
            return _numpy_tensor(self.array.copy(order='K'), max_version)
        # The tensor of C outlives this object, but not the image that a file was opened from.
        if max_version is None or max_version[0] < 1 or self._image is not None:
            return _numpy_tensor(self.array, max_version)
        tensor = c_void_p()
        try:
            _library.fst_view_to_dlpack(self._array.view, byref(tensor))
        except TypeMismatchError as error:
            raise BufferError(str(error)) from None
        return _held.add(_new_capsule(tensor, _TENSOR_CAPSULE, _destroy_tensor))

    def _as_array(self, array: FstArray, file: File, number: int, rank: int = 0) -> np.ndarray:
        """The array that a successful call described, with `rank` axes or as many as it needs."""
        rank = rank or array.rank
        self.number = number
        self.origin = _ORIGINS.get(array.origin, f'origin {array.origin}')
        self.source = file._description
        dtype = _DTYPES[array.dtype]
        if array.flags & _ARRAY_BIG_ENDIAN:
            dtype = dtype.newbyteorder('>')
        self.__array_interface__ = {
            'version': 3,
            'typestr': dtype.str,
            'shape': tuple(array.shape[:rank]),
            'strides': tuple(array.strides[:rank]),
            'data': (array.data, not array.flags & _ARRAY_WRITABLE),
        }
        return np.asarray(self)


def _attribute(name: str, doc: str) -> Any:
    """An attribute of a record as the directory has it."""
    get = operator.attrgetter(name)
    if isinstance(get(FstRecordInfo()), bytes):
        return property(lambda self: get(self._info).decode('latin-1'), doc=doc)
    return property(lambda self: get(self._info), doc=doc)


def _flag_attribute(flag: int, doc: str) -> Any:
    return property(lambda self: bool(self.flags & flag), doc=doc)


# The stamp that stands for no answer.
_UNKNOWN_STAMP = 101010101


def _date_or_none(stamp: int) -> Optional[datetime.datetime]:
    try:
        return date_from_stamp(stamp)
    except InvalidArgumentError:
        return None


class Record:
    """A record of an open file: its attributes, and its field as an array.

    Attributes stay readable after the file is closed; data must be asked for while it is open, and the arrays then live
    as long as they are used. Two records are equal when they are the same record of the same open file.
    """

    __slots__ = ('_info', 'file', 'number')

    file: File
    """The file."""
    number: int
    """Position in the file (in the order of the files, when there are several), from 0."""

    nomvar: str = _attribute('nomvar', 'Name of the variable, without trailing blanks.')
    typvar: str = _attribute('typvar', 'Type of field.')
    grtyp: str = _attribute('grtyp', 'Grid type.')
    etiket: str = _attribute('etiket', 'Label.')
    ni: int = _attribute('ni', 'Extent along i.')
    nj: int = _attribute('nj', 'Extent along j.')
    nk: int = _attribute('nk', 'Extent along k.')
    data_type: int = _attribute('data_type', 'Code of the packing, flags (64 missing values, 128 turbo) included.')
    data_bits: int = _attribute('data_bits', 'Bits of an unpacked element.')
    pack_bits: int = _attribute('pack_bits', 'Bits of a packed element.')
    dateo: int = _attribute('dateo', 'CMC date-time stamp of origin; see `date_from_stamp`.')
    datev: int = _attribute('datev', 'CMC date-time stamp of validity; see `date_from_stamp`.')
    deet: int = _attribute('deet', 'Length of a time step, seconds.')
    npas: int = _attribute('npas', 'Number of time steps.')
    ip1: int = _attribute('ip1', 'Usually the level; see `ip_decode`.')
    ip2: int = _attribute('ip2', 'Usually the forecast hour.')
    ip3: int = _attribute('ip3', 'Free for the user.')
    ig1: int = _attribute('ig1', 'First parameter of the grid.')
    ig2: int = _attribute('ig2', 'Second parameter of the grid.')
    ig3: int = _attribute('ig3', 'Third parameter of the grid.')
    ig4: int = _attribute('ig4', 'Fourth parameter of the grid.')
    flags: int = _attribute('flags', 'FST_RECORD_... of C; the properties below say the same.')
    file_number: int = _attribute('file_number', 'Which of several files, from 0.')
    file_offset: int = _attribute('file_offset', 'Where the whole record begins in its file, bytes.')
    stored_bytes: int = _attribute('stored_bytes', 'Length of the whole record in its file.')
    payload_offset: int = _attribute('payload_offset', 'Where the payload begins in its file, bytes.')
    payload_bytes: int = _attribute('payload_bytes', 'Length of the payload in its file.')
    array_bytes: int = _attribute('array_bytes', 'Bytes of the array; 0 when the record cannot be decoded.')
    is_mappable: bool = _flag_attribute(_RECORD_MAPPABLE, 'The payload is the array: a mapped file gives it uncopied.')
    is_turbo: bool = _flag_attribute(_RECORD_TURBO, 'Compressed.')
    has_missing: bool = _flag_attribute(_RECORD_HAS_MISSING, 'Has missing values.')
    has_metadata: bool = _flag_attribute(_RECORD_HAS_METADATA, 'Has extended metadata.')
    is_descriptor: bool = _flag_attribute(_RECORD_IS_DESCRIPTOR, 'Describes a grid.')

    def __init__(self, file: File, number: int) -> None:
        self.file = file
        self.number = number
        self._info = FstRecordInfo()
        _library.fst_record_info(file._handle, number, byref(self._info))

    @property
    def path(self) -> str:
        """The file that the record is in."""
        return self.file.paths[self._info.file_number]

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of `data`: (ni, nj, nk) less trailing extents of 1, at least one axis.

        Raw bits (data type 0) of a width that no element type has come as the 32-bit words that hold them: one axis.
        """
        return _trimmed(self._extents)

    @property
    def _extents(self) -> tuple[int, int, int]:
        """The extents of the array along i, j, k."""
        info = self._info
        if info.data_type & 0x3F == 0 and info.dtype and info.pack_bits not in (8, 16, 32, 64):
            return info.array_bytes // _DTYPES[info.dtype].itemsize, 1, 1
        return info.ni, info.nj, info.nk

    @property
    def dtype(self) -> Optional[np.dtype]:
        """The element type of `data`, text being ``S1``; None when the record cannot be decoded: `data` says why."""
        return _DTYPES.get(self._info.dtype)

    @property
    def valid(self) -> Optional[datetime.datetime]:
        """The date of validity, `datev`, in UTC and without a time zone; None when the stamp is no date."""
        return _date_or_none(self._info.datev)

    @property
    def origin(self) -> Optional[datetime.datetime]:
        """The date of origin, `dateo`, in UTC and without a time zone; None when it is unknown: its stamp is no date,
        or that of `datev` is none."""
        info = self._info
        valid, origin = _date_or_none(info.datev), _date_or_none(info.dateo)
        if valid is None or origin is None:
            return None
        if info.dateo == _UNKNOWN_STAMP:
            # Also a date, which is meant if it leads to that of validity.
            distance = (valid - origin).total_seconds() - info.deet * info.npas
            return origin if abs(distance) < 3600 else None
        return origin

    @property
    def level(self) -> Optional[Level]:
        """The level that `ip1` means; None when it has no meaning. The ip1 of grid descriptors is a tag: no level, but
        it may look like one."""
        try:
            value, kind = ip_decode(self._info.ip1)
        except InvalidArgumentError:
            return None
        return Level(value, _UNIT_OF_KIND[kind])

    @property
    def interval(self) -> Optional[Interval]:
        """What ip1, ip2 and ip3 say together: the interval of an accumulation or an average, or of a layer. None when
        they have no such meaning, as those of grid descriptors."""
        info = self._info
        try:
            return ip_decode_interval(info.ip1, info.ip2, info.ip3)
        except InvalidArgumentError:
            return None

    def metadata_json(self) -> dict[str, Any]:
        """The extended metadata as a dict, bare NaN and Infinity included; empty when there are none.

        `CorruptError`, a `ValueError`, when they are no JSON object: `metadata` gives the text.
        """
        text = self.metadata
        if not text:
            return {}
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise CorruptError(f'corrupt: {self._place}: the metadata are no JSON: {error}') from None
        if not isinstance(found, dict):
            raise CorruptError(f'corrupt: {self._place}: the metadata are a JSON {type(found).__name__}, no object')
        return found

    @property
    def metadata(self) -> str:
        """The extended metadata, JSON text as the writer left it; empty when there is none."""
        length = c_size_t()
        handle = self.file._handle
        _library.fst_record_metadata(handle, self.number, None, 0, byref(length))
        if length.value == 0:
            return ''
        buffer = ctypes.create_string_buffer(length.value + 1)
        _library.fst_record_metadata(handle, self.number, buffer, len(buffer), byref(length))
        return buffer.raw[:length.value].decode('utf-8', 'surrogateescape')

    @property
    def grid(self) -> Grid:
        """The grid of the field, and the records that describe it, looked for in all files that are open as one.

        `NotFoundError` when the type of grid needs descriptors and there are none: the message says what was looked
        for. Looked up once for all records of a file that share a grid.
        """
        return Grid(self)

    def __dlpack_device__(self) -> tuple[int, int]:
        """As `View.__dlpack_device__`."""
        return _CPU

    def __dlpack__(self, **options: Any) -> Any:
        """The field as a DLPack tensor; see `View.__dlpack__`."""
        return self.data.base.__dlpack__(**options)

    @property
    def data(self) -> np.ndarray:
        """The field: a read-only array of shape `shape` in Fortran order, of element type `dtype`.

        Nothing is copied where the payload is the array and the file is mapped, nor while another array of the same
        record is alive. The array stays valid after the file is closed. Every use of the property is a new view: keep
        the array rather than the record where it is used often.

        Raises `CorruptError`, `UnsupportedError`, `TruncatedError`, `IOError`, `NoMemoryError`, `LimitError`, and
        `InvalidHandleError` after the file was closed.
        """
        return self._view(None)

    def array(
        self,
        dtype: Any = None,
        writable: bool = False,
        any_byte_order: bool = False,
        prefetch: bool = False,
        start: _Places = None,
        count: _Places = None,
    ) -> np.ndarray:
        """The field, or a slab of it, with options; otherwise like `data`.

        dtype
            Another element type of the native byte order. Widening that loses nothing is possible, such as float32 to
            float64, anything else is a `TypeMismatchError`: use ``astype`` on the array for that.
        writable
            The array may be changed, and neither the file nor any other array ever is: a mapped record comes as a
            private mapping of which only the touched pages are copied.
        any_byte_order
            Big-endian payloads may come mapped as they are, with a dtype such as ``>f4``.
        prefetch
            Have the pages of a mapped record read ahead.
        start, count
            First element and number of elements along i, j, k, as integers or tuples; missing ones and None: from the
            beginning, and to the end of the axis. `view` takes ordinary slices instead. Outside the record:
            `OutOfRangeError`.
        """
        return self._view(_view_options(dtype, writable, any_byte_order, prefetch, start, count))

    def _view(self, options: Optional[FstViewOptions], rank: int = 0) -> np.ndarray:
        file = self.file
        array = FstArray()
        view = View(array, file._image)
        _library.fst_record_view(file._handle, self.number, None if options is None else byref(options), byref(array))
        return view._as_array(array, file, self.number, rank)

    @property
    def view(self) -> Slabs:
        """Parts of the field: ``record.view[10:20, :, 3]`` equals ``record.data[10:20, :, 3]``, but no more than the
        part is read or decoded. Integers, slices and ``...`` are understood."""
        return Slabs(self)

    def copy(self, dtype: Any = None) -> np.ndarray:
        """The field in an array that owns its memory, decoded straight into it; `dtype` as for `array`."""
        return self.read(dtype=dtype)

    def read(
        self, out: Optional[np.ndarray] = None, *, dtype: Any = None, start: _Places = None, count: _Places = None
    ) -> np.ndarray:
        """Decodes the field, or a slab of it, straight into `out`, and returns it; without `out`, into a new array.

        `out` must be writable, in Fortran order, of the shape of the field (trailing extents of 1 do not matter) and of
        its element type or one to which widening loses nothing: else `ShapeMismatchError`, `TypeMismatchError`. After
        any other error its contents are unspecified. `dtype`, `start` and `count` are as for `array`.
        """
        place = self._place
        options, shape = self._slab(start, count)
        if out is None:
            out = _new_array(_trimmed(shape), self._element_type(dtype), self.file._limit, place)
        else:
            _check_destination(out, dtype, place)
            if _trimmed(out.shape) != _trimmed(shape):
                raise ShapeMismatchError(f'shape mismatch: {place}: shape {_trimmed(shape)}, out has {out.shape}')
            if not out.flags.f_contiguous:
                raise ShapeMismatchError(f'shape mismatch: {place}: out is not contiguous in Fortran order')
        code = _dtype_code(out.dtype, place)
        _library.fst_record_read(
            self.file._handle, self.number, byref(options), code, out.ctypes.data, out.nbytes
        )
        return out

    @property
    def _place(self) -> str:
        return f'{self.path}, record {self.number}'

    def _element_type(self, dtype: Any) -> np.dtype:
        """The element type of a new array; raises why a record cannot be decoded."""
        if self.dtype is None:
            self._view(None)
            raise InternalError(f'internal error: {self._place}: an array without an element type')
        return self.dtype if dtype is None else np.dtype(dtype)

    def _slab(self, start: _Places, count: _Places) -> tuple[FstViewOptions, tuple[int, ...]]:
        """The options for a slab, and its shape."""
        starts, counts = _axes(start, 'start'), _axes(count, 'count')
        shape = []
        for axis, extent, first, number in zip('ijk', self._extents, starts, counts):
            if not (0 <= first < extent and 0 <= number <= extent - first):
                raise OutOfRangeError(
                    f'out of range: {self._place}: slab of {number} elements from {first} along {axis}, '
                    f'which has {extent}'
                )
            shape.append(number or extent - first)
        options = FstViewOptions()
        options.slab_start[:], options.slab_count[:] = starts, counts
        return options, tuple(shape)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Record):
            return NotImplemented
        return self.file is other.file and self.number == other.number

    def __hash__(self) -> int:
        return hash((id(self.file), self.number))

    def __repr__(self) -> str:
        extents = 'x'.join(map(str, (self.ni, self.nj, self.nk)))
        kind = 'undecodable' if self.dtype is None else 'text' if self.dtype.kind == 'S' else str(self.dtype)
        return (
            f'<fstview.Record {self.number}: {self.nomvar!r} {self.typvar!r} {self.etiket!r} {extents} {kind}, '
            f'ip1={self.ip1} ip2={self.ip2} ip3={self.ip3} datev={self.datev}>'
        )

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError('cannot pickle fstview.Record: pass its number, and open the file where it is needed')


class Grid:
    """The grid of a field, and the records that describe it: what ``record.grid`` gives.

    The axes are ``grid.x.data`` and ``grid.y.data``, or, cut and shaped to the field, `coordinates`.
    """

    __slots__ = (
        'grtyp', 'ref_grtyp', 'flags', 'panels', 'tile', 'x', 'y', 'yin_yang', 'mesh', 'projection', 'transform',
        'vertical', 'mask', 'parameters', 'yang_parameters', '_shape',
    )

    grtyp: str
    """Type of the field's grid."""
    ref_grtyp: str
    """Type of grid that the coordinates in `x` and `y` refer to; without those, that of the field; empty when
    unknown."""
    flags: int
    """FST_GRID_... of C; the properties below say the same."""
    panels: int
    """1, or 2 for grid U: the field is two panels of nj/2 rows, yin first."""
    tile: tuple[int, int]
    """Grid ``#``: the values of `x` and `y` that come before the field's first point; else zeros."""
    x: Optional[Record]
    """``>>``, or ``LO`` in its place: an axis, or the coordinates of points."""
    y: Optional[Record]
    """``^^``, or ``LA`` in its place."""
    yin_yang: Optional[Record]
    """``^>`` of grid U."""
    mesh: Optional[Record]
    """``##`` of grid M: vertex numbers, three a triangle."""
    projection: Optional[Record]
    """``PROJ`` of grid W: text."""
    transform: Optional[Record]
    """``MTRX`` of grid W: six numbers, an affine transform."""
    vertical: Optional[Record]
    """``!!``, or ``HY`` or ``PT`` in old files: describes the levels."""
    mask: Optional[Record]
    """The mask (1 valid, 0 not) of a field whose typvar says that it has one."""
    parameters: Optional[tuple[float, float, float, float]]
    """Parameters of `ref_grtyp`, in degrees and metres, as ``FstGrid.xg`` of fstview.h lists them; for grid U, those of
    the first panel. None when there are none."""
    yang_parameters: Optional[tuple[float, float, float, float]]
    """For grid U, the parameters of the second panel."""

    ambiguous: bool = _flag_attribute(
        _GRID_AMBIGUOUS, 'Other descriptors would do as well and hold something else: these are the first in the file.'
    )
    points: bool = _flag_attribute(_GRID_POINTS, '`x` and `y` are the coordinates of points, not two axes.')
    latlon_fields: bool = _flag_attribute(
        _GRID_LATLON_FIELDS, '`x` and `y` are the fields LO and LA, degrees of longitude and latitude of each point.'
    )
    vertical_unlinked: bool = _flag_attribute(
        _GRID_VERTICAL_UNLINKED, '`vertical` has other tags than the field: it was taken for want of another one.'
    )
    vertical_ambiguous: bool = _flag_attribute(
        _GRID_VERTICAL_AMBIGUOUS, 'Other records would do as well as `vertical` and hold something else.'
    )

    def __init__(self, record: Record) -> None:
        file = record.file
        found = file._grid(record)
        self.grtyp = found.grtyp.decode('latin-1')
        self.ref_grtyp = found.ref_grtyp.decode('latin-1')
        self.flags = found.flags
        self.panels = found.panels
        self.tile = (found.tile_i, found.tile_j)
        for name in ('x', 'y', 'yin_yang', 'mesh', 'projection', 'transform', 'vertical', 'mask'):
            number = getattr(found, name)
            setattr(self, name, None if number == _NO_RECORD else Record(file, number))
        self.parameters = tuple(found.xg) if found.flags & _GRID_HAS_PARAMETERS else None
        self.yang_parameters = tuple(found.xg_yang) if found.panels == 2 else None
        self._shape = record.ni, record.nj

    def coordinates(self) -> tuple[Optional[np.ndarray], Optional[np.ndarray]]:
        """The values of `x` and `y`, read-only: two axes of the lengths ni and nj, or the coordinates of points. Of
        grid ``#`` they are those of the field's tile. None for what the grid does not have."""
        arrays: list[Optional[np.ndarray]] = []
        for record, before, extent in zip((self.x, self.y), self.tile, self._shape):
            if record is None:
                arrays.append(None)
            elif self.points:
                arrays.append(record.data)
            else:
                values = record.data.reshape(-1, order='F')
                arrays.append(values[before:before + extent] if self.grtyp == '#' else values)
        return arrays[0], arrays[1]

    def __repr__(self) -> str:
        parts = [f'{name}={record.number}' for name in ('x', 'y', 'yin_yang', 'mesh', 'projection', 'transform',
                                                        'vertical', 'mask') if (record := getattr(self, name))]
        return (
            f'<fstview.Grid {self.grtyp!r} of {self.ref_grtyp!r}, records {" ".join(parts) or "none"}'
            f'{", ambiguous" if self.ambiguous else ""}>'
        )


class Stack(NamedTuple):
    """A variable at one moment, level above level: what `File.stack` gives."""

    data: np.ndarray
    """Shape (ni, nj, n), with nk before n when it is not 1, in Fortran order; it owns its memory."""
    levels: np.ndarray
    """The levels, increasing."""
    level_unit: str
    """The unit of `levels`, as `Level` has it."""
    level_kind: int
    """The kind of `levels`, as `ip_decode` gives it."""
    valid: Optional[datetime.datetime]
    """The date of validity; None when its stamp is no date."""
    records: list[Record]
    """The records, in the order of `levels`."""
    x: Optional[np.ndarray]
    """The coordinates along i, as `Grid.coordinates` gives them; None when the file does not have them."""
    y: Optional[np.ndarray]
    """The coordinates along j, likewise."""


class Slabs:
    """Parts of a record by ordinary indexing: what ``record.view`` gives."""

    __slots__ = ('record',)

    def __init__(self, record: Record) -> None:
        self.record = record

    def __repr__(self) -> str:
        return f'<fstview.Slabs of {self.record!r}>'

    def __getitem__(self, key: Any) -> Any:
        """The part that ``record.data[key]`` would be. An axis with a step is viewed from its first to its last
        element. An index outside the record: `OutOfRangeError`."""
        record = self.record
        shape = record.shape
        keys = self._expanded(key, len(shape))
        inner: list[Any] = []
        options = FstViewOptions()
        empty = False
        for axis, (item, extent) in enumerate(zip(keys, shape)):
            if isinstance(item, slice):
                places = range(*item.indices(extent))
                empty = empty or not places
                inner.append(slice(None, None, places.step))
                if places:
                    options.slab_start[axis] = min(places[0], places[-1])
                    options.slab_count[axis] = abs(places[-1] - places[0]) + 1
            else:
                place = item + extent if item < 0 else item
                if not 0 <= place < extent:
                    raise OutOfRangeError(
                        f'out of range: {record._place}: index {item} along {"ijk"[axis]}, which has {extent}'
                    )
                inner.append(0)
                options.slab_start[axis], options.slab_count[axis] = place, 1
        if empty:
            lengths = [len(range(*item.indices(extent))) for item, extent in zip(keys, shape)
                       if isinstance(item, slice)]
            nothing = np.empty(lengths, record._element_type(None), order='F')
            nothing.flags.writeable = False
            return nothing
        part = record._view(options, len(shape))
        if all(item == slice(None, None, 1) for item in inner):
            return part
        return part[tuple(inner) + ((Ellipsis,) if self._has_ellipsis(key) else ())]

    @staticmethod
    def _has_ellipsis(key: Any) -> bool:
        return any(item is Ellipsis for item in (key if isinstance(key, tuple) else (key,)))

    def _expanded(self, key: Any, rank: int) -> list[Any]:
        """One integer or slice for each axis."""
        items: list[Any] = []
        dots = -1
        for item in key if isinstance(key, tuple) else (key,):
            if item is Ellipsis:
                if dots >= 0:
                    raise IndexError('an index can only have a single ellipsis')
                dots = len(items)
            elif isinstance(item, slice):
                items.append(item)
            else:
                try:
                    if isinstance(item, (bool, np.bool_)):
                        raise TypeError
                    items.append(operator.index(item))
                except TypeError:
                    raise TypeError(
                        f'record.view understands integers, slices and "...", not {type(item).__name__}: '
                        'index record.data instead'
                    ) from None
        if len(items) > rank:
            raise OutOfRangeError(
                f'out of range: {self.record._place}: {len(items)} indices for an array of {rank} axes'
            )
        at = len(items) if dots < 0 else dots
        items[at:at] = [slice(None)] * (rank - len(items))
        return items


def _check_destination(out: Any, dtype: Any, place: str) -> None:
    if not isinstance(out, np.ndarray):
        raise TypeError(f'out must be a NumPy array, not {type(out).__name__}')
    if not out.flags.writeable:
        raise InvalidArgumentError(f'invalid argument: {place}: out is read-only')
    if dtype is not None and np.dtype(dtype) != out.dtype:
        raise TypeMismatchError(f'type mismatch: {place}: dtype is {np.dtype(dtype)}, that of out {out.dtype}')


class File(Sequence[Record]):
    """An open file, or several as one: a sequence of records, in file order. `open` makes one.

    It is closed by `close`, at the end of a ``with`` block, or when it is no longer used. Arrays stay valid.
    """

    def __init__(
        self,
        source: _Source,
        *,
        access: str = 'auto',
        map_threshold: int = 0,
        cache_bytes: int = 0,
        max_array_bytes: int = 0,
        threads: int = 0,
        missing: str = 'keep',
        strict: bool = False,
        skip_unreadable: bool = False,
    ) -> None:
        options = FstOpenOptions(
            access=_choice(access, 'access', _ACCESS),
            map_threshold=_integer(map_threshold, 'map_threshold', 0, 2**64 - 1),
            cache_bytes=_integer(cache_bytes, 'cache_bytes', 0, 2**64 - 1),
            max_array_bytes=_integer(max_array_bytes, 'max_array_bytes', 0, 2**64 - 1),
            threads=_integer(threads, 'threads', 0, 2**32 - 1),
            missing=_choice(missing, 'missing', _MISSING),
            strict=_flag(strict, 'strict'),
            skip_unreadable=_flag(skip_unreadable, 'skip_unreadable'),
        )
        image = None
        function: Any
        arguments: tuple[Any, ...]
        if isinstance(source, (str, os.PathLike)):
            path = _path(source, 'path')
            self.paths: tuple[str, ...] = (os.fsdecode(path),)
            function, arguments = _library.fst_open, (path,)
        elif _is_buffer(source):
            image = _image(source)
            self.paths = (f'memory image of {image.nbytes} bytes',)
            function, arguments = _library.fst_open_memory, (image.ctypes.data, image.nbytes)
        elif isinstance(source, Iterable):
            paths = [_path(item, f'path {number}') for number, item in enumerate(source)]
            self.paths = tuple(map(os.fsdecode, paths))
            function, arguments = _library.fst_open_many, ((c_char_p * len(paths))(*paths), len(paths))
        else:
            raise TypeError(
                f'expected a path, several paths, or a bytes-like object, not {type(source).__name__}'
            )
        self._image = image
        self._file = FstFile()
        self._finalizer = weakref.finalize(self, _close_file, _quiet_close, self._file, image)
        self._finalizer.atexit = False
        more = len(self.paths) - 1
        self._description = ''.join(self.paths[:1]) + (f' and {more} more files' if more > 0 else '')
        self._limit = options.max_array_bytes
        # Structs rather than objects, which would refer to this file.
        self._grids: dict[tuple[Any, ...], FstGrid] = {}
        try:
            function(*arguments, byref(options), byref(self._file))
        except OSError as error:
            if len(self.paths) == 1:
                error.filename = self.paths[0]
            raise
        count = c_size_t()
        _library.fst_record_count(self._file, byref(count))
        self._count = count.value

    @property
    def _handle(self) -> FstFile:
        if not self._finalizer.alive:
            raise InvalidHandleError(f'invalid handle: {self._description} is closed')
        return self._file

    @property
    def closed(self) -> bool:
        """Whether `close` has been called."""
        return not self._finalizer.alive

    def close(self) -> None:
        """Closes the file. Arrays stay valid. Does nothing when it is closed already."""
        if self._finalizer.detach() is not None:
            _library.fst_close(self._file)
            self._image = None

    def __enter__(self) -> File:
        self._handle
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    @property
    def info(self) -> FileInfo:
        """The file as a whole: format, number of files, records and bytes, whether it is mapped, and complete."""
        info = FstFileInfo()
        _library.fst_file_info(self._handle, byref(info))
        return FileInfo(
            _FORMATS.get(info.format, f'format {info.format}'), info.file_count, info.record_count, info.bytes,
            bool(info.mapped), bool(info.complete),
        )

    @property
    def problems(self) -> list[Problem]:
        """What is wrong: files that were left out, damage that was opened around, records whose place is impossible."""
        found = c_size_t()
        _library.fst_file_problems(self._handle, None, 0, byref(found))
        places = (FstProblem * found.value)()
        for place in places:
            place.struct_size = sizeof(FstProblem)
        _library.fst_file_problems(self._handle, places, found.value, byref(found))
        return [
            Problem(
                place.file_number,
                None if place.record == _NO_RECORD else place.record,
                None if place.offset == 2**64 - 1 else place.offset,
                _ERRORS[place.status.value].status_name,
                place.message.decode('utf-8', 'replace'),
            )
            for place in places
        ]

    @property
    def stats(self) -> FileStats:
        """How many views the file gave, by what they cost, and how many are alive."""
        stats = FstFileStats()
        _library.fst_file_stats(self._handle, byref(stats))
        return FileStats(*(getattr(stats, name) for name in FileStats._fields))

    def __len__(self) -> int:
        self._handle
        return self._count

    def __contains__(self, record: object) -> bool:
        return isinstance(record, Record) and record.file is self

    @overload
    def __getitem__(self, index: int) -> Record: ...

    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...

    def __getitem__(self, index: Any) -> Any:
        """A record, or with a slice the list of them. Outside the file: `OutOfRangeError`, which is an `IndexError`."""
        if isinstance(index, slice):
            return [Record(self, number) for number in range(*index.indices(len(self)))]
        return Record(self, self._number(index))

    def __iter__(self) -> Iterator[Record]:
        return (Record(self, number) for number in range(len(self)))

    def _number(self, index: Any) -> int:
        """The number of a record that is given as one, or by its number."""
        if isinstance(index, Record):
            if index.file is not self:
                raise InvalidArgumentError(
                    f'invalid argument: record {index.number} of {index.file._description} is not a record of '
                    f'{self._description}, or of another opening of it'
                )
            return index.number
        try:
            number = operator.index(index)
        except TypeError:
            raise TypeError(f'records are numbered: expected an integer, not {type(index).__name__}') from None
        count = len(self)
        if not -count <= number < count:
            raise OutOfRangeError(
                f'out of range: record {number} of {self._description}, which has {count} records'
            )
        return number % count

    def _numbers(self, records: Iterable[Union[Record, int]]) -> list[int]:
        if isinstance(records, (Record, str, bytes)) or not isinstance(records, Iterable):
            raise TypeError(f'expected several records or their numbers, not {type(records).__name__}')
        return [self._number(record) for record in records]

    def find(
        self,
        *,
        nomvar: _Texts = None,
        typvar: _Texts = None,
        grtyp: Optional[str] = None,
        etiket: _Texts = None,
        dateo: Optional[int] = None,
        datev: Optional[int] = None,
        data_type: Optional[int] = None,
        data_bits: Optional[int] = None,
        pack_bits: Optional[int] = None,
        ni: Optional[int] = None,
        nj: Optional[int] = None,
        nk: Optional[int] = None,
        deet: Optional[int] = None,
        npas: Optional[int] = None,
        ip1: Optional[int] = None,
        ip2: Optional[int] = None,
        ip3: Optional[int] = None,
        ig1: Optional[int] = None,
        ig2: Optional[int] = None,
        ig3: Optional[int] = None,
        ig4: Optional[int] = None,
        ip1_all: bool = False,
        ip2_all: bool = False,
        ip3_all: bool = False,
        stamp_norun: bool = False,
        skip_grid_descriptors: bool = False,
        level: _Level = None,
        level_kind: Optional[Union[str, int]] = None,
        level_from: Optional[float] = None,
        level_to: Optional[float] = None,
        valid: _Date = None,
        valid_from: _Date = None,
        valid_to: _Date = None,
        origin: _Date = None,
        origin_from: _Date = None,
        origin_to: _Date = None,
        metadata: Optional[Union[str, Mapping[str, Any]]] = None,
    ) -> list[Record]:
        """The records that match all that is given, in file order; all of them without criteria.

        None, -1 and blank text are wild. Case does not matter, but for `grtyp`.

        nomvar, typvar, etiket
            A text, or several, any of which will do.
        ip1_all, ip2_all, ip3_all
            `ip1` (...) is a level, to be found in any of its encodings.
        stamp_norun
            Compare dates exactly; else the three low bits of the stored date (a run number, or seconds) do not count.
        skip_grid_descriptors
            Leave grid descriptors out.
        level
            The level that `ip1` means, however it is coded: ``(500, 'hPa')``, or a range of levels, both ends
            included: ``(500, 850, 'hPa')``. Units are those of `Level`, and ``'mb'``, ``'Pa'``, ``'mASL'``,
            ``'mAGL'``, ``'sigma'``, ``'hybrid'``, ``'th'``, ``'h'``. What `Record.level` gives will do.
        level_kind, level_from, level_to
            The same in parts: the unit, or the number of the kind (`ip_decode`), with `level` a number or with the ends
            of a range; without any of them, all levels of that kind. The ip1 of grid descriptors is no level, but may
            look like one: see `skip_grid_descriptors`.
        valid, origin
            The date of validity or of origin, an instant, however it is coded: a `datetime.datetime`, a
            `numpy.datetime64` or a text such as ``'2024-01-15T12:00'``; UTC, unless it has a time zone.
        valid_from, valid_to, origin_from, origin_to
            The first and the last date of a period, both included.
        metadata
            What the extended metadata must have, as a dict or as JSON text. Numbers are equal (-1 and NaN are wild) and
            so are strings; of a list, each element must be among those of the record, strings as a prefix.

        Values that no record can have, and what could mean several things, such as a level without a unit, or a day
        where an instant is wanted, raise `InvalidArgumentError`, which is a `ValueError`.
        """
        given = dict(locals())
        del given['self']
        search = _search(given)
        numbers = (c_size_t * len(self))()
        found = c_size_t()
        _library.fst_search(self._handle, byref(search), numbers, len(numbers), byref(found))
        return [Record(self, number) for number in numbers[:min(found.value, len(numbers))]]

    def find_first(self, **criteria: Any) -> Record:
        """The first record that matches; criteria as for `find`. `NoMatch`, a `LookupError`, when none does."""
        search = _search(criteria)
        number = c_size_t()
        found = c_size_t(1)
        if _is_extended(search):
            _library.fst_search(self._handle, byref(search), byref(number), 1, byref(found))
        else:
            # It does not look at what is behind the first match.
            try:
                _library.fst_find_first(self._handle, search.criteria, byref(number))
            except NoMatch:
                found.value = 0
        if found.value == 0:
            raise NoMatch(f'no record of {self._description} matches {_wanted(criteria)}')
        return Record(self, number.value)

    def views(
        self,
        records: Iterable[Union[Record, int]],
        *,
        dtype: Any = None,
        writable: bool = False,
        any_byte_order: bool = False,
        prefetch: bool = False,
        start: _Places = None,
        count: _Places = None,
        progress: _ProgressFunction = None,
    ) -> list[np.ndarray]:
        """The arrays of several records, made in parallel; options as for `Record.array`.

        When one of them fails, its error is raised (the first one's, if there are several). ``progress(done, total)``,
        when given, is called on this thread as records are done; a true result cancels the batch with a
        `CancelledError`, and what it raises, an interrupt from the keyboard too, ends the batch.
        """
        numbers = self._numbers(records)
        options = _view_options(dtype, writable, any_byte_order, prefetch, start, count)
        handle = self._handle
        arrays = (FstArray * len(numbers))()
        for array in arrays:
            array.struct_size = sizeof(FstArray)
        views = [View(array, self._image) for array in arrays]
        with _Progress(progress, options):
            _library.fst_record_view_many(
                handle, (c_size_t * len(numbers))(*numbers), len(numbers), byref(options), arrays, None
            )
        return [view._as_array(array, self, number) for view, array, number in zip(views, arrays, numbers)]

    def read(
        self,
        records: Iterable[Union[Record, int]],
        out: Optional[np.ndarray] = None,
        *,
        dtype: Any = None,
        start: _Places = None,
        count: _Places = None,
        progress: _ProgressFunction = None,
    ) -> np.ndarray:
        """Several records of one shape stacked in one array, decoded in parallel straight into it.

        The result is in Fortran order and has the shape of the records (``record.shape``, or that of the slab) and the
        number of records as its last axis. Its element type is `dtype`, or the smallest that holds those of all
        records. `out`, when given, must be such an array: its last axis may have any stride. Records of different
        shapes, or an `out` of another one: `ShapeMismatchError`. When a record fails, its error is raised (the first
        one's, if there are several), and the contents of `out` are unspecified. `progress` is as for `views`.
        """
        chosen = [Record(self, number) for number in self._numbers(records)]
        if not chosen:
            raise InvalidArgumentError('invalid argument: there are no records to read')
        first = chosen[0]
        for record in chosen[1:]:
            if record._extents != first._extents:
                raise ShapeMismatchError(
                    f'shape mismatch: {record._place} has shape {record.shape}, '
                    f'record {first.number} has {first.shape}'
                )
        options, shape = first._slab(start, count)
        shape = _trimmed(shape) + (len(chosen),)
        if out is None:
            place = f'{len(chosen)} records of {self._description}'
            out = _new_array(shape, _common_type(chosen) if dtype is None else dtype, self._limit, place)
        else:
            _check_destination(out, dtype, self._description)
            if out.shape != shape:
                raise ShapeMismatchError(
                    f'shape mismatch: {self._description}: {len(chosen)} records make shape {shape}, '
                    f'out has {out.shape}'
                )
        code = _dtype_code(out.dtype, self._description)
        layer, step = out[..., 0], out.strides[-1]
        if not layer.flags.f_contiguous or (len(chosen) > 1 and abs(step) < layer.nbytes):
            raise ShapeMismatchError(
                f'shape mismatch: {self._description}: the layers of out are not contiguous in Fortran order'
            )
        number = len(chosen)
        address = out.ctypes.data
        with _Progress(progress, options):
            _library.fst_record_read_many(
                self._handle,
                (c_size_t * number)(*(record.number for record in chosen)),
                number,
                byref(options),
                code,
                (c_void_p * number)(*(address + place * step for place in range(number))),
                (c_size_t * number)(*([layer.nbytes] * number)),
                None,
            )
        return out

    def stack(
        self, nomvar: Optional[str] = None, *, dtype: Any = None, progress: _ProgressFunction = None, **criteria: Any
    ) -> Stack:
        """The records that match, which are a variable at one moment, as one array in the order of their levels.

        Criteria are as for `find`, and must leave one record a level: of one name, date of validity, shape and grid,
        and of one kind of level. `InvalidArgumentError` or `ShapeMismatchError` names two records that disagree,
        `NoMatch` is raised when there are none. Records are decoded in parallel straight into the array; `dtype` and
        `progress` are as for `read`.
        """
        criteria = {'nomvar': nomvar, **criteria}
        found = self.find(**criteria)
        if not found:
            raise NoMatch(f'no record of {self._description} matches {_wanted(criteria)}')
        levels, kind = self._level_order(found)
        records = [record for _, record in levels]
        first = records[0]
        data = self.read(records, dtype=dtype, progress=progress)
        ni, nj, nk = first._extents
        shape = (ni, nj, len(records)) if nk == 1 else (ni, nj, nk, len(records))
        try:
            x, y = first.grid.coordinates()
        except NotFoundError:
            x = y = None
        return Stack(
            data.reshape(shape, order='F'), np.array([value for value, _ in levels], 'f4'), _UNIT_OF_KIND[kind], kind,
            first.valid, records, x, y,
        )

    def _level_order(self, found: Sequence[Record]) -> tuple[list[tuple[float, Record]], int]:
        """The records of a stack in the order of their levels, and the kind of those; raises why they are none."""
        place = self._description
        levels = []
        first, kind = found[0], -1
        for record in found:
            try:
                value, this_kind = ip_decode(record.ip1)
            except InvalidArgumentError:
                raise InvalidArgumentError(
                    f'invalid argument: {place}: record {record.number} has no level: ip1 = {record.ip1} means nothing'
                ) from None
            kind = this_kind if record is first else kind
            for what, one, other in (
                ('nomvar', first.nomvar, record.nomvar), ('datev', first.datev, record.datev),
                ('shape', first._extents, record._extents),
                ('grid', *((of.grtyp, of.ig1, of.ig2, of.ig3) for of in (first, record))),
                ('kind of level', kind, this_kind),
            ):
                if one != other:
                    dates = f' ({first.valid} and {record.valid})' if what == 'datev' else ''
                    error, prefix = (
                        (ShapeMismatchError, 'shape mismatch') if what == 'shape'
                        else (InvalidArgumentError, 'invalid argument')
                    )
                    raise error(
                        f'{prefix}: {place}: records {first.number} and {record.number} differ in {what}: {one} and '
                        f'{other}{dates}; a stack has one'
                    )
            levels.append((value, record))
        levels.sort(key=operator.itemgetter(0))
        for (value, one), (next_value, other) in zip(levels, levels[1:]):
            if value == next_value:
                raise InvalidArgumentError(
                    f'invalid argument: {place}: records {one.number} and {other.number} are both at level '
                    f'{value:g} {_UNIT_OF_KIND[kind]}: {one!r}, {other!r}'
                )
        return levels, kind

    def _grid(self, record: Record) -> FstGrid:
        """The grid of a record. Records with the same attributes share it, but for the mask."""
        handle = self._handle
        info = record._info
        key = (
            info.grtyp, info.ig1, info.ig2, info.ig3, info.ig4, info.ni, info.nj, info.nk, info.etiket, info.datev,
            info.ip1, info.file_number, record.number if info.typvar[1:] == b'@' else -1,
        )
        found = self._grids.get(key)
        if found is None:
            found = FstGrid()
            _library.fst_record_grid(handle, record.number, byref(found))
            self._grids[key] = found
        return found

    @overload  # type: ignore[override]
    def index(self) -> dict[str, np.ndarray]: ...

    @overload
    def index(self, record: Record, start: int = ..., stop: int = ...) -> int: ...

    def index(self, *record: Any) -> Any:
        """The attributes of all records at once: read-only arrays of one element a record, in file order, by name.

        They are ``record`` (its number) and the attributes of `Record` from ``file_number`` to ``array_bytes``, with
        ``flags`` and ``dtype`` as in C; and, decoded, ``origin`` and ``valid`` (``datetime64[s]``, NaT where there is
        none), ``level`` and ``level_kind`` (of ``ip1``; NaN and -1 where it has no meaning). A data frame is made of
        it by ``pandas.DataFrame(file.index())``; `arrow` has the same for libraries that know Arrow.

        Numbers are not copied, but for columns of which something is missing. The arrays stay valid after the file is
        closed, and the memory goes with the last of them.

        With a record it is the method of every sequence: the number of that record.
        """
        if record:
            return super().index(*record)
        batch = _Export(self)
        children = (batch.array.children[number].contents for number in range(batch.schema.n_children))
        schemas = (batch.schema.children[number].contents for number in range(batch.schema.n_children))
        return {schema.name.decode('ascii'): _column(batch, schema, array) for schema, array in zip(schemas, children)}

    def arrow(self) -> ArrowBatch:
        """The same as `index`, for libraries that know Arrow: ``polars.DataFrame(file.arrow())``,
        ``pyarrow.record_batch(file.arrow())``."""
        self._handle
        return ArrowBatch(self)

    def __repr__(self) -> str:
        if self.closed:
            return f'<fstview.File {self._description!r}, closed>'
        info = self.info
        return (
            f'<fstview.File {self._description!r}, {info.format}, {info.record_count} records, {info.bytes} bytes'
            f'{", mapped" if info.mapped else ""}{"" if info.complete else ", incomplete"}>'
        )

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError('cannot pickle fstview.File: pass its path, and open it where it is needed')


class _Export:
    """An index of a file that the library exported: it is released with this object."""

    def __init__(self, file: File) -> None:
        self.schema, self.array = ArrowSchema(), ArrowArray()
        for structure in (self.schema, self.array):
            weakref.finalize(self, _release_arrow, structure).atexit = False
        _library.fst_index_export(file._handle, byref(self.schema), byref(self.array))


class _Column:
    """What the memory of a column of an index belongs to."""

    __slots__ = ('__array_interface__', 'batch')

    def __init__(self, batch: _Export, address: int, dtype: np.dtype, length: int) -> None:
        self.batch = batch
        self.__array_interface__ = {
            'version': 3, 'typestr': dtype.str, 'shape': (length,), 'data': (address, True),
        }


_ARROW_TYPES = {
    b'L': np.dtype('u8'), b'l': np.dtype('i8'), b'I': np.dtype('u4'), b'i': np.dtype('i4'), b'f': np.dtype('f4'),
    b'tss:UTC': np.dtype('M8[s]'),
}


def _column(batch: _Export, schema: ArrowSchema, column: ArrowArray) -> np.ndarray:
    """A column as an array."""
    def buffer(number: int, dtype: Any, length: int) -> np.ndarray:
        dtype = np.dtype(dtype)
        if length == 0:
            return np.empty(0, dtype)
        # Dates go as the integers that they are.
        plain = np.dtype('i8') if dtype.kind == 'M' else dtype
        return np.asarray(_Column(batch, column.buffers[number], plain, length)).view(dtype)

    length = column.length
    if schema.format == b'u':
        ends = buffer(1, 'i4', length + 1)
        values = _texts(ends, buffer(2, 'u1', int(ends[-1])))
    elif schema.format not in _ARROW_TYPES:
        raise InternalError(f'internal error: column {schema.name!r} of format {schema.format!r}')
    else:
        values = buffer(1, _ARROW_TYPES[schema.format], length)
    if column.null_count:
        there = np.unpackbits(buffer(0, 'u1', (length + 7) // 8), count=length, bitorder='little').view(bool)
        missing = {'M': np.datetime64('NaT'), 'f': np.nan}.get(values.dtype.kind, -1)
        values = np.where(there, values, values.dtype.type(missing))
    values.flags.writeable = False
    return values


def _texts(ends: np.ndarray, characters: np.ndarray) -> np.ndarray:
    """Texts one behind the other as an array of text."""
    starts, lengths = ends[:-1], np.diff(ends)
    width = max(int(lengths.max(initial=0)), 1)
    codes = np.empty((len(lengths), width), 'u4')
    if (lengths == width).all():
        codes[...] = characters.reshape(codes.shape)
    else:
        # One place in all texts at a time; what is read behind the end of a text is not used.
        characters = np.append(characters, np.zeros(width, 'u1'))
        for place in range(width):
            codes[:, place] = np.where(place < lengths, characters[starts + place], 0)
    return codes.view(f'U{width}').reshape(-1)


class ArrowBatch:
    """The attributes of all records of a file as an Arrow record batch: what `File.arrow` gives.

    Libraries that know Arrow's PyCapsule interface take it as it is. Each time they do, the batch is made anew: the
    file must be open. What they made of it stays valid afterwards.
    """

    __slots__ = ('file',)

    def __init__(self, file: File) -> None:
        self.file = file

    def __arrow_c_schema__(self) -> Any:
        """Names and types of the columns, as a capsule."""
        return self.__arrow_c_array__()[0]

    def __arrow_c_array__(self, requested_schema: Any = None) -> tuple[Any, Any]:
        """The batch as two capsules, schema and array. Another schema that is requested is not looked at."""
        schema, array = ArrowSchema(), ArrowArray()
        _library.fst_index_export(self.file._handle, byref(schema), byref(array))
        return _schema_capsule(schema), _array_capsule(array)

    def __repr__(self) -> str:
        return f'<fstview.ArrowBatch of {self.file!r}>'


def _wanted(criteria: Mapping[str, Any]) -> str:
    """Criteria as a message shows them."""
    return ', '.join(f'{name}={value!r}' for name, value in criteria.items() if value is not None) or 'anything'


def _common_type(records: Sequence[Record]) -> np.dtype:
    """The smallest element type that NumPy would promote those of all records to."""
    return np.result_type(*(record._element_type(None) for record in records))


def _is_buffer(source: Any) -> bool:
    try:
        memoryview(source).release()
    except TypeError:
        return False
    return True


def _image(source: Any) -> np.ndarray:
    """The bytes of a buffer, which cannot be resized or freed while the result lives."""
    view = memoryview(source)
    if not view.c_contiguous:
        raise InvalidArgumentError('invalid argument: a file image must be contiguous in memory')
    return np.frombuffer(source, np.uint8) if view.nbytes else np.empty(0, np.uint8)


def open(
    source: _Source,
    *,
    access: str = 'auto',
    map_threshold: int = 0,
    cache_bytes: int = 0,
    max_array_bytes: int = 0,
    threads: int = 0,
    missing: str = 'keep',
    strict: bool = False,
    skip_unreadable: bool = False,
) -> File:
    """Opens a file and reads its directory; no field is read. The format (XDF or RSF) is recognised by content.

    source
        A path (`str` or `os.PathLike`); several of them, which are treated as one file in the order given; or a
        bytes-like object: the image of a file, which must not change while the file or an array of it is used.
    access
        ``'map'``, ``'read'``, or ``'auto'``: files larger than `map_threshold` are mapped.
    map_threshold
        Bytes; 0: 1 GiB, or the environment's FSTVIEW_MAP_THRESHOLD.
    cache_bytes
        Bytes of decoded arrays that are kept after their last use; 0: none, memory is given back at once.
    max_array_bytes
        Larger arrays are refused with a `LimitError`; 0: no limit but the machine's memory.
    threads
        Threads of `File.views`, `File.read` and of indexing several files; 0: the cores that this process may use.
    missing
        What becomes of missing values in records that have them: ``'keep'`` as stored, ``'codes'`` librmn's codes (or
        those of the environment's MISSING_VALUE_FLAGS), ``'nan'`` NaN for reals and librmn's codes for integers.
    strict
        Whether an unclosed or damaged file is an error; else it is opened as far as it is sound, and
        ``file.info.complete`` is False.
    skip_unreadable
        Whether files among several that cannot be opened are left out, as long as one can; `File.problems` says why.

    Raises `NotFoundError`, `PermissionError`, `IOError`, `NotFstError`, `UnsupportedError`, `CorruptError`,
    `TruncatedError`; `InvalidArgumentError` and `TypeError` for arguments that mean nothing.
    """
    return File(
        source,
        access=access,
        map_threshold=map_threshold,
        cache_bytes=cache_bytes,
        max_array_bytes=max_array_bytes,
        threads=threads,
        missing=missing,
        strict=strict,
        skip_unreadable=skip_unreadable,
    )


# Dates, levels and times

def library_version() -> str:
    """The version of the shared library."""
    return _library.fst_version().decode('ascii')


def _int32(value: Any, name: str) -> int:
    return _integer(value, name, -2**31, 2**31 - 1)


def date_from_stamp(stamp: int) -> datetime.datetime:
    """The date of a CMC date-time stamp, in UTC and without a time zone, as NumPy has dates.

    `InvalidArgumentError` for a stamp that is no date, or one of the year 0.
    """
    date = FstDate()
    _library.fst_date_from_stamp(_int32(stamp, 'stamp'), byref(date))
    try:
        return datetime.datetime(date.year, date.month, date.day, date.hour, date.minute, date.second)
    except ValueError as error:
        raise InvalidArgumentError(f'invalid argument: stamp {stamp} is in the year {date.year}: {error}') from None


def stamp_from_date(date: Union[datetime.datetime, np.datetime64], extended: bool = False) -> int:
    """The CMC date-time stamp of a date, which is taken as UTC when it has no time zone.

    Seconds are stored in steps of 5, and not at all where the style of the stamp has none. `extended` gives the stamp of
    the extended style, to the hour. `InvalidArgumentError` for a date that has no stamp.
    """
    if not isinstance(date, (datetime.datetime, np.datetime64)):
        raise TypeError(f'date must be a datetime.datetime or a numpy.datetime64, not {type(date).__name__}')
    if _is_no_date(date):
        raise InvalidArgumentError(f'date is {date}, which is no date')
    if isinstance(date, np.datetime64):
        found = _date_of_numpy(date, 'date')
        if not isinstance(found, datetime.datetime):
            found = datetime.datetime(found.year, found.month, found.day)
        date = found
    stamp = c_int32()
    function = _library.fst_extended_stamp_from_date if _flag(extended, 'extended') else _library.fst_stamp_from_date
    function(byref(_fst_date(_utc(date, 'date'))), byref(stamp))
    return stamp.value


def stamp_add_hours(stamp: int, hours: float, calendar: str = 'standard') -> int:
    """The stamp `hours` hours later (earlier, when negative), to the nearest 5 seconds.

    `calendar` is ``'standard'``, or that of a climate model: ``'365_day'`` (``'noleap'``) or ``'360_day'``, in which
    the hours are counted. The stamps are real dates as ever.
    """
    result = c_int32()
    number = _choice(calendar, 'calendar', _CALENDARS)
    _library.fst_calendar_add_hours(_int32(stamp, 'stamp'), float(hours), number, byref(result))
    return result.value


def stamp_difference(stamp1: int, stamp2: int, calendar: str = 'standard') -> float:
    """`stamp1` minus `stamp2`, in hours, counted in a calendar as `stamp_add_hours` knows them."""
    hours = c_double()
    number = _choice(calendar, 'calendar', _CALENDARS)
    _library.fst_calendar_difference(_int32(stamp1, 'stamp1'), _int32(stamp2, 'stamp2'), number, byref(hours))
    return hours.value


def ip_decode(ip: int) -> tuple[float, int]:
    """The value and the kind of a level or time code (ip1, ip2, ip3), of either style.

    Kinds: 0 metres above sea level, 1 sigma, 2 hPa, 3 arbitrary, 4 metres above ground, 5 hybrid, 6 potential
    temperature in K, 7 metres below sea level, 10 hours, 15 integer, 17 index, 21 hybrid height. The value has the
    precision of a 32-bit real. `InvalidArgumentError` for a code without meaning.
    """
    value, kind = c_float(), c_int32()
    _library.fst_ip_decode(_int32(ip, 'ip'), byref(value), byref(kind))
    return value.value, kind.value


def ip_encode(value: float, kind: Union[int, str], style: str = 'new') -> int:
    """The code of a value of a kind, which is a number or a unit, such as ``'hPa'``: those that `File.find` knows.

    `style` is ``'new'`` or ``'old'``. `InvalidArgumentError` when there is no such code.
    """
    number, size = _kind(kind, 'kind')
    ip = c_int32()
    _library.fst_ip_encode(_real(value, 'value') * size, number, _choice(style, 'style', _IP_STYLES), byref(ip))
    return ip.value


def ip_format(ip: int) -> str:
    """A level or time code as text, as librmn's listings show it: ``'500 mb'``; ``'Invalid'`` for a code without
    meaning, empty for an arbitrary number."""
    text = ctypes.create_string_buffer(32)
    _library.fst_ip_format(_int32(ip, 'ip'), text, len(text))
    return text.value.decode('ascii').strip()


def _level(value: float, kind: int) -> Level:
    return Level(value, _UNIT_OF_KIND[kind])


def _bounds(bounds: FstBounds) -> Bounds:
    return Bounds(bounds.first, bounds.second, _UNIT_OF_KIND[bounds.kind])


def _sequence(value: Any, name: str, parts: Sequence[str]) -> list[Any]:
    """The parts of a tuple, which are named in the message when there are others."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise TypeError(f'{name} must be ({", ".join(parts)}), not {type(value).__name__}')
    if len(value) != len(parts):
        raise InvalidArgumentError(f'{name} must be ({", ".join(parts)}), not {len(value)} items')
    return list(value)


def _fst_level(value: Any, name: str) -> FstLevel:
    number, unit = _sequence(value, name, ('value', 'unit'))
    kind, size = _kind(unit, name)
    return FstLevel(value=_real(number, name) * size, kind=kind)


def _fst_bounds(value: Any, name: str) -> FstBounds:
    first, second, unit = _sequence(value, name, ('first', 'second', 'unit'))
    kind, size = _kind(unit, name)
    return FstBounds(kind=kind, first=_real(first, name) * size, second=_real(second, name) * size)


def ip_decode_triplet(ip1: int, ip2: int, ip3: int) -> Triplet:
    """What three codes say together: a level; a time, or a second level; anything.

    Two levels of one kind come first and third, upwards for heights and downwards for sigma, pressure and depth; two
    times come second and third, the later first. `InvalidArgumentError` for codes that are negative, without meaning or
    of no such order.
    """
    found = FstTriplet()
    _library.fst_ip_decode_triplet(_int32(ip1, 'ip1'), _int32(ip2, 'ip2'), _int32(ip3, 'ip3'), byref(found))
    first, second, third = (_level(level.value, level.kind) for level in found.values)
    return Triplet((first, second, third), found.guesses)


def ip_encode_triplet(values: Sequence[Any]) -> tuple[int, int, int]:
    """The codes ip1, ip2, ip3 of three values, each a `Level` or ``(value, unit)``: a level; a time, or a second level;
    anything. They are put in the order of `ip_decode_triplet` first.

    `InvalidArgumentError` when the first is no level, the second neither time nor level, or one has no code.
    """
    names = ('values[0]', 'values[1]', 'values[2]')
    given = FstTriplet()
    for at, value in enumerate(_sequence(values, 'values', ('first', 'second', 'third'))):
        given.values[at] = _fst_level(value, names[at])
    codes = c_int32(), c_int32(), c_int32()
    _library.fst_ip_encode_triplet(byref(given), *map(byref, codes))
    return codes[0].value, codes[1].value, codes[2].value


def ip_decode_interval(ip1: int, ip2: int, ip3: int) -> Interval:
    """What three codes say, a pair of them taken as an interval: of levels (ip1 and ip3), or of times (ip2 and ip3, as
    accumulations and averages have it).

    `InvalidArgumentError` for codes that are negative or without meaning, an ip1 that is no level, an ip2 that is no
    time.
    """
    found = FstInterval()
    _library.fst_ip_decode_interval(_int32(ip1, 'ip1'), _int32(ip2, 'ip2'), _int32(ip3, 'ip3'), byref(found))
    third = None if found.third.kind == -1 else _bounds(found.third)
    return Interval(_bounds(found.level), _bounds(found.time), third, found.guesses)


def ip_encode_interval(level: Any, time: Any, third: Any = None) -> tuple[int, int, int]:
    """The codes ip1, ip2, ip3 of a level and a time, each a `Bounds` or ``(first, second, unit)``, one of which may be
    an interval; when none is, ip3 is the first bound of `third`.

    `InvalidArgumentError` when `level` is no level or `time` no time, when none or more than one of level interval, time
    interval and third value want ip3, or a value has no code.
    """
    given = FstInterval(level=_fst_bounds(level, 'level'), time=_fst_bounds(time, 'time'))
    given.third = FstBounds(kind=-1) if third is None else _fst_bounds(third, 'third')
    codes = c_int32(), c_int32(), c_int32()
    _library.fst_ip_encode_interval(byref(given), *map(byref, codes))
    return codes[0].value, codes[1].value, codes[2].value


def _command() -> Optional[str]:
    """The command that belongs to the library: beside it as it is built, in ``bin`` of a prefix, where pip has put it, or
    on the path."""
    library = os.path.realpath(LIBRARY_PATH)
    candidates = [
        os.path.join(os.path.dirname(library), 'fstview'),
        os.path.join(os.path.dirname(os.path.dirname(library)), 'bin', 'fstview'),
    ]
    try:
        files = importlib.metadata.files('fstview') or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    candidates += [str(file.locate()) for file in files if file.name == 'fstview']
    for candidate in candidates:
        if os.path.isfile(candidate) and os.access(candidate, os.X_OK):
            return candidate
    return shutil.which('fstview')


def _main() -> None:
    """Becomes the command."""
    command = _command()
    if command is None:
        sys.exit(
            f'fstview: the command is not there: neither beside {LIBRARY_PATH}, nor in the directory bin, nor on the '
            'path: install it with "make install" or "pip install .", or put target/release on the path'
        )
    sys.stdout.flush()
    os.execv(command, [command, *sys.argv[1:]])


if __name__ == '__main__':
    _main()
