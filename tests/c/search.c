/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Searching by lists, periods, levels and metadata, against a look at each record alone; what makes no sense is named. */
#include <float.h>
#include <math.h>

#include "check.h"

enum { MOST = 1000 };

/* An instant that orders as dates do; -1 for a stamp that is no date. */
static int64_t instant(int32_t stamp)
{
    FstDate date = FST_DATE_INIT;
    if (fst_date_from_stamp(stamp, &date) != FST_OK) return -1;
    return ((((int64_t)date.year * 12 + date.month) * 31 + date.day) * 24 + date.hour) * 3600 + date.minute * 60 +
           date.second;
}

static int64_t instant_of(const FstDate *date)
{
    return ((((int64_t)date->year * 12 + date->month) * 31 + date->day) * 24 + date->hour) * 3600 +
           date->minute * 60 + date->second;
}

/* Whether a text is in a list, blanks at the end and case aside; a list without strings has them all. */
static int is_listed(const char *text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(list[i]);
        while (length > 0 && list[i][length - 1] == ' ') {
            length--;
        }
        int same = strlen(text) == length;
        for (size_t at = 0; same && at < length; at++) {
            const char a = text[at], b = list[i][at];
            same = (a >= 'a' && a <= 'z' ? a - 32 : a) == (b >= 'a' && b <= 'z' ? b - 32 : b);
        }
        if (same) return 1;
    }
    return count == 0;
}

static int is_within(int64_t at, const FstDate *from, const FstDate *to)
{
    if (from == NULL && to == NULL) return 1;
    return at >= 0 && (from == NULL || instant_of(from) <= at) && (to == NULL || at <= instant_of(to));
}

/* Whether a record meets a search, but for its criteria and its metadata. */
static int meets(const FstSearch *search, const FstRecordInfo *info)
{
    if (!is_listed(info->nomvar, search->nomvars, search->nomvar_count)) return 0;
    if (!is_listed(info->typvar, search->typvars, search->typvar_count)) return 0;
    if (!is_listed(info->etiket, search->etikets, search->etiket_count)) return 0;
    const int64_t valid = instant(info->datev);
    if (!is_within(valid, search->valid_from, search->valid_to)) return 0;
    /* An origin that was computed from no date is none. */
    const int64_t origin = valid < 0 ? -1 : instant(info->dateo);
    if (!is_within(origin, search->origin_from, search->origin_to)) return 0;
    if (search->has_level) {
        float value = 0;
        int32_t kind = 0;
        if (fst_ip_decode(info->ip1, &value, &kind) != FST_OK || kind != search->level_kind) return 0;
        if (!(search->level_from <= value && value <= search->level_to)) return 0;
    }
    return 1;
}

/* Compares a search with a loop over all records; returns how many there are. */
static size_t same_as_by_hand(FstFile file, const FstSearch *search)
{
    static size_t expected[MOST], records[MOST];
    size_t n = 0, found = 77;
    for (size_t record = 0; record < count_of(file); record++) {
        const FstRecordInfo info = info_of(file, record);
        if (meets(search, &info)) expected[n++] = record;
    }
    EXPECT(FST_OK, fst_search(file, search, records, MOST, &found));
    CHECK(found == n && memcmp(records, expected, n * sizeof records[0]) == 0);
    return n;
}

static size_t count_found(FstFile file, const FstSearch *search)
{
    size_t found = 77;
    EXPECT(FST_OK, fst_search(file, search, NULL, 0, &found));
    return found;
}

static FstDate day(int32_t year, int32_t month, int32_t day)
{
    FstDate date = FST_DATE_INIT;
    date.year = year;
    date.month = month;
    date.day = day;
    return date;
}

static void check_room(FstFile file)
{
    const size_t count = count_of(file);
    size_t records[300], expected[300], found = 77;
    FstSearch search = FST_SEARCH_INIT;
    const FstSearch *const everything[] = {NULL, &search};
    for (int i = 0; i < 2; i++) {
        EXPECT(FST_OK, fst_search(file, everything[i], records, 300, &found));
        CHECK(found == count);
        for (size_t r = 0; r < count; r++) {
            CHECK(records[r] == r);
        }
    }
    const char *const names[] = {"TT", "GZ"};
    search.nomvars = names;
    search.nomvar_count = 2;
    EXPECT(FST_OK, fst_search(file, &search, expected, 300, &found));
    const size_t n = found, capacities[] = {0, 1, n - 1, n, n + 1, 300};
    CHECK(n == 48);
    for (size_t c = 0; c < 6; c++) {
        for (size_t i = 0; i < 300; i++) {
            records[i] = 9999;
        }
        found = 77;
        EXPECT(FST_OK, fst_search(file, &search, records, capacities[c], &found));
        CHECK(found == n);
        for (size_t i = 0; i < 300; i++) {
            CHECK(records[i] == (i < n && i < capacities[c] ? expected[i] : 9999));
        }
    }
}

