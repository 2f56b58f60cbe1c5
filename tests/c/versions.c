/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* What the library says of itself is what its header says. */
#include "check.h"

int main(void)
{
    char text[32];
    snprintf(text, sizeof text, "%d.%d.%d", FST_VERSION_MAJOR, FST_VERSION_MINOR, FST_VERSION_PATCH);
    CHECK(strcmp(fst_version(), text) == 0);
    CHECK(fst_abi_version() == FST_ABI_VERSION);
    puts(text);
    return EXIT_SUCCESS;
}
