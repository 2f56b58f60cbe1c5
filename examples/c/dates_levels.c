/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the codes of a record mean: level, date of origin, date of validity; and the codes of what one looks for. */
#include "example.h"

static void print_date(const char *what, int32_t stamp)
{
    FstDate date = FST_DATE_INIT;
    check(fst_date_from_stamp(stamp, &date));
    printf("%s %04d-%02d-%02d %02d:%02d", what, (int)date.year, (int)date.month, (int)date.day, (int)date.hour,
           (int)date.minute);
}

int main(int argc, char **argv)
{
    FstFile file;
    check(fst_open(file_argument(argc, argv), NULL, &file));

    /* Winds between 500 and 600 hPa, however the levels are coded. */
    const char *names[] = {"UU"};
    FstSearch search = FST_SEARCH_INIT;
    search.nomvars = names;
    search.nomvar_count = 1;
    search.has_level = 1;
    search.level_kind = 2;
    search.level_from = 500.0f, search.level_to = 600.0f;
    size_t records[100], n;
    check(fst_search(file, &search, records, 100, &n));

    for (size_t r = 0; r < n && r < 100; r++) {
        FstRecordInfo info = FST_RECORD_INFO_INIT;
        float level;
        int32_t kind;
        double hours;
        check(fst_record_info(file, records[r], &info));
        check(fst_ip_decode(info.ip1, &level, &kind));
        check(fst_stamp_difference(info.datev, info.dateo, &hours));
        printf("%s at %8.2f of kind %d", info.nomvar, level, (int)kind);
        print_date(", run of", info.dateo);
        print_date(", valid", info.datev);
        printf(", %6.2f h\n", hours);
    }

    int32_t ip1, stamp, later;
    FstDate date = FST_DATE_INIT;
    date.year = 2024, date.month = 2, date.day = 28, date.hour = 18;
    check(fst_ip_encode(500.0f, 2, FST_IP_NEW_STYLE, &ip1));
    check(fst_stamp_from_date(&date, &stamp));
    check(fst_stamp_add_hours(stamp, 12.0, &later));
    printf("500 hPa is %d", (int)ip1);
    print_date(", 12 hours after 2024-02-28 18:00 is", later);
    printf("\n");
    check(fst_close(file));
    return 0;
}
