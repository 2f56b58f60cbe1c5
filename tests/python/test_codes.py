# SPDX-License-Identifier: MIT OR Apache-2.0
"""Triplets, intervals, calendars and stamps: every vector through the C functions, and what users get wrong."""

from __future__ import annotations

import csv
import datetime
import struct
import unittest

import fstview
import numpy as np
from support import DATA, TestCase

VECTORS = DATA / 'semantics'


def rows(name: str) -> list[dict[str, str]]:
    with (VECTORS / name).open(newline='', encoding='ascii') as lines:
        return list(csv.DictReader(lines))


def real(text: str) -> float:
    return struct.unpack('>f', bytes.fromhex(text))[0]


def double(text: str) -> float:
    return struct.unpack('>d', bytes.fromhex(text))[0]


def codes(row: dict[str, str]) -> tuple[int, int, int]:
    return int(row['ip1']), int(row['ip2']), int(row['ip3'])


class Vectors(TestCase):
    def test_triplets_decode(self) -> None:
        decoded = 0
        for row in rows('ip_triplet_decode.csv'):
            if int(row['status']) & 64:
                with self.assertRaises(fstview.InvalidArgumentError, msg=row):
                    fstview.ip_decode_triplet(*codes(row))
                continue
            found = fstview.ip_decode_triplet(*codes(row))
            for number, level in enumerate(found.values, 1):
                value = real(row[f'p{number}_hex']) if row[f'p{number}_hex'] else float(int(row['ip3']))
                self.assertEqual((level.value, level.kind), (value, int(row[f'kind{number}'])), row)
            self.assertEqual(found.guesses, int(row['status']), row)
            decoded += 1
        self.assertGreater(decoded, 1000)

    def test_triplets_encode(self) -> None:
        encoded = 0
        for row in rows('ip_triplet_encode.csv'):
            values = [(real(row[f'p{number}_hex']), int(row[f'kind{number}'])) for number in (1, 2, 3)]
            # Kinds without a meaning have codes, but no unit here.
            unknown = any(kind not in fstview._UNIT_OF_KIND for _, kind in values)
            if unknown or int(row['status']) & 64 or min(codes(row)) < 0:
                with self.assertRaises(fstview.InvalidArgumentError, msg=row):
                    fstview.ip_encode_triplet(values)
                continue
            self.assertEqual(fstview.ip_encode_triplet(values), codes(row), row)
            encoded += 1
        self.assertGreater(encoded, 1000)

    def test_intervals_decode(self) -> None:
        decoded = 0
        for row in rows('ip_interval_decode.csv'):
            if int(row['status']) & 64:
                # Depths and hybrid heights: the reference decodes them, then flags an error (the Rust tests know them).
                if row['p3_kind']:
                    continue
                with self.assertRaises(fstview.InvalidArgumentError, msg=row):
                    fstview.ip_decode_interval(*codes(row))
                continue
            found = fstview.ip_decode_interval(*codes(row))
            self.assertEqual((found.level.first, found.level.second), (real(row['lev_lo']), real(row['lev_hi'])), row)
            self.assertEqual((found.time.first, found.time.second), (real(row['time_lo']), real(row['time_hi'])), row)
            if int(row['p3_kind']) == -1:
                self.assertIsNone(found.third, row)
            else:
                self.assertEqual((found.third.first, found.third.second), (real(row['p3_lo']), real(row['p3_hi'])), row)
            decoded += 1
        self.assertGreater(decoded, 150)

    def test_calendars(self) -> None:
        checked = 0
        for row in rows('date_calendar.csv'):
            stamp = int(row['stamp1'])
            if row['op'] == 'inc':
                hours = float(row['arg2'])
                self.assertEqual(fstview.stamp_add_hours(stamp, hours, row['calendar']), int(row['result']), row)
            else:
                other = int(row['arg2'])
                self.assertEqual(fstview.stamp_difference(stamp, other, row['calendar']), float(row['result']), row)
            checked += 1
        self.assertEqual(checked, 800)

    def test_extended_stamps(self) -> None:
        checked = 0
        for row in rows('date_encode.csv'):
            if row['status'] != '0' or row['ext_status'] != '0':
                continue
            day, time = int(row['yyyymmdd']), int(row['hhmmsshh'])
            try:
                date = datetime.datetime(day // 10000, day // 100 % 100, day % 100, time // 1000000, time // 10000 % 100,
                                         time // 100 % 100)
            except ValueError:
                continue
            self.assertEqual(fstview.stamp_from_date(date, extended=True), int(row['ext_stamp']), row)
            checked += 1
        self.assertGreater(checked, 500)


class Natural(TestCase):
    def test_an_accumulation(self) -> None:
        codes = fstview.ip_encode_interval((1.0, 1.0, 'hy'), (6, 12, 'H'))
        found = fstview.ip_decode_interval(*codes)
        self.assertEqual(found, fstview.Interval((1.0, 1.0, 'hy'), (6.0, 12.0, 'H'), None, 0))
        self.assertEqual(fstview.ip_encode_interval(found.level, found.time, found.third), codes)
        # A batch of records tells the same.
        triplet = fstview.ip_decode_triplet(*codes)
        self.assertEqual(triplet.values, ((1.0, 'hy'), (12.0, 'H'), (6.0, 'H')))
        self.assertEqual(fstview.ip_encode_triplet(triplet.values), codes)

    def test_a_layer(self) -> None:
        codes = fstview.ip_encode_interval((500, 1000, 'hPa'), (12, 12, 'H'))
        found = fstview.ip_decode_interval(*codes)
        self.assertEqual(found.level, (1000.0, 500.0, 'hPa'))
        self.assertEqual(fstview.ip_encode_interval((50000, 100000, 'Pa'), (12, 12, 'h')), codes)

    def test_a_third_value(self) -> None:
        codes = fstview.ip_encode_interval((500, 500, 'hPa'), (12, 12, 'H'), (7, 7, ''))
        self.assertEqual(fstview.ip_decode_interval(*codes).third, (7.0, 7.0, ''))

    def test_of_records(self) -> None:
        file = self.open()
        field = file.find(nomvar='TT')[0]
        self.assertEqual(field.interval.level, (field.level.value, field.level.value, field.level.unit))
        self.assertEqual(field.interval.time, (field.ip2, field.ip2, 'H'))

    def test_calendars(self) -> None:
        february = fstview.stamp_from_date(datetime.datetime(2024, 2, 28))
        march = fstview.stamp_from_date(datetime.datetime(2024, 3, 1))
        self.assertEqual(fstview.stamp_difference(march, february), 48)
        self.assertEqual(fstview.stamp_difference(march, february, calendar='noleap'), 24)
        self.assertEqual(fstview.stamp_add_hours(february, 24, calendar='365_day'), march)


class Mistakes(TestCase):
    def test_calendars(self) -> None:
        stamp = fstview.stamp_from_date(np.datetime64('2024-01-15'))
        with self.assertRaisesRegex(fstview.InvalidArgumentError, "'julian'.*'365_day'"):
            fstview.stamp_add_hours(stamp, 1, 'julian')
        with self.assertRaisesRegex(TypeError, 'calendar'):
            fstview.stamp_difference(stamp, stamp, 365)
        with self.assertRaisesRegex(TypeError, 'extended'):
            fstview.stamp_from_date(datetime.datetime(2024, 1, 15), 'yes')

    def test_codes(self) -> None:
        for function in fstview.ip_decode_triplet, fstview.ip_decode_interval:
            with self.assertRaisesRegex(fstview.InvalidArgumentError, 'negative'):
                function(500, -1, 0)
            with self.assertRaisesRegex(TypeError, 'ip2'):
                function(500, '12', 0)
            with self.assertRaisesRegex(fstview.InvalidArgumentError, 'ip3'):
                function(500, 12, 2**31)

    def test_values(self) -> None:
        with self.assertRaisesRegex(fstview.InvalidArgumentError, '2 items'):
            fstview.ip_encode_triplet([(500, 'hPa'), (12, 'H')])
        with self.assertRaisesRegex(TypeError, r'values\[1\]'):
            fstview.ip_encode_triplet([(500, 'hPa'), 12, (0, '')])
        with self.assertRaisesRegex(fstview.InvalidArgumentError, 'unit'):
            fstview.ip_encode_triplet([(500, 'hPa'), (12, 'hours'), (0, '')])
        with self.assertRaisesRegex(fstview.InvalidArgumentError, 'not a number'):
            fstview.ip_encode_interval((float('nan'), 1, 'hy'), (6, 12, 'H'))
        with self.assertRaisesRegex(fstview.InvalidArgumentError, 'one interval'):
            fstview.ip_encode_interval((500, 400, 'hPa'), (6, 12, 'H'))
        with self.assertRaisesRegex(fstview.InvalidArgumentError, 'needs a value'):
            fstview.ip_encode_interval((500, 500, 'hPa'), (12, 12, 'H'))


if __name__ == '__main__':
    unittest.main()
