/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The records that describe the grid of a field, and the levels of a variable in order. */
#include "check.h"

enum { MOST = 1000 };

static FstGrid grid_of(FstFile file, size_t record)
{
    FstGrid grid = FST_GRID_INIT;
    EXPECT(FST_OK, fst_record_grid(file, record, &grid));
    return grid;
}

/* Fails unless the grid is refused with a message that has the text; nothing is written. */
static void refuse_grid(FstFile file, size_t record, FstStatus status, const char *text)
{
    FstGrid grid, before;
    memset(&grid, 0x5A, sizeof grid);
    grid.struct_size = sizeof grid;
    before = grid;
    EXPECT(status, fst_record_grid(file, record, &grid));
    CHECK(memcmp(&grid, &before, sizeof grid) == 0);
    CHECK(strstr(fst_last_error(), text) != NULL);
}

/* All fields of a model are on the axes that come first; `shift` is the number of records in the files before. */
static void check_model(FstFile file, size_t shift, size_t count)
{
    for (size_t record = shift + 3; record < shift + count; record++) {
        const FstRecordInfo info = info_of(file, record);
        const FstGrid grid = grid_of(file, record);
        CHECK(grid.struct_size == sizeof grid && strcmp(grid.grtyp, "Z") == 0 && strcmp(grid.ref_grtyp, "E") == 0);
        CHECK(grid.flags == FST_GRID_HAS_PARAMETERS && grid.panels == 1 && grid.tile_i == 0 && grid.tile_j == 0);
        CHECK(grid.x == shift && grid.y == shift + 1 && grid.vertical == shift + 2);
        CHECK(grid.yin_yang == FST_NO_RECORD && grid.mesh == FST_NO_RECORD && grid.projection == FST_NO_RECORD);
        CHECK(grid.transform == FST_NO_RECORD && grid.mask == FST_NO_RECORD);
        CHECK(grid.xg[0] == 0.0F && grid.xg[1] == 180.0F && grid.xg[2] == 0.0F && grid.xg[3] == 270.0F);
        CHECK(grid.xg_yang[0] == 0.0F && grid.xg_yang[3] == 0.0F);

        /* The axes fit the field, and increase. */
        const FstRecordInfo x = info_of(file, grid.x), y = info_of(file, grid.y);
        CHECK(x.flags & y.flags & FST_RECORD_IS_DESCRIPTOR);
        CHECK(strcmp(x.nomvar, ">>") == 0 && x.ni == info.ni && x.nj == 1);
        CHECK(strcmp(y.nomvar, "^^") == 0 && y.ni == 1 && y.nj == info.nj);
        CHECK(x.ip1 == info.ig1 && x.ip2 == info.ig2 && y.ip1 == info.ig1 && y.ip2 == info.ig2);
    }
    const FstGrid grid = grid_of(file, shift + 3);
    float axis[120];
    EXPECT(FST_OK, fst_record_read(file, grid.x, NULL, FST_DTYPE_F32, axis, sizeof axis));
    for (size_t i = 1; i < 120; i++) {
        CHECK(axis[i - 1] < axis[i]);
    }
    /* A descriptor says itself which grid it is in. */
    const FstGrid own = grid_of(file, shift);
    CHECK(strcmp(own.ref_grtyp, "E") == 0 && own.x == FST_NO_RECORD && own.y == FST_NO_RECORD);
    CHECK(stats_of(file).live_views == 0);
}

static void check_missing_descriptors(const char *folder)
{
    FstFile file = open_with(in_folder(folder, "semantics/query.rsf"), FST_ACCESS_AUTO);
    const struct {
        const char *grtyp, *text;
    } all[] = {{"U", "no ^>"}, {"Y", "no >>"}, {"#", "no >>"}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        FstCriteria criteria = FST_CRITERIA_INIT;
        strcpy(criteria.grtyp, all[i].grtyp);
        size_t records[MOST], found = 0;
        EXPECT(FST_OK, fst_find(file, &criteria, records, MOST, &found));
        CHECK(found > 0);
        for (size_t r = 0; r < found; r++) {
            char place[40];
            snprintf(place, sizeof place, "record %zu", records[r]);
            refuse_grid(file, records[r], FST_ERR_NOT_FOUND, all[i].text);
            CHECK(strstr(fst_last_error(), place) != NULL && strstr(fst_last_error(), "query.rsf") != NULL);
        }
    }
    /* Whatever a file holds: an answer, or what is missing. */
    size_t described = 0;
    for (size_t record = 0; record < count_of(file); record++) {
        FstGrid grid = FST_GRID_INIT;
        const FstStatus status = fst_record_grid(file, record, &grid);
        CHECK(status == FST_OK || status == FST_ERR_NOT_FOUND);
        CHECK(status != FST_OK || strcmp(grid.grtyp, info_of(file, record).grtyp) == 0);
        described += status == FST_OK;
    }
    CHECK(described > 200 && described < count_of(file));
    refuse_grid(file, count_of(file), FST_ERR_OUT_OF_RANGE, "record 310");
    refuse_grid(file, SIZE_MAX, FST_ERR_OUT_OF_RANGE, "query.rsf");
    EXPECT(FST_OK, fst_close(file));
}

static FstCriteria named(const char *nomvar)
{
    FstCriteria criteria = FST_CRITERIA_INIT;
    snprintf(criteria.nomvar, sizeof criteria.nomvar, "%s", nomvar);
    return criteria;
}