static void check_lists(FstFile model, FstFile query)
{
    static const char *const two[] = {"TT", "UU"}, *const padded[] = {"tt  ", "uU"}, *const none[] = {"NONE", "QQ"},
                      *const twice[] = {"TT", "TT", "UU", "TT"}, *const blank[] = {" ", ""}, *const mask[] = {"@@"},
                      *const types[] = {"P", "A"}, *const labels[] = {"RDPS_V9", "RDPS_GRID"},
                      *const label[] = {"rdps_grid   "};
    FstSearch search = FST_SEARCH_INIT;

    search.nomvars = two;
    search.nomvar_count = 2;
    CHECK(same_as_by_hand(model, &search) == 48);
    CHECK(same_as_by_hand(query, &search) > 0);
    search.nomvars = padded;
    CHECK(same_as_by_hand(model, &search) == 48);
    search.nomvars = none;
    CHECK(same_as_by_hand(model, &search) == 0);
    search.nomvars = twice;
    search.nomvar_count = 4;
    CHECK(same_as_by_hand(model, &search) == 48);
    /* In a list, a blank name is a blank name. */
    search.nomvars = blank;
    search.nomvar_count = 2;
    CHECK(same_as_by_hand(model, &search) == 0);
    CHECK(same_as_by_hand(query, &search) == 1);
    /* A list of no strings is no list, wherever it is. */
    search.nomvars = none;
    search.nomvar_count = 0;
    CHECK(same_as_by_hand(model, &search) == count_of(model));

    search.typvars = mask;
    search.typvar_count = 1;
    CHECK(same_as_by_hand(model, &search) == 1);
    search.typvars = types;
    search.typvar_count = 2;
    CHECK(same_as_by_hand(model, &search) == count_of(model) - 4);
    search.etikets = labels;
    search.etiket_count = 2;
    CHECK(same_as_by_hand(model, &search) == count_of(model) - 4);
    search.typvars = NULL;
    search.typvar_count = 0;
    CHECK(same_as_by_hand(model, &search) == count_of(model));
    search.etikets = label;
    search.etiket_count = 1;
    CHECK(same_as_by_hand(model, &search) == 3);

    /* As many strings as there may be; one more is refused before any is looked at. */
    const size_t most = 65536;
    const char **many = malloc((most + 1) * sizeof *many);
    CHECK(many != NULL);
    for (size_t i = 0; i <= most; i++) {
        many[i] = i % 2 == 0 ? "UU" : "TT";
    }
    search = (FstSearch)FST_SEARCH_INIT;
    search.nomvars = many;
    search.nomvar_count = most;
    CHECK(count_found(model, &search) == 48);
    size_t found = 77;
    search.nomvar_count = most + 1;
    EXPECT(FST_ERR_LIMIT, fst_search(model, &search, NULL, 0, &found));
    CHECK(found == 77 && strstr(fst_last_error(), "nomvars") != NULL && strstr(fst_last_error(), "65537") != NULL);
    search.nomvar_count = SIZE_MAX;
    EXPECT(FST_ERR_LIMIT, fst_search(model, &search, NULL, 0, &found));
    CHECK(found == 77);
    free(many);
}

static void check_periods(FstFile model)
{
    /* The days and hours of the model: 0, 3 and 6 hours. */
    FstDate first = FST_DATE_INIT, last = FST_DATE_INIT, middle = FST_DATE_INIT;
    EXPECT(FST_OK, fst_date_from_stamp(470636000, &first));
    EXPECT(FST_OK, fst_date_from_stamp(470638700, &middle));
    EXPECT(FST_OK, fst_date_from_stamp(470641400, &last));
    FstSearch search = FST_SEARCH_INIT;
    search.valid_from = &middle;
    const size_t from = same_as_by_hand(model, &search);
    search.valid_to = &middle;
    CHECK(same_as_by_hand(model, &search) == 63);
    search.valid_from = NULL;
    const size_t to = same_as_by_hand(model, &search);
    CHECK(from + to == count_of(model) + 63 && from == 126);
    search.valid_from = &first;
    search.valid_to = &last;
    CHECK(same_as_by_hand(model, &search) == count_of(model));
    search.valid_from = search.valid_to = NULL;
    search.origin_from = search.origin_to = &first;
    CHECK(same_as_by_hand(model, &search) == count_of(model));
    search.origin_from = search.origin_to = &middle;
    CHECK(same_as_by_hand(model, &search) == 0);
}

