# SPDX-License-Identifier: MIT OR Apache-2.0
"""Searches by level, date, list and metadata; dates, levels and metadata of records; what users get wrong in them."""

from __future__ import annotations

import datetime
import json
import unittest

import fstview
import numpy as np
from support import DATA, MODEL, TestCase, field, write_rsf

UTC = datetime.timezone.utc
MIDNIGHT = datetime.datetime(2024, 1, 15)
QUERY = DATA / 'semantics' / 'query.rsf'


def numbers(records) -> list[int]:
    return [record.number for record in records]


class Levels(TestCase):
    def test_one_level(self) -> None:
        file = self.open()
        wanted = [record.number for record in file if record.level == (550, 'hPa')]
        self.assertEqual(len(wanted), 9)
        for criteria in (
            {'level': (550, 'hPa')}, {'level': (550.0, 'mb')}, {'level': (55000, 'Pa')}, {'level': (550, 'hpa')},
            {'level': 550, 'level_kind': 'hPa'}, {'level': np.float32(550), 'level_kind': 2},
            {'level': np.int64(550), 'level_kind': np.int8(2)}, {'level': (550,), 'level_kind': 'hPa'},
            {'level': (550, 550, 'hPa')}, {'level_from': 550, 'level_to': 550, 'level_kind': 'hPa'},
            {'level': file[wanted[0]].level},
        ):
            with self.subTest(criteria):
                self.assertEqual(numbers(file.find(**criteria)), wanted)
                self.assertEqual(file.find_first(**criteria).number, wanted[0])

    def test_digits_that_binary_does_not_have(self) -> None:
        file = self.open()
        for record in file.find(nomvar='TT'):
            value, unit = record.level
            self.assertEqual(unit, 'hy')
            for level in (value, round(value, 6), np.float32(value)):
                self.assertIn(record, file.find(level=(level, 'hy')))

    def test_all_encodings(self) -> None:
        file = self.open(QUERY)
        found = file.find(level=(500, 'hPa'))
        codes = {record.ip1 for record in found}
        self.assertTrue({500, 41394464} <= codes, codes)
        self.assertEqual({record.level for record in found}, {(500, 'hPa')})
        self.assertEqual(numbers(found), [record.number for record in file if record.level == (500, 'hPa')])

    def test_ranges(self) -> None:
        file = self.open()
        for low, high in ((500, 700), (437.5, 662.5), (-np.inf, 400), (700, np.inf), (1e300, np.inf)):
            wanted = [record.number for record in file
                      if record.level.unit == 'hPa' and low <= record.level.value <= high]
            self.assertEqual(numbers(file.find(level=(low, high, 'hPa'))), wanted)
            self.assertEqual(numbers(file.find(level=(low, high), level_kind=2)), wanted)
            self.assertEqual(numbers(file.find(level_from=low, level_to=high, level_kind='mb')), wanted)
        every = file.find(level_kind='hy')
        self.assertEqual(numbers(every), [record.number for record in file if record.level.unit == 'hy'])
        self.assertEqual(file.find(level_from=0.5, level_kind='hy', nomvar='TT'),
                         [record for record in every if record.nomvar == 'TT' and record.level.value >= 0.5])

    def test_mistakes(self) -> None:
        file = self.open()
        wrong = fstview.InvalidArgumentError
        for criteria, kind, *parts in (
            ({'level': 500}, wrong, '500', 'no unit', "'hPa'", 'level_kind'),
            ({'level': (500, 2)}, wrong, '500, 2', 'no unit'),
            ({'level_from': 500}, wrong, '500', 'no unit'),
            ({'level': (500, 'furlong')}, wrong, 'furlong', "'hPa'", "'hybrid'", "'M'"),
            ({'level': 500, 'level_kind': 'HPA'}, wrong, 'level_kind', 'HPA', "'hPa'"),
            ({'level': 500, 'level_kind': 8}, wrong, 'level_kind', '8', '21', "'hPa'"),
            ({'level': (5000, 'hPa')}, wrong, '5000'), ({'level': (1e300, 'hPa')}, wrong, '1e+300'),
            ({'level': (10**400, 'hPa')}, wrong, 'level'), ({'level': (2, 'sg')}, wrong, 'level 2 sg'),
            ({'level': (float('nan'), 'hPa')}, wrong, 'not a number'),
            ({'level': (850, 500, 'hPa')}, wrong, '850', '500', 'smaller one first'),
            ({'level': (1, 2, 3, 'hPa')}, wrong, '(1, 2, 3'), ({'level': ('hPa',)}, wrong, "('hPa',)"),
            ({'level': (), 'level_kind': 2}, wrong, '()'),
            ({'level': (500, 'hPa'), 'level_kind': 'hPa'}, wrong, 'one too many'),
            ({'level': (500, 'hPa'), 'level_to': 3}, wrong, 'level_to'),
            ({'level': '500hPa'}, TypeError, '500hPa', "(500, 'hPa')"),
            ({'level': [500, 850]}, TypeError, '[500, 850]'),
            ({'level': ('500', 'hPa')}, TypeError, "'500'"), ({'level': 'x', 'level_kind': 2}, TypeError, "'x'"),
            ({'level_from': '5', 'level_kind': 2}, TypeError, 'level_from'),
            ({'level': 1, 'level_kind': 2.0}, TypeError, 'level_kind', 'float'),
            ({'level': (True, 'hPa')}, TypeError, 'True'), ({'level': (1j, 'hPa')}, TypeError, 'complex'),
        ):
            for call in (file.find, file.find_first, file.stack):
                with self.subTest(criteria), self.raises(kind, *parts):
                    call(**criteria)

    def test_codes(self) -> None:
        for unit, kind in fstview._UNITS.items():
            code = fstview.ip_encode(1, unit) if unit != 'Pa' else fstview.ip_encode(100, 'Pa')
            self.assertEqual(fstview.ip_decode(code), (1.0, kind), unit)
        self.assertEqual({fstview.Level(1, unit).kind for unit in fstview._UNIT_OF_KIND.values()},
                         set(fstview._UNITS.values()))
        self.assertEqual(fstview.ip_encode(500, 'hPa', 'old'), 500)
        for arguments, kind in (((500, 'hpascal'), ValueError), ((500, 9), ValueError), ((500, None), TypeError),
                                (('500', 2), TypeError), ((float('nan'), 2), ValueError)):
            with self.assertRaises(kind):
                fstview.ip_encode(*arguments)

    def test_of_records(self) -> None:
        file = self.open()
        level = file[11].level
        self.assertEqual((level, level.value, level.unit, level.kind), ((1000.0, 'hPa'), 1000.0, 'hPa', 2))
        path = write_rsf(self.folder / 'levels.rsf', [field('TT', np.zeros(3), ip1=9 << 24)])
        self.assertIsNone(self.open(path)[0].level)


