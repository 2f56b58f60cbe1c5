/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* resident FILE: opening a mapped file and viewing its one record of more than 1 GiB costs next to no memory. */
#define _XOPEN_SOURCE 700
#include <sys/resource.h>

#include "check.h"

/* Memory of this process that is in use, in bytes. */
static long resident(void)
{
    FILE *stream = fopen("/proc/self/status", "r");
    CHECK(stream != NULL);
    char line[256];
    long kilobytes = -1;
    while (fgets(line, sizeof line, stream) != NULL) {
        if (strncmp(line, "VmRSS:", 6) == 0) kilobytes = strtol(line + 6, NULL, 10);
    }
    CHECK(fclose(stream) == 0 && kilobytes > 0);
    return kilobytes * 1024;
}

static long faults(void)
{
    struct rusage usage;
    CHECK(getrusage(RUSAGE_SELF, &usage) == 0);
    return usage.ru_minflt + usage.ru_majflt;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    const long few = 4L << 20;
    long before = resident();
    FstFile file = open_with(argv[1], FST_ACCESS_AUTO);
    FstFileInfo info = FST_FILE_INFO_INIT;
    EXPECT(FST_OK, fst_file_info(file, &info));
    CHECK(info.mapped == 1 && info.bytes > 1200u << 20);
    CHECK(resident() - before < few);

    /* Views: no page of the payload is touched. The first one warms up code; the others show what a view costs. */
    FstArray array = view_of(file, 0);
    CHECK(array.origin == FST_ORIGIN_MAPPED && array.nbytes > 1200u << 20);
    long settled = resident(), settled_faults = faults();
    for (int turn = 0; turn < 100; turn++) {
        FstArray again = view_of(file, 0);
        CHECK(again.data == array.data);
        EXPECT(FST_OK, fst_view_release(again.view));
    }
    CHECK(faults() - settled_faults < 20);
    CHECK(resident() - settled < few / 4 && resident() - before < few);

    /* A slab and a writable view neither. */
    FstViewOptions options = FST_VIEW_OPTIONS_INIT;
    options.slab_start[1] = array.shape[1] / 2;
    FstArray slab = FST_ARRAY_INIT, own = FST_ARRAY_INIT;
    EXPECT(FST_OK, fst_record_view(file, 0, &options, &slab));
    CHECK((const char *)slab.data == (const char *)array.data + options.slab_start[1] * array.strides[1]);
    options.flags = FST_VIEW_WRITABLE;
    EXPECT(FST_OK, fst_record_view(file, 0, &options, &own));
    CHECK(resident() - before < few);

    /* The last element, one page of it; in the writable view one page more. */
    CHECK(((const float *)array.data)[array.size - 1] == 42.5F);
    ((float *)(size_t)own.data)[own.size - 1] = 1.0F;
    CHECK(((const float *)array.data)[array.size - 1] == 42.5F);
    CHECK(resident() - before < few);

    EXPECT(FST_OK, fst_view_release(array.view));
    EXPECT(FST_OK, fst_view_release(slab.view));
    EXPECT(FST_OK, fst_view_release(own.view));
    EXPECT(FST_OK, fst_close(file));
    return EXIT_SUCCESS;
}