/* Stamps of all styles, and some that are no dates. */
static void check_periods_of_all_styles(FstFile query)
{
    const FstDate ends[] = {day(0, 1, 1),      day(1900, 1, 1), day(1910, 12, 5), day(1980, 1, 1),  day(1998, 6, 1),
                            day(1999, 1, 31),  day(2000, 2, 29), day(2022, 6, 1), day(2022, 6, 2), day(2023, 1, 1),
                            day(9999, 12, 31)};
    const size_t n = sizeof ends / sizeof ends[0];
    size_t hits = 0;
    for (size_t i = 0; i <= n; i++) {
        for (size_t j = i; j <= n; j++) {
            FstSearch search = FST_SEARCH_INIT;
            search.valid_from = i == n ? NULL : &ends[i];
            search.valid_to = j == n ? NULL : &ends[j];
            hits += same_as_by_hand(query, &search);
            search.origin_from = search.valid_from;
            search.origin_to = search.valid_to;
            hits += same_as_by_hand(query, &search);
            search.valid_from = search.valid_to = NULL;
            hits += same_as_by_hand(query, &search);
        }
    }
    CHECK(hits > count_of(query));
}

static void check_levels(FstFile model, FstFile query)
{
    static const int32_t kinds[] = {0, 1, 2, 3, 4, 5, 6, 7, 10, 15, 17, 21};
    static const float bounds[] = {-INFINITY, -FLT_MAX, -1.0F, 0.0F, 0.5F, 1.0F, 500.0F, 850.0F, FLT_MAX, INFINITY};
    const size_t n = sizeof bounds / sizeof bounds[0];
    size_t hits = 0;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        for (size_t i = 0; i < n; i++) {
            for (size_t j = i; j < n; j += 3) {
                FstSearch search = FST_SEARCH_INIT;
                search.has_level = 1;
                search.level_kind = kinds[k];
                search.level_from = bounds[i];
                search.level_to = bounds[j];
                hits += same_as_by_hand(query, &search);
            }
        }
    }
    CHECK(hits > count_of(query));
    /* One level of the model, by its value alone. */
    float value = 0;
    FstSearch search = FST_SEARCH_INIT;
    search.has_level = 1;
    EXPECT(FST_OK, fst_ip_decode(93423264, &value, &search.level_kind));
    search.level_from = search.level_to = value;
    CHECK(same_as_by_hand(model, &search) == 12);
}

static void check_metadata(FstFile query)
{
    static const struct {
        const char *criterion;
        size_t found;
    } all[] = {
        {"{}", 28},
        {" { } ", 28},
        {"{\"rpn_name\":\"TT\"}", 8},
        {"{\"rpn_name\":\"tt\"}", 0},
        {"{\"rpn_name\":\"T\"}", 0},
        {"{\"rpn_name\":\"UU\",\"unit\":\"knot\"}", 7},
        {"{\"missing_key\":1}", 0},
        {"{\"cell_methods\":[\"time:mean\"]}", 15},
        {"{\"cell_methods\":[\"filter:mean\",\"interpolation:linear\"]}", 0},
        {"{\"vertical_level\":{\"value\":[500.0,850.0]}}", 7},
        {"{\"vertical_level\":{\"value\":[-1]}}", 15},
        {"{\"forecast_period\":{\"step\":2.0}}", 7},
        {"{\"forecast_period\":{\"step\":-1}}", 15},
        {"{\"forecast_period\":{\"step\":NaN}}", 15},
        {"{\"custom\":{\"nothing\":null}}", 0},
    };
    size_t records[MOST], found = 77;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        FstSearch search = FST_SEARCH_INIT;
        search.metadata = all[i].criterion;
        EXPECT(FST_OK, fst_search(query, &search, records, MOST, &found));
        CHECK(found == all[i].found);
        for (size_t r = 0; r < found; r++) {
            CHECK(info_of(query, records[r]).flags & FST_RECORD_HAS_METADATA);
        }
    }
}