class Dates(TestCase):
    def test_instants(self) -> None:
        file = self.open()
        three = MIDNIGHT.replace(hour=3)
        wanted = [record.number for record in file if record.valid == three]
        self.assertGreater(len(wanted), 10)
        east = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
        for date in (
            three, three.replace(tzinfo=UTC), three.replace(tzinfo=UTC).astimezone(east), '2024-01-15T03:00',
            '2024-01-15 03', '20240115T0300', '2024-01-15T03:00:00Z', '2024-01-15T08:30+05:30', '2024-01-14T22:00-0500',
            '2024-01-15T03:00:00.000', np.datetime64('2024-01-15T03'), np.datetime64('2024-01-15T03:00'),
            np.datetime64(three), np.datetime64(three, 'ns'),
        ):
            with self.subTest(date):
                self.assertEqual(numbers(file.find(valid=date)), wanted)
                self.assertEqual(file.find_first(valid=date).number, wanted[0])
        self.assertEqual(numbers(file.find(origin=MIDNIGHT)), [r.number for r in file if r.origin == MIDNIGHT])
        self.assertEqual(file.find(valid=three, origin=three), [])

    def test_periods(self) -> None:
        file = self.open()
        for first, last in (('2024-01-15', '2024-01-15T03:00'), ('2024-01-15T03', None), (None, '2024-01-15T03'),
                            (MIDNIGHT, np.datetime64('2024-01-15T03:00:00.5')), (datetime.date(2024, 1, 15), None)):
            wanted = [
                record.number for record in file
                if (first is None or np.datetime64(first) <= np.datetime64(record.valid))
                and (last is None or np.datetime64(record.valid) <= np.datetime64(last))
            ]
            self.assertEqual(numbers(file.find(valid_from=first, valid_to=last)), wanted)
        # Fractions of a second make a period smaller, not larger.
        moment = datetime.timedelta(microseconds=1)
        self.assertEqual(len(file.find(valid_from=MIDNIGHT - moment)), len(file))
        self.assertEqual(file.find(valid_from=MIDNIGHT + moment), file.find(valid_from=MIDNIGHT + 1000 * 1000 * moment))
        self.assertEqual(file.find(valid_to=MIDNIGHT - moment), [])
        self.assertEqual(len(file.find(origin_from='2024-01-15', origin_to='2024-01-15T00:00')), len(file))

    def test_all_styles_of_stamps(self) -> None:
        file = self.open(QUERY)
        for record in file:
            if record.valid is not None:
                self.assertIn(record, file.find(valid=record.valid))

    def test_mistakes(self) -> None:
        file = self.open()
        wrong = fstview.InvalidArgumentError
        for criteria, kind, *parts in (
            ({'valid': '2024-01-15'}, wrong, 'valid', '2024-01-15', 'T00:00', 'valid_from and valid_to'),
            ({'valid': np.datetime64('2024-01-15')}, wrong, 'valid', '2024-01-15', 'T00:00'),
            ({'origin': datetime.date(2024, 1, 15)}, wrong, 'origin', '2024-01-15'),
            ({'valid_to': '2024-01-15'}, wrong, 'valid_to', '2024-01-15T00:00'),
            ({'valid': '2024-02-30T00:00'}, wrong, '2024-02-30', 'does not exist'),
            ({'valid': '2024-01-15T24:00'}, wrong, '24:00'), ({'valid': 'noon'}, wrong, 'noon', '2024-01-15T12:00'),
            ({'valid': '2024-01'}, wrong, '2024-01'), ({'valid': '2024-01-15T12:00+99:00'}, wrong, '+99:00'),
            ({'valid': '0000-01-15T12:00'}, wrong, '0000'), ({'valid': '٢٠٢٤-01-15T12:00'}, wrong, '٢٠٢٤'),
            ({'valid': np.datetime64('NaT')}, wrong, 'NaT'), ({'valid_from': np.datetime64('NaT', 's')}, wrong, 'NaT'),
            ({'valid': np.datetime64('10000-01-01T00')}, wrong, '10000'),
            ({'valid': MIDNIGHT.replace(microsecond=1)}, wrong, 'whole seconds'),
            ({'valid': '2024-01-15T00:00:00.01'}, wrong, 'whole seconds'),
            ({'valid': np.datetime64('2024-01-15T00:00:00.000000001')}, wrong, 'whole seconds'),
            ({'valid': MIDNIGHT, 'valid_from': MIDNIGHT}, wrong, 'valid', 'valid_from'),
            ({'valid_from': '2024-01-16', 'valid_to': '2024-01-15T00'}, wrong, 'valid_from', 'valid_to'),
            ({'valid': datetime.datetime.min.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=1)))}, wrong,
             'valid', 'years'),
            ({'valid_from': datetime.datetime.max}, wrong, 'valid_from'),
            ({'valid': 470636000}, TypeError, 'int', 'datev'), ({'origin': 1.5}, TypeError, 'float'),
            ({'valid_from': b'2024'}, TypeError, 'bytes'), ({'valid': np.array('2024', 'M8[s]')}, TypeError, 'ndarray'),
        ):
            for call in (file.find, file.find_first):
                with self.subTest(criteria), self.raises(kind, *parts):
                    call(**criteria)
        for date, kind in ((np.datetime64('NaT'), ValueError), (np.datetime64('20000-01-01'), ValueError),
                           (datetime.date(2024, 1, 15), TypeError), (470636000, TypeError)):
            with self.assertRaises(kind):
                fstview.stamp_from_date(date)

    def test_of_records(self) -> None:
        for path in (MODEL, DATA / 'model.fst', QUERY):
            for record in self.open(path):
                for date, stamp in ((record.valid, record.datev), (record.origin, record.dateo)):
                    if date is not None:
                        self.assertEqual(fstview.date_from_stamp(stamp), date)
                        self.assertIsNone(date.tzinfo)
        path = write_rsf(self.folder / 'dates.rsf', [
            field('TT', np.zeros(3), datev=stamp, deet=deet, npas=npas)
            for stamp, deet, npas in ((0, 0, 0), (0, 3600, 1), (101010101, 0, 0), (470636000, 3600, 6))
        ])
        file = self.open(path)
        old, eve = datetime.datetime(1910, 10, 10, 10), MIDNIGHT - datetime.timedelta(hours=6)
        self.assertEqual([(r.valid, r.origin) for r in file],
                         [(None, None), (None, None), (old, old), (MIDNIGHT, eve)])
        self.assertEqual(file[1].dateo, 101010101)
        self.assertEqual(numbers(file.find(valid_to='2100-01-01T00')), [2, 3])
        self.assertEqual(numbers(file.find(origin=eve)), [3])


