/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The attributes of all records as an Arrow record batch: walked, moved, taken apart, released wherever and whenever. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

#include "check.h"

typedef struct Batch {
    struct ArrowSchema schema;
    struct ArrowArray array;
} Batch;

static Batch export_of(FstFile file)
{
    /* Whatever was in the structs is overwritten, not released. */
    Batch batch;
    memset(&batch, 0x5A, sizeof batch);
    EXPECT(FST_OK, fst_index_export(file, &batch.schema, &batch.array));
    CHECK(batch.schema.release != NULL && batch.array.release != NULL);
    return batch;
}

static void release(Batch *batch)
{
    batch->schema.release(&batch->schema);
    CHECK(batch->schema.release == NULL && batch->array.release != NULL);
    batch->array.release(&batch->array);
    CHECK(batch->array.release == NULL);
}

/* The number of a column. */
static int64_t column(const Batch *batch, const char *name)
{
    for (int64_t c = 0; c < batch->schema.n_children; c++) {
        if (strcmp(batch->schema.children[c]->name, name) == 0) return c;
    }
    fprintf(stderr, "there is no column %s\n", name);
    exit(EXIT_FAILURE);
}

static int is_null(const struct ArrowArray *array, int64_t row)
{
    const unsigned char *bits = array->buffers[0];
    return bits != NULL && (bits[row / 8] >> (row % 8) & 1) == 0;
}

/* The value of an integer column, which must have that format. */
static int64_t integer(const Batch *batch, const char *name, const char *format, int64_t row)
{
    const int64_t c = column(batch, name);
    const struct ArrowArray *array = batch->array.children[c];
    CHECK(strcmp(batch->schema.children[c]->format, format) == 0 && array->n_buffers == 2 && !is_null(array, row));
    const void *values = array->buffers[1];
    switch (format[0]) {
    case 'L': return (int64_t)((const uint64_t *)values)[row];
    case 'l':
    case 't': return ((const int64_t *)values)[row];
    case 'I': return ((const uint32_t *)values)[row];
    default: CHECK(format[0] == 'i'); return ((const int32_t *)values)[row];
    }
}

static int is_text(const Batch *batch, const char *name, int64_t row, const char *expected)
{
    const int64_t c = column(batch, name);
    const struct ArrowArray *array = batch->array.children[c];
    CHECK(strcmp(batch->schema.children[c]->format, "u") == 0 && array->n_buffers == 3);
    const int32_t *offsets = array->buffers[1];
    const size_t length = (size_t)(offsets[row + 1] - offsets[row]);
    return offsets[0] == 0 && length == strlen(expected) &&
           memcmp((const char *)array->buffers[2] + offsets[row], expected, length) == 0;
}

/* Seconds since 1970 of a date (the algorithm of civil days). */
static int64_t unix_seconds(const FstDate *date)
{
    const int64_t year = date->year - (date->month <= 2), era = (year >= 0 ? year : year - 399) / 400;
    const int64_t of_era = year - era * 400, month = (date->month + 9) % 12;
    const int64_t of_year = (153 * month + 2) / 5 + date->day - 1;
    const int64_t days = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
    return days * 86400 + date->hour * 3600 + date->minute * 60 + date->second;
}

/* What holds for the batch of every file. */
static void check_form(const Batch *batch, size_t count)
{
    CHECK(strcmp(batch->schema.format, "+s") == 0 && batch->schema.n_children == 34);
    CHECK(batch->schema.dictionary == NULL && batch->array.dictionary == NULL && batch->schema.metadata == NULL);
    CHECK(batch->array.n_children == 34 && batch->array.n_buffers == 1 && batch->array.buffers[0] == NULL);
    CHECK(batch->array.length == (int64_t)count && batch->array.offset == 0 && batch->array.null_count == 0);
    for (int64_t c = 0; c < 34; c++) {
        const struct ArrowSchema *schema = batch->schema.children[c];
        const struct ArrowArray *array = batch->array.children[c];
        CHECK(schema->release != NULL && schema->n_children == 0 && schema->dictionary == NULL);
        CHECK(array->release != NULL && array->n_children == 0 && array->dictionary == NULL);
        CHECK(array->length == (int64_t)count && array->offset == 0);
        int64_t nulls = 0;
        for (int64_t row = 0; row < array->length; row++) {
            nulls += is_null(array, row);
        }
        CHECK(nulls == array->null_count && (nulls == 0 || schema->flags == ARROW_FLAG_NULLABLE));
        for (int64_t other = 0; other < c; other++) {
            CHECK(strcmp(batch->schema.children[other]->name, schema->name) != 0);
        }
    }
}

