/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Views: of every origin, counted, longer-lived than the file, writable, in foreign byte order, of images in memory. */
#include "check.h"

static const char *rsf, *xdf;

static FstArray view_with(FstFile file, size_t record, uint32_t flags)
{
    FstViewOptions options = FST_VIEW_OPTIONS_INIT;
    options.flags = flags;
    FstArray array = FST_ARRAY_INIT;
    EXPECT(FST_OK, fst_record_view(file, record, &options, &array));
    return array;
}

static void check_origins(void)
{
    FstFile mapped = open_with(rsf, FST_ACCESS_MAP), direct = open_with(rsf, FST_ACCESS_READ);

    FstArray a = view_of(mapped, 0), b = view_of(direct, 0);
    CHECK(a.origin == FST_ORIGIN_MAPPED && b.origin == FST_ORIGIN_READ);
    CHECK(a.dtype == FST_DTYPE_F32 && a.rank == 1 && a.itemsize == 4 && a.flags == 0);
    CHECK(a.shape[0] == 120 && a.shape[1] == 1 && a.shape[2] == 1 && a.size == 120 && a.nbytes == 480);
    CHECK(a.strides[0] == 4 && a.strides[1] == 480 && a.strides[2] == 480);
    CHECK(memcmp(a.data, b.data, 480) == 0);
    EXPECT(FST_OK, fst_view_release(a.view));
    EXPECT(FST_OK, fst_view_release(b.view));

    /* Decoded, and shared while a view of it lives. */
    size_t tt = record_of(mapped, "TT");
    a = view_of(mapped, tt);
    b = view_of(mapped, tt);
    CHECK(a.origin == FST_ORIGIN_DECODED && b.origin == FST_ORIGIN_SHARED);
    CHECK(a.data == b.data && a.view.id != b.view.id && a.rank == 2);
    EXPECT(FST_OK, fst_view_release(a.view));
    CHECK(((const float *)b.data)[0] == ((const float *)b.data)[0]);
    EXPECT(FST_OK, fst_view_release(b.view));
    a = view_of(mapped, tt);
    CHECK(a.origin == FST_ORIGIN_DECODED);
    EXPECT(FST_OK, fst_view_release(a.view));

    FstFileStats stats = stats_of(mapped);
    CHECK(stats.views_mapped == 1 && stats.views_decoded == 2 && stats.views_shared == 1 && stats.views_read == 0);
    CHECK(stats.bytes_mapped == 480 && stats.bytes_decoded == 2 * 38400);
    stats = stats_of(direct);
    CHECK(stats.views_read == 1 && stats.bytes_read == 480 && stats.bytes_mapped == 0 && stats.bytes_decoded == 0);
    EXPECT(FST_OK, fst_close(mapped));
    EXPECT(FST_OK, fst_close(direct));
}

/* A payload that is not aligned for its type is read although the file is mapped. */
static void check_alignment(const char *path)
{
    FstFile file = open_with(path, FST_ACCESS_MAP);
    size_t aligned = 0, misaligned = 0;
    for (size_t record = 0; record < count_of(file); record++) {
        FstRecordInfo info = info_of(file, record);
        FstArray array = view_of(file, record);
        size_t alignment = array.dtype == FST_DTYPE_C64 || array.dtype == FST_DTYPE_C128 ? array.itemsize / 2
                                                                                         : array.itemsize;
        CHECK(array.data != NULL && (size_t)array.data % alignment == 0);
        CHECK((array.origin == FST_ORIGIN_MAPPED) == ((info.flags & FST_RECORD_MAPPABLE) != 0));
        aligned += array.origin == FST_ORIGIN_MAPPED;
        misaligned += array.origin == FST_ORIGIN_READ;
        EXPECT(FST_OK, fst_view_release(array.view));
    }
    FstFileStats stats = stats_of(file);
    CHECK(aligned > 0 && misaligned > 0 && stats.views_mapped == aligned && stats.views_read == misaligned);
    CHECK(stats.live_views == 0 && stats.live_bytes == 0);
    EXPECT(FST_OK, fst_close(file));
}

static void check_counts(void)
{
    FstFile file = open_with(rsf, FST_ACCESS_MAP);
    const size_t records[] = {0, record_of(file, "TT")};
    for (int i = 0; i < 2; i++) {
        FstArray array = view_of(file, records[i]);
        for (int turn = 0; turn < 1000; turn++) {
            EXPECT(FST_OK, fst_view_retain(array.view));
        }
        CHECK(stats_of(file).live_views == 1 && stats_of(file).live_bytes == array.nbytes);
        for (int turn = 0; turn < 1000; turn++) {
            EXPECT(FST_OK, fst_view_release(array.view));
        }
        /* The last reference still holds everything. */
        FstArray again = FST_ARRAY_INIT;
        EXPECT(FST_OK, fst_view_array(array.view, &again));
        CHECK(memcmp(&again, &array, sizeof again) == 0);
        EXPECT(FST_OK, fst_view_release(array.view));
        EXPECT(FST_ERR_INVALID_HANDLE, fst_view_release(array.view));
        EXPECT(FST_ERR_INVALID_HANDLE, fst_view_retain(array.view));
        CHECK(stats_of(file).live_views == 0 && stats_of(file).live_bytes == 0);
    }
    EXPECT(FST_OK, fst_close(file));
    EXPECT(FST_ERR_INVALID_HANDLE, fst_close(file));
}

