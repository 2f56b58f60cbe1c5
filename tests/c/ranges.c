/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Record numbers and slabs at and beyond the edges. */
#include <stdint.h>

#include "check.h"

static FstFile file;

static void refuse_record(size_t record)
{
    FstRecordInfo info;
    memset(&info, 0x5A, sizeof info);
    info.struct_size = sizeof info;
    EXPECT(FST_ERR_OUT_OF_RANGE, fst_record_info(file, record, &info));
    CHECK(info.ni == 0x5A5A5A5A5A5A5A5A);
    char text[8] = "before";
    size_t length = 77;
    EXPECT(FST_ERR_OUT_OF_RANGE, fst_record_metadata(file, record, text, sizeof text, &length));
    CHECK(length == 77 && strcmp(text, "before") == 0);
    FstArray array = used_array();
    EXPECT(FST_ERR_OUT_OF_RANGE, fst_record_view(file, record, NULL, &array));
    CHECK(is_blank(&array));
    double place = 1.5;
    EXPECT(FST_ERR_OUT_OF_RANGE, fst_record_read(file, record, NULL, FST_DTYPE_F32, &place, sizeof place));
    CHECK(place == 1.5);

    /* In a batch, only the bad one suffers. */
    size_t records[3] = {0, record, 2};
    FstArray arrays[3] = {used_array(), used_array(), used_array()};
    FstStatus statuses[3] = {99, 99, 99};
    EXPECT(FST_ERR_OUT_OF_RANGE, fst_record_view_many(file, records, 3, NULL, arrays, statuses));
    CHECK(statuses[0] == FST_OK && statuses[1] == FST_ERR_OUT_OF_RANGE && statuses[2] == FST_OK);
    CHECK(is_blank(&arrays[1]) && arrays[0].size == 120 && arrays[2].size == 33);
    EXPECT(FST_OK, fst_view_release(arrays[0].view));
    EXPECT(FST_OK, fst_view_release(arrays[2].view));
    float first[120];
    double third[33];
    void *places[3] = {first, &place, third};
    size_t bytes[3] = {sizeof first, sizeof place, sizeof third};
    EXPECT(FST_ERR_OUT_OF_RANGE, fst_record_read_many(file, records, 2, NULL, FST_DTYPE_F32, places, bytes, statuses));
    CHECK(statuses[0] == FST_OK && statuses[1] == FST_ERR_OUT_OF_RANGE && place == 1.5);
}

/* A slab along one axis of a record: refused, or of `expected` elements along that axis. */
static void slab(size_t record, int axis, int64_t start, int64_t count, int64_t expected)
{
    FstViewOptions options = FST_VIEW_OPTIONS_INIT;
    options.slab_start[axis] = start;
    options.slab_count[axis] = count;
    FstArray array = used_array();
    FstRecordInfo info = info_of(file, record);
    float values[120 * 80 * 4];
    if (expected < 0) {
        EXPECT(FST_ERR_OUT_OF_RANGE, fst_record_view(file, record, &options, &array));
        CHECK(is_blank(&array));
        EXPECT(FST_ERR_OUT_OF_RANGE, fst_record_read(file, record, &options, info.dtype, values, sizeof values));
        return;
    }
    EXPECT(FST_OK, fst_record_view(file, record, &options, &array));
    const int64_t extents[3] = {info.ni, info.nj, info.nk};
    for (int i = 0; i < 3; i++) {
        CHECK(array.shape[i] == (i == axis ? expected : extents[i]));
    }

    /* Its elements are those of the whole record. */
    FstArray whole = view_of(file, record);
    EXPECT(FST_OK, fst_record_read(file, record, &options, info.dtype, values, sizeof values));
    size_t n = 0;
    for (int64_t k = 0; k < array.shape[2]; k++) {
        for (int64_t j = 0; j < array.shape[1]; j++) {
            for (int64_t i = 0; i < array.shape[0]; i++, n++) {
                int64_t at[3] = {i, j, k};
                int64_t here = i * array.strides[0] + j * array.strides[1] + k * array.strides[2];
                at[axis] += start;
                int64_t there = at[0] * whole.strides[0] + at[1] * whole.strides[1] + at[2] * whole.strides[2];
                CHECK(memcmp((const char *)array.data + here, (const char *)whole.data + there, 4) == 0);
                CHECK(memcmp(&values[n], (const char *)whole.data + there, 4) == 0);
                CHECK((uint64_t)here + 4 <= array.nbytes);
            }
        }
    }
    CHECK(n == array.size);
    EXPECT(FST_OK, fst_view_release(whole.view));
    EXPECT(FST_OK, fst_view_release(array.view));
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    const FstAccess accesses[] = {FST_ACCESS_MAP, FST_ACCESS_READ};
    for (int a = 0; a < 2; a++) {
        file = open_with(in_folder(argv[1], "model.rsf"), accesses[a]);
        refuse_record(194);
        refuse_record(195);
        refuse_record(SIZE_MAX / 2);
        refuse_record(SIZE_MAX - 1);
        refuse_record(SIZE_MAX);

        /* A cube as it is in the file, and a compressed, a packed field. */
        const size_t records[] = {record_of(file, "CUBE"), record_of(file, "TT"), record_of(file, "HR")};
        for (int r = 0; r < 3; r++) {
            FstRecordInfo info = info_of(file, records[r]);
            const int64_t extents[3] = {info.ni, info.nj, info.nk};
            for (int axis = 0; axis < 3; axis++) {
                int64_t n = extents[axis];
                slab(records[r], axis, 0, 0, n);
                slab(records[r], axis, 0, n, n);
                slab(records[r], axis, n - 1, 0, 1);
                slab(records[r], axis, n - 1, 1, 1);
                slab(records[r], axis, n / 2, 1, 1);
                slab(records[r], axis, n / 2, 0, n - n / 2);
                slab(records[r], axis, n, 0, -1);
                slab(records[r], axis, n, 1, -1);
                slab(records[r], axis, n - 1, 2, -1);
                slab(records[r], axis, 0, n + 1, -1);
                slab(records[r], axis, 1, n, -1);
                slab(records[r], axis, -1, 1, -1);
                slab(records[r], axis, -1, 0, -1);
                slab(records[r], axis, 0, -1, -1);
                slab(records[r], axis, INT64_MAX, 1, -1);
                slab(records[r], axis, 0, INT64_MAX, -1);
                slab(records[r], axis, INT64_MAX, INT64_MAX, -1);
                slab(records[r], axis, INT64_MIN, INT64_MIN, -1);
                slab(records[r], axis, INT64_MIN, 1, -1);
                slab(records[r], axis, 1, INT64_MIN, -1);
                slab(records[r], axis, (int64_t)1 << 32, 1, -1);
                slab(records[r], axis, 0, ((int64_t)1 << 32) + 1, -1);
            }
        }
        CHECK(stats_of(file).live_views == 0);
        EXPECT(FST_OK, fst_close(file));
    }

    /* A batch so large that its arguments cannot exist. */
    file = open_with(in_folder(argv[1], "model.rsf"), FST_ACCESS_AUTO);
    size_t record = 0;
    FstArray array = FST_ARRAY_INIT;
    FstStatus status = fst_record_view_many(file, &record, SIZE_MAX, NULL, &array, NULL);
    CHECK(status == FST_ERR_INVALID_ARGUMENT || status == FST_ERR_NO_MEMORY);
    EXPECT(FST_OK, fst_close(file));
    return EXIT_SUCCESS;
}