/* A timestamp is that of the stamp, or null. */
static void check_time(const Batch *batch, const char *name, int64_t row, int32_t stamp)
{
    FstDate date = FST_DATE_INIT;
    const struct ArrowArray *array = batch->array.children[column(batch, name)];
    if (fst_date_from_stamp(stamp, &date) == FST_OK) {
        CHECK(integer(batch, name, "tss:UTC", row) == unix_seconds(&date));
    } else {
        CHECK(is_null(array, row));
    }
}

static void check_rows(FstFile file, const Batch *batch)
{
    for (int64_t row = 0; row < batch->array.length; row++) {
        const FstRecordInfo info = info_of(file, (size_t)row);
        CHECK(integer(batch, "record", "L", row) == row);
        CHECK(integer(batch, "file_number", "I", row) == (int64_t)info.file_number);
        CHECK(is_text(batch, "nomvar", row, info.nomvar) && is_text(batch, "typvar", row, info.typvar));
        CHECK(is_text(batch, "grtyp", row, info.grtyp) && is_text(batch, "etiket", row, info.etiket));
        const struct {
            const char *name, *format;
            int64_t value;
        } all[] = {{"ni", "l", info.ni},
                   {"nj", "l", info.nj},
                   {"nk", "l", info.nk},
                   {"data_type", "i", info.data_type},
                   {"data_bits", "i", info.data_bits},
                   {"pack_bits", "i", info.pack_bits},
                   {"dateo", "i", info.dateo},
                   {"datev", "i", info.datev},
                   {"deet", "i", info.deet},
                   {"npas", "i", info.npas},
                   {"ip1", "i", info.ip1},
                   {"ip2", "i", info.ip2},
                   {"ip3", "i", info.ip3},
                   {"ig1", "i", info.ig1},
                   {"ig2", "i", info.ig2},
                   {"ig3", "i", info.ig3},
                   {"ig4", "i", info.ig4},
                   {"dtype", "i", info.dtype},
                   {"flags", "I", info.flags},
                   {"file_offset", "L", (int64_t)info.file_offset},
                   {"stored_bytes", "L", (int64_t)info.stored_bytes},
                   {"payload_offset", "L", (int64_t)info.payload_offset},
                   {"payload_bytes", "L", (int64_t)info.payload_bytes},
                   {"array_bytes", "L", (int64_t)info.array_bytes}};
        for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
            CHECK(integer(batch, all[i].name, all[i].format, row) == all[i].value);
        }
        check_time(batch, "valid", row, info.datev);

        /* The level is that of ip1, or null. */
        const int64_t c = column(batch, "level");
        const struct ArrowArray *level = batch->array.children[c];
        CHECK(strcmp(batch->schema.children[c]->format, "f") == 0);
        float value = 0;
        int32_t kind = 0;
        if (fst_ip_decode(info.ip1, &value, &kind) == FST_OK) {
            CHECK(!is_null(level, row) && ((const float *)level->buffers[1])[row] == value);
            CHECK(integer(batch, "level_kind", "i", row) == kind);
        } else {
            CHECK(is_null(level, row) && is_null(batch->array.children[column(batch, "level_kind")], row));
        }
    }
}

static void *release_elsewhere(void *argument)
{
    Batch *batch = argument;
    check_form(batch, 194);
    CHECK(is_text(batch, "nomvar", 193, "CUBE"));
    release(batch);
    return NULL;
}

