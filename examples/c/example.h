/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the examples share. */
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fstview.h"

/* Ends the program with the library's own words when a call has failed: they name the file and the record. */
static void check(FstStatus status)
{
    if (status != FST_OK) {
        fprintf(stderr, "%s: %s\n", fst_status_name(status), fst_last_error());
        exit(EXIT_FAILURE);
    }
}

/* The first argument of the program, or its usage. */
static inline const char *file_argument(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: %s FILE\n", argv[0]);
        exit(2);
    }
    return argv[1];
}

#endif
