/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Many threads do whatever comes to their minds: open, view, retain, release, close, batches, reads, searches, exports,
 * on files and views of their own and on ones that other threads replace at any moment. Every array is compared with
 * what it was when nothing else was going on.
 *
 * After the two folders: number of threads (16), seconds (2), seed (1).
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <time.h>

#include "check.h"

enum { KINDS = 5, FILES = 6, VIEWS = 24, MOST_RECORDS = 512, BATCH = 16, MOST_THREADS = 256 };

/* What is known of a kind of file. */
typedef struct Kind {
    const char *paths[2];
    size_t path_count;
    void *image;
    size_t image_bytes;
    size_t count, named, descriptors;
    const char *nomvar;
    struct {
        FstStatus status;
        FstDtype dtype;
        uint64_t sum, nbytes;
    } records[MOST_RECORDS];
} Kind;

/* A handle that all threads see, with what it is a handle of. */
typedef struct Shared {
    uint64_t id;
    size_t kind, record;
} Shared;

typedef struct Thread {
    size_t number;
    uint64_t random;
    uint64_t done[16];
} Thread;

static Kind kinds[KINDS];
static FstFile anchors[KINDS];
static Shared files[FILES], views[VIEWS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct timespec end;

static uint64_t next(Thread *thread)
{
    uint64_t x = thread->random;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return thread->random = x;
}

static size_t below(Thread *thread, size_t limit)
{
    return (size_t)((next(thread) >> 16) % limit);
}

static int is_over(void)
{
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return now.tv_sec > end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec >= end.tv_nsec);
}

static uint64_t sum_of(const void *data, uint64_t nbytes)
{
    const unsigned char *bytes = data;
    uint64_t sum = 14695981039346656037u ^ nbytes;
    for (uint64_t at = 0; at < nbytes; at += 5) {
        sum = (sum ^ bytes[at]) * 1099511628211u;
    }
    return sum;
}

static int is_expected(const FstArray *array, size_t kind, size_t record)
{
    return array->nbytes == kinds[kind].records[record].nbytes && array->dtype == kinds[kind].records[record].dtype &&
           sum_of(array->data, array->nbytes) == kinds[kind].records[record].sum;
}

static Shared look(const Shared *place)
{
    CHECK(pthread_mutex_lock(&lock) == 0);
    const Shared seen = *place;
    CHECK(pthread_mutex_unlock(&lock) == 0);
    return seen;
}

static Shared exchange(Shared *place, Shared with)
{
    CHECK(pthread_mutex_lock(&lock) == 0);
    const Shared before = *place;
    *place = with;
    CHECK(pthread_mutex_unlock(&lock) == 0);
    return before;
}

static Shared open_any(Thread *thread)
{
    Shared opened = {0, below(thread, KINDS), 0};
    const Kind *kind = &kinds[opened.kind];
    FstOpenOptions options = FST_OPEN_OPTIONS_INIT;
    options.access = (FstAccess)below(thread, 3);
    options.threads = (uint32_t)below(thread, 4);
    options.cache_bytes = below(thread, 2) * 1000000;
    options.map_threshold = below(thread, 2) * 1000;
    FstFile file = {0};
    if (kind->image != NULL) {
        EXPECT(FST_OK, fst_open_memory(kind->image, kind->image_bytes, &options, &file));
    } else if (kind->path_count > 1) {
        EXPECT(FST_OK, fst_open_many(kind->paths, kind->path_count, &options, &file));
    } else {
        EXPECT(FST_OK, fst_open(kind->paths[0], &options, &file));
    }
    opened.id = file.id;
    return opened;
}

/* Another thread may have closed the file: one answer or the other, nothing else. */
static int is_open(FstStatus status, FstStatus expected)
{
    if (status == FST_ERR_INVALID_HANDLE) return 0;
    if (status != expected) {
        fprintf(stderr, "%s (%s), expected %s\n", fst_status_name(status), fst_last_error(), fst_status_name(expected));
        exit(EXIT_FAILURE);
    }
    return 1;
}

