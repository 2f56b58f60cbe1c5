/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The header included twice, in the second of two units. */
#include "fstview.h"
#include "fstview.h"

int other_unit(FstFile file);

int other_unit(FstFile file)
{
    FstFileInfo info = FST_FILE_INFO_INIT;
    return fst_file_info(file, &info);
}
