/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What cannot be opened, and what is opened in part. */
#define _POSIX_C_SOURCE 200809L
#define _XOPEN_SOURCE 700
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static void refuse(FstStatus status, const char *path)
{
    const FstAccess accesses[] = {FST_ACCESS_AUTO, FST_ACCESS_MAP, FST_ACCESS_READ};
    for (int a = 0; a < 3; a++) {
        FstOpenOptions options = FST_OPEN_OPTIONS_INIT;
        options.access = accesses[a];
        FstFile file = {42};
        EXPECT(status, fst_open(path, &options, &file));
        CHECK(file.id == 42 && strstr(fst_last_error(), path) != NULL);
        EXPECT(status, fst_open_many(&path, 1, &options, &file));
        CHECK(file.id == 42 && strstr(fst_last_error(), path) != NULL);
    }
}

static void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *stream = fopen(path, "wb");
    CHECK(stream != NULL && fwrite(bytes, 1, size, stream) == size && fclose(stream) == 0);
}

static char *read_file(const char *path, size_t *size)
{
    struct stat status;
    CHECK(stat(path, &status) == 0);
    *size = (size_t)status.st_size;
    char *bytes = malloc(*size);
    FILE *stream = fopen(path, "rb");
    CHECK(bytes != NULL && stream != NULL && fread(bytes, 1, *size, stream) == *size && fclose(stream) == 0);
    return bytes;
}

/* A file without permission, asked for by a user who is not above permissions. */
static void check_permission(const char *path)
{
    CHECK(chmod(path, 0) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(77);
        FstFile file = {42};
        FstStatus status = fst_open(path, NULL, &file);
        int good = status == FST_ERR_PERMISSION && file.id == 42 && strstr(fst_last_error(), path) != NULL;
        _exit(good ? 0 : 1);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 77);
    CHECK(chmod(path, 0644) == 0);
}

/* Cut short: an error when strict; otherwise what is sound can be read and the rest is refused record by record. */
static void check_cut(const char *whole, const char *path)
{
    size_t size;
    char *bytes = read_file(whole, &size);
    write_file(path, bytes, size / 2);
    free(bytes);
    FstOpenOptions options = FST_OPEN_OPTIONS_INIT;
    options.strict = 1;
    FstFile file = {42};
    FstStatus status = fst_open(path, &options, &file);
    CHECK(status == FST_ERR_TRUNCATED || status == FST_ERR_CORRUPT);
    CHECK(file.id == 42 && strstr(fst_last_error(), path) != NULL);

    const FstAccess accesses[] = {FST_ACCESS_MAP, FST_ACCESS_READ};
    for (int a = 0; a < 2; a++) {
        options.strict = 0;
        options.access = accesses[a];
        EXPECT(FST_OK, fst_open(path, &options, &file));
        FstFileInfo info = FST_FILE_INFO_INIT;
        EXPECT(FST_OK, fst_file_info(file, &info));
        CHECK(info.complete == 0 && info.bytes == size / 2 && info.record_count == count_of(file));
        CHECK(info.record_count > 0 && info.record_count <= 194);
        FstFile good = open_with(whole, accesses[a]);
        size_t readable = 0;
        for (size_t record = 0; record < count_of(file); record++) {
            FstArray array = FST_ARRAY_INIT;
            status = fst_record_view(file, record, NULL, &array);
            if (status == FST_OK) {
                FstArray truth = view_of(good, record);
                CHECK(truth.nbytes == array.nbytes && memcmp(truth.data, array.data, truth.nbytes) == 0);
                EXPECT(FST_OK, fst_view_release(truth.view));
                EXPECT(FST_OK, fst_view_release(array.view));
                readable++;
            } else {
                CHECK(status == FST_ERR_TRUNCATED && is_blank(&array));
            }
        }
        CHECK(readable > 50 && readable < 194);
        EXPECT(FST_OK, fst_close(good));
        EXPECT(FST_OK, fst_close(file));
    }
}