static void replace_file(Thread *thread)
{
    const Shared before = exchange(&files[below(thread, FILES)], open_any(thread));
    const FstFile file = {before.id};
    EXPECT(FST_OK, fst_close(file));
    EXPECT(FST_ERR_INVALID_HANDLE, fst_close(file));
}

/* A file of this thread's own, closed under its views. */
static void own_file(Thread *thread)
{
    const Shared own = open_any(thread);
    const FstFile file = {own.id};
    FstArray arrays[4];
    size_t records[4];
    for (int i = 0; i < 4; i++) {
        records[i] = below(thread, kinds[own.kind].count);
        arrays[i] = used_array();
        EXPECT(kinds[own.kind].records[records[i]].status, fst_record_view(file, records[i], NULL, &arrays[i]));
    }
    if (next(thread) & 1) {
        uint64_t live = 0;
        for (int i = 0; i < 4; i++) {
            live += arrays[i].view.id != 0;
        }
        CHECK(stats_of(file).live_views == live);
    }
    EXPECT(FST_OK, fst_close(file));
    for (int i = 0; i < 4; i++) {
        if (arrays[i].view.id == 0) continue;
        CHECK(is_expected(&arrays[i], own.kind, records[i]));
        EXPECT(FST_OK, fst_view_release(arrays[i].view));
    }
}

/* A view of a shared file, which all threads may use from now on. */
static void replace_view(Thread *thread, const Shared *from)
{
    const FstFile file = {from->id};
    const size_t record = below(thread, kinds[from->kind].count);
    FstArray array = used_array();
    const FstStatus status = fst_record_view(file, record, NULL, &array);
    if (!is_open(status, kinds[from->kind].records[record].status) || status != FST_OK) {
        CHECK(is_blank(&array));
        return;
    }
    CHECK(is_expected(&array, from->kind, record));
    const Shared mine = {array.view.id, from->kind, record};
    const Shared before = exchange(&views[below(thread, VIEWS)], mine);
    const FstView view = {before.id};
    if (before.id != 0) EXPECT(FST_OK, fst_view_release(view));
}

/* A view that another thread may release for the last time at this very moment. */
static void retain_view(Thread *thread)
{
    const Shared seen = look(&views[below(thread, VIEWS)]);
    const FstView view = {seen.id};
    if (!is_open(fst_view_retain(view), FST_OK)) return;
    FstArray array = used_array();
    EXPECT(FST_OK, fst_view_array(view, &array));
    CHECK(array.view.id == view.id && is_expected(&array, seen.kind, seen.record));
    EXPECT(FST_OK, fst_view_release(view));
}

/* An array of one's own may be written to; nobody else sees it. */
static void write_view(Thread *thread, const Shared *from)
{
    const FstFile file = {from->id};
    const size_t record = below(thread, kinds[from->kind].count);
    FstViewOptions options = FST_VIEW_OPTIONS_INIT;
    options.flags = FST_VIEW_WRITABLE;
    FstArray array = used_array();
    const FstStatus status = fst_record_view(file, record, &options, &array);
    if (!is_open(status, kinds[from->kind].records[record].status) || status != FST_OK) return;
    CHECK((array.flags & FST_ARRAY_WRITABLE) && is_expected(&array, from->kind, record));
    memset((void *)(uintptr_t)array.data, (int)below(thread, 256), (size_t)array.nbytes);
    EXPECT(FST_OK, fst_view_release(array.view));
    EXPECT(FST_ERR_INVALID_HANDLE, fst_view_release(array.view));
}

typedef struct Limit {
    size_t most;
} Limit;

static int32_t stop_late(void *context, size_t done, size_t total)
{
    const Limit *limit = context;
    CHECK(done <= total);
    return done >= limit->most;
}

