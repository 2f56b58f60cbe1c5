/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Batches: the same arrays as one by one, progress that is told on this thread, and cancelling. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

#include "check.h"

enum { RECORDS = 194 };

typedef struct Told {
    pthread_t thread;
    size_t calls, last, cancel_at;
} Told;

static int32_t tell(void *context, size_t done, size_t total)
{
    Told *told = context;
    CHECK(pthread_equal(told->thread, pthread_self()));
    CHECK(total == RECORDS && done >= told->last && done <= total);
    told->calls++;
    told->last = done;
    return told->cancel_at != 0 && done >= told->cancel_at;
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    static size_t records[RECORDS];
    static FstArray arrays[RECORDS];
    static FstStatus statuses[RECORDS];
    static float values[RECORDS][120 * 80 * 4];
    static void *places[RECORDS];
    static size_t bytes[RECORDS];
    const uint32_t threads[] = {0, 1, 2, 7};
    for (int t = 0; t < 4; t++) {
        FstOpenOptions options = FST_OPEN_OPTIONS_INIT;
        options.threads = threads[t];
        FstFile file = {0};
        EXPECT(FST_OK, fst_open(in_folder(argv[1], "model.rsf"), &options, &file));
        CHECK(count_of(file) == RECORDS);
        for (size_t i = 0; i < RECORDS; i++) {
            records[i] = RECORDS - 1 - i;
            arrays[i] = used_array();
            statuses[i] = 99;
            places[i] = values[i];
            bytes[i] = sizeof values[i];
        }

        Told told = {pthread_self(), 0, 0, 0};
        FstViewOptions views = FST_VIEW_OPTIONS_INIT;
        views.progress = tell;
        views.progress_context = &told;
        EXPECT(FST_OK, fst_record_view_many(file, records, RECORDS, &views, arrays, statuses));
        CHECK(told.calls > 0 && told.last == RECORDS);
        CHECK(stats_of(file).live_views == RECORDS);
        for (size_t i = 0; i < RECORDS; i++) {
            CHECK(statuses[i] == FST_OK);
            FstArray one = view_of(file, records[i]);
            CHECK(one.nbytes == arrays[i].nbytes && memcmp(one.data, arrays[i].data, one.nbytes) == 0);
            EXPECT(FST_OK, fst_view_release(one.view));
        }

        /* Reads: records of another type than the call's fail alone. */
        told.last = 0;
        FstStatus status = fst_record_read_many(file, records, RECORDS, &views, FST_DTYPE_F32, places, bytes, statuses);
        CHECK(status == FST_ERR_TYPE_MISMATCH && told.last == RECORDS);
        for (size_t i = 0; i < RECORDS; i++) {
            CHECK(statuses[i] == (arrays[i].dtype == FST_DTYPE_F32 ? FST_OK : FST_ERR_TYPE_MISMATCH));
            if (statuses[i] == FST_OK) CHECK(memcmp(values[i], arrays[i].data, arrays[i].nbytes) == 0);
            EXPECT(FST_OK, fst_view_release(arrays[i].view));
        }

        /*
         * Cancelled: what was begun is whole, what was not is told. How much that is depends on the threads: other
         * ones may be through with everything before this one has done a single record.
         */
        told.last = 0;
        told.cancel_at = 10;
        status = fst_record_view_many(file, records, RECORDS, &views, arrays, statuses);
        size_t done = 0;
        for (size_t i = 0; i < RECORDS; i++) {
            CHECK(statuses[i] == FST_OK || (statuses[i] == FST_ERR_CANCELLED && is_blank(&arrays[i])));
            if (statuses[i] == FST_OK) {
                done++;
                EXPECT(FST_OK, fst_view_release(arrays[i].view));
            }
        }
        CHECK(status == (done < RECORDS ? FST_ERR_CANCELLED : FST_OK));
        CHECK(threads[t] == 1 ? done == 10 : done >= 10);
        CHECK(stats_of(file).live_views == 0);
        EXPECT(FST_OK, fst_close(file));
    }
    return EXIT_SUCCESS;
}
