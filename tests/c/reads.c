/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Reading into the caller's array: too small, misaligned, of another type, wider, larger than needed. */
#include "check.h"

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    FstFile file = open_with(in_folder(argv[1], "model.rsf"), FST_ACCESS_AUTO);
    const size_t tt = record_of(file, "TT"), mask = 192, doubles = record_of(file, "2Z");
    static union {
        double f64[9601];
        float f32[19202];
        uint32_t u32[19202];
        uint64_t u64[9601];
        int64_t i64[9601];
        unsigned char bytes[76808];
    } place;

    /* Too small by a byte, by everything: nothing is written. */
    const size_t small[] = {0, 1, 38399, 4};
    for (size_t i = 0; i < sizeof small / sizeof small[0]; i++) {
        memset(&place, 0x5A, sizeof place);
        EXPECT(FST_ERR_SHAPE_MISMATCH, fst_record_read(file, tt, NULL, FST_DTYPE_F32, &place, small[i]));
        for (size_t at = 0; at < sizeof place; at++) {
            CHECK(place.bytes[at] == 0x5A);
        }
    }

    /* Exactly large enough, and larger: what is behind stays. */
    FstArray view = view_of(file, tt);
    CHECK(view.nbytes == 38400);
    memset(&place, 0x5A, sizeof place);
    EXPECT(FST_OK, fst_record_read(file, tt, NULL, FST_DTYPE_F32, &place, 38400));
    CHECK(memcmp(&place, view.data, 38400) == 0 && place.bytes[38400] == 0x5A);
    memset(&place, 0x5A, sizeof place);
    EXPECT(FST_OK, fst_record_read(file, tt, NULL, FST_DTYPE_F32, &place, sizeof place));
    CHECK(memcmp(&place, view.data, 38400) == 0 && place.bytes[38400] == 0x5A);

    /* Misaligned. */
    for (size_t off = 1; off < 4; off++) {
        EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_read(file, tt, NULL, FST_DTYPE_F32, place.bytes + off, 38400));
    }
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_read(file, tt, NULL, FST_DTYPE_F64, place.bytes + 4, 76800));
    EXPECT(FST_OK, fst_record_read(file, tt, NULL, FST_DTYPE_F32, place.bytes + 4, 38400));
    CHECK(memcmp(place.bytes + 4, view.data, 38400) == 0);

    /* Wider: exact values. */
    EXPECT(FST_ERR_SHAPE_MISMATCH, fst_record_read(file, tt, NULL, FST_DTYPE_F64, &place, 76799));
    EXPECT(FST_OK, fst_record_read(file, tt, NULL, FST_DTYPE_F64, &place, 76800));
    for (size_t i = 0; i < 9600; i++) {
        CHECK(place.f64[i] == ((const float *)view.data)[i]);
    }
    EXPECT(FST_OK, fst_view_release(view.view));

    view = view_of(file, mask);
    CHECK(view.dtype == FST_DTYPE_U32);
    EXPECT(FST_OK, fst_record_read(file, mask, NULL, FST_DTYPE_U64, &place, sizeof place));
    for (size_t i = 0; i < 9600; i++) {
        CHECK(place.u64[i] == ((const uint32_t *)view.data)[i]);
    }
    EXPECT(FST_OK, fst_record_read(file, mask, NULL, FST_DTYPE_I64, &place, sizeof place));
    for (size_t i = 0; i < 9600; i++) {
        CHECK(place.i64[i] == ((const uint32_t *)view.data)[i]);
    }
    EXPECT(FST_OK, fst_record_read(file, mask, NULL, FST_DTYPE_F64, &place, sizeof place));
    for (size_t i = 0; i < 9600; i++) {
        CHECK(place.f64[i] == ((const uint32_t *)view.data)[i]);
    }
    EXPECT(FST_OK, fst_view_release(view.view));

    /* Any other type loses something. */
    for (FstDtype dtype = FST_DTYPE_U8; dtype <= FST_DTYPE_CHAR; dtype++) {
        memset(&place, 0x5A, sizeof place);
        if (dtype != FST_DTYPE_F32 && dtype != FST_DTYPE_F64) {
            EXPECT(FST_ERR_TYPE_MISMATCH, fst_record_read(file, tt, NULL, dtype, &place, sizeof place));
            CHECK(place.u32[0] == 0x5A5A5A5A);
        }
        if (dtype != FST_DTYPE_F64) {
            EXPECT(FST_ERR_TYPE_MISMATCH, fst_record_read(file, doubles, NULL, dtype, &place, sizeof place));
        }
        if (dtype != FST_DTYPE_U32 && dtype != FST_DTYPE_U64 && dtype != FST_DTYPE_I64 && dtype != FST_DTYPE_F64) {
            EXPECT(FST_ERR_TYPE_MISMATCH, fst_record_read(file, mask, NULL, dtype, &place, sizeof place));
        }
    }

    /* The type in the options agrees with the call's, or is left open. */
    FstViewOptions options = FST_VIEW_OPTIONS_INIT;
    options.dtype = FST_DTYPE_F64;
    EXPECT(FST_OK, fst_record_read(file, tt, &options, FST_DTYPE_F64, &place, sizeof place));

    /* A batch of three levels, one into a destination that is too small. */
    size_t records[3] = {tt, tt + 1, tt + 2};
    void *places[3] = {place.f32, place.f32 + 9600, place.f32};
    size_t bytes[3] = {38400, 38400, 38399};
    FstStatus statuses[3] = {99, 99, 99};
    EXPECT(FST_ERR_SHAPE_MISMATCH,
           fst_record_read_many(file, records, 3, NULL, FST_DTYPE_F32, places, bytes, statuses));
    CHECK(statuses[0] == FST_OK && statuses[1] == FST_OK && statuses[2] == FST_ERR_SHAPE_MISMATCH);
    for (size_t i = 0; i < 2; i++) {
        view = view_of(file, records[i]);
        CHECK(memcmp(places[i], view.data, 38400) == 0);
        EXPECT(FST_OK, fst_view_release(view.view));
    }

    /* Reads are not views. */
    CHECK(stats_of(file).live_views == 0);
    EXPECT(FST_OK, fst_close(file));
    return EXIT_SUCCESS;
}