static void view_many(Thread *thread, const Shared *from)
{
    const FstFile file = {from->id};
    const Kind *kind = &kinds[from->kind];
    size_t records[BATCH];
    FstArray arrays[BATCH];
    FstStatus statuses[BATCH];
    const size_t n = 1 + below(thread, BATCH);
    for (size_t i = 0; i < n; i++) {
        records[i] = below(thread, kind->count);
        arrays[i] = used_array();
        statuses[i] = 99;
    }
    Limit limit = {1 + below(thread, BATCH)};
    FstViewOptions options = FST_VIEW_OPTIONS_INIT;
    const int may_stop = (next(thread) & 3) == 0;
    if (may_stop) {
        options.progress = stop_late;
        options.progress_context = &limit;
    }
    const FstStatus status = fst_record_view_many(file, records, n, &options, arrays, statuses);
    if (status == FST_ERR_INVALID_HANDLE) {
        for (size_t i = 0; i < n; i++) {
            CHECK(is_blank(&arrays[i]));
        }
        return;
    }
    FstStatus first = FST_OK;
    for (size_t i = 0; i < n; i++) {
        if (first == FST_OK) first = statuses[i];
        if (statuses[i] == FST_OK) {
            CHECK(is_expected(&arrays[i], from->kind, records[i]));
            EXPECT(FST_OK, fst_view_release(arrays[i].view));
        } else {
            CHECK(is_blank(&arrays[i]));
            CHECK(statuses[i] == kind->records[records[i]].status || (may_stop && statuses[i] == FST_ERR_CANCELLED));
        }
    }
    CHECK(status == first);
}

static void read_many(Thread *thread, const Shared *from)
{
    const FstFile file = {from->id};
    const Kind *kind = &kinds[from->kind];
    /* Records of the element type of the first one. */
    size_t records[BATCH], bytes[BATCH], n = 0;
    void *places[BATCH];
    FstStatus statuses[BATCH];
    const FstDtype dtype = kind->records[below(thread, kind->count)].dtype;
    if (dtype == 0) return;
    for (size_t tries = 0; tries < BATCH; tries++) {
        const size_t record = below(thread, kind->count);
        if (kind->records[record].dtype != dtype) continue;
        records[n] = record;
        bytes[n] = (size_t)kind->records[record].nbytes;
        places[n] = malloc(bytes[n]);
        CHECK(places[n] != NULL);
        n++;
    }
    if (is_open(fst_record_read_many(file, records, n, NULL, dtype, places, bytes, statuses), FST_OK)) {
        for (size_t i = 0; i < n; i++) {
            CHECK(statuses[i] == FST_OK && sum_of(places[i], bytes[i]) == kind->records[records[i]].sum);
        }
    }
    for (size_t i = 0; i < n; i++) {
        free(places[i]);
    }
}

static void search(Thread *thread, const Shared *from)
{
    const FstFile file = {from->id};
    const Kind *kind = &kinds[from->kind];
    size_t records[MOST_RECORDS], found = 77;
    FstSearch search = FST_SEARCH_INIT;
    FstCriteria criteria = FST_CRITERIA_INIT;
    size_t expected = kind->named;
    FstStatus status;
    switch (below(thread, 4)) {
    case 0:
        search.nomvars = &kind->nomvar;
        search.nomvar_count = 1;
        status = fst_search(file, &search, records, MOST_RECORDS, &found);
        break;
    case 1:
        snprintf(criteria.nomvar, sizeof criteria.nomvar, "%s", kind->nomvar);
        search.criteria = &criteria;
        status = fst_search(file, &search, records, MOST_RECORDS, &found);
        break;
    case 2:
        snprintf(criteria.nomvar, sizeof criteria.nomvar, "%s", kind->nomvar);
        status = fst_find(file, &criteria, records, MOST_RECORDS, &found);
        break;
    default:
        criteria.skip_grid_descriptors = 1;
        status = fst_find(file, &criteria, records, MOST_RECORDS, &found);
        expected = kind->count - kind->descriptors;
        break;
    }
    if (!is_open(status, FST_OK)) return;
    CHECK(found == expected);
    for (size_t i = 1; i < found; i++) {
        CHECK(records[i - 1] < records[i]);
    }
}

