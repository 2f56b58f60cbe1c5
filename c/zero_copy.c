/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Views every record of an RPN standard file twice, as a program does that keeps the fields it works on, and prints what
 * the views cost: how many of each origin, and the share of those that moved no byte.
 *
 *     cc -std=c99 -Iinclude c/zero_copy.c -Ltarget/release -lfstview -o zero_copy
 *     ./zero_copy tests/data/model.rsf
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "fstview.h"

/* Ends the program with the library's own words when a call has failed: they name the file and the record. */
static void check(FstStatus status)
{
    if (status != FST_OK) {
        fprintf(stderr, "zero_copy: %s: %s\n", fst_status_name(status), fst_last_error());
        exit(EXIT_FAILURE);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: zero_copy FILE\n");
        return 2;
    }
    FstOpenOptions options = FST_OPEN_OPTIONS_INIT;
    options.access = FST_ACCESS_MAP;
    FstFile file;
    size_t count;
    check(fst_open(argv[1], &options, &file));
    check(fst_record_count(file, &count));
    FstView *views = calloc(2 * count + 1, sizeof *views);
    if (views == NULL) {
        fprintf(stderr, "zero_copy: no memory for %zu views\n", 2 * count);
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < 2 * count; i++) {
        FstArray array = FST_ARRAY_INIT;
        check(fst_record_view(file, i % count, NULL, &array));
        views[i] = array.view;
    }

    FstFileStats stats = FST_FILE_STATS_INIT;
    check(fst_file_stats(file, &stats));
    const uint64_t zero_copy = stats.views_mapped + stats.views_shared;
    const uint64_t all = zero_copy + stats.views_read + stats.views_decoded + stats.views_copied;
    printf("%" PRIu64 " views: %" PRIu64 " mapped, %" PRIu64 " shared, %" PRIu64 " read, %" PRIu64 " decoded, %" PRIu64
           " copied. Zero-copy %.1f %%.\n",
           all, stats.views_mapped, stats.views_shared, stats.views_read, stats.views_decoded, stats.views_copied,
           all == 0 ? 0.0 : 100.0 * (double)zero_copy / (double)all);

    for (size_t i = 0; i < 2 * count; i++) {
        check(fst_view_release(views[i]));
    }
    free(views);
    check(fst_close(file));
    return EXIT_SUCCESS;
}