static void check_lifetimes(void)
{
    const FstAccess accesses[] = {FST_ACCESS_MAP, FST_ACCESS_READ};
    for (int a = 0; a < 2; a++) {
        FstFile file = open_with(rsf, accesses[a]), other = open_with(rsf, accesses[a]);
        const size_t records[] = {0, record_of(file, "TT"), record_of(file, "CUBE")};
        FstArray held[3], shared = FST_ARRAY_INIT;
        for (int i = 0; i < 3; i++) {
            held[i] = view_of(file, records[i]);
        }
        shared = view_of(file, records[1]);
        EXPECT(FST_OK, fst_close(file));
        for (int i = 0; i < 3; i++) {
            FstArray fresh = view_of(other, records[i]), again = FST_ARRAY_INIT;
            CHECK(fresh.nbytes == held[i].nbytes && memcmp(fresh.data, held[i].data, fresh.nbytes) == 0);
            EXPECT(FST_OK, fst_view_array(held[i].view, &again));
            CHECK(again.data == held[i].data);
            EXPECT(FST_OK, fst_view_release(fresh.view));
            EXPECT(FST_OK, fst_view_release(held[i].view));
            EXPECT(FST_ERR_INVALID_HANDLE, fst_view_release(held[i].view));
        }
        FstArray fresh = view_of(other, records[1]);
        CHECK(memcmp(fresh.data, shared.data, fresh.nbytes) == 0);
        EXPECT(FST_OK, fst_view_release(fresh.view));
        EXPECT(FST_OK, fst_view_release(shared.view));
        EXPECT(FST_OK, fst_close(other));
    }
}

static void check_writable(void)
{
    const FstAccess accesses[] = {FST_ACCESS_MAP, FST_ACCESS_READ};
    for (int a = 0; a < 2; a++) {
        FstFile file = open_with(rsf, accesses[a]);
        const size_t records[] = {0, record_of(file, "TT"), record_of(file, "CUBE")};
        for (int i = 0; i < 3; i++) {
            FstArray plain = view_of(file, records[i]);
            FstArray own = view_with(file, records[i], FST_VIEW_WRITABLE);
            FstArray third = view_with(file, records[i], FST_VIEW_WRITABLE);
            CHECK(own.flags == FST_ARRAY_WRITABLE && plain.flags == 0 && own.origin != FST_ORIGIN_SHARED);
            CHECK(own.data != plain.data && own.data != third.data);
            CHECK(memcmp(own.data, plain.data, plain.nbytes) == 0);
            memset((void *)(size_t)own.data, 0x11, own.nbytes);
            FstArray fresh = view_of(file, records[i]);
            CHECK(memcmp(fresh.data, plain.data, plain.nbytes) == 0);
            CHECK(memcmp(third.data, plain.data, plain.nbytes) == 0);
            EXPECT(FST_OK, fst_close(file));
            memset((void *)(size_t)own.data, 0x22, own.nbytes);
            EXPECT(FST_OK, fst_view_release(own.view));
            EXPECT(FST_OK, fst_view_release(plain.view));
            EXPECT(FST_OK, fst_view_release(third.view));
            EXPECT(FST_OK, fst_view_release(fresh.view));
            file = open_with(rsf, accesses[a]);
        }
        EXPECT(FST_OK, fst_close(file));
    }
}

static void check_byte_order(void)
{
    const uint32_t one = 1;
    const int little = *(const unsigned char *)&one == 1;
    FstFile file = open_with(xdf, FST_ACCESS_MAP);
    const size_t records[] = {0, record_of(file, "CUBE"), record_of(file, "TT")};
    for (int i = 0; i < 3; i++) {
        FstArray native = view_of(file, records[i]);
        FstArray foreign = view_with(file, records[i], FST_VIEW_ANY_BYTE_ORDER);
        if (i == 2) {
            /* A compressed record has no byte order that a caller could see. */
            CHECK((foreign.flags & FST_ARRAY_BIG_ENDIAN) == (little ? 0 : FST_ARRAY_BIG_ENDIAN));
        } else if (little) {
            CHECK(native.flags == 0 && native.origin != FST_ORIGIN_MAPPED);
            CHECK(foreign.flags == FST_ARRAY_BIG_ENDIAN && foreign.origin == FST_ORIGIN_MAPPED);
            for (uint64_t at = 0; at < native.nbytes; at++) {
                CHECK(((const char *)native.data)[at] == ((const char *)foreign.data)[at ^ 3]);
            }
        }
        EXPECT(FST_OK, fst_view_release(native.view));
        EXPECT(FST_OK, fst_view_release(foreign.view));
    }
    EXPECT(FST_OK, fst_close(file));

    /* Asked of a file that is in the order of this machine already. */
    file = open_with(rsf, FST_ACCESS_MAP);
    FstArray array = view_with(file, 0, FST_VIEW_ANY_BYTE_ORDER | FST_VIEW_PREFETCH);
    CHECK(array.origin == FST_ORIGIN_MAPPED && (!little || array.flags == 0));
    EXPECT(FST_OK, fst_view_release(array.view));
    EXPECT(FST_OK, fst_close(file));
}

