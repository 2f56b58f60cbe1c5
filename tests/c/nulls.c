/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A null pointer in every position of every function: an error or the default, and nothing written elsewhere. */
#include "check.h"

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    const char *path = in_folder(argv[1], "model.rsf");
    FstOpenOptions options = FST_OPEN_OPTIONS_INIT;

    /* Opening. */
    FstFile file = {42};
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_open(NULL, &options, &file));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_open(path, &options, NULL));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_open(NULL, NULL, NULL));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_open("", NULL, &file));
    const char *paths[2] = {path, NULL};
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_open_many(NULL, 1, &options, &file));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_open_many(NULL, 0, &options, &file));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_open_many(paths, 0, &options, &file));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_open_many(paths, 2, &options, &file));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_open_many(paths, 1, &options, NULL));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_open_memory(NULL, 100, &options, &file));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_open_memory(path, 4, &options, NULL));
    EXPECT(FST_ERR_NOT_FST, fst_open_memory(NULL, 0, NULL, &file));
    CHECK(file.id == 42);
    EXPECT(FST_OK, fst_open_many(paths, 1, NULL, &file));
    EXPECT(FST_OK, fst_close(file));
    EXPECT(FST_OK, fst_open(path, NULL, &file));

    /* What a file and a record are. */
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_file_info(file, NULL));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_file_stats(file, NULL));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_count(file, NULL));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_info(file, 0, NULL));
    size_t length = 77;
    char text[100] = "before";
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_metadata(file, 0, NULL, 100, &length));
    CHECK(length == 77);
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_metadata(file, 0, text, 100, NULL));
    CHECK(strcmp(text, "before") == 0);
    EXPECT(FST_OK, fst_record_metadata(file, 0, NULL, 0, &length));
    CHECK(length == 0);

    /* Searching. */
    FstCriteria criteria = FST_CRITERIA_INIT;
    size_t records[3] = {7, 8, 9}, found = 77;
    FstProblem problem = FST_PROBLEM_INIT;
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_file_problems(file, NULL, 1, &found));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_file_problems(file, &problem, 1, NULL));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_find(file, &criteria, NULL, 3, &found));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_find(file, &criteria, records, 3, NULL));
    CHECK(found == 77 && records[0] == 7 && records[1] == 8 && records[2] == 9);
    EXPECT(FST_OK, fst_find(file, NULL, NULL, 0, &found));
    CHECK(found == 194);
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_find_first(file, &criteria, NULL));
    EXPECT(FST_OK, fst_find_first(file, NULL, &found));
    CHECK(found == 0);

    FstSearch search = FST_SEARCH_INIT;
    found = 77;
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_search(file, &search, NULL, 3, &found));
    CHECK(strstr(fst_last_error(), "records") != NULL);
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_search(file, &search, records, 3, NULL));
    CHECK(strstr(fst_last_error(), "found") != NULL);
    CHECK(found == 77 && records[0] == 7 && records[1] == 8 && records[2] == 9);
    EXPECT(FST_OK, fst_search(file, NULL, NULL, 0, &found));
    CHECK(found == 194);
    EXPECT(FST_OK, fst_search(file, &search, NULL, 0, &found));
    CHECK(found == 194);

    /* Inside a search: lists, strings of lists. */
    const char *names[3] = {"TT", NULL, "UU"};
    found = 77;
    search.nomvar_count = 1;
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_search(file, &search, records, 3, &found));
    CHECK(strstr(fst_last_error(), "nomvars") != NULL);
    search.nomvars = names;
    search.nomvar_count = 3;
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_search(file, &search, records, 3, &found));
    CHECK(strstr(fst_last_error(), "nomvars[1]") != NULL);
    search = (FstSearch)FST_SEARCH_INIT;
    search.typvar_count = 1;
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_search(file, &search, records, 3, &found));
    CHECK(strstr(fst_last_error(), "typvars") != NULL);
    search.typvars = names + 1;
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_search(file, &search, records, 3, &found));
    CHECK(strstr(fst_last_error(), "typvars[0]") != NULL);
    search = (FstSearch)FST_SEARCH_INIT;
    search.etiket_count = 1;
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_search(file, &search, records, 3, &found));
    CHECK(strstr(fst_last_error(), "etikets") != NULL);
    search.etikets = names + 1;
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_search(file, &search, records, 3, &found));
    CHECK(strstr(fst_last_error(), "etikets[0]") != NULL);
    CHECK(found == 77 && records[0] == 7);
    search.etiket_count = 0;
    EXPECT(FST_OK, fst_search(file, &search, NULL, 0, &found));
    CHECK(found == 194);

    /* Levels. */
    snprintf(criteria.nomvar, sizeof criteria.nomvar, "TT");
    criteria.datev = 470636000;
    float levels[3] = {7, 8, 9};
    int32_t level_kind = 77;
    found = 77;
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_find_levels(file, &criteria, NULL, levels, &level_kind, 3, &found));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_find_levels(file, &criteria, records, NULL, &level_kind, 3, &found));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_find_levels(file, &criteria, records, levels, NULL, 3, &found));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_find_levels(file, &criteria, records, levels, &level_kind, 3, NULL));
    CHECK(found == 77 && level_kind == 77 && records[0] == 7 && levels[0] == 7);
    EXPECT(FST_OK, fst_find_levels(file, &criteria, NULL, NULL, &level_kind, 0, &found));
    CHECK(found == 8 && level_kind != 77);
    FstFile empty = {0};
    EXPECT(FST_OK, fst_open(in_folder(argv[1], "containers/rsf_empty_fresh.rsf"), NULL, &empty));
    EXPECT(FST_OK, fst_find_levels(empty, NULL, records, levels, &level_kind, 3, &found));
    CHECK(found == 0 && level_kind == -1 && records[0] == 7 && levels[0] == 7);
    EXPECT(FST_OK, fst_close(empty));

    /* Grids, and the attributes of all records. */
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_grid(file, 3, NULL));
    struct ArrowSchema schema;
    struct ArrowArray batch;
    memset(&schema, 0x5A, sizeof schema);
    memset(&batch, 0x5A, sizeof batch);
    const struct ArrowSchema schema_before = schema;
    const struct ArrowArray batch_before = batch;
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_index_export(file, NULL, &batch));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_index_export(file, &schema, NULL));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_index_export(file, NULL, NULL));
    CHECK(memcmp(&schema, &schema_before, sizeof schema) == 0 && memcmp(&batch, &batch_before, sizeof batch) == 0);

    /* Views. */
    FstViewOptions view_options = FST_VIEW_OPTIONS_INIT;
    FstArray array = FST_ARRAY_INIT;
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_view(file, 0, &view_options, NULL));
    EXPECT(FST_OK, fst_record_view(file, 0, NULL, &array));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_view_array(array.view, NULL));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_view_to_dlpack(array.view, NULL));
    EXPECT(FST_OK, fst_view_release(array.view));

    size_t two[2] = {0, 1};
    FstArray arrays[2] = {used_array(), used_array()};
    FstStatus statuses[2] = {99, 99};
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_view_many(file, two, 2, &view_options, NULL, statuses));
    CHECK(statuses[0] == 99 && statuses[1] == 99);
    EXPECT(FST_OK, fst_record_view_many(file, NULL, 0, NULL, NULL, NULL));
    EXPECT(FST_OK, fst_record_view_many(file, two, 2, NULL, arrays, NULL));
    EXPECT(FST_OK, fst_view_release(arrays[0].view));
    EXPECT(FST_OK, fst_view_release(arrays[1].view));

    /* Reads. */
    float first[120], second[80];
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_read(file, 0, NULL, FST_DTYPE_F32, NULL, sizeof first));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_read(file, 0, NULL, FST_DTYPE_F32, NULL, 0));
    EXPECT(FST_OK, fst_record_read(file, 0, NULL, FST_DTYPE_F32, first, sizeof first));
    void *places[2] = {first, second};
    size_t bytes[2] = {sizeof first, sizeof second};
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_read_many(file, NULL, 2, NULL, FST_DTYPE_F32, places, bytes, statuses));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_read_many(file, two, 2, NULL, FST_DTYPE_F32, NULL, bytes, statuses));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_read_many(file, two, 2, NULL, FST_DTYPE_F32, places, NULL, statuses));
    CHECK(statuses[0] == 99 && statuses[1] == 99);
    EXPECT(FST_OK, fst_record_read_many(file, NULL, 0, NULL, FST_DTYPE_F32, NULL, NULL, NULL));
    EXPECT(FST_OK, fst_record_read_many(file, two, 2, NULL, FST_DTYPE_F32, places, bytes, NULL));
    places[0] = NULL;
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_read_many(file, two, 2, NULL, FST_DTYPE_F32, places, bytes, statuses));
    CHECK(statuses[0] == FST_ERR_INVALID_ARGUMENT && statuses[1] == FST_OK);

    /* Dates and codes. */
    FstDate date = FST_DATE_INIT;
    int32_t stamp = 77, kind = 77;
    float value = 1.5F;
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_date_from_stamp(470636000, NULL));
    EXPECT(FST_OK, fst_date_from_stamp(470636000, &date));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_stamp_from_date(NULL, &stamp));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_stamp_from_date(&date, NULL));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_stamp_add_hours(470636000, 1.0, NULL));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_stamp_difference(470636000, 470636000, NULL));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_decode(93423264, NULL, &kind));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_decode(93423264, &value, NULL));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_encode(500.0F, 2, FST_IP_NEW_STYLE, NULL));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_format(93423264, NULL, 16));
    double hours = 1.5;
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_extended_stamp_from_date(NULL, &stamp));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_extended_stamp_from_date(&date, NULL));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_calendar_add_hours(470636000, 1.0, FST_CALENDAR_365_DAY, NULL));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_calendar_difference(470636000, 470636000, FST_CALENDAR_365_DAY, NULL));
    FstTriplet triplet = {sizeof triplet, 0, {{500.0F, 2}, {12.0F, 10}, {0.0F, 3}}};
    FstInterval interval = FST_INTERVAL_INIT;
    interval.level.kind = 2;
    interval.time.first = 12.0F;
    int32_t ip[3] = {77, 77, 77};
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_decode_triplet(500, 12, 0, NULL));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_encode_triplet(NULL, &ip[0], &ip[1], &ip[2]));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_encode_triplet(&triplet, NULL, &ip[1], &ip[2]));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_encode_triplet(&triplet, &ip[0], NULL, &ip[2]));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_encode_triplet(&triplet, &ip[0], &ip[1], NULL));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_decode_interval(500, 12, 0, NULL));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_encode_interval(NULL, &ip[0], &ip[1], &ip[2]));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_encode_interval(&interval, NULL, &ip[1], &ip[2]));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_encode_interval(&interval, &ip[0], NULL, &ip[2]));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_encode_interval(&interval, &ip[0], &ip[1], NULL));
    CHECK(stamp == 77 && kind == 77 && value == 1.5F && hours == 1.5);
    CHECK(ip[0] == 77 && ip[1] == 77 && ip[2] == 77);
    EXPECT(FST_OK, fst_ip_encode_triplet(&triplet, &ip[0], &ip[1], &ip[2]));
    EXPECT(FST_OK, fst_calendar_difference(470636000, 470636000, FST_CALENDAR_365_DAY, &hours));
    CHECK(hours == 0.0);

    FstFileStats stats = stats_of(file);
    CHECK(stats.live_views == 0);
    EXPECT(FST_OK, fst_close(file));

    /* A batch that cannot even begin leaves no array as it was. */
    EXPECT(FST_OK, fst_open(path, NULL, &file));
    arrays[0] = used_array();
    arrays[1] = used_array();
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_view_many(file, NULL, 2, NULL, arrays, NULL));
    CHECK(is_blank(&arrays[0]) && is_blank(&arrays[1]));
    EXPECT(FST_OK, fst_close(file));
    return EXIT_SUCCESS;
}