static void check_together(FstFile model)
{
    static const char *const names[] = {"TT", "UU", "GZ", "P0"}, *const types[] = {"P"}, *const labels[] = {"RDPS_V9"};
    FstDate when = FST_DATE_INIT;
    EXPECT(FST_OK, fst_date_from_stamp(470638700, &when));
    FstSearch search = FST_SEARCH_INIT;
    search.nomvars = names;
    search.nomvar_count = 4;
    search.typvars = types;
    search.typvar_count = 1;
    search.etikets = labels;
    search.etiket_count = 1;
    search.valid_from = &when;
    search.has_level = 1;
    float value = 0;
    EXPECT(FST_OK, fst_ip_decode(41781964, &value, &search.level_kind));
    search.level_from = 0.0F;
    search.level_to = value;
    const size_t wide = same_as_by_hand(model, &search);
    CHECK(wide > 0 && wide < 100);

    /* With values that must be equal: the records that meet both. */
    FstCriteria criteria = FST_CRITERIA_INIT;
    strcpy(criteria.nomvar, "UU");
    criteria.ip2 = 6;
    search.criteria = &criteria;
    size_t records[MOST], all[MOST], found = 77, all_found = 77;
    EXPECT(FST_OK, fst_search(model, &search, records, MOST, &found));
    search.criteria = NULL;
    EXPECT(FST_OK, fst_search(model, &search, all, MOST, &all_found));
    size_t n = 0;
    for (size_t i = 0; i < all_found; i++) {
        const FstRecordInfo info = info_of(model, all[i]);
        if (strcmp(info.nomvar, "UU") == 0 && info.ip2 == 6) CHECK(n < found && records[n++] == all[i]);
    }
    CHECK(n == found && n > 0 && n < wide);

    /* Values that exclude the list, and records without metadata. */
    strcpy(criteria.nomvar, "HR");
    search.criteria = &criteria;
    CHECK(count_found(model, &search) == 0);
    search = (FstSearch)FST_SEARCH_INIT;
    search.metadata = "{}";
    CHECK(count_found(model, &search) == 0);
}

/* Fails unless the search is refused with a message that has the text; nothing is written. */
static void refuse(FstFile file, const FstSearch *search, const char *text)
{
    size_t records[2] = {7, 8}, found = 77;
    const FstStatus status = fst_search(file, search, records, 2, &found);
    if (status != FST_ERR_INVALID_ARGUMENT || strstr(fst_last_error(), text) == NULL) {
        fprintf(stderr, "%s: %s: %s\n", text, fst_status_name(status), fst_last_error());
        exit(EXIT_FAILURE);
    }
    CHECK(records[0] == 7 && records[1] == 8 && found == 77);
}

#define REFUSE(text, ...) \
    do { \
        FstSearch search = FST_SEARCH_INIT; \
        __VA_ARGS__; \
        refuse(file, &search, text); \
    } while (0)

