/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A program that writes with librmn and reads with fstview includes both headers, in either order. */
#ifdef FSTVIEW_FIRST
#include "fstview.h"

#include "fake_librmn.h"
#else
#include "fake_librmn.h"

#include "fstview.h"
#endif

/* Names of both in one scope, with their own meanings. */
int main(void)
{
    fst_file theirs = {0};
    FstFile ours = {0};
    fst_record record = {NULL, "TT", "P", "Z", "TEST"};
    fst_query query = {0};
    FstStatus status = FST_OK;
    int32_t codes[] = {FST_TYPE_REAL, FST_TYPE_REAL_IEEE, FST_YES, FST_NO, FST_SKIP, FSTD_MISSING_FLAG, FST_DTYPE_F32};
    FstRecordInfo info = FST_RECORD_INFO_INIT;
    if (sizeof record.nomvar != sizeof info.nomvar || sizeof record.typvar != FST_TYP_LEN ||
        sizeof record.grtyp != sizeof info.grtyp || sizeof record.etiket != sizeof info.etiket) {
        return 1;
    }
    status = fst_close(ours);
    return status == FST_ERR_INVALID_HANDLE && theirs.iun == 0 && query.index == 0 && codes[0] == FST_TYPE_REAL ? 0 : 1;
}