/* Cut short while it is open: what the library reads itself ends in an error, never in a signal. */
static void check_shrunk(const char *whole, const char *path)
{
    const FstAccess accesses[] = {FST_ACCESS_MAP, FST_ACCESS_READ};
    for (int a = 0; a < 2; a++) {
        size_t size;
        char *bytes = read_file(whole, &size);
        write_file(path, bytes, size);
        free(bytes);
        FstFile file = open_with(path, accesses[a]);
        const size_t count = count_of(file);
        CHECK(truncate(path, 4096) == 0);
        size_t refused = 0;
        for (size_t record = 0; record < count; record++) {
            /* A mapped view is a promise about the file that was just broken: only the others are asked for. */
            if (accesses[a] == FST_ACCESS_MAP && (info_of(file, record).flags & FST_RECORD_MAPPABLE)) continue;
            FstArray array = FST_ARRAY_INIT;
            FstStatus status = fst_record_view(file, record, NULL, &array);
            CHECK(status == FST_OK || (status == FST_ERR_TRUNCATED && is_blank(&array)));
            if (status == FST_OK) EXPECT(FST_OK, fst_view_release(array.view));
            refused += status != FST_OK;
        }
        CHECK(refused > 150);
        EXPECT(FST_OK, fst_close(file));
    }
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    const char *folder = argv[2];
    const char *rsf = in_folder(argv[1], "model.rsf"), *xdf = in_folder(argv[1], "model.fst");
    const char *path = in_folder(folder, "file");

    refuse(FST_ERR_NOT_FOUND, in_folder(folder, "no-such-file"));
    refuse(FST_ERR_NOT_FOUND, in_folder(folder, "no/such/folder"));
    CHECK(symlink("nowhere", in_folder(folder, "dangling")) == 0);
    refuse(FST_ERR_NOT_FOUND, in_folder(folder, "dangling"));
    refuse(FST_ERR_NOT_FST, folder);
    CHECK(mkfifo(in_folder(folder, "pipe"), 0600) == 0);
    refuse(FST_ERR_NOT_FST, in_folder(folder, "pipe"));

    write_file(path, "", 0);
    refuse(FST_ERR_NOT_FST, path);
    write_file(path, "Dear all,\n", 10);
    refuse(FST_ERR_NOT_FST, path);
    CHECK(strstr(fst_last_error(), "text") != NULL);
    write_file(path, "\x7F" "ELF\0\0\0\0\0\0\0\0\0\0\0", 16);
    refuse(FST_ERR_NOT_FST, path);

    /* A file where a folder should be; names that are too long, of strange bytes. */
    char inside[8192];
    snprintf(inside, sizeof inside, "%s/inside", path);
    refuse(FST_ERR_IO, inside);
    memset(inside, 'x', 6000);
    inside[6000] = '\0';
    refuse(FST_ERR_IO, inside);
    static char endless[1000000];
    memset(endless, 'y', sizeof endless - 1);
    FstFile none = {0};
    EXPECT(FST_ERR_IO, fst_open(endless, NULL, &none));
    CHECK(strstr(fst_last_error(), "yyyy") != NULL && strstr(fst_last_error(), "of 999999 bytes") != NULL);
    size_t size;
    char *bytes = read_file(rsf, &size);
    const char *strange = in_folder(folder, "\xFF\xFE name\n\x01");
    write_file(strange, bytes, size);
    free(bytes);
    FstFile file = open_with(strange, FST_ACCESS_AUTO);
    CHECK(count_of(file) == 194);
    EXPECT(FST_OK, fst_close(file));

    /* One bad file of several is named. */
    const char *paths[3] = {rsf, path, xdf};
    EXPECT(FST_ERR_NOT_FST, fst_open_many(paths, 3, NULL, &file));
    CHECK(strstr(fst_last_error(), path) != NULL);

    check_permission(path);
    check_cut(rsf, in_folder(folder, "cut.rsf"));
    check_cut(xdf, in_folder(folder, "cut.fst"));
    check_shrunk(rsf, in_folder(folder, "shrunk.rsf"));
    check_shrunk(xdf, in_folder(folder, "shrunk.fst"));
    return EXIT_SUCCESS;
}
