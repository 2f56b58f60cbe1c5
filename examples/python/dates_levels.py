# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the codes of a record mean: level, date of origin, date of validity; and the codes of what one looks for."""

import datetime
import sys

import fstview

with fstview.open(sys.argv[1]) as file:
    # Winds between 500 and 600 hPa, however the levels are coded.
    for record in file.find(nomvar='UU', level=(500, 600, 'hPa')):
        level, kind = fstview.ip_decode(record.ip1)
        hours = (record.valid - record.origin) / datetime.timedelta(hours=1)
        print(
            f'{record.nomvar} at {level:8.2f} of kind {kind}, run of {record.origin:%Y-%m-%d %H:%M}, '
            f'valid {record.valid:%Y-%m-%d %H:%M}, {hours:6.2f} h'
        )

ip1 = fstview.ip_encode(500, 'hPa')
stamp = fstview.stamp_from_date(datetime.datetime(2024, 2, 28, 18))
later = fstview.date_from_stamp(fstview.stamp_add_hours(stamp, 12))
print(f'500 hPa is {ip1}, 12 hours after 2024-02-28 18:00 is {later:%Y-%m-%d %H:%M}')
