/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The limits of a process: no file descriptors, hardly any address space, not one more byte of heap. Each call gives its
 * result or the documented status, and everything works again when the limit is gone. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static const char *golden;

enum { MANY = 40 };

/* The main job; with `scarce`, calls may find no memory. Returns how many did. */
static int job(int scarce)
{
    int without = 0;
    FstFile file = {0};
    FstOpenOptions options = FST_OPEN_OPTIONS_INIT;
    options.threads = 8;
    for (int access = 0; access < 3; access++) {
        options.access = access;
        FstStatus status = fst_open(in_folder(golden, "model.rsf"), &options, &file);
        CHECK(status == FST_OK || (scarce && status == FST_ERR_NO_MEMORY));
        if (status != FST_OK) {
            without++;
            continue;
        }
        static FstArray arrays[MANY];
        static FstStatus statuses[MANY];
        static size_t records[MANY];
        for (size_t i = 0; i < MANY; i++) {
            records[i] = 4 * i;
            arrays[i] = (FstArray)FST_ARRAY_INIT;
        }
        status = fst_record_view_many(file, records, MANY, NULL, arrays, statuses);
        CHECK(status == FST_OK || (scarce && status == FST_ERR_NO_MEMORY));
        without += status != FST_OK;
        for (size_t i = 0; i < MANY; i++) {
            if (arrays[i].view.id != 0) EXPECT(FST_OK, fst_view_release(arrays[i].view));
        }
        for (size_t i = 0; i < MANY; i++) {
            FstArray array = FST_ARRAY_INIT;
            status = fst_record_view(file, records[i], NULL, &array);
            CHECK(status == FST_OK || (scarce && status == FST_ERR_NO_MEMORY));
            without += status != FST_OK;
            if (status == FST_OK) EXPECT(FST_OK, fst_view_release(array.view));
        }
        size_t found = 0;
        status = fst_find(file, NULL, NULL, 0, &found);
        CHECK(status == FST_OK || (scarce && status == FST_ERR_NO_MEMORY));
        EXPECT(FST_OK, fst_close(file));
    }
    return without;
}

/* Bytes of address space that the process has. */
static size_t address_space(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    unsigned long pages = 0;
    CHECK(file != NULL && fscanf(file, "%lu", &pages) == 1 && fclose(file) == 0);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* All of the heap, in pieces of that size and smaller ones. */
static void *all_memory(size_t size)
{
    void **first = NULL;
    for (; size >= sizeof(void *); size /= 2) {
        for (void **piece; (piece = malloc(size)) != NULL;) {
            *piece = first;
            first = piece;
        }
    }
    return first;
}

static void give_back(void *first)
{
    while (first != NULL) {
        void *next = *(void **)first;
        free(first);
        first = next;
    }
}

/* In a process of its own, since the limit is the whole process's: `room` bytes more than it has, of which `filled`. */
static void with_room(size_t room, int filled, int started)
{
    const pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        if (started) CHECK(job(0) == 0);
        struct rlimit before, limit;
        CHECK(getrlimit(RLIMIT_AS, &before) == 0);
        limit = before;
        limit.rlim_cur = address_space() + room;
        CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
        void *memory = filled ? all_memory(1 << 20) : NULL;
        const int without = job(1);
        CHECK(without > 0 || !filled);
        CHECK(!filled || fst_last_error()[0] != 0);
        give_back(memory);
        CHECK(setrlimit(RLIMIT_AS, &before) == 0);
        CHECK(job(0) == 0);
        _exit(EXIT_SUCCESS);
    }
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS);
}

static void no_descriptors(void)
{
    FstFile open_before = open_with(in_folder(golden, "model.rsf"), FST_ACCESS_AUTO);
    struct rlimit before, limit;
    CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
    const int next = dup(0);
    CHECK(next > 0 && close(next) == 0);
    limit = before;
    limit.rlim_cur = (rlim_t)next;
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    FstFile file = {0};
    EXPECT(FST_ERR_IO, fst_open(in_folder(golden, "model.rsf"), NULL, &file));
    CHECK(strstr(fst_last_error(), "model.rsf") != NULL && strstr(fst_last_error(), "os error 24") != NULL);
    const char *paths[] = {in_folder(golden, "model.rsf"), in_folder(golden, "types.rsf")};
    EXPECT(FST_ERR_IO, fst_open_many(paths, 2, NULL, &file));
    CHECK(file.id == 0);
    /* What is open needs no descriptor more. */
    for (size_t record = 0; record < 30; record++) {
        EXPECT(FST_OK, fst_view_release(view_of(open_before, record).view));
    }
    CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
    EXPECT(FST_OK, fst_open_many(paths, 2, NULL, &file));
    EXPECT(FST_OK, fst_close(file));
    EXPECT(FST_OK, fst_close(open_before));
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    golden = argv[1];
    const size_t rooms[] = {0, 64 << 10, 1 << 20, 4 << 20, 16 << 20, 64 << 20};
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        for (int started = 0; started < 2; started++) {
            with_room(rooms[i], 0, started);
            with_room(rooms[i], 1, started);
        }
    }
    no_descriptors();
    CHECK(job(0) == 0);
    return EXIT_SUCCESS;
}
