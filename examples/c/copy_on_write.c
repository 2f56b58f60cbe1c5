/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Changes a field in place: of a mapped record only the pages that are touched get copied, and the file never changes. */
#include "example.h"

static double level_mean(const FstArray *array, int k)
{
    const float *values = array->data;
    size_t points = (size_t)(array->shape[0] * array->shape[1]);
    double sum = 0.0;
    for (size_t i = 0; i < points; i++) {
        sum += values[(size_t)k * points + i];
    }
    return sum / (double)points;
}

int main(int argc, char **argv)
{
    FstOpenOptions mapped = FST_OPEN_OPTIONS_INIT;
    mapped.access = FST_ACCESS_MAP; /* files above 1 GiB are mapped by themselves */
    FstFile file;
    check(fst_open(file_argument(argc, argv), &mapped, &file));
    FstCriteria criteria = FST_CRITERIA_INIT;
    strcpy(criteria.nomvar, "CUBE");
    size_t record;
    check(fst_find_first(file, &criteria, &record));

    FstViewOptions writable = FST_VIEW_OPTIONS_INIT;
    writable.flags = FST_VIEW_WRITABLE;
    FstArray mine = FST_ARRAY_INIT, theirs = FST_ARRAY_INIT;
    check(fst_record_view(file, record, &writable, &mine));
    printf("as stored: level 1 %12.6f level 2 %12.6f\n", level_mean(&mine, 0), level_mean(&mine, 1));

    float *values = (float *)mine.data; /* the view is writable, so the cast is sound */
    for (int64_t i = 0; i < mine.shape[0] * mine.shape[1]; i++) {
        values[i] += 100.0f;
    }
    printf("changed:   level 1 %12.6f level 2 %12.6f\n", level_mean(&mine, 0), level_mean(&mine, 1));

    check(fst_record_view(file, record, NULL, &theirs));
    printf("the file:  level 1 %12.6f level 2 %12.6f\n", level_mean(&theirs, 0), level_mean(&theirs, 1));

    check(fst_view_release(mine.view));
    check(fst_view_release(theirs.view));
    check(fst_close(file));
    return 0;
}
