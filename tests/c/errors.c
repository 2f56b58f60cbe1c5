/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The message of the last failure: never null, names what it is about, kept across successes, one for each thread. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

#include "check.h"

static const char *path;

static void *in_another_thread(void *unused)
{
    (void)unused;
    /* Nothing has failed here yet, whatever happened elsewhere. */
    CHECK(fst_last_error() != NULL && strcmp(fst_last_error(), "") == 0);
    FstFile file = {0};
    EXPECT(FST_ERR_NOT_FOUND, fst_open("in-another-thread", NULL, &file));
    CHECK(strstr(fst_last_error(), "in-another-thread") != NULL);
    return NULL;
}

static void check_names(void)
{
    static const struct {
        FstStatus status;
        const char *name;
    } all[] = {
        {FST_OK, "FST_OK"},
        {FST_ERR_INVALID_ARGUMENT, "FST_ERR_INVALID_ARGUMENT"},
        {FST_ERR_INVALID_HANDLE, "FST_ERR_INVALID_HANDLE"},
        {FST_ERR_NOT_FOUND, "FST_ERR_NOT_FOUND"},
        {FST_ERR_PERMISSION, "FST_ERR_PERMISSION"},
        {FST_ERR_IO, "FST_ERR_IO"},
        {FST_ERR_NOT_FST, "FST_ERR_NOT_FST"},
        {FST_ERR_UNSUPPORTED, "FST_ERR_UNSUPPORTED"},
        {FST_ERR_CORRUPT, "FST_ERR_CORRUPT"},
        {FST_ERR_TRUNCATED, "FST_ERR_TRUNCATED"},
        {FST_ERR_OUT_OF_RANGE, "FST_ERR_OUT_OF_RANGE"},
        {FST_ERR_SHAPE_MISMATCH, "FST_ERR_SHAPE_MISMATCH"},
        {FST_ERR_TYPE_MISMATCH, "FST_ERR_TYPE_MISMATCH"},
        {FST_ERR_NO_MEMORY, "FST_ERR_NO_MEMORY"},
        {FST_ERR_LIMIT, "FST_ERR_LIMIT"},
        {FST_ERR_INTERNAL, "FST_ERR_INTERNAL"},
        {FST_ERR_CANCELLED, "FST_ERR_CANCELLED"},
    };
    CHECK(sizeof all / sizeof all[0] == 17);
    for (size_t i = 0; i < 17; i++) {
        CHECK(all[i].status == -(FstStatus)i);
        CHECK(strcmp(fst_status_name(all[i].status), all[i].name) == 0);
    }
    const FstStatus none[] = {1, -17, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < 4; i++) {
        CHECK(strcmp(fst_status_name(none[i]), "unknown status") == 0);
    }
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    path = in_folder(argv[1], "model.rsf");
    check_names();

    /* Before the first failure: an empty text. */
    CHECK(fst_last_error() != NULL && strcmp(fst_last_error(), "") == 0);
    FstFile file = {0};
    EXPECT(FST_OK, fst_open(path, NULL, &file));
    CHECK(strcmp(fst_last_error(), "") == 0);

    const char *missing = in_folder(argv[2], "no-such-file");
    FstFile other = {0};
    EXPECT(FST_ERR_NOT_FOUND, fst_open(missing, NULL, &other));
    CHECK(strstr(fst_last_error(), missing) != NULL);

    /* Success leaves the message alone. */
    char kept[1000];
    snprintf(kept, sizeof kept, "%s", fst_last_error());
    const char *address = fst_last_error();
    FstArray array = view_of(file, 3);
    EXPECT(FST_OK, fst_view_release(array.view));
    CHECK(fst_last_error() == address && strcmp(fst_last_error(), kept) == 0);

    /* Another thread has its own. */
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, in_another_thread, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(strcmp(fst_last_error(), kept) == 0);

    /* Path, record and the offending values. */
    FstRecordInfo info = FST_RECORD_INFO_INIT;
    EXPECT(FST_ERR_OUT_OF_RANGE, fst_record_info(file, 194, &info));
    CHECK(strstr(fst_last_error(), path) != NULL && strstr(fst_last_error(), "record 194") != NULL);
    FstViewOptions options = FST_VIEW_OPTIONS_INIT;
    options.dtype = FST_DTYPE_I32;
    EXPECT(FST_ERR_TYPE_MISMATCH, fst_record_view(file, 3, &options, &array));
    CHECK(strstr(fst_last_error(), path) != NULL && strstr(fst_last_error(), "record 3") != NULL);
    CHECK(strstr(fst_last_error(), "F32") != NULL && strstr(fst_last_error(), "I32") != NULL);
    options.dtype = 0;
    options.slab_start[1] = 4321;
    EXPECT(FST_ERR_OUT_OF_RANGE, fst_record_view(file, 5, &options, &array));
    CHECK(strstr(fst_last_error(), path) != NULL && strstr(fst_last_error(), "record 5") != NULL);
    CHECK(strstr(fst_last_error(), "4321") != NULL && strstr(fst_last_error(), "80") != NULL);
    double small;
    EXPECT(FST_ERR_SHAPE_MISMATCH, fst_record_read(file, 3, NULL, FST_DTYPE_F32, &small, sizeof small));
    CHECK(strstr(fst_last_error(), path) != NULL && strstr(fst_last_error(), "record 3") != NULL);
    CHECK(strstr(fst_last_error(), "38400") != NULL);

    /* A path that is no text is named all the same. */
    EXPECT(FST_ERR_NOT_FOUND, fst_open("/no/such/\xFF\xFE", NULL, &other));
    CHECK(strstr(fst_last_error(), "/no/such/") != NULL);

    /* The first failure of a batch. */
    size_t records[3] = {0, 500, 600};
    FstArray arrays[3] = {FST_ARRAY_INIT, FST_ARRAY_INIT, FST_ARRAY_INIT};
    EXPECT(FST_ERR_OUT_OF_RANGE, fst_record_view_many(file, records, 3, NULL, arrays, NULL));
    CHECK(strstr(fst_last_error(), "record 500") != NULL);
    EXPECT(FST_OK, fst_view_release(arrays[0].view));

    /* A limit that was set. */
    FstOpenOptions limited = FST_OPEN_OPTIONS_INIT;
    limited.max_array_bytes = 38399;
    EXPECT(FST_OK, fst_open(path, &limited, &other));
    EXPECT(FST_ERR_LIMIT, fst_record_view(other, 3, NULL, &array));
    CHECK(strstr(fst_last_error(), "38400") != NULL && strstr(fst_last_error(), "38399") != NULL);
    EXPECT(FST_OK, fst_close(other));

    EXPECT(FST_OK, fst_close(file));
    return EXIT_SUCCESS;
}
