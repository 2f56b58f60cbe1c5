# SPDX-License-Identifier: MIT OR Apache-2.0
"""Latitude and longitude of a point of a field on a grid Z, whose axes are coordinates of a rotated globe (grid E)."""

import sys

import fstview
import numpy as np


def unit_vector(latitude, longitude):
    latitude, longitude = np.radians(latitude), np.radians(longitude)
    return np.array([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)])


def from_rotated(parameters, latitude, longitude):
    """From the rotated globe: its equator runs through the centre (the first two parameters), at 180 degrees, and through
    the point of the other two."""
    centre, east = unit_vector(*parameters[:2]), unit_vector(*parameters[2:])
    z = np.cross(centre, east)
    z /= np.linalg.norm(z)
    x = -centre
    x, y, z = np.array([x, np.cross(z, x), z]).T @ unit_vector(latitude, longitude)
    return np.degrees(np.arctan2(z, np.hypot(x, y))), np.degrees(np.arctan2(y, x))


def main():
    with fstview.open(sys.argv[1]) as file:
        record = file.find_first(nomvar='TT')
        grid = record.grid
        print(f'grid {grid.grtyp} of {grid.ref_grtyp}')
        x, y = grid.coordinates()
        i, j = 60, 40  # counted from 1
        latitude, longitude = y[j - 1], x[i - 1]
        if grid.ref_grtyp == 'E':
            latitude, longitude = from_rotated(grid.parameters, latitude, longitude)
        value = record.data[i - 1, j - 1]
        print(f'({i}, {j}): latitude {latitude:10.4f} longitude {longitude:10.4f} TT {value:12.6f}')


if __name__ == '__main__':
    main()