static void export(const Shared *from)
{
    const FstFile file = {from->id};
    struct ArrowSchema schema;
    struct ArrowArray array;
    if (!is_open(fst_index_export(file, &schema, &array), FST_OK)) return;
    CHECK(array.length == (int64_t)kinds[from->kind].count && array.n_children == schema.n_children);
    const uint64_t *numbers = array.children[0]->buffers[1];
    for (int64_t row = 0; row < array.length; row++) {
        CHECK(numbers[row] == (uint64_t)row);
    }
    array.release(&array);
    schema.release(&schema);
}

static void describe(Thread *thread, const Shared *from)
{
    const FstFile file = {from->id};
    const size_t record = below(thread, kinds[from->kind].count);
    FstRecordInfo info = FST_RECORD_INFO_INIT;
    if (!is_open(fst_record_info(file, record, &info), FST_OK)) return;
    CHECK(info.dtype == kinds[from->kind].records[record].dtype);
    FstGrid grid = FST_GRID_INIT;
    const FstStatus status = fst_record_grid(file, record, &grid);
    CHECK(status == FST_OK || status == FST_ERR_INVALID_HANDLE);
    CHECK(status != FST_OK || strcmp(grid.grtyp, info.grtyp) == 0);
    FstFileInfo whole = FST_FILE_INFO_INIT;
    if (is_open(fst_file_info(file, &whole), FST_OK)) CHECK(whole.record_count == kinds[from->kind].count);
    /* The last error is this thread's own. */
    char expected[64];
    snprintf(expected, sizeof expected, "record %zu", 100000 + thread->number);
    if (is_open(fst_record_info(file, 100000 + thread->number, &info), FST_ERR_OUT_OF_RANGE)) {
        CHECK(strstr(fst_last_error(), expected) != NULL);
    }
}

static void *work(void *argument)
{
    Thread *thread = argument;
    do {
        /* A file that others may close, or one that nobody does. */
        Shared from = look(&files[below(thread, FILES)]);
        if ((next(thread) & 3) == 0) {
            from.kind = below(thread, KINDS);
            from.id = anchors[from.kind].id;
        }
        const size_t choice = below(thread, 16);
        thread->done[choice]++;
        switch (choice) {
        case 0: replace_file(thread); break;
        case 1: own_file(thread); break;
        case 2: export(&from); break;
        case 3: search(thread, &from); break;
        case 4: describe(thread, &from); break;
        case 5: write_view(thread, &from); break;
        case 6: view_many(thread, &from); break;
        case 7: read_many(thread, &from); break;
        case 8:
        case 9:
        case 10:
        case 11: replace_view(thread, &from); break;
        default: retain_view(thread); break;
        }
    } while (!is_over());
    return NULL;
}

static void read_image(Kind *kind, const char *path)
{
    FILE *stream = fopen(path, "rb");
    CHECK(stream != NULL && fseek(stream, 0, SEEK_END) == 0);
    const long size = ftell(stream);
    CHECK(size > 0 && fseek(stream, 0, SEEK_SET) == 0);
    kind->image_bytes = (size_t)size;
    kind->image = malloc(kind->image_bytes);
    CHECK(kind->image != NULL && fread(kind->image, 1, kind->image_bytes, stream) == kind->image_bytes);
    CHECK(fclose(stream) == 0);
}

