/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* struct_size: too small, larger with zeros behind, larger with something behind, of every struct, in and out. */
#include "check.h"

static FstFile file;
static FstView view;
static const char *path;

/* A struct and room behind it. */
typedef union Place {
    FstOpenOptions open_options;
    FstFileInfo file_info;
    FstFileStats file_stats;
    FstRecordInfo record_info;
    FstCriteria criteria;
    FstSearch search;
    FstViewOptions view_options;
    FstArray array;
    FstDate date;
    FstTriplet triplet;
    FstInterval interval;
    FstGrid grid;
    FstProblem problem;
    uint32_t struct_size;
    unsigned char bytes[1024];
} Place;

/* Structs in. */

static FstStatus in_open_options(const Place *place)
{
    FstFile opened = {0};
    FstStatus status = fst_open(path, &place->open_options, &opened);
    if (status == FST_OK) {
        EXPECT(FST_OK, fst_close(opened));
        EXPECT(FST_OK, fst_open_many(&path, 1, &place->open_options, &opened));
        EXPECT(FST_OK, fst_close(opened));
    } else {
        EXPECT(status, fst_open_many(&path, 1, &place->open_options, &opened));
        EXPECT(status, fst_open_memory(path, 4, &place->open_options, &opened));
        CHECK(opened.id == 0);
    }
    return status;
}

static FstStatus in_criteria(const Place *place)
{
    size_t records[4] = {99, 99, 99, 99}, found = 77, first = 77;
    FstStatus status = fst_find(file, &place->criteria, records, 4, &found);
    EXPECT(status, fst_find_first(file, &place->criteria, &first));
    CHECK(status == FST_OK || (found == 77 && first == 77 && records[0] == 99));
    CHECK(status != FST_OK || (found == 194 && first == 0 && records[3] == 3));
    /* Pointed to by a search. */
    FstSearch search = FST_SEARCH_INIT;
    search.criteria = &place->criteria;
    EXPECT(status, fst_search(file, &search, records, 4, &found));
    CHECK(found == (status == FST_OK ? 194u : 77u));
    return status;
}

static FstStatus in_level_criteria(const Place *place)
{
    size_t records[8] = {99}, found = 77;
    float levels[8] = {99};
    int32_t kind = 77;
    FstStatus status = fst_find_levels(file, &place->criteria, records, levels, &kind, 8, &found);
    CHECK(status == FST_OK || (found == 77 && kind == 77 && records[0] == 99 && levels[0] == 99));
    CHECK(status != FST_OK || found == 8);
    return status;
}

static FstStatus in_search(const Place *place)
{
    size_t records[4] = {99, 99, 99, 99}, found = 77;
    FstStatus status = fst_search(file, &place->search, records, 4, &found);
    CHECK(status == FST_OK || (found == 77 && records[0] == 99));
    CHECK(status != FST_OK || (found == 194 && records[3] == 3));
    return status;
}

static FstStatus in_view_options(const Place *place)
{
    FstArray array = used_array();
    FstStatus status = fst_record_view(file, 0, &place->view_options, &array);
    CHECK(status == FST_OK || is_blank(&array));
    if (status == FST_OK) EXPECT(FST_OK, fst_view_release(array.view));
    size_t record = 0;
    FstArray many = used_array();
    FstStatus own = 99;
    EXPECT(status, fst_record_view_many(file, &record, 1, &place->view_options, &many, &own));
    CHECK(status == FST_OK || is_blank(&many));
    if (status == FST_OK) EXPECT(FST_OK, fst_view_release(many.view));
    float values[120];
    void *destination = values;
    size_t bytes = sizeof values;
    EXPECT(status, fst_record_read(file, 0, &place->view_options, FST_DTYPE_F32, values, bytes));
    EXPECT(status,
           fst_record_read_many(file, &record, 1, &place->view_options, FST_DTYPE_F32, &destination, &bytes, &own));
    return status;
}

static FstStatus in_date(const Place *place)
{
    int32_t stamp = 77;
    FstStatus status = fst_stamp_from_date(&place->date, &stamp);
    CHECK((status == FST_OK) == (stamp != 77));
    int32_t extended = 77;
    EXPECT(status, fst_extended_stamp_from_date(&place->date, &extended));
    CHECK((status == FST_OK) == (extended < -1));
    /* Pointed to by a search, as each end of each period. */
    for (int end = 0; end < 4; end++) {
        FstSearch search = FST_SEARCH_INIT;
        const FstDate **const ends[] = {&search.valid_from, &search.valid_to, &search.origin_from, &search.origin_to};
        *ends[end] = &place->date;
        size_t found = 77;
        EXPECT(status, fst_search(file, &search, NULL, 0, &found));
        CHECK((status == FST_OK) == (found != 77));
    }
    return status;
}

