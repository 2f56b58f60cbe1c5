/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The INIT macros name every field: -Wmissing-field-initializers (part of -Wextra) is an error when one is missing.
 * This file is valid C99 and C++.
 */
#include "fstview.h"

static FstOpenOptions open_options = FST_OPEN_OPTIONS_INIT;
static FstProblem problem = FST_PROBLEM_INIT;
static FstFileInfo file_info = FST_FILE_INFO_INIT;
static FstFileStats file_stats = FST_FILE_STATS_INIT;
static FstRecordInfo record_info = FST_RECORD_INFO_INIT;
static FstCriteria criteria = FST_CRITERIA_INIT;
static FstSearch search = FST_SEARCH_INIT;
static FstViewOptions view_options = FST_VIEW_OPTIONS_INIT;
static FstGrid grid = FST_GRID_INIT;
static FstDate date = FST_DATE_INIT;
static FstTriplet triplet = FST_TRIPLET_INIT;
static FstInterval interval = FST_INTERVAL_INIT;
static FstArray array = FST_ARRAY_INIT;

/* Whether all bytes behind the size are zero. */
static int is_zero(const void *place, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)place;
    for (size_t at = sizeof(uint32_t); at < size; at++) {
        if (bytes[at] != 0) return 0;
    }
    return 1;
}

int main(void)
{
    if (open_options.struct_size != sizeof open_options || !is_zero(&open_options, sizeof open_options)) return 1;
    if (problem.struct_size != sizeof problem || !is_zero(&problem, sizeof problem)) return 100;
    if (file_info.struct_size != sizeof file_info || !is_zero(&file_info, sizeof file_info)) return 2;
    if (file_stats.struct_size != sizeof file_stats || !is_zero(&file_stats, sizeof file_stats)) return 3;
    if (record_info.struct_size != sizeof record_info || !is_zero(&record_info, sizeof record_info)) return 4;
    if (view_options.struct_size != sizeof view_options || !is_zero(&view_options, sizeof view_options)) return 5;
    if (date.struct_size != sizeof date || !is_zero(&date, sizeof date)) return 6;
    if (array.struct_size != sizeof array || !is_zero(&array, sizeof array)) return 7;

    if (search.struct_size != sizeof search || !is_zero(&search, sizeof search)) return 14;

    /* Criteria: strings empty, numbers -1, options 0. */
    if (criteria.struct_size != sizeof criteria) return 8;
    if (criteria.nomvar[0] || criteria.typvar[0] || criteria.grtyp[0] || criteria.etiket[0]) return 9;
    const int32_t *first = &criteria.dateo;
    for (const int32_t *number = first; number <= &criteria.ig4; number++) {
        if (*number != -1) return 10;
    }
    if (&criteria.ig4 - first != 16) return 11;
    if (criteria.ip1_all || criteria.ip2_all || criteria.ip3_all || criteria.stamp_norun) return 12;
    if (criteria.skip_grid_descriptors) return 13;

    /* Grids: no records, everything else zero. */
    if (grid.struct_size != sizeof grid) return 15;
    const uint64_t *numbers = &grid.x;
    for (const uint64_t *number = numbers; number <= &grid.mask; number++) {
        if (*number != FST_NO_RECORD) return 16;
    }
    if (&grid.mask - numbers != 7) return 17;
    for (uint64_t *number = &grid.x; number <= &grid.mask; number++) {
        *number = 0;
    }
    if (!is_zero(&grid, sizeof grid)) return 18;

    /* Intervals: a time, and no third value. */
    if (triplet.struct_size != sizeof triplet || !is_zero(&triplet, sizeof triplet)) return 19;
    if (interval.struct_size != sizeof interval || interval.time.kind != 10 || interval.third.kind != -1) return 20;
    interval.time.kind = 0;
    interval.third.kind = 0;
    if (!is_zero(&interval, sizeof interval)) return 21;
    return 0;
}
