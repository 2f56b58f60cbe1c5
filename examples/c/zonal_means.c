/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Zonal means of many records, in parallel with OpenMP: any thread may use any file and view. */
#include "example.h"

/* The mean of row `j`. */
static double row_mean(const FstArray *array, int64_t j)
{
    const float *row = (const float *)array->data + j * array->shape[0];
    double sum = 0.0;
    for (int64_t i = 0; i < array->shape[0]; i++) {
        sum += row[i];
    }
    return sum / (double)array->shape[0];
}

int main(int argc, char **argv)
{
    FstFile file;
    check(fst_open(file_argument(argc, argv), NULL, &file));

    FstCriteria criteria = FST_CRITERIA_INIT;
    strcpy(criteria.nomvar, "TT");
    size_t n;
    check(fst_find(file, &criteria, NULL, 0, &n));
    size_t *records = malloc(n * sizeof *records);
    double(*means)[3] = malloc(n * sizeof *means);
    check(fst_find(file, &criteria, records, n, &n));

#pragma omp parallel for schedule(dynamic)
    for (size_t r = 0; r < n; r++) {
        FstArray tt = FST_ARRAY_INIT;
        check(fst_record_view(file, records[r], NULL, &tt));
        means[r][0] = row_mean(&tt, 0);
        means[r][1] = row_mean(&tt, tt.shape[1] / 2);
        means[r][2] = row_mean(&tt, tt.shape[1] - 1);
        check(fst_view_release(tt.view));
    }

    for (size_t r = 0; r < n; r++) {
        printf("first row %12.6f middle %12.6f last %12.6f\n", means[r][0], means[r][1], means[r][2]);
    }
    free(means);
    free(records);
    check(fst_close(file));
    return 0;
}
