/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Handles that are zero, made up, stale, of the other kind: an error from every function, and nothing written. */
#include <stdint.h>

#include "check.h"

/* Each function that takes a file, called with valid arguments otherwise; outputs must stay as they are. */
static void refuse_file(FstFile file)
{
    unsigned char pattern[sizeof(FstRecordInfo)];
    memset(pattern, 0x5A, sizeof pattern);

    EXPECT(FST_ERR_INVALID_HANDLE, fst_close(file));

    FstFileInfo info;
    memset(&info, 0x5A, sizeof info);
    info.struct_size = sizeof info;
    EXPECT(FST_ERR_INVALID_HANDLE, fst_file_info(file, &info));
    CHECK(memcmp((char *)&info + 4, pattern, sizeof info - 4) == 0);

    FstFileStats stats;
    memset(&stats, 0x5A, sizeof stats);
    stats.struct_size = sizeof stats;
    EXPECT(FST_ERR_INVALID_HANDLE, fst_file_stats(file, &stats));
    CHECK(memcmp((char *)&stats + 4, pattern, sizeof stats - 4) == 0);

    size_t number = 77;
    EXPECT(FST_ERR_INVALID_HANDLE, fst_record_count(file, &number));
    CHECK(number == 77);

    FstRecordInfo record;
    memset(&record, 0x5A, sizeof record);
    record.struct_size = sizeof record;
    EXPECT(FST_ERR_INVALID_HANDLE, fst_record_info(file, 0, &record));
    CHECK(memcmp((char *)&record + 4, pattern, sizeof record - 4) == 0);

    char text[8] = "before";
    EXPECT(FST_ERR_INVALID_HANDLE, fst_record_metadata(file, 0, text, sizeof text, &number));
    CHECK(number == 77 && strcmp(text, "before") == 0);

    size_t records[2] = {0, 1};
    EXPECT(FST_ERR_INVALID_HANDLE, fst_file_problems(file, NULL, 0, &number));
    EXPECT(FST_ERR_INVALID_HANDLE, fst_find(file, NULL, records, 2, &number));
    CHECK(number == 77 && records[0] == 0 && records[1] == 1);
    EXPECT(FST_ERR_INVALID_HANDLE, fst_find_first(file, NULL, &number));
    CHECK(number == 77);

    EXPECT(FST_ERR_INVALID_HANDLE, fst_search(file, NULL, records, 2, &number));
    CHECK(number == 77 && records[0] == 0 && records[1] == 1);
    float levels[2] = {1.5F, 2.5F};
    int32_t kind = 77;
    EXPECT(FST_ERR_INVALID_HANDLE, fst_find_levels(file, NULL, records, levels, &kind, 2, &number));
    CHECK(number == 77 && kind == 77 && records[0] == 0 && records[1] == 1 && levels[0] == 1.5F && levels[1] == 2.5F);

    FstGrid grid;
    memset(&grid, 0x5A, sizeof grid);
    grid.struct_size = sizeof grid;
    EXPECT(FST_ERR_INVALID_HANDLE, fst_record_grid(file, 0, &grid));
    CHECK(memcmp((char *)&grid + 4, pattern, sizeof grid - 4) == 0);

    struct ArrowSchema schema;
    struct ArrowArray batch;
    memset(&schema, 0x5A, sizeof schema);
    memset(&batch, 0x5A, sizeof batch);
    EXPECT(FST_ERR_INVALID_HANDLE, fst_index_export(file, &schema, &batch));
    CHECK(memcmp(&schema, pattern, sizeof schema) == 0 && memcmp(&batch, pattern, sizeof batch) == 0);

    FstArray array = used_array();
    EXPECT(FST_ERR_INVALID_HANDLE, fst_record_view(file, 0, NULL, &array));
    CHECK(is_blank(&array));

    FstArray arrays[2] = {used_array(), used_array()};
    FstStatus statuses[2] = {FST_OK, FST_OK};
    EXPECT(FST_ERR_INVALID_HANDLE, fst_record_view_many(file, records, 2, NULL, arrays, statuses));
    CHECK(is_blank(&arrays[0]) && is_blank(&arrays[1]));

    double place = 1.5;
    EXPECT(FST_ERR_INVALID_HANDLE, fst_record_read(file, 0, NULL, FST_DTYPE_F32, &place, sizeof place));
    void *places[1] = {&place};
    size_t bytes[1] = {sizeof place};
    EXPECT(FST_ERR_INVALID_HANDLE,
           fst_record_read_many(file, records, 1, NULL, FST_DTYPE_F32, places, bytes, statuses));
    CHECK(place == 1.5);
}

static void refuse_view(FstView view)
{
    EXPECT(FST_ERR_INVALID_HANDLE, fst_view_retain(view));
    EXPECT(FST_ERR_INVALID_HANDLE, fst_view_release(view));
    FstArray array = used_array();
    EXPECT(FST_ERR_INVALID_HANDLE, fst_view_array(view, &array));
    CHECK(is_blank(&array));
    struct DLManagedTensorVersioned *tensor = NULL;
    EXPECT(FST_ERR_INVALID_HANDLE, fst_view_to_dlpack(view, &tensor));
    CHECK(tensor == NULL);
}

static void refuse(uint64_t id)
{
    FstFile file = {id};
    FstView view = {id};
    refuse_file(file);
    refuse_view(view);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    const char *path = in_folder(argv[1], "model.rsf");

    const uint64_t made_up[] = {0, 1, 2, 0xFF, 0x100, 0xFFFFFFFF, (uint64_t)1 << 32, (uint64_t)1 << 63,
                                UINT64_MAX, 0xF100000000000000, 0xF1FFFFFFFFFFFFFF, 0xA700000000000000,
                                0xA7FFFFFFFFFFFFFF};
    for (size_t i = 0; i < sizeof made_up / sizeof made_up[0]; i++) {
        refuse(made_up[i]);
    }

    FstFile file = open_with(path, FST_ACCESS_AUTO);
    FstArray array = view_of(file, 0);

    /* Of the other kind. */
    FstFile file_of_view = {array.view.id};
    FstView view_of_file = {file.id};
    refuse_file(file_of_view);
    refuse_view(view_of_file);

    /* One bit away from a handle that is good: as a file, and as a view. */
    for (int bit = 0; bit < 64; bit++) {
        refuse(file.id ^ (uint64_t)1 << bit);
        refuse(array.view.id ^ (uint64_t)1 << bit);
    }

    /* The good ones were not hurt. */
    CHECK(count_of(file) == 194);
    FstArray again = FST_ARRAY_INIT;
    EXPECT(FST_OK, fst_view_array(array.view, &again));
    CHECK(again.data == array.data);

    /* Stale: also when the place is taken by something new. */
    EXPECT(FST_OK, fst_view_release(array.view));
    EXPECT(FST_OK, fst_close(file));
    for (int turn = 0; turn < 100; turn++) {
        refuse_file(file);
        refuse_view(array.view);
        FstFile newer = open_with(path, FST_ACCESS_AUTO);
        FstArray newer_array = view_of(newer, 0);
        CHECK(newer.id != file.id && newer_array.view.id != array.view.id);
        EXPECT(FST_OK, fst_close(newer));
        EXPECT(FST_OK, fst_view_release(newer_array.view));
    }
    return EXIT_SUCCESS;
}
