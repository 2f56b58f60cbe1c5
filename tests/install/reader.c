/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Built against an installed fstview: prints the number of records and the mean of the first TT. */
#include <stdio.h>
#include <string.h>

#include "fstview.h"

int main(int argc, char **argv)
{
    FstFile file;
    FstCriteria criteria = FST_CRITERIA_INIT;
    FstArray tt = FST_ARRAY_INIT;
    size_t count, record;
    strcpy(criteria.nomvar, "TT");
    if (argc != 2 || fst_open(argv[1], NULL, &file) != FST_OK || fst_record_count(file, &count) != FST_OK ||
        fst_find_first(file, &criteria, &record) != FST_OK ||
        fst_record_view(file, record, NULL, &tt) != FST_OK) {
        fprintf(stderr, "reader: %s\n", fst_last_error());
        return 1;
    }
    double sum = 0.0;
    for (size_t i = 0; i < tt.size; i++) {
        sum += ((const float *)tt.data)[i];
    }
    printf("%zu records, mean %.6f\n", count, sum / (double)tt.size);
    fst_view_release(tt.view);
    return fst_close(file) == FST_OK ? 0 : 1;
}
