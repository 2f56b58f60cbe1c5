/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The names that librmn's headers define, so far as they could meet ours: types, macros, functions. */
#ifndef FAKE_LIBRMN_H
#define FAKE_LIBRMN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FST_NO 0
#define FST_YES 1
#define FST_SKIP 2

#define FST_META 3
#define FST_META_ALL 4

#define FST_TYPE_BINARY 0
#define FST_TYPE_REAL_OLD_QUANT 1
#define FST_TYPE_UNSIGNED 2
#define FST_TYPE_CHAR 3
#define FST_TYPE_SIGNED 4
#define FST_TYPE_REAL_IEEE 5
#define FST_TYPE_REAL 6
#define FST_TYPE_STRING 7
#define FST_TYPE_COMPLEX 8
#define FST_TYPE_TURBOPACK 128
#define FST_TYPE_MAGIC 1024

#define FST_TYP_LEN 3
#define FST_VAR_LEN 5
#define FST_GTYP_LEN 2
#define FST_LAB_LEN 13

#define FSTD_MISSING_FLAG 64

typedef struct fst_file {
    int32_t iun;
} fst_file;

typedef struct fst_record {
    void *data;
    char nomvar[FST_VAR_LEN], typvar[FST_TYP_LEN], grtyp[FST_GTYP_LEN], etiket[FST_LAB_LEN];
} fst_record;

typedef struct fst_query {
    int32_t index;
} fst_query;

fst_file *fst24_open(const char *path, const char *options);
int32_t fst24_close(fst_file *file);
int64_t fst24_get_num_records(const fst_file *file);
int32_t fst24_get_record_by_index(const fst_file *file, int64_t index, fst_record *record);
fst_query *fst24_new_query(const fst_file *file, const fst_record *criteria, const void *options);
int32_t fst24_find_next(fst_query *query, fst_record *record);
int32_t fst24_read(const fst_file *file, const fst_record *criteria, const void *options, fst_record *record);
int32_t fst24_write(fst_file *file, fst_record *record, int32_t skip);
int c_fstouv(int iun, char *options);
int c_fstfrm(int iun);
int c_fstinf(int iun, int *ni, int *nj, int *nk, int datev, char *etiket, int ip1, int ip2, int ip3, char *typvar,
             char *nomvar);
int c_fstluk(void *field, int key, int *ni, int *nj, int *nk);

#ifdef __cplusplus
}
#endif

#endif