class Lists(TestCase):
    def test_any_of_several(self) -> None:
        file = self.open()
        wanted = [record.number for record in file if record.nomvar in ('TT', 'UU')]
        for names in (['TT', 'UU'], ('uu', 'tt'), {'TT', 'UU'}, iter(['TT', 'UU', 'XX']), np.array(['TT', 'UU'])):
            self.assertEqual(numbers(file.find(nomvar=names)), wanted)
        self.assertEqual(file.find_first(nomvar=['UU', 'TT']).number, wanted[0])
        self.assertEqual(numbers(file.find(nomvar=['TM'], typvar=['@@', 'X'], etiket=['RDPS_V9', 'OTHER'])), [192])
        self.assertEqual(file.find(nomvar='TT', etiket=['OTHER']), [])

    def test_mistakes(self) -> None:
        file = self.open()
        wrong = fstview.InvalidArgumentError
        for criteria, kind, *parts in (
            ({'nomvar': []}, wrong, 'nomvar', 'empty list'), ({'nomvar': ['TT', 'ABCDE']}, wrong, 'nomvar[1]', 'ABCDE'),
            ({'nomvar': ['TT', None]}, TypeError, 'nomvar[1]', 'NoneType'), ({'typvar': 5}, TypeError, 'typvar', 'int'),
            ({'nomvar': ['é']}, wrong, 'character'), ({'etiket': ['x\0']}, wrong, 'NUL'),
            ({'grtyp': ['Z']}, TypeError, 'grtyp', 'list'), ({'nomvar': ['A'] * 70000}, fstview.LimitError, '65536'),
        ):
            for call in (file.find, file.find_first):
                with self.raises(kind, *parts):
                    call(**criteria)
        with self.raises(TypeError, 'levl'):
            file.find(levl=(500, 'hPa'))
        with self.raises(TypeError, 'levl', 'nomvar', 'level_kind', 'metadata'):
            file.find_first(levl=(500, 'hPa'))
        with self.raises(fstview.NoMatch, MODEL, "nomvar=['ZZ']", 'level'):
            file.find_first(nomvar=['ZZ'], level=(500, 'hPa'))


