/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Makes a 3-D array of a variable: the levels at one moment, in their order, each decoded straight into its place. */
#include "example.h"

enum { MOST = 100 };

int main(int argc, char **argv)
{
    FstFile file;
    check(fst_open(file_argument(argc, argv), NULL, &file));

    FstCriteria criteria = FST_CRITERIA_INIT;
    FstDate date = FST_DATE_INIT;
    strcpy(criteria.nomvar, "TT");
    date.year = 2024, date.month = 1, date.day = 15, date.hour = 3;
    check(fst_stamp_from_date(&date, &criteria.datev));

    size_t records[MOST], n;
    float levels[MOST];
    int32_t kind;
    check(fst_find_levels(file, &criteria, records, levels, &kind, MOST, &n));
    if (n > MOST) return 1;

    FstRecordInfo info = FST_RECORD_INFO_INIT;
    check(fst_record_info(file, records[0], &info));
    size_t points = (size_t)(info.ni * info.nj);
    float *array = malloc(n * points * sizeof *array);
    void *places[MOST];
    size_t bytes[MOST];
    for (size_t k = 0; k < n; k++) {
        places[k] = array + k * points;
        bytes[k] = points * sizeof *array;
    }
    check(fst_record_read_many(file, records, n, NULL, FST_DTYPE_F32, places, bytes, NULL));

    printf("%d x %d x %d, levels of kind %d\n", (int)info.ni, (int)info.nj, (int)n, (int)kind);
    for (size_t k = 0; k < n; k++) {
        double sum = 0.0;
        for (size_t i = 0; i < points; i++) {
            sum += array[k * points + i];
        }
        printf("level %8.5f mean %12.6f\n", levels[k], sum / (double)points);
    }
    free(array);
    check(fst_close(file));
    return 0;
}
