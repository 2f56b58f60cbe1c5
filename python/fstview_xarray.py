# SPDX-License-Identifier: MIT OR Apache-2.0
"""RPN Standard Files as xarray datasets.

    import xarray

    dataset = xarray.open_dataset('2024011500_012', engine='fstview', chunks={})
    dataset.TT.sel(level=500, time='2024-01-15T12:00')

Where fstview is installed, xarray knows the engine by its name; elsewhere ``engine=fstview_xarray.FstviewBackend`` does.

Nothing is decoded before it is used, and then only the part that is used. A record is an array (ni, nj) in Fortran order,
which is an array (y, x) in C order: it is not copied to become one.

*Variables* have the names of records and the dimensions ``time``, ``level``, ``y``, ``x`` (and ``z`` before ``y`` where nk
is not 1). Records without a date of validity have no ``time``, records whose ip1 means no level have no ``level``. Where a
level is missing at a time, values are NaN; integers become reals for that (64-bit ones may lose digits), text is empty.
Grid descriptors become coordinates. Records that cannot be decoded are left out, with a warning.

*Records of one name that do not fit together* are several variables, with what tells them apart behind the name, as far as
it is needed and in this order: typvar, etiket, the unit of the level (``nolevel``), ``undated``, the shape, ``text``, the
grid (grtyp and ig1 to ig4). Where several records then have one time and level: the date of origin, ``ip3_`` or ``ip2_`` with
the number. ``TM_P@`` and ``TM_@@`` are a field and its mask. Records that agree in everything: the first in the file, with a
warning.

*Dimensions*: variables that have the same times share ``time``, those that have others have ``time2`` and so on; likewise
``level``, ``z``, and ``y`` and ``x`` of grids. The names without a number are those of most records.

*Coordinates*: ``time`` is the date of validity; ``level`` the decoded ip1, increasing, with the attributes ``units``, ``kind`` and
``positive``; ``x`` and ``y`` the axes of the grid (``>>``, ``^^``) in its own reference; ``lon`` and ``lat`` in degrees, computed when they
are used: of grids A, B, C, G, L, N, S, of Z, Y and ``#`` whose axes refer to L (plain degrees), E, N or S, of U, and those
given by LO and LA.

Datasets can be pickled, as workers of Dask need it: files are opened again where they are used.
"""

from __future__ import annotations

import os
import warnings
import weakref
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Optional

import fstview
import numpy as np

try:
    import xarray
    from xarray.backends import BackendArray, BackendEntrypoint
    from xarray.core import indexing
except ImportError as error:
    raise ImportError(
        f'fstview_xarray needs xarray ({error}): install it with "pip install xarray", and "pip install dask" for chunks',
        name='xarray',
    ) from error

__all__ = ['FstviewBackend']


class _Kind(NamedTuple):
    """What kinds of level are called."""

    suffix: str
    units: str
    long_name: str
    positive: str


_KINDS = {
    0: _Kind('m', 'm', 'height above sea level', 'up'),
    1: _Kind('sg', '1', 'sigma', 'down'),
    2: _Kind('hPa', 'hPa', 'pressure', 'down'),
    3: _Kind('arbitrary', '1', 'arbitrary code', ''),
    4: _Kind('M', 'm', 'height above ground', 'up'),
    5: _Kind('hy', '1', 'hybrid', 'down'),
    6: _Kind('K', 'K', 'potential temperature', 'up'),
    7: _Kind('depth', 'm', 'depth below sea level', 'down'),
    10: _Kind('H', 'h', 'hours', ''),
    15: _Kind('integer', '1', 'integer', ''),
    17: _Kind('index', '1', 'index', ''),
    21: _Kind('mp', 'm', 'hybrid height', 'up'),
}
_IS_DESCRIPTOR, _HAS_MISSING = 16, 4
# Grids of which ig4 says something.
_WITH_IG4 = ('A', 'B', 'C', 'E', 'G', 'H', 'L', 'N', 'S', '+', '#')


# Files and arrays