/* What every record is while nothing else goes on. */
static void learn(size_t number)
{
    Kind *kind = &kinds[number];
    FstOpenOptions options = FST_OPEN_OPTIONS_INIT;
    if (kind->image != NULL) {
        EXPECT(FST_OK, fst_open_memory(kind->image, kind->image_bytes, &options, &anchors[number]));
    } else {
        EXPECT(FST_OK, fst_open_many(kind->paths, kind->path_count, &options, &anchors[number]));
    }
    kind->count = count_of(anchors[number]);
    CHECK(kind->count > 0 && kind->count <= MOST_RECORDS);
    for (size_t record = 0; record < kind->count; record++) {
        const FstRecordInfo info = info_of(anchors[number], record);
        kind->named += strcmp(info.nomvar, kind->nomvar) == 0;
        kind->descriptors += (info.flags & FST_RECORD_IS_DESCRIPTOR) != 0;
        FstArray array = FST_ARRAY_INIT;
        kind->records[record].status = fst_record_view(anchors[number], record, NULL, &array);
        kind->records[record].dtype = info.dtype;
        if (kind->records[record].status != FST_OK) continue;
        kind->records[record].nbytes = array.nbytes;
        kind->records[record].sum = sum_of(array.data, array.nbytes);
        EXPECT(FST_OK, fst_view_release(array.view));
    }
    CHECK(kind->named > 0);
}

int main(int argc, char **argv)
{
    CHECK(argc >= 3 && argc <= 6);
    const long count = argc > 3 ? strtol(argv[3], NULL, 10) : 16, seconds = argc > 4 ? strtol(argv[4], NULL, 10) : 2;
    const uint64_t seed = argc > 5 ? strtoull(argv[5], NULL, 10) : 1;
    CHECK(count > 0 && count <= MOST_THREADS && seconds >= 0);

    const char *const model = in_folder(argv[1], "model.rsf"), *const xdf = in_folder(argv[1], "model.fst");
    kinds[0] = (Kind){.paths = {model}, .path_count = 1, .nomvar = "TT"};
    kinds[1] = (Kind){.paths = {xdf}, .path_count = 1, .nomvar = "UU"};
    kinds[2] = (Kind){.paths = {in_folder(argv[1], "metadata.rsf")}, .path_count = 1, .nomvar = "META"};
    kinds[3] = (Kind){.paths = {model, xdf}, .path_count = 2, .nomvar = "GZ"};
    kinds[4] = (Kind){.nomvar = "HU"};
    read_image(&kinds[4], model);
    for (size_t kind = 0; kind < KINDS; kind++) {
        learn(kind);
    }

    static Thread states[MOST_THREADS];
    static pthread_t threads[MOST_THREADS];
    for (size_t i = 0; i < (size_t)count; i++) {
        states[i].number = i;
        states[i].random = (seed * MOST_THREADS + i + 1) * 0x9E3779B97F4A7C15u;
    }
    for (size_t i = 0; i < FILES; i++) {
        files[i] = open_any(&states[0]);
    }
    CHECK(clock_gettime(CLOCK_MONOTONIC, &end) == 0);
    end.tv_sec += seconds;
    for (size_t i = 0; i < (size_t)count; i++) {
        CHECK(pthread_create(&threads[i], NULL, work, &states[i]) == 0);
    }
    uint64_t done = 0;
    for (size_t i = 0; i < (size_t)count; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
        for (size_t choice = 0; choice < 16; choice++) {
            done += states[i].done[choice];
        }
    }
    CHECK(done >= (uint64_t)count);
    if (getenv("STORM_COUNT") != NULL) printf("%llu calls\n", (unsigned long long)done);

    /* Files first: the views that are left must outlive them. */
    for (size_t i = 0; i < FILES; i++) {
        const FstFile file = {files[i].id};
        EXPECT(FST_OK, fst_close(file));
    }
    for (size_t i = 0; i < VIEWS; i++) {
        const FstView view = {views[i].id};
        if (view.id == 0) continue;
        FstArray array = FST_ARRAY_INIT;
        EXPECT(FST_OK, fst_view_array(view, &array));
        CHECK(is_expected(&array, views[i].kind, views[i].record));
        EXPECT(FST_OK, fst_view_release(view));
    }

    /* Nothing is left over. */
    for (size_t kind = 0; kind < KINDS; kind++) {
        const FstFileStats stats = stats_of(anchors[kind]);
        CHECK(stats.live_views == 0 && stats.live_bytes == 0);
        EXPECT(FST_OK, fst_close(anchors[kind]));
        free(kinds[kind].image);
    }
    return EXIT_SUCCESS;
}
