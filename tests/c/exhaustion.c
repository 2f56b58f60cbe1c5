/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Every allocation of the main job refused in turn: request number n alone, and all from number n on, for every n until
 * the job runs through. Each call gives its result or FST_ERR_NO_MEMORY; no call ends the process; what was open can be
 * closed, and the next job runs as if nothing had been.
 *
 * This program's own malloc, calloc, realloc, posix_memalign and mmap stand before the system's for every library in it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *old);

/* Requests are counted and refused while a call of the library is under way, whichever thread makes them. */
static atomic_int inside;
static atomic_long requests, refused, live;
static long refuse_at;
static int refuse_behind;

static int is_refused(void)
{
    if (!inside || refuse_at == 0) return 0;
    long number = atomic_fetch_add(&requests, 1) + 1;
    if (number != refuse_at && !(refuse_behind && number > refuse_at)) return 0;
    refused++;
    errno = ENOMEM;
    return 1;
}

static void *counted(void *memory)
{
    if (memory != NULL) live++;
    return memory;
}

void *malloc(size_t size)
{
    return is_refused() ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return is_refused() ? NULL : counted(__libc_calloc(count, size));
}

void *realloc(void *old, size_t size)
{
    if (is_refused()) return NULL;
    void *memory = __libc_realloc(old, size);
    if (old == NULL) counted(memory);
    return memory;
}

