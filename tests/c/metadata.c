/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Extended metadata into buffers of every size. */
#include "check.h"

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    FstFile file = open_with(in_folder(argv[1], "metadata.rsf"), FST_ACCESS_AUTO);
    size_t with = 0;
    for (size_t record = 0; record < count_of(file); record++) {
        size_t length = 77;
        EXPECT(FST_OK, fst_record_metadata(file, record, NULL, 0, &length));
        CHECK((length > 0) == ((info_of(file, record).flags & FST_RECORD_HAS_METADATA) != 0));
        char *text = malloc(length + 2);
        CHECK(text != NULL);

        /* Exactly large enough: the text and its NUL. */
        memset(text, 0x5A, length + 2);
        size_t again = 77;
        EXPECT(FST_OK, fst_record_metadata(file, record, text, length + 1, &again));
        CHECK(again == length && strlen(text) == length && text[length + 1] == 0x5A);
        if (length == 0) {
            free(text);
            continue;
        }
        with++;
        CHECK(text[0] == '{' && text[length - 1] == '}');

        /* Larger. */
        EXPECT(FST_OK, fst_record_metadata(file, record, text, length + 2, &again));
        CHECK(again == length && strlen(text) == length);

        /* Too small: the length is told, the buffer stays. */
        const size_t capacities[] = {1, 2, length / 2, length};
        for (size_t i = 0; i < 4; i++) {
            memset(text, 0x5A, length + 2);
            again = 77;
            EXPECT(FST_ERR_SHAPE_MISMATCH, fst_record_metadata(file, record, text, capacities[i], &again));
            CHECK(again == length);
            for (size_t at = 0; at < length + 2; at++) {
                CHECK(text[at] == 0x5A);
            }
        }

        /* No capacity: a question for the length, whatever the pointer. */
        EXPECT(FST_OK, fst_record_metadata(file, record, text, 0, &again));
        CHECK(again == length && text[0] == 0x5A);
        free(text);
    }
    CHECK(with == 20);

    /* Codes as text, by the same rules. */
    char level[16];
    EXPECT(FST_OK, fst_ip_format(12345, level, sizeof level));
    size_t needed = strlen(level) + 1;
    for (size_t capacity = 0; capacity < needed; capacity++) {
        memset(level, 0x5A, sizeof level);
        EXPECT(FST_ERR_SHAPE_MISMATCH, fst_ip_format(12345, level, capacity));
        CHECK(level[0] == 0x5A && level[15] == 0x5A);
    }
    EXPECT(FST_OK, fst_ip_format(12345, level, needed));
    CHECK(strlen(level) == needed - 1 && level[15] == 0x5A);
    /* No code is longer than the promise, and none crashes. */
    for (uint32_t code = 0; code < 0xFFFFF000; code += 65521) {
        EXPECT(FST_OK, fst_ip_format((int32_t)code, level, sizeof level));
        CHECK(memchr(level, 0, sizeof level) != NULL);
    }
    EXPECT(FST_OK, fst_ip_format(INT32_MIN, level, sizeof level));
    EXPECT(FST_OK, fst_ip_format(-1, level, sizeof level));
    EXPECT(FST_OK, fst_close(file));
    return EXIT_SUCCESS;
}
