/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A defect of the library: the call says so, nothing is printed, and everything goes on. */
#include <pthread.h>

#include "check.h"

FstStatus fst_test_panic(uint32_t threads);

static const char *path;

static void *calls(void *unused)
{
    (void)unused;
    CHECK(fst_last_error()[0] == '\0');
    for (int turn = 0; turn < 20; turn++) {
        FstFile file = open_with(path, FST_ACCESS_AUTO);
        FstArray array = view_of(file, 3);
        EXPECT(FST_ERR_INTERNAL, fst_test_panic(0));
        CHECK(strstr(fst_last_error(), "on purpose") != NULL && strstr(fst_last_error(), "guard.rs:") != NULL);
        for (uint32_t threads = 1; threads < 6; threads++) {
            EXPECT(FST_ERR_INTERNAL, fst_test_panic(threads));
            CHECK(strstr(fst_last_error(), "on purpose") != NULL);
        }
        FstArray again = view_of(file, 3);
        CHECK(again.origin == FST_ORIGIN_SHARED || again.origin == FST_ORIGIN_MAPPED);
        CHECK(memcmp(array.data, again.data, array.nbytes) == 0);
        CHECK(strstr(fst_last_error(), "on purpose") != NULL);
        EXPECT(FST_OK, fst_view_release(array.view));
        EXPECT(FST_OK, fst_view_release(again.view));
        EXPECT(FST_OK, fst_close(file));
    }
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    path = in_folder(argv[1], "model.rsf");
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_create(&threads[i], NULL, calls, NULL) == 0);
    }
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    calls(NULL);
    return EXIT_SUCCESS;
}
