/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * large ORIGINAL MOVED SHIFT: the records of MOVED are those of ORIGINAL, all but the first segment SHIFT bytes further
 * in the file; mapped and by direct reads.
 */
#include "check.h"

int main(int argc, char **argv)
{
    CHECK(argc == 4);
    const uint64_t shift = strtoull(argv[3], NULL, 10);
    CHECK(shift > (uint64_t)8 << 30);
    FstFile original = open_with(argv[1], FST_ACCESS_READ);
    const FstAccess accesses[] = {FST_ACCESS_MAP, FST_ACCESS_READ, FST_ACCESS_AUTO};
    for (int a = 0; a < 3; a++) {
        FstFile moved = open_with(argv[2], accesses[a]);
        FstFileInfo info = FST_FILE_INFO_INIT;
        EXPECT(FST_OK, fst_file_info(moved, &info));
        CHECK(info.complete == 1 && info.bytes > shift && info.mapped == (accesses[a] != FST_ACCESS_READ));
        CHECK(info.record_count == count_of(original));
        for (size_t record = 0; record < count_of(original); record++) {
            FstRecordInfo here = info_of(moved, record), there = info_of(original, record);
            CHECK(here.payload_offset == there.payload_offset + shift && here.file_offset == there.file_offset + shift);
            CHECK(is_same_record(&here, &there));
            FstArray array = view_of(moved, record), truth = view_of(original, record);
            CHECK((array.origin == FST_ORIGIN_MAPPED) == (info.mapped && (here.flags & FST_RECORD_MAPPABLE)));
            CHECK(array.nbytes == truth.nbytes && memcmp(array.data, truth.data, array.nbytes) == 0);
            EXPECT(FST_OK, fst_view_release(array.view));
            EXPECT(FST_OK, fst_view_release(truth.view));
        }
        EXPECT(FST_OK, fst_close(moved));
    }
    EXPECT(FST_OK, fst_close(original));
    return EXIT_SUCCESS;
}
