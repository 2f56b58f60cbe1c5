# SPDX-License-Identifier: MIT OR Apache-2.0
"""Missing values as NaN: how many there are, where the first one is, and the mean of the others."""

import sys

import fstview
import numpy as np

with fstview.open(sys.argv[1], missing='nan') as file:
    # 65: "R" packing, with the flag 64 for missing values.
    field = file.find_first(nomvar='M1', ni=41, data_type=65, pack_bits=16).data

missing = np.isnan(field)
# NumPy shows places row by row; in Fortran's order i runs first.
j, i = np.argwhere(missing.T)[0]
print(f'{missing.sum()} of {field.size} values are missing, the first at ({i + 1}, {j + 1})')
print(f'mean of the others {np.nanmean(field, dtype="f8"):12.6f}')
