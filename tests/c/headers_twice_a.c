/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The header included twice, in the first of two units. */
#include "fstview.h"
#include "fstview.h"

int other_unit(FstFile file);

int main(void)
{
    FstFile file = {0};
    return other_unit(file) == FST_ERR_INVALID_HANDLE && fst_abi_version() == FST_ABI_VERSION ? 0 : 1;
}