static FstStatus in_triplet(const Place *place)
{
    int32_t codes[3] = {77, 77, 77};
    FstStatus status = fst_ip_encode_triplet(&place->triplet, &codes[0], &codes[1], &codes[2]);
    CHECK((status == FST_OK) == (codes[0] == 41394464 && codes[1] == 176280768 && codes[2] == 60268832));
    CHECK(status == FST_OK || (codes[0] == 77 && codes[1] == 77 && codes[2] == 77));
    return status;
}

static FstStatus in_interval(const Place *place)
{
    int32_t codes[3] = {77, 77, 77};
    FstStatus status = fst_ip_encode_interval(&place->interval, &codes[0], &codes[1], &codes[2]);
    CHECK((status == FST_OK) == (codes[1] == 176280768));
    CHECK(status == FST_OK || (codes[0] == 77 && codes[1] == 77 && codes[2] == 77));
    return status;
}

/* `first` is the size that the struct had when it was published; fields may have been appended since. */
static void check_in(FstStatus (*call)(const Place *), const void *initial, uint32_t size, uint32_t first)
{
    Place place;
    const uint32_t too_small[] = {0, 1, 3, 4, first / 2, first - 4, first - 1};
    for (size_t i = 0; i < sizeof too_small / sizeof too_small[0]; i++) {
        memset(&place, 0, sizeof place);
        memcpy(&place, initial, size);
        place.struct_size = too_small[i];
        EXPECT(FST_ERR_INVALID_ARGUMENT, call(&place));
    }

    /* An older caller's: what is behind it is not looked at. */
    memset(&place, 0xFF, sizeof place);
    memcpy(&place, initial, first);
    place.struct_size = first;
    EXPECT(FST_OK, call(&place));

    /* Larger: as good as our own while what is behind is zero. */
    const uint32_t larger[] = {size, size + 1, size + 8, (uint32_t)sizeof place};
    for (size_t i = 0; i < sizeof larger / sizeof larger[0]; i++) {
        memset(&place, 0, sizeof place);
        memcpy(&place, initial, size);
        place.struct_size = larger[i];
        EXPECT(FST_OK, call(&place));
        for (uint32_t at = size; at < larger[i]; at++) {
            place.bytes[at] = 1;
            EXPECT(FST_ERR_INVALID_ARGUMENT, call(&place));
            place.bytes[at] = 0;
        }
        /* What is behind the caller's struct is not ours. */
        memset(place.bytes + larger[i], 0xFF, sizeof place - larger[i]);
        EXPECT(FST_OK, call(&place));
    }
}

/* Structs out. */

static FstFile damaged;

static FstStatus out_problem(Place *place)
{
    size_t found = 77;
    FstStatus status = fst_file_problems(damaged, &place->problem, 1, &found);
    CHECK(found == (status == FST_OK ? 1u : 77u));
    return status;
}

static FstStatus out_file_info(Place *place)
{
    return fst_file_info(file, &place->file_info);
}

static FstStatus out_file_stats(Place *place)
{
    return fst_file_stats(file, &place->file_stats);
}

static FstStatus out_record_info(Place *place)
{
    return fst_record_info(file, 0, &place->record_info);
}

static FstStatus out_view_array(Place *place)
{
    return fst_view_array(view, &place->array);
}

static FstStatus out_view(Place *place)
{
    FstStatus status = fst_record_view(file, 0, NULL, &place->array);
    if (status == FST_OK) EXPECT(FST_OK, fst_view_release(place->array.view));
    return status;
}

static FstStatus out_view_many(Place *place)
{
    size_t record = 0;
    FstStatus status = fst_record_view_many(file, &record, 1, NULL, &place->array, NULL);
    if (status == FST_OK) EXPECT(FST_OK, fst_view_release(place->array.view));
    return status;
}

static FstStatus out_date(Place *place)
{
    return fst_date_from_stamp(470636000, &place->date);
}

static FstStatus out_triplet(Place *place)
{
    return fst_ip_decode_triplet(850, 12, 0, &place->triplet);
}

static FstStatus out_interval(Place *place)
{
    return fst_ip_decode_interval(850, 12, 0, &place->interval);
}

static FstStatus out_grid(Place *place)
{
    return fst_record_grid(file, 3, &place->grid);
}