static void *export_at_once(void *argument)
{
    const FstFile file = *(const FstFile *)argument;
    for (int turn = 0; turn < 5; turn++) {
        Batch batch = export_of(file);
        check_form(&batch, 194);
        CHECK(is_text(&batch, "nomvar", turn, info_of(file, (size_t)turn).nomvar));
        release(&batch);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    static const char *const names[] = {"model.rsf", "model.fst", "metadata.rsf", "semantics/query.rsf",
                                        "semantics/query.xdf", "containers/rsf_empty_fresh.rsf"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        FstFile file = open_with(in_folder(argv[1], names[i]), FST_ACCESS_AUTO);
        Batch batch = export_of(file);
        check_form(&batch, count_of(file));
        check_rows(file, &batch);
        if (i == 0) {
            for (int64_t row = 0; row < batch.array.length; row++) {
                check_time(&batch, "origin", row, info_of(file, (size_t)row).dateo);
            }
        }
        release(&batch);
        EXPECT(FST_OK, fst_close(file));
    }

    FstFile file = open_with(in_folder(argv[1], "model.rsf"), FST_ACCESS_AUTO);

    /* Array before schema, one of them alone, and one batch after the other. */
    Batch batch = export_of(file), second = export_of(file);
    batch.array.release(&batch.array);
    check_rows(file, &second);
    batch.schema.release(&batch.schema);
    release(&second);

    /* Released twice: a consumer looks at the callback first; one that does not is borne. */
    batch = export_of(file);
    void (*const release_schema)(struct ArrowSchema *) = batch.schema.release;
    void (*const release_array)(struct ArrowArray *) = batch.array.release;
    release(&batch);
    for (int i = 0; i < 3; i++) {
        release_schema(&batch.schema);
        release_array(&batch.array);
        CHECK(batch.schema.release == NULL && batch.array.release == NULL);
    }
    release_schema(NULL);
    release_array(NULL);

    /* Moved: the copy is the batch, the struct that it came from counts as released. */
    batch = export_of(file);
    Batch *moved = malloc(sizeof *moved);
    CHECK(moved != NULL);
    *moved = batch;
    batch.schema.release = NULL;
    batch.array.release = NULL;
    memset(&batch, 0xFF, sizeof batch);
    check_form(moved, 194);
    check_rows(file, moved);
    release(moved);
    free(moved);

    /* Taken apart: a column that was moved out outlives its batch, and one released early is not released again. */
    batch = export_of(file);
    const int64_t ip1 = column(&batch, "ip1"), etiket = column(&batch, "etiket");
    struct ArrowArray values = *batch.array.children[ip1];
    batch.array.children[ip1]->release = NULL;
    struct ArrowSchema type = *batch.schema.children[ip1];
    batch.schema.children[ip1]->release = NULL;
    batch.array.children[etiket]->release(batch.array.children[etiket]);
    CHECK(batch.array.children[etiket]->release == NULL);
    release(&batch);
    CHECK(values.length == 194 && ((const int32_t *)values.buffers[1])[3] == info_of(file, 3).ip1);
    CHECK(strcmp(type.name, "ip1") == 0 && strcmp(type.format, "i") == 0);
    values.release(&values);
    type.release(&type);
    CHECK(values.release == NULL && type.release == NULL);

    /* From many threads at once. */
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_create(&threads[i], NULL, export_at_once, &file) == 0);
    }
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }

    /* After the file is closed, here and from a thread that never called the library. */
    batch = export_of(file);
    second = export_of(file);
    Batch third = export_of(file);
    check_rows(file, &third);
    EXPECT(FST_OK, fst_close(file));
    check_form(&third, 194);
    CHECK(is_text(&third, "nomvar", 3, "TT") && integer(&third, "ip1", "i", 3) == 93423264);
    release(&third);
    CHECK(pthread_create(&threads[0], NULL, release_elsewhere, &batch) == 0);
    CHECK(pthread_join(threads[0], NULL) == 0);
    CHECK(pthread_create(&threads[0], NULL, release_elsewhere, &second) == 0);
    CHECK(pthread_join(threads[0], NULL) == 0);
    return EXIT_SUCCESS;
}