class Metadata(TestCase):
    def test_searches(self) -> None:
        file = self.open(DATA / 'metadata.rsf')
        wanted = [record for record in file if record.metadata_json().get('index') == 4]
        self.assertEqual(len(wanted), 1)
        for criterion in ({'index': 4}, '{"index": 4}', {'index': np.int32(4)}, {'index': 4, 'rpn_name': 'META'},
                          {'index': 4, 'cell_methods': np.array(['time:'])}):
            self.assertEqual(file.find(metadata=criterion), wanted)
            self.assertEqual(file.find_first(metadata=criterion), wanted[0])
        with_index = [record for record in file if 'index' in record.metadata_json()]
        self.assertEqual(file.find(metadata={'index': float('nan')}), with_index)
        self.assertEqual(file.find(metadata={}), [record for record in file if record.has_metadata])
        self.assertEqual(file.find(metadata={'note': 'é☃'}), [])

    def test_mistakes(self) -> None:
        file = self.open(DATA / 'metadata.rsf')
        wrong = fstview.InvalidArgumentError
        circle: dict = {}
        circle['circle'] = circle
        for criterion, kind in (
            ('[1]', wrong), ('', wrong), ('{"index": }', wrong), ('{"a\0": 1}', wrong), (circle, wrong),
            ('{"a": "\ud800"}', wrong), (['index', 4], TypeError), (4, TypeError), (b'{}', TypeError),
            ({'index': object()}, TypeError),
        ):
            for call in (file.find, file.find_first):
                with self.raises(kind, 'metadata'):
                    call(metadata=criterion)

    def test_as_json(self) -> None:
        file = self.open(DATA / 'containers' / 'rsf_metadata_nonfinite.rsf')
        found = file[0].metadata_json()
        self.assertTrue(np.isnan(found['v1']))
        self.assertEqual((found['v2'], found['bounds'], found['☃'], found['nil'], found['ok']),
                         (-np.inf, [np.inf], 4001749424668672, None, True))
        self.assertEqual((file[3].metadata, file[3].metadata_json()), ('', {}))
        for record in self.open(DATA / 'metadata.rsf'):
            self.assertEqual(record.metadata_json(), json.loads(record.metadata or '{}'))

    def test_what_is_no_json(self) -> None:
        image = (DATA / 'containers' / 'rsf_metadata_nonfinite.rsf').read_bytes()
        for text, part in (('[1, 2]', 'list'), ('{"a": nothing}', 'no JSON'), ('[' * 5000, 'no JSON')):
            start = self.open(image)[0].metadata.encode()
            text = text if len(text) < len(start) else text[:len(start)]
            file = self.open(image.replace(start, text.encode().ljust(len(start))))
            with self.raises(fstview.CorruptError, 'record 0', part):
                file[0].metadata_json()
            self.assertTrue(file[0].metadata.startswith(text))


if __name__ == '__main__':
    unittest.main()