static void check_types(void)
{
    FstFile file = open_with(rsf, FST_ACCESS_MAP);
    const size_t records[] = {0, record_of(file, "TT")};
    FstViewOptions options = FST_VIEW_OPTIONS_INIT;
    options.dtype = FST_DTYPE_F64;
    for (int i = 0; i < 2; i++) {
        FstArray narrow = view_of(file, records[i]), wide = FST_ARRAY_INIT;
        EXPECT(FST_OK, fst_record_view(file, records[i], &options, &wide));
        CHECK(wide.dtype == FST_DTYPE_F64 && wide.itemsize == 8 && wide.size == narrow.size);
        for (uint64_t at = 0; at < wide.size; at++) {
            CHECK(((const double *)wide.data)[at] == ((const float *)narrow.data)[at]);
        }
        EXPECT(FST_OK, fst_view_release(narrow.view));
        EXPECT(FST_OK, fst_view_release(wide.view));
    }
    options.dtype = FST_DTYPE_F32;
    FstArray array = used_array();
    EXPECT(FST_ERR_TYPE_MISMATCH, fst_record_view(file, record_of(file, "2Z"), &options, &array));
    CHECK(is_blank(&array));
    EXPECT(FST_OK, fst_close(file));
}

static void check_images(void)
{
    FILE *stream = fopen(rsf, "rb");
    CHECK(stream != NULL && fseek(stream, 0, SEEK_END) == 0);
    long size = ftell(stream);
    CHECK(size > 0 && fseek(stream, 0, SEEK_SET) == 0);
    char *image = malloc((size_t)size);
    CHECK(image != NULL && fread(image, 1, (size_t)size, stream) == (size_t)size && fclose(stream) == 0);

    FstFile file = {0}, disk = open_with(rsf, FST_ACCESS_READ);
    EXPECT(FST_OK, fst_open_memory(image, (size_t)size, NULL, &file));
    CHECK(count_of(file) == 194);
    for (size_t record = 0; record < 194; record++) {
        FstArray here = view_of(file, record), there = view_of(disk, record);
        CHECK(here.nbytes == there.nbytes && memcmp(here.data, there.data, here.nbytes) == 0);
        if (here.origin == FST_ORIGIN_MAPPED) {
            CHECK((const char *)here.data == image + info_of(file, record).payload_offset);
        }
        EXPECT(FST_OK, fst_view_release(here.view));
        EXPECT(FST_OK, fst_view_release(there.view));
    }
    CHECK(stats_of(file).views_mapped > 0);

    /* Writable: the image stays as it is. */
    FstArray own = view_with(file, 0, FST_VIEW_WRITABLE), plain = view_of(file, 0);
    memset((void *)(size_t)own.data, 0x11, own.nbytes);
    FstArray truth = view_of(disk, 0);
    CHECK(memcmp(plain.data, truth.data, truth.nbytes) == 0);
    EXPECT(FST_OK, fst_view_release(own.view));
    EXPECT(FST_OK, fst_view_release(plain.view));
    EXPECT(FST_OK, fst_view_release(truth.view));
    EXPECT(FST_OK, fst_close(file));

    /* Cut anywhere near its start or end: an answer, never a touch behind the end. */
    for (size_t cut = 0; cut < 400; cut++) {
        char *part = malloc(cut + 1);
        CHECK(part != NULL);
        memcpy(part, image, cut);
        char *exact = realloc(part, cut > 0 ? cut : 1);
        CHECK(exact != NULL);
        FstStatus status = fst_open_memory(exact, cut, NULL, &file);
        if (status == FST_OK) EXPECT(FST_OK, fst_close(file));
        free(exact);
    }
    EXPECT(FST_OK, fst_close(disk));
    free(image);
}

static void check_cache(void)
{
    FstOpenOptions options = FST_OPEN_OPTIONS_INIT;
    options.cache_bytes = 1 << 20;
    FstFile file = {0};
    EXPECT(FST_OK, fst_open(rsf, &options, &file));
    size_t tt = record_of(file, "TT");
    FstArray first = view_of(file, tt);
    EXPECT(FST_OK, fst_view_release(first.view));
    FstArray second = view_of(file, tt);
    CHECK(first.origin == FST_ORIGIN_DECODED && second.origin == FST_ORIGIN_SHARED);
    EXPECT(FST_OK, fst_close(file));
    CHECK(((const float *)second.data)[0] < 100.0F);
    EXPECT(FST_OK, fst_view_release(second.view));
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    rsf = in_folder(argv[1], "model.rsf");
    xdf = in_folder(argv[1], "model.fst");
    check_origins();
    check_alignment(in_folder(argv[1], "containers/rsf_e32_misaligned.rsf"));
    check_counts();
    check_lifetimes();
    check_writable();
    check_byte_order();
    check_types();
    check_images();
    check_cache();
    return EXIT_SUCCESS;
}
