/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Reads one field: opens a file, finds a record, looks at its attributes and its array. */
#include "example.h"

int main(int argc, char **argv)
{
    FstFile file;
    check(fst_open(file_argument(argc, argv), NULL, &file));

    FstCriteria criteria = FST_CRITERIA_INIT;
    strcpy(criteria.nomvar, "TT");
    size_t record;
    check(fst_find_first(file, &criteria, &record));

    FstRecordInfo info = FST_RECORD_INFO_INIT;
    check(fst_record_info(file, record, &info));
    printf("%s %s %d x %d\n", info.nomvar, info.etiket, (int)info.ni, (int)info.nj);

    /* The array belongs to the view and lives until the view is released, even when the file is closed before. */
    FstArray tt = FST_ARRAY_INIT;
    check(fst_record_view(file, record, NULL, &tt));
    check(fst_close(file));

    const float *values = tt.data; /* tt.dtype is FST_DTYPE_F32; element (i, j) is values[i + ni * j] */
    double least = values[0], greatest = values[0], sum = 0.0;
    for (uint64_t i = 0; i < tt.size; i++) {
        if (values[i] < least) least = values[i];
        if (values[i] > greatest) greatest = values[i];
        sum += values[i];
    }
    printf("minimum %12.6f maximum %12.6f mean %12.6f\n", least, greatest, sum / (double)tt.size);

    check(fst_view_release(tt.view));
    return 0;
}