void *memalign(size_t alignment, size_t size)
{
    return is_refused() ? NULL : counted(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **to, size_t alignment, size_t size)
{
    void *memory = memalign(alignment, size);
    if (memory == NULL) return ENOMEM;
    *to = memory;
    return 0;
}

void free(void *old)
{
    if (old != NULL) live--;
    __libc_free(old);
}

void *mmap(void *place, size_t size, int protection, int flags, int file, off_t offset)
{
    if (is_refused()) return MAP_FAILED;
    return (void *)syscall(SYS_mmap, place, size, protection, flags, file, offset);
}

void *mmap64(void *place, size_t size, int protection, int flags, int file, off_t offset)
{
    return mmap(place, size, protection, flags, file, offset);
}

static const char *golden;
static long calls, without_memory;

/* A call under which requests are refused; its status must be one of two. */
#define TRY(expected, call) (enter(), settle(expected, call, #call, __LINE__))

static void enter(void)
{
    inside = 1;
}

static int settle(FstStatus expected, FstStatus found, const char *call, int line)
{
    inside = 0;
    calls++;
    without_memory += found == FST_ERR_NO_MEMORY;
    if (found != expected && !(found == FST_ERR_NO_MEMORY && refused > 0)) {
        fprintf(stderr, "exhaustion.c:%d: request %ld%s refused: %s is %s (%s)\n", line, refuse_at,
                refuse_behind ? " and all behind" : "", call, fst_status_name(found), fst_last_error());
        exit(EXIT_FAILURE);
    }
    if (found != FST_OK && fst_last_error()[0] == 0) {
        fprintf(stderr, "exhaustion.c:%d: %s fails without a message\n", line, call);
        exit(EXIT_FAILURE);
    }
    return found == FST_OK;
}

static int32_t go_on(void *context, size_t done, size_t total)
{
    (void)context;
    return done > total;
}

typedef struct Arrow {
    void *words[16];
} Arrow;

static void release_arrow(Arrow *structure, int place)
{
    void (*release)(Arrow *);
    memcpy(&release, &structure->words[place], sizeof release);
    inside = 1;
    release(structure);
    inside = 0;
}

/* Whatever is done with one open file. */
static void use(FstFile file, size_t last)
{
    enum { MANY = 6 };
    size_t count = 0, found = 0, numbers[16], first = 0;
    FstFileInfo file_info = FST_FILE_INFO_INIT;
    FstFileStats stats = FST_FILE_STATS_INIT;
    TRY(FST_OK, fst_file_info(file, &file_info));
    TRY(FST_OK, fst_file_stats(file, &stats));
    TRY(FST_OK, fst_record_count(file, &count));
    TRY(FST_ERR_OUT_OF_RANGE, fst_record_view(file, count + 7, NULL, &(FstArray)FST_ARRAY_INIT));
    TRY(FST_ERR_INVALID_HANDLE, fst_record_count((FstFile){file.id + 99}, &count));

    FstCriteria criteria = FST_CRITERIA_INIT;
    TRY(FST_OK, fst_find(file, &criteria, numbers, 16, &found));
    TRY(FST_OK, fst_find_first(file, &criteria, &first));
    criteria.ip1 = 12345;
    criteria.ip1_all = 1;
    TRY(FST_ERR_NOT_FOUND, fst_find_first(file, &criteria, &first));
    const char *names[] = {"META", "T1", "TT", "UU"};
    FstSearch search = FST_SEARCH_INIT;
    search.nomvars = names;
    search.nomvar_count = 4;
    TRY(FST_OK, fst_search(file, &search, numbers, 16, &found));
    search.metadata = "{\"a\\u00e9\\n\":[\"\\\"x\", {\"b\":[1,2,3]}], \"c\":\"d\"}";
    TRY(FST_OK, fst_search(file, &search, numbers, 16, &found));
    search.metadata = "{\"a\":";
    TRY(FST_ERR_INVALID_ARGUMENT, fst_search(file, &search, numbers, 16, &found));
    int32_t kind = 0;
    float levels[16];
    FstCriteria none = FST_CRITERIA_INIT;
    snprintf(none.nomvar, sizeof none.nomvar, "????");
    TRY(FST_OK, fst_find_levels(file, &none, numbers, levels, &kind, 16, &found));

    Arrow schema, array;
    if (TRY(FST_OK, fst_index_export(file, (void *)&schema, (void *)&array))) {
        release_arrow(&schema, 7);
        release_arrow(&array, 8);
    }
    FstProblem problems[2] = {FST_PROBLEM_INIT, FST_PROBLEM_INIT};
    TRY(FST_OK, fst_file_problems(file, problems, 2, &found));

    size_t records[MANY], bytes[MANY];
    FstArray arrays[MANY];
    FstStatus statuses[MANY];
    void *places[MANY];
    static double values[MANY][60000];
    for (size_t i = 0; i < MANY; i++) {
        records[i] = i * last / (MANY - 1);
        arrays[i] = (FstArray)FST_ARRAY_INIT;
        places[i] = values[i];
        bytes[i] = sizeof values[i];
    }
    for (size_t i = 0; i < MANY; i++) {
        FstRecordInfo info = FST_RECORD_INFO_INIT;
        FstGrid grid = FST_GRID_INIT;
        char text[2000];
        TRY(FST_OK, fst_record_info(file, records[i], &info));
        TRY(FST_OK, fst_record_metadata(file, records[i], text, sizeof text, &found));
        const FstStatus described = fst_record_grid(file, records[i], &grid);
        TRY(described, fst_record_grid(file, records[i], &grid));
        FstArray one = FST_ARRAY_INIT, shared = FST_ARRAY_INIT, own = FST_ARRAY_INIT;
        FstViewOptions writable = FST_VIEW_OPTIONS_INIT;
        writable.flags = FST_VIEW_WRITABLE;
        const int viewed = TRY(FST_OK, fst_record_view(file, records[i], NULL, &one));
        const int again = TRY(FST_OK, fst_record_view(file, records[i], NULL, &shared));
        if (viewed) {
            struct Tensor {
                void *version, *context;
                void (*deleter)(struct Tensor *);
            } *tensor = NULL;
            if (TRY(FST_OK, fst_view_to_dlpack(one.view, (void *)&tensor))) {
                inside = 1;
                tensor->deleter(tensor);
                inside = 0;
            }
            EXPECT(FST_OK, fst_view_retain(one.view));
            EXPECT(FST_OK, fst_view_array(one.view, &one));
            CHECK(TRY(FST_OK, fst_view_release(one.view)));
            CHECK(TRY(FST_OK, fst_view_release(one.view)));
        }
        if (again) CHECK(TRY(FST_OK, fst_view_release(shared.view)));
        if (TRY(FST_OK, fst_record_view(file, records[i], &writable, &own))) {
            CHECK(TRY(FST_OK, fst_view_release(own.view)));
        }
        if (info.dtype != 0) {
            TRY(FST_OK, fst_record_read(file, records[i], NULL, info.dtype, values[0], sizeof values[0]));
        }
        TRY(FST_ERR_SHAPE_MISMATCH, fst_record_read(file, records[i], NULL, info.dtype, values[0], 0));
    }

    FstViewOptions progress = FST_VIEW_OPTIONS_INIT;
    progress.progress = go_on;
    inside = 1;
    FstStatus outcome = fst_record_view_many(file, records, MANY, &progress, arrays, statuses);
    inside = 0;
    CHECK(outcome == FST_OK || (outcome == FST_ERR_NO_MEMORY && refused > 0));
    for (size_t i = 0; i < MANY; i++) {
        /* A batch that was not begun has told nothing. */
        if (arrays[i].view.id != 0) CHECK(TRY(FST_OK, fst_view_release(arrays[i].view)));
    }
    FstRecordInfo info = FST_RECORD_INFO_INIT;
    if (TRY(FST_OK, fst_record_info(file, 0, &info))) {
        for (size_t i = 0; i < MANY; i++) {
            records[i] = 0;
        }
        TRY(FST_OK, fst_record_read_many(file, records, MANY, NULL, info.dtype, places, bytes, statuses));
    }
}

/* Opens in every way, uses, closes. */
static void job(void)
{
    FstFile file = {0};
    FstOpenOptions options = FST_OPEN_OPTIONS_INIT;
    options.threads = 3;
    options.cache_bytes = 100000;
    const char *path = in_folder(golden, "metadata.rsf");
    if (TRY(FST_OK, fst_open(path, &options, &file))) {
        use(file, 29);
        CHECK(TRY(FST_OK, fst_close(file)));
    }
    options.access = FST_ACCESS_MAP;
    options.cache_bytes = 0;
    options.missing = FST_MISSING_NAN;
    if (TRY(FST_OK, fst_open(in_folder(golden, "containers/rsf_fused.rsf"), &options, &file))) {
        use(file, 5);
        CHECK(TRY(FST_OK, fst_close(file)));
    }
    options.access = FST_ACCESS_AUTO;
    TRY(FST_ERR_NOT_FOUND, fst_open(in_folder(golden, "there/is/no/such/file"), NULL, &file));
    TRY(FST_ERR_NOT_FST, fst_open(in_folder(golden, "README.md"), NULL, &file));
    const char *paths[] = {in_folder(golden, "unclosed.fst"), in_folder(golden, "README.md"),
                           in_folder(golden, "unclosed.rsf"), path};
    TRY(FST_ERR_NOT_FST, fst_open_many(paths, 4, &options, &file));
    options.skip_unreadable = 1;
    if (TRY(FST_OK, fst_open_many(paths, 4, &options, &file))) {
        size_t found = 0;
        FstProblem problem = FST_PROBLEM_INIT;
        TRY(FST_OK, fst_file_problems(file, &problem, 1, &found));
        TRY(FST_OK, fst_find(file, NULL, NULL, 0, &found));
        FstArray array = FST_ARRAY_INIT;
        if (TRY(FST_OK, fst_record_view(file, 41, NULL, &array))) CHECK(TRY(FST_OK, fst_view_release(array.view)));
        CHECK(TRY(FST_OK, fst_close(file)));
    }
    FstDate date = FST_DATE_INIT;
    char text[64];
    TRY(FST_OK, fst_date_from_stamp(471613400, &date));
    TRY(FST_OK, fst_ip_format(93423264, text, sizeof text));
    TRY(FST_ERR_INVALID_ARGUMENT, fst_open(path, &(FstOpenOptions){.struct_size = 5}, &file));
}

/* Every refusal from the very first call of a process on. */
static void cold_start(void)
{
    for (int number = 1; number <= 60; number++) {
        const pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            refuse_at = (number + 1) / 2;
            refuse_behind = number % 2;
            job();
            refuse_at = refused = 0;
            job();
            _exit(EXIT_SUCCESS);
        }
        int status = -1;
        CHECK(waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS);
    }
}

