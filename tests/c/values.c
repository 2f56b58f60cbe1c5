/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Enumerations, flags and 0-or-1 options that the library does not know. */
#include "check.h"

static const char *path;
static FstFile file;

static void refuse_open(FstOpenOptions options)
{
    FstFile opened = {42};
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_open(path, &options, &opened));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_open_many(&path, 1, &options, &opened));
    CHECK(opened.id == 42);
}

static void refuse_view(FstViewOptions options)
{
    FstArray array = used_array();
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_view(file, 0, &options, &array));
    CHECK(is_blank(&array));
    size_t record = 0;
    array = used_array();
    FstStatus own = 99;
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_view_many(file, &record, 1, &options, &array, &own));
    CHECK(is_blank(&array));
    float values[120];
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_read(file, 0, &options, FST_DTYPE_F32, values, sizeof values));
}

static void refuse_criteria(FstCriteria criteria)
{
    size_t found = 77;
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_find(file, &criteria, NULL, 0, &found));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_find_first(file, &criteria, &found));
    CHECK(found == 77);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    path = in_folder(argv[1], "model.rsf");
    file = open_with(path, FST_ACCESS_AUTO);

    const int32_t unknown[] = {-1, 3, 100, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        FstOpenOptions options = FST_OPEN_OPTIONS_INIT;
        options.access = unknown[i];
        refuse_open(options);
        options.access = FST_ACCESS_AUTO;
        options.missing = unknown[i];
        refuse_open(options);
        options.missing = FST_MISSING_KEEP;
        options.strict = (uint32_t)unknown[i];
        refuse_open(options);

        FstCriteria criteria = FST_CRITERIA_INIT;
        uint32_t *const switches[] = {&criteria.ip1_all, &criteria.ip2_all, &criteria.ip3_all, &criteria.stamp_norun,
                                      &criteria.skip_grid_descriptors};
        for (size_t j = 0; j < sizeof switches / sizeof switches[0]; j++) {
            *switches[j] = (uint32_t)unknown[i];
            refuse_criteria(criteria);
            *switches[j] = 0;
        }

        int32_t ip = 77;
        EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_encode(500.0F, 2, unknown[i], &ip));
        CHECK(ip == 77);
        int32_t later = 77;
        double hours = 77.0;
        EXPECT(FST_ERR_INVALID_ARGUMENT, fst_calendar_add_hours(470636000, 1.0, unknown[i], &later));
        EXPECT(FST_ERR_INVALID_ARGUMENT, fst_calendar_difference(470636000, 470636000, unknown[i], &hours));
        CHECK(later == 77 && hours == 77.0);
    }

    const int32_t no_dtypes[] = {-1, 14, 100, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof no_dtypes / sizeof no_dtypes[0]; i++) {
        FstViewOptions options = FST_VIEW_OPTIONS_INIT;
        options.dtype = no_dtypes[i];
        refuse_view(options);
        float values[120];
        void *place = values;
        size_t record = 0, bytes = sizeof values;
        EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_read(file, 0, NULL, no_dtypes[i], values, sizeof values));
        EXPECT(FST_ERR_INVALID_ARGUMENT,
               fst_record_read_many(file, &record, 1, NULL, no_dtypes[i], &place, &bytes, NULL));
    }
    /* A read must say what the destination is made of. */
    float values[120];
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_read(file, 0, NULL, 0, values, sizeof values));

    for (int bit = 3; bit < 32; bit++) {
        FstViewOptions options = FST_VIEW_OPTIONS_INIT;
        options.flags = (uint32_t)1 << bit | FST_VIEW_PREFETCH;
        refuse_view(options);
    }

    /* Options that contradict the call. */
    FstViewOptions options = FST_VIEW_OPTIONS_INIT;
    options.dtype = FST_DTYPE_F64;
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_record_read(file, 0, &options, FST_DTYPE_F32, values, sizeof values));

    /* Kinds and dates that do not exist. */
    int32_t number = 77;
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_encode(1.0F, -1, FST_IP_NEW_STYLE, &number));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_encode(1.0F, 1000, FST_IP_NEW_STYLE, &number));
    const int32_t no_dates[][6] = {{2023, 2, 29, 0, 0, 0}, {2024, 13, 1, 0, 0, 0}, {2024, 0, 1, 0, 0, 0},
                                   {2024, 1, 32, 0, 0, 0}, {2024, 1, 1, 24, 0, 0}, {2024, 1, 1, 0, 60, 0},
                                   {2024, 1, 1, 0, 0, -1}, {-1, 1, 1, 0, 0, 0},    {INT32_MAX, 1, 1, 0, 0, 0},
                                   {2024, INT32_MIN, 1, 0, 0, 0}};
    for (size_t i = 0; i < sizeof no_dates / sizeof no_dates[0]; i++) {
        const int32_t *d = no_dates[i];
        FstDate date = {sizeof date, d[0], d[1], d[2], d[3], d[4], d[5]};
        EXPECT(FST_ERR_INVALID_ARGUMENT, fst_stamp_from_date(&date, &number));
    }
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_stamp_add_hours(470636000, 1e300, &number));
    double nan = strtod("nan", NULL);
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_stamp_add_hours(470636000, nan, &number));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_calendar_add_hours(470636000, nan, FST_CALENDAR_360_DAY, &number));
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_calendar_add_hours(0, 1.0, FST_CALENDAR_360_DAY, &number));
    CHECK(number == 77);

    /* Codes that do not go together, and values that no codes hold. */
    const int32_t no_codes[][3] = {{-1, 0, 0}, {500, -1, 0}, {500, 0, -1}, {176280768, 176280768, 0}, {INT32_MAX, 0, 0}};
    for (size_t i = 0; i < sizeof no_codes / sizeof no_codes[0]; i++) {
        FstTriplet triplet = FST_TRIPLET_INIT;
        FstInterval interval = FST_INTERVAL_INIT;
        const int32_t *c = no_codes[i];
        EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_decode_triplet(c[0], c[1], c[2], &triplet));
        EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_decode_interval(c[0], c[1], c[2], &interval));
        CHECK(triplet.values[0].value == 0.0F && interval.third.kind == -1);
    }
    const FstLevel time = {12.0F, 10}, pressure = {500.0F, 2}, arbitrary = {0.0F, 3};
    const FstLevel none[] = {{2000.0F, 2}, {(float)nan, 2}, {1.0F, -1}, {1.0F, INT32_MAX}, {1.0F, INT32_MIN}};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        int32_t codes[3] = {77, 77, 77};
        const FstTriplet triplets[] = {{sizeof triplets[0], 0, {none[i], time, arbitrary}},
                                       {sizeof triplets[0], 0, {pressure, none[i], arbitrary}},
                                       {sizeof triplets[0], 0, {pressure, time, none[i]}}};
        for (int j = 0; j < 3; j++) {
            EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_encode_triplet(&triplets[j], &codes[0], &codes[1], &codes[2]));
        }
        FstInterval interval = FST_INTERVAL_INIT;
        interval.level = (FstBounds){none[i].kind, none[i].value, 100.0F};
        interval.time = (FstBounds){10, 12.0F, 12.0F};
        EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_encode_interval(&interval, &codes[0], &codes[1], &codes[2]));
        /* Two intervals do not fit; nor does none, without a value. */
        interval.level = (FstBounds){2, 500.0F, 400.0F};
        interval.time.second = 18.0F;
        EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_encode_interval(&interval, &codes[0], &codes[1], &codes[2]));
        interval.level.second = 500.0F;
        interval.time.second = 12.0F;
        EXPECT(FST_ERR_INVALID_ARGUMENT, fst_ip_encode_interval(&interval, &codes[0], &codes[1], &codes[2]));
        CHECK(codes[0] == 77 && codes[1] == 77 && codes[2] == 77);
    }

    EXPECT(FST_OK, fst_close(file));
    return EXIT_SUCCESS;
}