def _identity(source: Any) -> Any:
    """What changes when a file does."""
    if isinstance(source, str):
        try:
            found = os.stat(source)
        except OSError:
            return None
        return found.st_size, found.st_mtime_ns
    return [_identity(path) for path in source] if isinstance(source, list) else None


class _Opened:
    """A file that is opened again where it is unpickled, once for all that need it there."""

    def __init__(self, source: Any, options: Mapping[str, Any], identity: Any) -> None:
        self.source, self.options, self.identity = source, dict(options), identity
        self._file: Optional[fstview.File] = None

    @property
    def file(self) -> fstview.File:
        file = self._file
        if file is None or file.closed:
            file = self._file = fstview.open(self.source, **self.options)
            if _identity(self.source) != self.identity:
                self.close()
                raise fstview.CorruptError(
                    f'corrupt: {self.source}: the file has changed since the dataset was opened: open it again'
                )
        return file

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def __reduce__(self) -> Any:
        return _opened_again, (self.source, self.options, self.identity)


_opened: weakref.WeakValueDictionary[str, _Opened] = weakref.WeakValueDictionary()


def _opened_again(source: Any, options: Mapping[str, Any], identity: Any) -> _Opened:
    if isinstance(source, (str, list)):
        key = repr((source, sorted(options.items()), identity))
        opened = _opened.get(key)
        if opened is None:
            opened = _opened[key] = _Opened(source, options, identity)
        return opened
    return _Opened(source, options, identity)


def _outer(array: np.ndarray, items: Sequence[Any]) -> np.ndarray:
    """Integers, slices and lists of places, each along its own axis."""
    for axis in reversed(range(len(items))):
        array = array[(slice(None),) * axis + (items[axis],)]
    return array


class _Lazy(BackendArray):
    """An array of which the part that is asked for is made."""

    shape: tuple[int, ...]
    dtype: np.dtype

    def __getitem__(self, key: indexing.ExplicitIndexer) -> Any:
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER, self._get)

    def _get(self, key: tuple[Any, ...]) -> Any:
        raise NotImplementedError


class _Field(_Lazy):
    """Records of one shape behind one another, -1 where there is none."""

    def __init__(
        self, opened: _Opened, numbers: np.ndarray, coded: np.ndarray, extents: tuple[int, ...], stored: set[np.dtype]
    ) -> None:
        """`coded`: whether integers that are missing have librmn's code in a record."""
        self.opened, self.numbers = opened, numbers
        kind = np.result_type(*stored)
        self.coded = coded if kind.kind in 'iu' and coded.any() else None
        if kind.kind in 'iu' and (self.coded is not None or (numbers < 0).any()):
            kind = np.dtype('f4' if kind.itemsize <= 2 else 'f8')
        self.dtype = kind
        # Whether the library decodes all of them into that type by itself.
        self.is_plain = self.coded is None and all(one == kind or one.kind == kind.kind in 'fc' for one in stored)
        self.shape = numbers.shape + extents[::-1]

    def _get(self, key: tuple[Any, ...]) -> Any:
        lead = self.numbers.ndim
        numbers = _outer(self.numbers, key[:lead])
        coded = None if self.coded is None else _outer(self.coded, key[:lead]).reshape(-1)
        start, count, inner = [], [], []
        for item, extent in zip(key[lead:], self.shape[lead:]):
            if isinstance(item, slice):
                places = range(*item.indices(extent))
                first, last = (min(places[0], places[-1]), max(places[0], places[-1])) if places else (0, -1)
                inner.append(slice(None, None, places.step))
            else:
                places = np.asarray(item)
                first, last = (int(places.min()), int(places.max())) if places.size else (0, -1)
                inner.append(int(places - first) if places.ndim == 0 else places - first)
            start.append(first)
            count.append(last - first + 1)
        if 0 in count or numbers.size == 0:
            part = np.empty(numbers.shape + tuple(count), self.dtype)
        else:
            part = self._read(numbers.reshape(-1), coded, tuple(start[::-1]), tuple(count[::-1]))
            part = part.reshape(numbers.shape + tuple(count))
        return _outer(part, [slice(None)] * numbers.ndim + inner)

    def _read(
        self, numbers: np.ndarray, coded: Optional[np.ndarray], start: tuple[int, ...], count: tuple[int, ...]
    ) -> np.ndarray:
        """The records, one behind the other, with the axes of each reversed."""
        file = self.opened.file
        if len(numbers) == 1 and numbers[0] >= 0 and self.is_plain:
            # No copy where its bytes are the array; only what is written to becomes pages of its own.
            one = file[int(numbers[0])].array(self.dtype, writable=True, start=start, count=count)
            return one.reshape(count, order='F').T[None]
        out = np.empty((len(numbers),) + count[::-1], self.dtype)
        out[numbers < 0] = b'' if self.dtype.kind == 'S' else np.nan if self.dtype.kind in 'fc' else 0
        present = np.flatnonzero(numbers >= 0)
        if self.is_plain:
            rank = max((axis + 1 for axis, extent in enumerate(count) if extent > 1), default=1)
            for run in np.split(present, np.flatnonzero(np.diff(present) != 1) + 1):
                if run.size:
                    layers = out[run[0]:run[-1] + 1].reshape((run.size,) + count[:rank][::-1]).T
                    file.read(numbers[run].tolist(), layers, start=start, count=count)
            return out
        for place in present.tolist():
            values = file[int(numbers[place])].array(start=start, count=count).reshape(count, order='F').T
            out[place] = values
            if coded is not None and coded[place] and values.dtype.itemsize < 8:
                least, most = np.iinfo(values.dtype).min, np.iinfo(values.dtype).max
                out[place][values == (most if least == 0 else least)] = np.nan
        return out