enum { CROWD = 1000 };
static const char *crowded;
static pthread_barrier_t begin;

/* One of a thousand threads that have no memory, all at once. */
static void *in_the_crowd(void *unused)
{
    (void)unused;
    pthread_barrier_wait(&begin);
    for (int turn = 0; turn < 5; turn++) {
        FstFile file = {0};
        FstStatus status = fst_open(crowded, NULL, &file);
        CHECK(status == FST_OK || status == FST_ERR_NO_MEMORY);
        if (status != FST_OK) continue;
        FstArray array = FST_ARRAY_INIT;
        size_t found = 0;
        status = fst_record_view(file, 3, NULL, &array);
        CHECK(status == FST_OK || status == FST_ERR_NO_MEMORY);
        if (status == FST_OK) EXPECT(FST_OK, fst_view_release(array.view));
        FstSearch search = FST_SEARCH_INIT;
        search.metadata = "{\"a\":[1,2,{\"b\":\"c\"}]}";
        status = fst_search(file, &search, NULL, 0, &found);
        CHECK(status == FST_OK || status == FST_ERR_NO_MEMORY);
        EXPECT(FST_OK, fst_close(file));
    }
    return NULL;
}

static void crowd(void)
{
    static pthread_t threads[CROWD];
    pthread_attr_t attributes;
    crowded = in_folder(golden, "metadata.rsf");
    CHECK(pthread_attr_init(&attributes) == 0 && pthread_attr_setstacksize(&attributes, 256 * 1024) == 0);
    for (int with_memory = 0; with_memory < 2; with_memory++) {
        refuse_behind = 1;
        refuse_at = with_memory ? 0 : 1;
        CHECK(pthread_barrier_init(&begin, NULL, CROWD + 1) == 0);
        for (int i = 0; i < CROWD; i++) {
            CHECK(pthread_create(&threads[i], &attributes, in_the_crowd, NULL) == 0);
        }
        inside = 1;
        pthread_barrier_wait(&begin);
        for (int i = 0; i < CROWD; i++) {
            CHECK(pthread_join(threads[i], NULL) == 0);
        }
        inside = 0;
        CHECK(pthread_barrier_destroy(&begin) == 0);
    }
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    golden = argv[1];
    cold_start();
    /* What is there from the first job on: tables, the panic hook. */
    job();
    job();
    const long at_rest = live;
    for (int behind = 0; behind < 2; behind++) {
        refuse_behind = behind;
        for (refuse_at = 1;; refuse_at++) {
            requests = refused = 0;
            job();
            if (refused == 0) break;
        }
        CHECK(refuse_at > 500);
        refuse_at = 0;
        job();
        if (getenv("EXHAUSTION_FIGURES") != NULL) {
            fprintf(stderr, "%s: %ld requests, %ld calls, %ld without memory, %ld blocks more than at rest\n",
                    behind ? "all behind" : "one alone", (long)requests, calls, without_memory, live - at_rest);
        }
    }
    /* Nothing is lost on any of those ways, but for what tables and the system's threads keep. */
    CHECK(live <= at_rest + 64);
    crowd();
    refused = 0;
    job();
    return EXIT_SUCCESS;
}
