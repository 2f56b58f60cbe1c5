/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Part of a field that need not fit in memory: only the bytes of the slab are read. */
#include "example.h"

int main(int argc, char **argv)
{
    FstOpenOptions unmapped = FST_OPEN_OPTIONS_INIT;
    unmapped.access = FST_ACCESS_READ;
    FstFile file;
    check(fst_open(file_argument(argc, argv), &unmapped, &file));
    FstCriteria criteria = FST_CRITERIA_INIT;
    strcpy(criteria.nomvar, "CUBE");
    size_t record;
    check(fst_find_first(file, &criteria, &record));

    /* Elements 11 to 30 along i and 6 to 15 along j of level 3, counted from 1. */
    FstViewOptions part = FST_VIEW_OPTIONS_INIT;
    part.slab_start[0] = 10, part.slab_count[0] = 20;
    part.slab_start[1] = 5, part.slab_count[1] = 10;
    part.slab_start[2] = 2, part.slab_count[2] = 1;
    FstArray slab = FST_ARRAY_INIT;
    check(fst_record_view(file, record, &part, &slab));

    double sum = 0.0;
    for (int64_t j = 0; j < slab.shape[1]; j++) {
        /* Strides are in bytes: those of a slab of a mapped record are the strides of the whole field. */
        const char *row = (const char *)slab.data + j * slab.strides[1];
        for (int64_t i = 0; i < slab.shape[0]; i++) {
            sum += *(const float *)(row + i * slab.strides[0]);
        }
    }
    printf("%d x %d, first %12.6f mean %12.6f\n", (int)slab.shape[0], (int)slab.shape[1], *(const float *)slab.data,
           sum / (double)slab.size);

    FstRecordInfo info = FST_RECORD_INFO_INIT;
    FstFileStats stats = FST_FILE_STATS_INIT;
    check(fst_record_info(file, record, &info));
    check(fst_file_stats(file, &stats));
    printf("less than a tenth of the field was read: %s\n", stats.bytes_read < info.array_bytes / 10 ? "yes" : "no");
    check(fst_view_release(slab.view));
    check(fst_close(file));
    return 0;
}