static void check_out(FstStatus (*call)(Place *), uint32_t size)
{
    Place place, before;
    const uint32_t too_small[] = {0, 1, 3, 4, size / 2, size - 4, size - 1};
    for (size_t i = 0; i < sizeof too_small / sizeof too_small[0]; i++) {
        memset(&place, 0x5A, sizeof place);
        place.struct_size = too_small[i];
        before = place;
        EXPECT(FST_ERR_INVALID_ARGUMENT, call(&place));
        CHECK(memcmp(&place, &before, sizeof place) == 0);
    }
    const uint32_t larger[] = {size, size + 1, size + 8, (uint32_t)sizeof place};
    for (size_t i = 0; i < sizeof larger / sizeof larger[0]; i++) {
        memset(&place, 0x5A, sizeof place);
        place.struct_size = larger[i];
        before = place;
        EXPECT(FST_OK, call(&place));
        CHECK(place.struct_size == larger[i]);
        CHECK(memcmp(place.bytes + 4, before.bytes + 4, size - 4) != 0);
        CHECK(memcmp(place.bytes + size, before.bytes + size, sizeof place - size) == 0);
    }
}

/* A batch into structs of a caller that knows more fields than the library. */
typedef struct LargerArray {
    FstArray array;
    uint64_t more[3];
} LargerArray;

static void check_batch_of_larger_structs(void)
{
    LargerArray arrays[3];
    memset(arrays, 0x5A, sizeof arrays);
    for (int i = 0; i < 3; i++) {
        arrays[i].array.struct_size = sizeof(LargerArray);
    }
    size_t records[3] = {0, 1, 2};
    EXPECT(FST_OK, fst_record_view_many(file, records, 3, NULL, &arrays[0].array, NULL));
    for (int i = 0; i < 3; i++) {
        CHECK(arrays[i].array.struct_size == sizeof(LargerArray));
        CHECK(arrays[i].array.nbytes == info_of(file, (size_t)i).array_bytes);
        CHECK(arrays[i].more[0] == 0x5A5A5A5A5A5A5A5A && arrays[i].more[2] == 0x5A5A5A5A5A5A5A5A);
        EXPECT(FST_OK, fst_view_release(arrays[i].array.view));
    }

    /* Structs of different sizes cannot be told apart. */
    arrays[1].array.struct_size = sizeof(FstArray);
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_view_many(file, records, 3, NULL, &arrays[0].array, NULL));
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    path = in_folder(argv[1], "model.rsf");
    file = open_with(path, FST_ACCESS_AUTO);
    view = view_of(file, 0).view;

    FstOpenOptions open_options = FST_OPEN_OPTIONS_INIT;
    FstCriteria criteria = FST_CRITERIA_INIT;
    FstSearch search = FST_SEARCH_INIT;
    FstViewOptions view_options = FST_VIEW_OPTIONS_INIT;
    FstDate date = FST_DATE_INIT;
    EXPECT(FST_OK, fst_date_from_stamp(470636000, &date));
    check_in(in_open_options, &open_options, sizeof open_options, 48);
    check_in(in_criteria, &criteria, sizeof criteria, 116);
    check_in(in_search, &search, sizeof search, 120);
    strcpy(criteria.nomvar, "TT");
    criteria.datev = 470636000;
    check_in(in_level_criteria, &criteria, sizeof criteria, 116);
    check_in(in_view_options, &view_options, sizeof view_options, 64);
    check_in(in_date, &date, sizeof date, 28);
    FstTriplet triplet = {sizeof triplet, 0, {{500.0F, 2}, {12.0F, 10}, {5.0F, 3}}};
    check_in(in_triplet, &triplet, sizeof triplet, 32);
    FstInterval interval = FST_INTERVAL_INIT;
    interval.level = (FstBounds){2, 500.0F, 500.0F};
    interval.time.first = 6.0F;
    interval.time.second = 12.0F;
    check_in(in_interval, &interval, sizeof interval, 44);

    damaged = open_with(in_folder(argv[1], "containers/malformed/xdf_seq_cut.fst"), FST_ACCESS_AUTO);
    check_out(out_problem, sizeof(FstProblem));
    EXPECT(FST_OK, fst_close(damaged));
    check_out(out_file_info, sizeof(FstFileInfo));
    check_out(out_file_stats, sizeof(FstFileStats));
    check_out(out_record_info, sizeof(FstRecordInfo));
    check_out(out_view_array, sizeof(FstArray));
    check_out(out_view, sizeof(FstArray));
    check_out(out_view_many, sizeof(FstArray));
    check_out(out_date, sizeof(FstDate));
    check_out(out_triplet, sizeof(FstTriplet));
    check_out(out_interval, sizeof(FstInterval));
    check_out(out_grid, sizeof(FstGrid));
    check_batch_of_larger_structs();

    EXPECT(FST_OK, fst_view_release(view));
    CHECK(stats_of(file).live_views == 0);
    EXPECT(FST_OK, fst_close(file));
    return EXIT_SUCCESS;
}
