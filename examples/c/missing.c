/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Missing values as NaN: how many there are, where the first one is, and the mean of the others. */
#include <math.h>

#include "example.h"

int main(int argc, char **argv)
{
    FstOpenOptions options = FST_OPEN_OPTIONS_INIT;
    options.missing = FST_MISSING_NAN;
    FstFile file;
    check(fst_open(file_argument(argc, argv), &options, &file));
    FstCriteria criteria = FST_CRITERIA_INIT;
    strcpy(criteria.nomvar, "M1");
    criteria.ni = 41, criteria.data_type = 65, criteria.pack_bits = 16; /* 65: "R" packing (1), missing values (64) */
    size_t record;
    check(fst_find_first(file, &criteria, &record));

    FstArray field = FST_ARRAY_INIT;
    check(fst_record_view(file, record, NULL, &field));
    const float *values = field.data;
    uint64_t missing = 0, first = 0;
    double sum = 0.0;
    for (uint64_t i = 0; i < field.size; i++) {
        if (isnan(values[i])) {
            if (missing++ == 0) first = i;
        } else {
            sum += values[i];
        }
    }
    printf("%d of %d values are missing, the first at (%d, %d)\n", (int)missing, (int)field.size,
           (int)(first % (uint64_t)field.shape[0]) + 1, (int)(first / (uint64_t)field.shape[0]) + 1);
    printf("mean of the others %12.6f\n", sum / (double)(field.size - missing));
    check(fst_view_release(field.view));
    check(fst_close(file));
    return 0;
}
