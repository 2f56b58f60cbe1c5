/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Several files as one: record numbers run on, and searches see all of them. */
#include "example.h"

int main(int argc, char **argv)
{
    file_argument(argc, argv);
    FstFile file;
    check(fst_open_many((const char *const *)(argv + 1), (size_t)argc - 1, NULL, &file));
    size_t count;
    check(fst_record_count(file, &count));
    printf("%d files, %d records\n", argc - 1, (int)count);

    FstCriteria criteria = FST_CRITERIA_INIT;
    strcpy(criteria.nomvar, "PN");
    size_t records[100], n;
    check(fst_find(file, &criteria, records, 100, &n));
    for (size_t r = 0; r < n && r < 100; r++) {
        FstRecordInfo info = FST_RECORD_INFO_INIT;
        FstArray pn = FST_ARRAY_INIT;
        check(fst_record_info(file, records[r], &info));
        check(fst_record_view(file, records[r], NULL, &pn));
        double sum = 0.0;
        for (uint64_t i = 0; i < pn.size; i++) {
            sum += ((const float *)pn.data)[i];
        }
        printf("%s %s ip2 %d mean %12.6f\n", argv[1 + info.file_number], info.nomvar, (int)info.ip2,
               sum / (double)pn.size);
        check(fst_view_release(pn.view));
    }
    check(fst_close(file));
    return 0;
}
