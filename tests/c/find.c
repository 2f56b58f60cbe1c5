/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Searching: all, some, none; room for fewer, for none, for more than there are. */
#include "check.h"

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    FstFile file = open_with(in_folder(argv[1], "model.rsf"), FST_ACCESS_AUTO);
    const size_t count = count_of(file);
    size_t records[300], found = 77;

    /* Everything, with and without criteria. */
    FstCriteria criteria = FST_CRITERIA_INIT;
    const FstCriteria *const everything[] = {NULL, &criteria};
    for (int i = 0; i < 2; i++) {
        EXPECT(FST_OK, fst_find(file, everything[i], records, 300, &found));
        CHECK(found == count);
        for (size_t r = 0; r < count; r++) {
            CHECK(records[r] == r);
        }
        size_t first = 77;
        EXPECT(FST_OK, fst_find_first(file, everything[i], &first));
        CHECK(first == 0);
    }

    /* One variable: the same records as a loop over all of them gives. */
    strcpy(criteria.nomvar, "TT");
    size_t expected[300], n = 0;
    for (size_t r = 0; r < count; r++) {
        if (strcmp(info_of(file, r).nomvar, "TT") == 0) expected[n++] = r;
    }
    CHECK(n == 24);
    const size_t capacities[] = {0, 1, n - 1, n, n + 1, 300};
    for (size_t c = 0; c < 6; c++) {
        for (size_t i = 0; i < 300; i++) {
            records[i] = 9999;
        }
        found = 77;
        EXPECT(FST_OK, fst_find(file, &criteria, records, capacities[c], &found));
        CHECK(found == n);
        for (size_t i = 0; i < 300; i++) {
            CHECK(records[i] == (i < n && i < capacities[c] ? expected[i] : 9999));
        }
    }
    EXPECT(FST_OK, fst_find(file, &criteria, NULL, 0, &found));
    CHECK(found == n);

    /* Narrower, by every integer that the first match has. */
    FstRecordInfo info = info_of(file, expected[3]);
    criteria.ip1 = info.ip1;
    criteria.ip2 = info.ip2;
    criteria.ip3 = info.ip3;
    criteria.dateo = info.dateo;
    criteria.datev = info.datev;
    criteria.data_type = info.data_type;
    criteria.data_bits = info.data_bits;
    criteria.pack_bits = info.pack_bits;
    criteria.ni = (int32_t)info.ni;
    criteria.nj = (int32_t)info.nj;
    criteria.nk = (int32_t)info.nk;
    criteria.deet = info.deet;
    criteria.npas = info.npas;
    criteria.ig1 = info.ig1;
    criteria.ig2 = info.ig2;
    criteria.ig3 = info.ig3;
    criteria.ig4 = info.ig4;
    strcpy(criteria.typvar, info.typvar);
    strcpy(criteria.grtyp, info.grtyp);
    strcpy(criteria.etiket, info.etiket);
    EXPECT(FST_OK, fst_find(file, &criteria, records, 300, &found));
    CHECK(found == 1 && records[0] == expected[3]);

    /* Blank-padded strings without a NUL are as good. */
    memcpy(criteria.nomvar, "TT   ", 5);
    memcpy(criteria.typvar, "P  ", 3);
    memcpy(criteria.etiket, "RDPS_V9      ", 13);
    EXPECT(FST_OK, fst_find(file, &criteria, records, 300, &found));
    CHECK(found == 1 && records[0] == expected[3]);

    /* Nothing: no error for a list, one for the first. */
    criteria.ni = 121;
    EXPECT(FST_OK, fst_find(file, &criteria, records, 300, &found));
    CHECK(found == 0);
    found = 77;
    EXPECT(FST_ERR_NOT_FOUND, fst_find_first(file, &criteria, &found));
    CHECK(found == 77);

    /* Strings and numbers that no record can have. */
    FstCriteria odd = FST_CRITERIA_INIT;
    found = 77;
    memset(odd.nomvar, 0xFF, 4);
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_find(file, &odd, records, 300, &found));
    memset(odd.nomvar, 'A', sizeof odd.nomvar);
    EXPECT(FST_ERR_INVALID_ARGUMENT, fst_find(file, &odd, records, 300, &found));
    CHECK(found == 77 && strstr(fst_last_error(), "AAAAA") != NULL);
    FstCriteria extreme = FST_CRITERIA_INIT;
    extreme.ip1 = INT32_MIN;
    extreme.ig4 = INT32_MAX;
    EXPECT(FST_OK, fst_find(file, &extreme, records, 300, &found));
    CHECK(found == 0);

    /* Descriptors left out. */
    FstCriteria fields = FST_CRITERIA_INIT;
    fields.skip_grid_descriptors = 1;
    EXPECT(FST_OK, fst_find(file, &fields, records, 300, &found));
    CHECK(found == count - 3 && records[0] == 3);
    EXPECT(FST_OK, fst_close(file));

    /* Several files as one: numbers run on. */
    const char *paths[2] = {in_folder(argv[1], "model.rsf"), in_folder(argv[1], "model.fst")};
    EXPECT(FST_OK, fst_open_many(paths, 2, NULL, &file));
    CHECK(count_of(file) == 2 * count);
    FstCriteria both = FST_CRITERIA_INIT;
    strcpy(both.nomvar, "TT");
    EXPECT(FST_OK, fst_find(file, &both, records, 300, &found));
    CHECK(found == 2 * n);
    for (size_t i = 0; i < n; i++) {
        CHECK(records[i] == expected[i] && records[n + i] == count + expected[i]);
        CHECK(info_of(file, records[i]).file_number == 0 && info_of(file, records[n + i]).file_number == 1);
    }
    EXPECT(FST_OK, fst_close(file));
    return EXIT_SUCCESS;
}