static void check_levels(FstFile file)
{
    static const char *const names[] = {"TT", "UU", "VV", "GZ", "HU", "WW", "HR"};
    static const int32_t dates[] = {470636000, 470638700, 470641400};
    size_t records[20], found;
    float levels[20];
    int32_t kind;
    for (size_t n = 0; n < 7; n++) {
        for (size_t d = 0; d < 3; d++) {
            FstCriteria criteria = named(names[n]);
            criteria.datev = dates[d];
            EXPECT(FST_OK, fst_find_levels(file, &criteria, records, levels, &kind, 20, &found));
            CHECK(found == 8);
            for (size_t i = 0; i < found; i++) {
                const FstRecordInfo info = info_of(file, records[i]);
                CHECK(strcmp(info.nomvar, names[n]) == 0 && info.datev == dates[d]);
                float value = 0;
                int32_t own = 0;
                EXPECT(FST_OK, fst_ip_decode(info.ip1, &value, &own));
                CHECK(own == kind && value == levels[i] && (i == 0 || levels[i - 1] < levels[i]));
            }

            /* Room for fewer, for none, for more. */
            for (size_t capacity = 0; capacity <= 10; capacity++) {
                size_t some[10], all = 77;
                float values[10];
                int32_t same = 77;
                for (size_t i = 0; i < 10; i++) {
                    some[i] = 9999;
                    values[i] = 9999;
                }
                EXPECT(FST_OK, fst_find_levels(file, &criteria, some, values, &same, capacity, &all));
                CHECK(all == 8 && same == kind);
                for (size_t i = 0; i < 10; i++) {
                    const int written = i < capacity && i < 8;
                    CHECK(some[i] == (written ? records[i] : 9999) && values[i] == (written ? levels[i] : 9999));
                }
            }

            /* One above the other in one array. */
            static float stack[8][120 * 80];
            void *places[8];
            size_t bytes[8];
            for (size_t i = 0; i < 8; i++) {
                places[i] = stack[i];
                bytes[i] = sizeof stack[i];
            }
            EXPECT(FST_OK, fst_record_read_many(file, records, 8, NULL, FST_DTYPE_F32, places, bytes, NULL));
            for (size_t i = 0; i < 8; i++) {
                FstArray array = view_of(file, records[i]);
                CHECK(array.nbytes == bytes[i] && memcmp(array.data, stack[i], bytes[i]) == 0);
                EXPECT(FST_OK, fst_view_release(array.view));
            }
        }
    }

    /* Nothing. */
    const FstCriteria none = named("NONE");
    kind = 77;
    EXPECT(FST_OK, fst_find_levels(file, &none, records, levels, &kind, 20, &found));
    CHECK(found == 0 && kind == -1);
}

/* Fails unless the levels are refused with a message that has both texts; nothing is written. */
static void refuse_levels(FstFile file, const FstCriteria *criteria, FstStatus status, const char *a, const char *b)
{
    size_t records[2] = {7, 8}, found = 77;
    float levels[2] = {7, 8};
    int32_t kind = 77;
    EXPECT(status, fst_find_levels(file, criteria, records, levels, &kind, 2, &found));
    if (strstr(fst_last_error(), a) == NULL || strstr(fst_last_error(), b) == NULL) {
        fprintf(stderr, "%s, %s: %s\n", a, b, fst_last_error());
        exit(EXIT_FAILURE);
    }
    CHECK(records[0] == 7 && records[1] == 8 && levels[0] == 7 && levels[1] == 8 && kind == 77 && found == 77);
}

static void check_no_stacks(FstFile model, const char *folder)
{
    refuse_levels(model, NULL, FST_ERR_INVALID_ARGUMENT, "nomvar", "records 0 and 1");
    FstCriteria criteria = named("TT");
    refuse_levels(model, &criteria, FST_ERR_INVALID_ARGUMENT, "datev", "records 3 and 66");

    FstFile query = open_with(in_folder(folder, "semantics/query.rsf"), FST_ACCESS_AUTO);
    criteria = named("HR");
    criteria.datev = 471608000;
    refuse_levels(query, &criteria, FST_ERR_INVALID_ARGUMENT, "both at level 500", "records 0 and 54");
    criteria = named("GZ");
    criteria.datev = 471608000;
    strcpy(criteria.grtyp, "X");
    refuse_levels(query, &criteria, FST_ERR_INVALID_ARGUMENT, "record", "kinds of level");
    criteria = named("IG");
    criteria.datev = 471608000;
    refuse_levels(query, &criteria, FST_ERR_INVALID_ARGUMENT, "grid", "records 9 and 34");
    criteria.ip1_all = 2;
    refuse_levels(query, &criteria, FST_ERR_INVALID_ARGUMENT, "ip1_all", "2");
    EXPECT(FST_OK, fst_close(query));

    FstFile metadata = open_with(in_folder(folder, "metadata.rsf"), FST_ACCESS_AUTO);
    criteria = named("META");
    refuse_levels(metadata, &criteria, FST_ERR_SHAPE_MISMATCH, "shape", "records 0 and 1");
    EXPECT(FST_OK, fst_close(metadata));
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    const char *const paths[2] = {in_folder(argv[1], "model.rsf"), in_folder(argv[1], "model.fst")};
    for (int i = 0; i < 2; i++) {
        FstFile file = open_with(paths[i], FST_ACCESS_AUTO);
        check_model(file, 0, count_of(file));
        check_levels(file);
        check_no_stacks(file, argv[1]);
        EXPECT(FST_OK, fst_close(file));
    }
    check_missing_descriptors(argv[1]);

    /* Descriptors that are in another file than the field, behind files that have none of them. */
    const char *const linked[2] = {in_folder(argv[1], "semantics/query.rsf"), paths[0]};
    FstFile file = {0};
    EXPECT(FST_OK, fst_open_many(linked, 2, NULL, &file));
    check_model(file, 310, 194);
    EXPECT(FST_OK, fst_close(file));
    return EXIT_SUCCESS;
}