static void check_refusals(FstFile file)
{
    /* Flags and what belongs to them. */
    REFUSE("has_level", search.has_level = 2);
    REFUSE("has_level", search.has_level = UINT32_MAX);
    REFUSE("reserved", search.reserved = 1);
    REFUSE("level_kind", search.level_kind = 2);
    REFUSE("level_from", search.level_from = 1.0F);
    REFUSE("level_to", search.level_to = 1.0F);
    REFUSE("level_to", search.level_to = NAN);

    /* Levels. */
    static const int32_t kinds[] = {-1, 8, 9, 11, 14, 31, 100, INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        REFUSE("level_kind", search.has_level = 1, search.level_kind = kinds[i], search.level_to = 1.0F);
    }
    REFUSE("level_from", search.has_level = 1, search.level_from = NAN, search.level_to = 1.0F);
    REFUSE("level_to", search.has_level = 1, search.level_to = NAN);
    REFUSE("level_from is 2", search.has_level = 1, search.level_from = 2.0F, search.level_to = 1.0F);
    REFUSE("level_from", search.has_level = 1, search.level_from = INFINITY, search.level_to = -INFINITY);

    /* Dates that do not exist, at each end of each period. */
    static const struct {
        int32_t year, month, day, hour, minute, second;
    } none[] = {{2024, 2, 30, 0, 0, 0}, {2023, 2, 29, 0, 0, 0}, {2024, 0, 1, 0, 0, 0},  {2024, 13, 1, 0, 0, 0},
                {2024, 1, 0, 0, 0, 0},  {2024, 1, 1, 24, 0, 0}, {2024, 1, 1, 0, 60, 0}, {2024, 1, 1, 0, 0, 60},
                {-1, 1, 1, 0, 0, 0},    {10000, 1, 1, 0, 0, 0}, {2024, 1, 1, -1, 0, 0}, {2024, 1, 1, 0, -1, 0},
                {2024, 1, 1, 0, 0, -1}, {INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX},
                {INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN}};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        FstDate date = day(none[i].year, none[i].month, none[i].day);
        date.hour = none[i].hour;
        date.minute = none[i].minute;
        date.second = none[i].second;
        REFUSE("valid_from", search.valid_from = &date);
        REFUSE("valid_to", search.valid_to = &date);
        REFUSE("origin_from", search.origin_from = &date);
        REFUSE("origin_to", search.origin_to = &date);
    }
    const FstDate early = day(2024, 1, 1), late = day(2024, 1, 2);
    REFUSE("valid_from", search.valid_from = &late, search.valid_to = &early);
    REFUSE("origin_to", search.origin_from = &late, search.origin_to = &early);
    FstDate small = early;
    small.struct_size = 24;
    REFUSE("FstDate.struct_size", search.valid_from = &small);

    /* Strings that no record can have, by their place in their list. */
    char long_text[300];
    memset(long_text, 'A', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    const char *const texts[] = {"ABCDEFGHIJKLM", "T\n", "T\xC3\xA9", "\x7F", "\xFF\xFE", long_text};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const char *const list[] = {"Q1", "Q2", texts[i], "Q3"};
        REFUSE("nomvars[2]", search.nomvars = list, search.nomvar_count = 4);
        REFUSE("typvars[2]", search.typvars = list, search.typvar_count = 4);
        REFUSE("etikets[2]", search.etikets = list, search.etiket_count = 4);
        /* Behind the end of the list, nobody looks. */
        FstSearch shorter = FST_SEARCH_INIT;
        shorter.nomvars = list;
        shorter.nomvar_count = 2;
        CHECK(count_found(file, &shorter) == 0);
    }
    const char *const five[] = {"ABCDE"}, *const three[] = {"ABC"};
    REFUSE("nomvars[0]", search.nomvars = five, search.nomvar_count = 1);
    const void *const misaligned = (const char *)texts + 1;
    REFUSE("nomvars", search.nomvars = misaligned, search.nomvar_count = 1);
    REFUSE("typvars[0]", search.typvars = three, search.typvar_count = 1);

    /* Metadata that are no JSON object. */
    const char *const no_objects[] = {"",        " ",        "null", "1",        "\"a\"",     "[1]",  "{\"a\":}",
                                      "{\"a\":1} 2", "{",    "}",    "nonsense", "{\"a\":\"", "{a:1}", "\xFF\xFE"};
    for (size_t i = 0; i < sizeof no_objects / sizeof no_objects[0]; i++) {
        REFUSE("metadata", search.metadata = no_objects[i]);
    }
    const size_t depth = 100000;
    char *deep = malloc(depth + 6);
    CHECK(deep != NULL);
    memcpy(deep, "{\"a\":", 5);
    memset(deep + 5, '[', depth);
    deep[depth + 5] = '\0';
    REFUSE("metadata", search.metadata = deep);
    free(deep);

    /* The values that must be equal. */
    FstCriteria criteria = FST_CRITERIA_INIT;
    criteria.ip2_all = 2;
    REFUSE("ip2_all", search.criteria = &criteria);
    criteria.ip2_all = 0;
    memset(criteria.nomvar, 'A', sizeof criteria.nomvar);
    REFUSE("AAAAA", search.criteria = &criteria);
    criteria.struct_size = 100;
    REFUSE("FstCriteria.struct_size", search.criteria = &criteria);
    REFUSE("FstSearch.struct_size", search.struct_size = 119);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    FstFile model = open_with(in_folder(argv[1], "model.rsf"), FST_ACCESS_AUTO);
    FstFile query = open_with(in_folder(argv[1], "semantics/query.rsf"), FST_ACCESS_AUTO);
    check_room(model);
    check_lists(model, query);
    check_periods(model);
    check_periods_of_all_styles(query);
    check_levels(model, query);
    check_metadata(query);
    check_together(model);
    check_refusals(model);
    check_refusals(query);
    EXPECT(FST_OK, fst_close(query));
    EXPECT(FST_OK, fst_close(model));

    /* Both containers as one file: numbers run on. */
    const char *const paths[2] = {in_folder(argv[1], "semantics/query.rsf"), in_folder(argv[1], "semantics/query.xdf")};
    FstFile both = {0};
    EXPECT(FST_OK, fst_open_many(paths, 2, NULL, &both));
    CHECK(count_of(both) == 310 + 308);
    check_periods_of_all_styles(both);
    EXPECT(FST_OK, fst_close(both));
    return EXIT_SUCCESS;
}
