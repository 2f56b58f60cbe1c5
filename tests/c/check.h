/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What the test programs share. Each is called with the folder of the golden files and a scratch folder, prints
 * nothing and ends with status 0 when all is well; so whatever appears is a failure, or the library printing.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fstview.h"

/* Ends the program unless the condition holds. */
#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
            exit(EXIT_FAILURE); \
        } \
    } while (0)

/* Ends the program unless the call gives the status. */
#define EXPECT(status, call) expect(status, call, #call, __FILE__, __LINE__)

static inline void expect(FstStatus expected, FstStatus found, const char *call, const char *file, int line)
{
    if (found != expected) {
        fprintf(stderr, "%s:%d: %s is %s (%s), expected %s\n", file, line, call, fst_status_name(found),
                fst_last_error(), fst_status_name(expected));
        exit(EXIT_FAILURE);
    }
}

/* The path of a file in a folder; memory that stays until the program ends. */
static inline const char *in_folder(const char *folder, const char *name)
{
    static char texts[16][4096];
    static int next;
    char *text = texts[next++ % 16];
    int length = snprintf(text, sizeof texts[0], "%s/%s", folder, name);
    CHECK(length > 0 && (size_t)length < sizeof texts[0]);
    return text;
}

static inline FstFile open_with(const char *path, FstAccess access)
{
    FstOpenOptions options = FST_OPEN_OPTIONS_INIT;
    options.access = access;
    FstFile file = {0};
    EXPECT(FST_OK, fst_open(path, &options, &file));
    return file;
}

static inline size_t count_of(FstFile file)
{
    size_t count = 0;
    EXPECT(FST_OK, fst_record_count(file, &count));
    return count;
}

static inline FstRecordInfo info_of(FstFile file, size_t record)
{
    FstRecordInfo info = FST_RECORD_INFO_INIT;
    EXPECT(FST_OK, fst_record_info(file, record, &info));
    return info;
}

/* Whether two records are the same in all but their places. */
static inline int is_same_record(const FstRecordInfo *a, const FstRecordInfo *b)
{
    return strcmp(a->nomvar, b->nomvar) == 0 && strcmp(a->typvar, b->typvar) == 0 && strcmp(a->grtyp, b->grtyp) == 0 &&
           strcmp(a->etiket, b->etiket) == 0 && a->ni == b->ni && a->nj == b->nj && a->nk == b->nk &&
           a->data_type == b->data_type && a->data_bits == b->data_bits && a->pack_bits == b->pack_bits &&
           a->dtype == b->dtype && a->dateo == b->dateo && a->datev == b->datev && a->deet == b->deet &&
           a->npas == b->npas && a->ip1 == b->ip1 && a->ip2 == b->ip2 && a->ip3 == b->ip3 && a->ig1 == b->ig1 &&
           a->ig2 == b->ig2 && a->ig3 == b->ig3 && a->ig4 == b->ig4 && a->flags == b->flags &&
           a->file_number == b->file_number && a->stored_bytes == b->stored_bytes &&
           a->payload_bytes == b->payload_bytes && a->array_bytes == b->array_bytes;
}

static inline FstFileStats stats_of(FstFile file)
{
    FstFileStats stats = FST_FILE_STATS_INIT;
    EXPECT(FST_OK, fst_file_stats(file, &stats));
    return stats;
}

static inline FstArray view_of(FstFile file, size_t record)
{
    FstArray array = FST_ARRAY_INIT;
    EXPECT(FST_OK, fst_record_view(file, record, NULL, &array));
    return array;
}

/* The first record of a variable. */
static inline size_t record_of(FstFile file, const char *nomvar)
{
    FstCriteria criteria = FST_CRITERIA_INIT;
    snprintf(criteria.nomvar, sizeof criteria.nomvar, "%s", nomvar);
    size_t record = 0;
    EXPECT(FST_OK, fst_find_first(file, &criteria, &record));
    return record;
}

/* Whether an array is as it must be after a failure: zero but for its size. */
static inline int is_blank(const FstArray *array)
{
    return array->struct_size == sizeof(FstArray) && array->dtype == 0 && array->rank == 0 && array->itemsize == 0 &&
           array->origin == 0 && array->flags == 0 && array->shape[0] == 0 && array->shape[1] == 0 &&
           array->shape[2] == 0 && array->strides[0] == 0 && array->strides[1] == 0 && array->strides[2] == 0 &&
           array->size == 0 && array->nbytes == 0 && array->data == NULL && array->view.id == 0;
}

/* An array with something in every field, to see that it is cleared. */
static inline FstArray used_array(void)
{
    FstArray array;
    memset(&array, 0x5A, sizeof array);
    array.struct_size = sizeof array;
    return array;
}

#endif
