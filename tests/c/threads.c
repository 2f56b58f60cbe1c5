/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Eight threads open, view, retain, release and close at once, on files of their own and on shared ones. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

#include "check.h"

enum { THREADS = 8, TURNS = 30, RECORDS = 194 };

static const char *path;
static FstFile shared[2];
static uint64_t sums[RECORDS];
static FstFile doomed;

static uint64_t sum_of(const FstArray *array)
{
    const unsigned char *bytes = array->data;
    uint64_t sum = 14695981039346656037u;
    for (uint64_t at = 0; at < array->nbytes; at += 7) {
        sum = (sum ^ bytes[at]) * 1099511628211u;
    }
    return sum;
}

static void *work(void *argument)
{
    const size_t mine = *(const size_t *)argument;
    for (size_t turn = 0; turn < TURNS; turn++) {
        /* A file of this thread's own. */
        FstFile own = open_with(path, turn % 2 == 0 ? FST_ACCESS_MAP : FST_ACCESS_READ);
        size_t record = (mine * 31 + turn * 7) % RECORDS;
        FstArray array = view_of(own, record);
        EXPECT(FST_OK, fst_close(own));
        CHECK(sum_of(&array) == sums[record]);
        EXPECT(FST_OK, fst_view_release(array.view));
        EXPECT(FST_ERR_INVALID_HANDLE, fst_view_release(array.view));

        /* Files that all threads use: the same records, so that arrays are shared. */
        for (int s = 0; s < 2; s++) {
            record = (turn * 5) % RECORDS;
            array = view_of(shared[s], record);
            CHECK(sum_of(&array) == sums[record]);
            EXPECT(FST_OK, fst_view_retain(array.view));
            EXPECT(FST_OK, fst_view_release(array.view));
            FstArray again = FST_ARRAY_INIT;
            EXPECT(FST_OK, fst_view_array(array.view, &again));
            CHECK(again.data == array.data);
            EXPECT(FST_OK, fst_view_release(array.view));
        }

        /* Each thread sees its own failures. */
        FstRecordInfo info = FST_RECORD_INFO_INIT;
        char expected[64];
        snprintf(expected, sizeof expected, "record %zu", 1000 + mine);
        EXPECT(FST_ERR_OUT_OF_RANGE, fst_record_info(shared[0], 1000 + mine, &info));
        CHECK(strstr(fst_last_error(), expected) != NULL);

        /* A file that one of the threads closes under the others: one answer or the other, nothing else. */
        array = (FstArray)FST_ARRAY_INIT;
        FstStatus status = fst_record_view(doomed, record, NULL, &array);
        CHECK(status == FST_OK || (status == FST_ERR_INVALID_HANDLE && is_blank(&array)));
        if (status == FST_OK) {
            CHECK(sum_of(&array) == sums[record]);
            EXPECT(FST_OK, fst_view_release(array.view));
        }
        if (mine == 0 && turn == TURNS / 2) EXPECT(FST_OK, fst_close(doomed));
    }
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    path = in_folder(argv[1], "model.rsf");
    shared[0] = open_with(path, FST_ACCESS_MAP);
    shared[1] = open_with(path, FST_ACCESS_READ);
    doomed = open_with(path, FST_ACCESS_AUTO);
    for (size_t record = 0; record < RECORDS; record++) {
        FstArray array = view_of(shared[0], record);
        sums[record] = sum_of(&array);
        EXPECT(FST_OK, fst_view_release(array.view));
    }

    pthread_t threads[THREADS];
    size_t numbers[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        numbers[i] = i;
        CHECK(pthread_create(&threads[i], NULL, work, &numbers[i]) == 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }

    for (int s = 0; s < 2; s++) {
        FstFileStats stats = stats_of(shared[s]);
        CHECK(stats.live_views == 0 && stats.live_bytes == 0);
        EXPECT(FST_OK, fst_close(shared[s]));
    }
    EXPECT(FST_ERR_INVALID_HANDLE, fst_close(doomed));
    return EXIT_SUCCESS;
}
