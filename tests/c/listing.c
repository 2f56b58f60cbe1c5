/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Every record of a file, by mapping and by direct reads: attributes and the CRC-32 of the array, one line each, for
 * comparison with the golden lines. The one test program that prints.
 */
#include <inttypes.h>

#include "check.h"

static uint32_t crc32(const void *data, uint64_t size)
{
    const unsigned char *bytes = data;
    uint32_t crc = 0xFFFFFFFF;
    for (uint64_t at = 0; at < size; at++) {
        crc ^= bytes[at];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
        }
    }
    return ~crc;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    FstFile files[2] = {open_with(argv[1], FST_ACCESS_MAP), open_with(argv[1], FST_ACCESS_READ)};
    FstFileInfo info = FST_FILE_INFO_INIT;
    EXPECT(FST_OK, fst_file_info(files[0], &info));
    CHECK(info.mapped == 1 && info.file_count == 1 && info.complete == 1 && info.record_count == count_of(files[0]));
    EXPECT(FST_OK, fst_file_info(files[1], &info));
    CHECK(info.mapped == 0 && info.record_count == count_of(files[1]));
    printf("%" PRId32 " %" PRIu64 " %" PRIu64 "\n", info.format, info.record_count, info.bytes);

    for (size_t i = 0; i < info.record_count; i++) {
        FstRecordInfo r = info_of(files[0], i), same = info_of(files[1], i);
        CHECK(is_same_record(&r, &same));
        CHECK(r.file_offset == same.file_offset && r.payload_offset == same.payload_offset);
        FstArray array = FST_ARRAY_INIT, other = FST_ARRAY_INIT;
        FstStatus status = fst_record_view(files[0], i, NULL, &array);
        EXPECT(status, fst_record_view(files[1], i, NULL, &other));
        uint32_t crc = 0;
        if (status == FST_OK) {
            CHECK(array.dtype == r.dtype && array.nbytes == r.array_bytes && array.nbytes == other.nbytes);
            CHECK(array.shape[0] == r.ni && array.shape[1] == r.nj && array.shape[2] == r.nk);
            CHECK(memcmp(array.data, other.data, array.nbytes) == 0);
            crc = crc32(array.data, array.nbytes);
            EXPECT(FST_OK, fst_view_release(array.view));
            EXPECT(FST_OK, fst_view_release(other.view));
        }
        printf("%zu|%s|%s|%s|%s|%" PRId64 "|%" PRId64 "|%" PRId64 "|%d|%d|%d|%d|%d|%d|%d|%d|%d|%d|%d|%d|%d|%d|%" PRIu64
               "|%" PRIu64 "|%" PRIu64 "|%" PRIu32 "\n",
               i, r.nomvar, r.typvar, r.grtyp, r.etiket, r.ni, r.nj, r.nk, r.data_type, r.data_bits, r.pack_bits,
               r.dateo, r.datev, r.deet, r.npas, r.ip1, r.ip2, r.ip3, r.ig1, r.ig2, r.ig3, r.ig4, r.payload_offset,
               r.payload_bytes, r.array_bytes, crc);
    }
    EXPECT(FST_OK, fst_close(files[0]));
    EXPECT(FST_OK, fst_close(files[1]));
    return EXIT_SUCCESS;
}
