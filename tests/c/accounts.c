/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * What `fst_file_stats` counts is what the system counts: bytes that were read are read from the file, and views that
 * cost nothing read nothing.
 */
#include "check.h"

enum { MOST = 512 };

/* Bytes that this process has read so far, whatever from. */
static unsigned long long bytes_read_by_process(void)
{
    FILE *stream = fopen("/proc/self/io", "r");
    CHECK(stream != NULL);
    unsigned long long bytes = 0;
    CHECK(fscanf(stream, "rchar: %llu", &bytes) == 1);
    CHECK(fclose(stream) == 0);
    return bytes;
}

/* Headers of records and of payloads that are looked at, besides the payload itself. */
static const unsigned long long HEADERS = 1024;

static void account(const char *path, FstAccess access)
{
    FstFile file = open_with(path, access);
    const size_t count = count_of(file);
    CHECK(count <= MOST);
    static FstView views[MOST];

    /* To look at the system's counter is to read, too. */
    unsigned long long before = bytes_read_by_process();
    const unsigned long long looking = bytes_read_by_process() - before;

    for (size_t i = 0; i < count; i++) {
        const FstFileStats stats = stats_of(file);
        before = bytes_read_by_process();
        const FstArray array = view_of(file, i);
        const unsigned long long moved = bytes_read_by_process() - before - looking;
        const FstFileStats now = stats_of(file);
        const unsigned long long counted = now.bytes_read - stats.bytes_read;
        CHECK(moved >= counted && moved <= counted + HEADERS);
        if (array.origin == FST_ORIGIN_MAPPED) {
            CHECK(counted == 0 && now.bytes_mapped == stats.bytes_mapped + array.nbytes);
            CHECK(now.views_mapped == stats.views_mapped + 1);
        } else {
            CHECK(counted > 0 && counted <= info_of(file, i).payload_bytes);
            CHECK(now.bytes_mapped == stats.bytes_mapped);
            CHECK(now.bytes_decoded - stats.bytes_decoded == (array.origin == FST_ORIGIN_DECODED ? array.nbytes : 0));
        }
        CHECK(now.live_views == i + 1 && now.live_bytes == stats.live_bytes + array.nbytes);
        views[i] = array.view;
    }

    /* Once more: whatever is there already moves no byte of a payload. */
    const FstFileStats first = stats_of(file);
    for (size_t i = 0; i < count; i++) {
        const unsigned long long start = bytes_read_by_process();
        const FstArray array = view_of(file, i);
        CHECK(bytes_read_by_process() - start - looking <= HEADERS);
        CHECK(array.origin == FST_ORIGIN_MAPPED || array.origin == FST_ORIGIN_SHARED);
        EXPECT(FST_OK, fst_view_release(array.view));
    }
    const FstFileStats second = stats_of(file);
    CHECK(second.bytes_read == first.bytes_read && second.bytes_decoded == first.bytes_decoded);
    CHECK(second.live_views == count && second.live_bytes == first.live_bytes);

    for (size_t i = 0; i < count; i++) {
        EXPECT(FST_OK, fst_view_release(views[i]));
    }
    CHECK(stats_of(file).live_views == 0 && stats_of(file).live_bytes == 0);
    EXPECT(FST_OK, fst_close(file));
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    account(in_folder(argv[1], "model.rsf"), FST_ACCESS_MAP);
    account(in_folder(argv[1], "model.rsf"), FST_ACCESS_READ);
    account(in_folder(argv[1], "model.fst"), FST_ACCESS_MAP);
    return EXIT_SUCCESS;
}