# Grids

def _unit_vector(latitude: Any, longitude: Any) -> np.ndarray:
    latitude, longitude = np.radians(latitude), np.radians(longitude)
    return np.array([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude),
                     np.sin(latitude) + 0 * longitude])


def _from_rotated(parameters: Sequence[float], x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """From the rotated globe, whose equator runs through the centre (the first two parameters), at 180 degrees, and
    through the point of the other two."""
    centre, east = _unit_vector(*parameters[:2]), _unit_vector(*parameters[2:])
    pole = np.cross(centre, east)
    pole /= np.linalg.norm(pole)
    axes = np.array([-centre, np.cross(pole, -centre), pole])
    a, b, c = np.tensordot(axes.T, _unit_vector(y, x), 1)
    return np.degrees(np.arctan2(c, np.hypot(a, b))), np.degrees(np.arctan2(b, a))


def _from_polar(south: bool, parameters: Sequence[float], x: np.ndarray, y: np.ndarray) -> tuple[Any, Any]:
    """From a polar stereographic plane true at 60 degrees: pole, grid length, angle."""
    pole_i, pole_j, length, angle = parameters
    a, b = x - pole_i, y - pole_j
    radius, square = 1.866025 * 6.371e6 / length, np.square(a) + np.square(b)
    latitude = np.degrees(np.arcsin((radius**2 - square) / (radius**2 + square)))
    longitude = (np.degrees(np.arctan2(b, a)) - angle + 180) % 360 - 180
    return (-latitude, -longitude) if south else (latitude, longitude)


class _Geometry(NamedTuple):
    """Axes, or the coordinates of points, and what they refer to."""

    reference: str
    """L plain degrees, E, N, S; empty when unknown."""
    parameters: Optional[Sequence[float]]
    x: np.ndarray
    y: np.ndarray
    """Of one dimension: axes; of two: points, (nj, ni)."""
    yang: Optional[Sequence[float]] = None
    """Parameters of the second half of the rows of grid U."""

    @property
    def is_global(self) -> bool:
        """Whether degrees follow."""
        return self.reference == 'L' or self.reference in ('E', 'N', 'S') and self.parameters is not None

    def degrees(self, parameters: Any, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if self.reference == 'E':
            return _from_rotated(parameters, x, y)
        return _from_polar(self.reference == 'S', parameters, x, y)


class _Degrees(_Lazy):
    """Latitudes (0) or longitudes (1) of a grid, computed from its axes."""

    def __init__(self, geometry: _Geometry, which: int) -> None:
        self.geometry, self.which = geometry, which
        self.shape = geometry.x.shape if geometry.x.ndim == 2 else (geometry.y.size, geometry.x.size)
        self.dtype = np.dtype('f8')

    def _get(self, key: tuple[Any, ...]) -> Any:
        of = self.geometry
        if of.x.ndim == 2:
            x, y = (_outer(values, key).astype('f8') for values in (of.x, of.y))
            return np.asarray(of.degrees(of.parameters, x, y)[self.which])
        rows, columns = (np.atleast_1d(np.arange(extent)[item]) for extent, item in zip(self.shape, key))
        x, y = of.x[columns].astype('f8')[None, :], of.y[rows].astype('f8')[:, None]
        found = of.degrees(of.parameters, x, y)[self.which]
        if of.yang is not None:
            other = of.degrees(of.yang, x, y)[self.which]
            found = np.where(rows[:, None] < self.shape[0] // 2, found, other)
        return _outer(found, [0 if isinstance(item, (int, np.integer)) else slice(None) for item in key])


def _plain_axes(grtyp: str, parameters: Sequence[float], ni: int, nj: int) -> Optional[tuple[np.ndarray, np.ndarray]]:
    """Longitudes and latitudes of the grids that are described by four numbers and have two axes of degrees."""
    i, j = np.arange(ni), np.arange(nj)
    if grtyp in 'LC':
        # Codes are hundredths, which the parameters, single precision, hold to six digits.
        latitude, longitude = np.round(parameters[:2], 2)
        step_j, step_i = np.round(parameters[2:], 2) if grtyp == 'L' else parameters[2:]
        axes = longitude + step_i * i, latitude + step_j * j
        return axes if np.isfinite(axes[0]).all() and np.isfinite(axes[1]).all() else None
    if grtyp not in 'ABG':
        return None
    hemisphere, is_reversed = parameters[:2]
    if hemisphere not in (0, 1, 2):
        return None
    first, extent = (-90 if hemisphere in (0, 2) else 0), 180 if hemisphere == 0 else 90
    if grtyp == 'G':
        points = nj if hemisphere == 0 else 2 * nj
        y = np.degrees(np.arcsin(np.polynomial.legendre.leggauss(points)[0]))
        y = y[nj:] if hemisphere == 1 else y[:nj]
    elif grtyp == 'A':
        y = first + extent * (j + 0.5) / nj
    else:
        y = first + extent * j / max(nj - 1, 1)
    x = 360 * i / (max(ni - 1, 1) if grtyp == 'B' else ni)
    return x, y[::-1] if is_reversed else y


def _yin_yang(grid: fstview.Grid, ni: int, nj: int) -> Optional[_Geometry]:
    """The axes of grid U: one panel above the other."""
    values = grid.yin_yang.data.reshape(-1, order='F')
    rows = nj // 2
    panels = [values[start:start + ni + rows] for start in (15, 25 + ni + rows)]
    if len(panels[1]) != ni + rows or (panels[0][:ni] != panels[1][:ni]).any():
        return None
    y = np.concatenate([panel[ni:] for panel in panels])
    return _Geometry('E', grid.parameters, panels[0][:ni], y, grid.yang_parameters)


def _geometry(record: fstview.Record) -> Optional[_Geometry]:
    """Where the points of a field are, as far as its file says so."""
    try:
        return _geometry_of(record.grid, record.ni, record.nj)
    except fstview.NotFoundError:
        return None
    except fstview.Error as error:
        warnings.warn(f'{record!r} has no coordinates, its grid cannot be read: {error}', stacklevel=5)
        return None


def _geometry_of(grid: fstview.Grid, ni: int, nj: int) -> Optional[_Geometry]:
    if grid.yin_yang is not None:
        return _yin_yang(grid, ni, nj)
    x, y = grid.coordinates()
    if x is None or y is None:
        if grid.x is not None or grid.y is not None or grid.parameters is None:
            return None
        axes = _plain_axes(grid.grtyp, grid.parameters, ni, nj)
        if axes is not None:
            return _Geometry('L', None, *axes)
        if grid.grtyp in 'NS':
            return _Geometry(grid.grtyp, grid.parameters, np.arange(1, ni + 1.0), np.arange(1, nj + 1.0))
        return None
    if x.dtype.kind not in 'iuf' or y.dtype.kind not in 'iuf':
        return None
    if grid.points:
        if x.size != ni * nj or y.size != ni * nj:
            return None
        x, y = (values.reshape((ni, nj), order='F').T for values in (x, y))
    elif (x.size, y.size) != (ni, nj):
        return None
    reference = 'L' if grid.latlon_fields else grid.ref_grtyp
    is_plain = grid.latlon_fields or grid.parameters is None or np.allclose(grid.parameters, (0, 0, 1, 1), atol=1e-4)
    if reference == 'L' and not is_plain:
        # Axes in steps of another grid.
        reference = ''
    return _Geometry(reference, grid.parameters, x, y)


# Variables

class _Row(NamedTuple):
    """What is to be known of a record."""

    number: int
    time: Any
    level: Any
    has_missing: bool
    dtype: np.dtype
    kind: Optional[int]
    origin: Any
    ip2: int
    ip3: int


class _Key(NamedTuple):
    """What the records of a variable have in common, in the order in which names tell it."""

    typvar: str
    etiket: str
    kind: Optional[int]
    is_dated: bool
    shape: tuple[int, ...]
    is_text: bool
    grid: tuple[Any, ...]
    origin: Any = None
    ip3: Optional[int] = None
    ip2: Optional[int] = None

    def suffixes(self) -> list[str]:
        """What names say of each."""
        def word(text: str) -> str:
            return text.replace(' ', '_').replace('/', '_') or 'blank'

        grtyp, *numbers = self.grid
        origin = ''
        if self.origin is not None:
            origin = 'noorigin' if np.isnat(self.origin) else str(self.origin).replace('-', '').replace(':', '')
        return [
            word(self.typvar), word(self.etiket), 'nolevel' if self.kind is None else _KINDS[self.kind].suffix,
            '' if self.is_dated else 'undated', 'x'.join(map(str, self.shape)), 'text' if self.is_text else '',
            word(grtyp) + '_'.join(map(str, numbers)), origin, '' if self.ip3 is None else f'ip3_{self.ip3}',
            '' if self.ip2 is None else f'ip2_{self.ip2}',
        ]


class _Variable(NamedTuple):
    nomvar: str
    key: _Key
    rows: list[_Row]

    @property
    def times(self) -> tuple[Any, ...]:
        return tuple(sorted({row.time for row in self.rows}))

    @property
    def levels(self) -> tuple[Any, ...]:
        return tuple(sorted({row.level for row in self.rows}))


def _rows(file: fstview.File, numbers: Iterable[int]) -> dict[tuple[str, _Key], list[_Row]]:
    """The records, by what they have in common."""
    index = file.index()
    dtypes: dict[int, Optional[np.dtype]] = {}
    names = (
        'flags', 'dtype', 'nomvar', 'typvar', 'etiket', 'grtyp', 'ig1', 'ig2', 'ig3', 'ig4', 'ni', 'nj', 'nk', 'ip2',
        'ip3', 'level', 'level_kind', 'data_type',
    )
    columns = {name: index[name].tolist() for name in names}
    valid, origin = index['valid'], index['origin']
    dated = (~np.isnat(valid)).tolist()
    groups: dict[tuple[str, _Key], list[_Row]] = {}
    refused = []
    for number in numbers:
        (flags, code, nomvar, typvar, etiket, grtyp, ig1, ig2, ig3, ig4, ni, nj, nk, ip2, ip3, level, kind,
         data_type) = (columns[name][number] for name in names)
        if flags & _IS_DESCRIPTOR:
            continue
        if code not in dtypes:
            dtypes[code] = file[number].dtype
        dtype = dtypes[code]
        if dtype is None:
            refused.append(number)
            continue
        shape = (ni, nj) if nk == 1 else (ni, nj, nk)
        if data_type & 63 == 0:
            # Bits of odd widths come as words.
            words = file[number].shape
            shape = shape if np.prod(words) == ni * nj * nk else (words[0], 1)
        is_dated, kind = dated[number], kind if kind in _KINDS else None
        # ig4 is no part of what names descriptors.
        grid = (grtyp, ig1, ig2, ig3, ig4) if grtyp in _WITH_IG4 else (grtyp, ig1, ig2, ig3)
        key = _Key(typvar, etiket, kind, is_dated, shape, dtype.kind == 'S', grid)
        groups.setdefault((nomvar, key), []).append(
            _Row(number, valid[number] if is_dated else None, None if kind is None else level,
                 bool(flags & _HAS_MISSING), dtype, kind, origin[number], ip2, ip3)
        )
    if refused:
        warnings.warn(
            f'{", ".join(file.paths)}: {len(refused)} records that cannot be decoded are left out, the first is record '
            f'{refused[0]}', stacklevel=5,
        )
    return groups


def _split(nomvar: str, key: _Key, rows: list[_Row], left: Sequence[str]) -> list[_Variable]:
    """Variables in which a time and a level has one record."""
    places: dict[Any, list[_Row]] = {}
    for row in rows:
        places.setdefault((row.time, row.level), []).append(row)
    if len(places) == len(rows):
        return [_Variable(nomvar, key, rows)]
    if not left:
        twice = next(found for found in places.values() if len(found) > 1)
        warnings.warn(
            f'{nomvar}: {len(rows) - len(places)} records have the attributes of others and are left out, the first is '
            f'record {twice[1].number}, as record {twice[0].number}', stacklevel=5,
        )
        return [_Variable(nomvar, key, [found[0] for found in places.values()])]
    name, *left = left
    if all(len({str(getattr(row, name)) for row in found}) == 1 for found in places.values()):
        return _split(nomvar, key, rows, left)
    parts: dict[str, list[_Row]] = {}
    for row in rows:
        parts.setdefault(str(getattr(row, name)), []).append(row)
    return [
        variable for part in parts.values()
        for variable in _split(nomvar, key._replace(**{name: getattr(part[0], name)}), part, left)
    ]


def _names(variables: Sequence[_Variable]) -> list[str]:
    """A name for each, with what tells it from others of the same nomvar."""
    same: dict[str, list[int]] = {}
    for place, variable in enumerate(variables):
        same.setdefault(variable.nomvar, []).append(place)
    names = [variable.nomvar or 'blank' for variable in variables]
    for places in same.values():
        parts = list(zip(*(variables[place].key.suffixes() for place in places)))
        told: list[tuple[str, ...]] = [()] * len(places)
        for suffixes in parts:
            longer = [(*known, suffix) for known, suffix in zip(told, suffixes)]
            if len(set(longer)) > len(set(told)):
                told = longer
        for place, known in zip(places, told):
            names[place] = '_'.join([names[place], *filter(None, known)])
    taken: Counter[str] = Counter()
    for place, name in enumerate(names):
        taken[name] += 1
        if taken[name] > 1:
            names[place] = f'{name}_{taken[name]}'
    return names


def _dimensions(stem: str, wanted: Iterable[tuple[Any, int]]) -> dict[Any, str]:
    """A name of a dimension for each of several things, the plain one for that of most records."""
    counts: Counter[Any] = Counter()
    for thing, records in wanted:
        counts[thing] += records
    return {thing: stem + (str(place + 1) if place else '') for place, (thing, _) in enumerate(counts.most_common())}


def _level_coordinate(dimension: str, kind: int, levels: Sequence[float]) -> xarray.Variable:
    found = _KINDS[kind]
    attributes = {'units': found.units, 'kind': kind, 'long_name': found.long_name, 'axis': 'Z'}
    if found.positive:
        attributes['positive'] = found.positive
    if kind == 2:
        attributes['standard_name'] = 'air_pressure'
    return xarray.Variable(dimension, np.array(levels, 'f4'), attributes)


_AXES = {
    'L': (
        {'units': 'degrees_east', 'standard_name': 'longitude'}, {'units': 'degrees_north', 'standard_name': 'latitude'},
    ),
    'E': (
        {'units': 'degrees', 'standard_name': 'grid_longitude'}, {'units': 'degrees', 'standard_name': 'grid_latitude'},
    ),
}


def _grid_coordinates(geometry: _Geometry, y: str, x: str) -> dict[str, xarray.Variable]:
    """The coordinates along the dimensions `y` and `x`."""
    found = {}
    number = x[1:]
    of_x, of_y = _AXES.get(geometry.reference, ({}, {}))
    has_axes = geometry.x.ndim == 1
    if has_axes:
        found[x] = xarray.Variable(x, geometry.x, {**of_x, 'axis': 'X'})
        if geometry.yang is None:
            found[y] = xarray.Variable(y, geometry.y, {**of_y, 'axis': 'Y'})
    if not geometry.is_global:
        return found
    for which, (name, axis, values) in enumerate((('lat', y, geometry.y), ('lon', x, geometry.x))):
        attributes = _AXES['L'][1 - which]
        if geometry.reference != 'L':
            lazy = indexing.LazilyIndexedArray(_Degrees(geometry, which))
            found[name + number] = xarray.Variable((y, x), lazy, attributes)
        else:
            found[name + number] = xarray.Variable(axis if has_axes else (y, x), values, attributes)
    return found


def _places(values: Sequence[Any], of: Iterable[Any]) -> tuple[int, list[int]]:
    """The length of a dimension, and where things are along it."""
    order = {value: place for place, value in enumerate(values)}
    return len(order), [order[value] for value in of]


def _common(values: Iterable[Any]) -> Any:
    """The value of all, or None."""
    values = set(values)
    return values.pop() if len(values) == 1 else None


def _dataset(opened: _Opened, criteria: Mapping[str, Any], dropped: set[str]) -> xarray.Dataset:
    file = opened.file
    numbers = [record.number for record in file.find(**criteria)] if criteria else range(len(file))
    groups = _rows(file, numbers)
    variables = [
        variable for (nomvar, key), rows in groups.items()
        for variable in _split(nomvar, key, rows, ('origin', 'ip3', 'ip2'))
    ]
    named = [(name, variable) for name, variable in zip(_names(variables), variables) if name not in dropped]
    variables = [variable for _, variable in named]
    dated = [variable for variable in variables if variable.key.is_dated]
    leveled = [variable for variable in variables if variable.key.kind is not None]
    times = _dimensions('time', ((of.times, len(of.rows)) for of in dated))
    levels = _dimensions('level', (((of.key.kind, of.levels), len(of.rows)) for of in leveled))
    grids = _dimensions('', (((of.key.shape[:2], of.key.grid), len(of.rows)) for of in variables))
    layers = _dimensions('z', ((of.key.shape[2], len(of.rows)) for of in variables if len(of.key.shape) > 2))
    coordinates = {
        name: xarray.Variable(name, np.array(values, 'M8[s]'), {'standard_name': 'time', 'axis': 'T'})
        for values, name in times.items()
    }
    coordinates |= {name: _level_coordinate(name, *values) for values, name in levels.items()}
    arrays = {}
    placed = set()
    for name, of in named:
        grid = of.key.shape[:2], of.key.grid
        number = grids[grid]
        first = file[of.rows[0].number]
        if grid not in placed and (first.ni, first.nj) == of.key.shape[:2]:
            placed.add(grid)
            geometry = _geometry(first)
            if geometry is not None:
                coordinates |= _grid_coordinates(geometry, f'y{number}', f'x{number}')
        dimensions: tuple[str, ...] = ()
        places: list[tuple[int, list[int]]] = []
        if of.key.is_dated:
            dimensions += (times[of.times],)
            places.append(_places(of.times, (row.time for row in of.rows)))
        if of.key.kind is not None:
            dimensions += (levels[of.key.kind, of.levels],)
            places.append(_places(of.levels, (row.level for row in of.rows)))
        table = np.full([length for length, _ in places], -1)
        coded = np.zeros(table.shape, bool)
        where = tuple(place for _, place in places)
        table[where] = [row.number for row in of.rows] if where else of.rows[0].number
        coded[where] = [row.has_missing for row in of.rows] if where else of.rows[0].has_missing
        dimensions += tuple(layers[extent] for extent in of.key.shape[2:]) + (f'y{number}', f'x{number}')
        field = _Field(opened, table, coded, of.key.shape, {row.dtype for row in of.rows})
        attributes = {
            'nomvar': of.nomvar, 'typvar': of.key.typvar, 'etiket': of.key.etiket, 'grtyp': of.key.grid[0],
            'ip2': _common(row.ip2 for row in of.rows), 'ip3': _common(row.ip3 for row in of.rows),
            'origin': _common(str(row.origin) for row in of.rows),
        }
        encoding = {
            'preferred_chunks': dict(zip(dimensions, (1,) * table.ndim + field.shape[table.ndim:])),
            'source': ', '.join(file.paths), 'original_shape': field.shape, 'dtype': field.dtype,
        }
        arrays[name] = xarray.Variable(
            dimensions, indexing.LazilyIndexedArray(field),
            {key: value for key, value in attributes.items() if value not in (None, 'NaT')}, encoding,
        )
    return xarray.Dataset(arrays, coordinates, {'source': ', '.join(file.paths), 'format': file.info.format})


class FstviewBackend(BackendEntrypoint):
    """The engine ``fstview`` of xarray: RPN Standard Files, XDF and RSF."""

    description = 'RPN Standard Files (FST: XDF and RSF) with fstview'
    open_dataset_parameters = (
        'filename_or_obj', 'drop_variables', 'criteria', 'missing', 'access', 'threads', 'cache_bytes',
    )

    def open_dataset(
        self,
        filename_or_obj: Any,
        *,
        drop_variables: Any = None,
        criteria: Optional[Mapping[str, Any]] = None,
        missing: str = 'nan',
        access: str = 'auto',
        threads: int = 0,
        cache_bytes: int = 0,
    ) -> xarray.Dataset:
        """A file, or several that are treated as one (a list of paths), as a dataset; see the module.

        `criteria` are those of `fstview.File.find`, such as ``{'nomvar': ['TT', 'UU'], 'level': (500, 850, 'hPa')}``: other
        records are left out. The other options are those of `fstview.open`, with missing values as NaN.
        """
        source = filename_or_obj
        if isinstance(source, (str, os.PathLike)):
            source = os.path.abspath(os.fspath(source))
        elif isinstance(source, Iterable) and not isinstance(source, (bytes, bytearray, memoryview)):
            source = [os.path.abspath(os.fspath(path)) for path in source]
        options = {'missing': missing, 'access': access, 'threads': threads, 'cache_bytes': cache_bytes}
        dropped = {drop_variables} if isinstance(drop_variables, str) else set(drop_variables or ())
        opened = _Opened(source, options, _identity(source))
        dataset = _dataset(opened, criteria or {}, dropped)
        dataset.set_close(opened.close)
        return dataset

    def guess_can_open(self, filename_or_obj: Any) -> bool:
        """Whether it is a standard file, whatever it is called."""
        if not isinstance(filename_or_obj, (str, os.PathLike)):
            return False
        try:
            fstview.open(filename_or_obj).close()
        except (fstview.Error, OSError):
            return False
        return True
