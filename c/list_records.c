/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Lists the records of an RPN standard file: one line each, with the smallest value, the largest one and the mean.
 *
 *     cc -std=c99 -Iinclude c/list_records.c -Ltarget/release -lfstview -lm -o list_records
 *     ./list_records tests/data/model.rsf
 *
 * fortran/list_records.f90 and python/list_records.py are the same program in the other languages.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fstview.h"

/* Ends the program with the library's own words when a call has failed: they name the file and the record. */
static void check(FstStatus status)
{
    if (status != FST_OK) {
        fprintf(stderr, "list_records: %s: %s\n", fst_status_name(status), fst_last_error());
        exit(EXIT_FAILURE);
    }
}

/* Element `i` of a whole record, in memory order, as a double; of a complex one, the absolute value. */
static double value(const FstArray *array, uint64_t i)
{
    switch (array->dtype) {
    case FST_DTYPE_U8: return ((const uint8_t *)array->data)[i];
    case FST_DTYPE_I8: return ((const int8_t *)array->data)[i];
    case FST_DTYPE_U16: return ((const uint16_t *)array->data)[i];
    case FST_DTYPE_I16: return ((const int16_t *)array->data)[i];
    case FST_DTYPE_U32: return ((const uint32_t *)array->data)[i];
    case FST_DTYPE_I32: return ((const int32_t *)array->data)[i];
    case FST_DTYPE_U64: return (double)((const uint64_t *)array->data)[i];
    case FST_DTYPE_I64: return (double)((const int64_t *)array->data)[i];
    case FST_DTYPE_F32: return ((const float *)array->data)[i];
    case FST_DTYPE_F64: return ((const double *)array->data)[i];
    case FST_DTYPE_C64: return hypot(((const float *)array->data)[2 * i], ((const float *)array->data)[2 * i + 1]);
    case FST_DTYPE_C128: return hypot(((const double *)array->data)[2 * i], ((const double *)array->data)[2 * i + 1]);
    default: return NAN;
    }
}

typedef struct Statistics {
    double min, max, mean;
} Statistics;

/* Smallest, largest and mean value; all three are NaN when a single value is. */
static Statistics statistics(const FstArray *array)
{
    double min = value(array, 0), max = min, sum = 0.0;
    for (uint64_t i = 0; i < array->size; i++) {
        double x = value(array, i);
        if (isnan(x)) {
            return (Statistics){NAN, NAN, NAN};
        }
        if (x < min) min = x;
        if (x > max) max = x;
        sum += x;
    }
    return (Statistics){min, max, sum / (double)array->size};
}

/* A number such as -1.2345678E+002: C writes exponents of two digits where two suffice, other languages do not. */
static const char *number(double x, char text[32])
{
    if (isnan(x)) return "nan";
    if (isinf(x)) return x > 0 ? "inf" : "-inf";
    snprintf(text, 32, "%.7E", x);
    char *exponent = strchr(text, 'E') + 1;
    int power = atoi(exponent);
    snprintf(exponent, (size_t)(text + 32 - exponent), "%c%03d", power < 0 ? '-' : '+', abs(power));
    return text;
}

/* The meaning of a level code, without blanks on either side. */
static const char *level(int32_t ip1, char text[16])
{
    check(fst_ip_format(ip1, text, 16));
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == ' ') {
        text[--length] = '\0';
    }
    return text + strspn(text, " ");
}

static void list(FstFile file, size_t record)
{
    FstRecordInfo info = FST_RECORD_INFO_INIT;
    check(fst_record_info(file, record, &info));

    char meaning[16], dimensions[64];
    snprintf(dimensions, sizeof dimensions, "%" PRId64 "x%" PRId64 "x%" PRId64, info.ni, info.nj, info.nk);
    printf("%6zu %-6s %-6s %-12s %-15s %11" PRId32 " %11" PRId32 " %20s %4" PRId32 " %4" PRId32, record, info.nomvar,
           info.typvar, info.etiket, level(info.ip1, meaning), info.dateo, info.datev, dimensions, info.data_type,
           info.pack_bits);

    /* The array stays where it is: in the file mapping, or in the library's memory until the view is released. */
    FstArray array = FST_ARRAY_INIT;
    if (fst_record_view(file, record, NULL, &array) != FST_OK) {
        printf(" %16s %16s %16s\n", "refused", "-", "-");
        return;
    }
    if (array.dtype == FST_DTYPE_CHAR) {
        printf(" %16s %16s %16s\n", "text", "-", "-");
    } else {
        Statistics found = statistics(&array);
        char min[32], max[32], mean[32];
        printf(" %16s %16s %16s\n", number(found.min, min), number(found.max, max), number(found.mean, mean));
    }
    check(fst_view_release(array.view));
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: list_records FILE\n");
        return 2;
    }
    FstFile file;
    check(fst_open(argv[1], NULL, &file));
    size_t count;
    check(fst_record_count(file, &count));

    puts("record nomvar typvar etiket       level                 dateo       datev         ni x nj x nk type bits"
         "              min              max             mean");
    for (size_t record = 0; record < count; record++) {
        list(file, record);
    }
    printf("%zu records\n", count);

    check(fst_close(file));
    return EXIT_SUCCESS;
}
