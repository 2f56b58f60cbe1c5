/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Latitude and longitude of a point of a field on a grid Z, whose axes are coordinates of a rotated globe (grid E). */
#include <math.h>

#include "example.h"

static const double DEGREE = 0.017453292519943295;

static void unit_vector(double latitude, double longitude, double v[3])
{
    v[0] = cos(latitude * DEGREE) * cos(longitude * DEGREE);
    v[1] = cos(latitude * DEGREE) * sin(longitude * DEGREE);
    v[2] = sin(latitude * DEGREE);
}

static void cross(const double a[3], const double b[3], double v[3])
{
    v[0] = a[1] * b[2] - a[2] * b[1];
    v[1] = a[2] * b[0] - a[0] * b[2];
    v[2] = a[0] * b[1] - a[1] * b[0];
}

/* From the rotated globe: its equator runs through the centre xg[0], xg[1], at 180 degrees, and through xg[2], xg[3]. */
static void from_rotated(const float xg[4], double *latitude, double *longitude)
{
    double centre[3], east[3], x[3], y[3], z[3], rotated[3], v[3];
    unit_vector(xg[0], xg[1], centre);
    unit_vector(xg[2], xg[3], east);
    cross(centre, east, z);
    double length = sqrt(z[0] * z[0] + z[1] * z[1] + z[2] * z[2]);
    for (int i = 0; i < 3; i++) {
        z[i] /= length;
        x[i] = -centre[i];
    }
    cross(z, x, y);
    unit_vector(*latitude, *longitude, rotated);
    for (int i = 0; i < 3; i++) {
        v[i] = rotated[0] * x[i] + rotated[1] * y[i] + rotated[2] * z[i];
    }
    *latitude = atan2(v[2], hypot(v[0], v[1])) / DEGREE;
    *longitude = atan2(v[1], v[0]) / DEGREE;
}

static float element(FstFile file, uint64_t record, uint64_t index)
{
    FstArray array = FST_ARRAY_INIT;
    check(fst_record_view(file, (size_t)record, NULL, &array));
    float value = ((const float *)array.data)[index];
    check(fst_view_release(array.view));
    return value;
}

int main(int argc, char **argv)
{
    FstFile file;
    check(fst_open(file_argument(argc, argv), NULL, &file));
    FstCriteria criteria = FST_CRITERIA_INIT;
    strcpy(criteria.nomvar, "TT");
    size_t record;
    check(fst_find_first(file, &criteria, &record));

    FstRecordInfo info = FST_RECORD_INFO_INIT;
    FstGrid grid = FST_GRID_INIT;
    check(fst_record_info(file, record, &info));
    check(fst_record_grid(file, record, &grid));
    printf("grid %s of %s\n", grid.grtyp, grid.ref_grtyp);

    uint64_t i = 60, j = 40; /* counted from 1 */
    double longitude = element(file, grid.x, i - 1), latitude = element(file, grid.y, j - 1);
    if (strcmp(grid.ref_grtyp, "E") == 0) {
        from_rotated(grid.xg, &latitude, &longitude);
    }
    printf("(%d, %d): latitude %10.4f longitude %10.4f TT %12.6f\n", (int)i, (int)j, latitude, longitude,
           element(file, record, i - 1 + (uint64_t)info.ni * (j - 1)));
    check(fst_close(file));
    return 0;
}
