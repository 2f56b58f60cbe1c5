/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The layout of every struct, as the other languages know it. Compiled as C11, for _Static_assert. */
#include "fstview.h"

#define SIZE(type, size) _Static_assert(sizeof(type) == (size), "size of " #type)
#define AT(type, field, offset) _Static_assert(offsetof(type, field) == (offset), "place of " #type "." #field)
#define IS_INT32(type) \
    _Static_assert(_Generic((type)0, int32_t: 1, default: 0), #type " is int32_t")

IS_INT32(FstStatus);
IS_INT32(FstAccess);
IS_INT32(FstMissing);
IS_INT32(FstFormat);
IS_INT32(FstDtype);
IS_INT32(FstOrigin);
IS_INT32(FstIpStyle);
IS_INT32(FstCalendar);

_Static_assert(sizeof(FstProgress) == 8, "a callback is a pointer");

SIZE(FstFile, 8);
SIZE(FstView, 8);

SIZE(FstOpenOptions, 56);
AT(FstOpenOptions, struct_size, 0);
AT(FstOpenOptions, access, 4);
AT(FstOpenOptions, map_threshold, 8);
AT(FstOpenOptions, cache_bytes, 16);
AT(FstOpenOptions, max_array_bytes, 24);
AT(FstOpenOptions, threads, 32);
AT(FstOpenOptions, missing, 36);
AT(FstOpenOptions, strict, 40);
AT(FstOpenOptions, skip_unreadable, 48);

SIZE(FstProblem, 512);
AT(FstProblem, struct_size, 0);
AT(FstProblem, status, 4);
AT(FstProblem, file_number, 8);
AT(FstProblem, record, 16);
AT(FstProblem, offset, 24);
AT(FstProblem, message, 32);

SIZE(FstFileInfo, 40);
AT(FstFileInfo, struct_size, 0);
AT(FstFileInfo, format, 4);
AT(FstFileInfo, file_count, 8);
AT(FstFileInfo, record_count, 16);
AT(FstFileInfo, bytes, 24);
AT(FstFileInfo, mapped, 32);
AT(FstFileInfo, complete, 36);

SIZE(FstFileStats, 88);
AT(FstFileStats, struct_size, 0);
AT(FstFileStats, views_mapped, 8);
AT(FstFileStats, views_shared, 16);
AT(FstFileStats, views_read, 24);
AT(FstFileStats, views_decoded, 32);
AT(FstFileStats, views_copied, 40);
AT(FstFileStats, live_views, 48);
AT(FstFileStats, live_bytes, 56);
AT(FstFileStats, bytes_mapped, 64);
AT(FstFileStats, bytes_read, 72);
AT(FstFileStats, bytes_decoded, 80);

SIZE(FstRecordInfo, 168);
AT(FstRecordInfo, struct_size, 0);
AT(FstRecordInfo, nomvar, 4);
AT(FstRecordInfo, typvar, 9);
AT(FstRecordInfo, grtyp, 12);
AT(FstRecordInfo, etiket, 14);
AT(FstRecordInfo, ni, 32);
AT(FstRecordInfo, nj, 40);
AT(FstRecordInfo, nk, 48);
AT(FstRecordInfo, data_type, 56);
AT(FstRecordInfo, data_bits, 60);
AT(FstRecordInfo, pack_bits, 64);
AT(FstRecordInfo, dtype, 68);
AT(FstRecordInfo, dateo, 72);
AT(FstRecordInfo, datev, 76);
AT(FstRecordInfo, deet, 80);
AT(FstRecordInfo, npas, 84);
AT(FstRecordInfo, ip1, 88);
AT(FstRecordInfo, ip2, 92);
AT(FstRecordInfo, ip3, 96);
AT(FstRecordInfo, ig1, 100);
AT(FstRecordInfo, ig2, 104);
AT(FstRecordInfo, ig3, 108);
AT(FstRecordInfo, ig4, 112);
AT(FstRecordInfo, flags, 116);
AT(FstRecordInfo, file_number, 120);
AT(FstRecordInfo, file_offset, 128);
AT(FstRecordInfo, stored_bytes, 136);
AT(FstRecordInfo, payload_offset, 144);
AT(FstRecordInfo, payload_bytes, 152);
AT(FstRecordInfo, array_bytes, 160);

SIZE(FstCriteria, 116);
AT(FstCriteria, struct_size, 0);
AT(FstCriteria, nomvar, 4);
AT(FstCriteria, typvar, 9);
AT(FstCriteria, grtyp, 12);
AT(FstCriteria, etiket, 14);
AT(FstCriteria, dateo, 28);
AT(FstCriteria, datev, 32);
AT(FstCriteria, data_type, 36);
AT(FstCriteria, data_bits, 40);
AT(FstCriteria, pack_bits, 44);
AT(FstCriteria, ni, 48);
AT(FstCriteria, nj, 52);
AT(FstCriteria, nk, 56);
AT(FstCriteria, deet, 60);
AT(FstCriteria, npas, 64);
AT(FstCriteria, ip1, 68);
AT(FstCriteria, ip2, 72);
AT(FstCriteria, ip3, 76);
AT(FstCriteria, ig1, 80);
AT(FstCriteria, ig2, 84);
AT(FstCriteria, ig3, 88);
AT(FstCriteria, ig4, 92);
AT(FstCriteria, ip1_all, 96);
AT(FstCriteria, ip2_all, 100);
AT(FstCriteria, ip3_all, 104);
AT(FstCriteria, stamp_norun, 108);
AT(FstCriteria, skip_grid_descriptors, 112);

SIZE(FstSearch, 120);
AT(FstSearch, struct_size, 0);
AT(FstSearch, has_level, 4);
AT(FstSearch, criteria, 8);
AT(FstSearch, nomvars, 16);
AT(FstSearch, nomvar_count, 24);
AT(FstSearch, typvars, 32);
AT(FstSearch, typvar_count, 40);
AT(FstSearch, etikets, 48);
AT(FstSearch, etiket_count, 56);
AT(FstSearch, valid_from, 64);
AT(FstSearch, valid_to, 72);
AT(FstSearch, origin_from, 80);
AT(FstSearch, origin_to, 88);
AT(FstSearch, level_kind, 96);
AT(FstSearch, level_from, 100);
AT(FstSearch, level_to, 104);
AT(FstSearch, reserved, 108);
AT(FstSearch, metadata, 112);

SIZE(FstGrid, 128);
AT(FstGrid, struct_size, 0);
AT(FstGrid, grtyp, 4);
AT(FstGrid, ref_grtyp, 6);
AT(FstGrid, flags, 8);
AT(FstGrid, panels, 12);
AT(FstGrid, tile_i, 16);
AT(FstGrid, tile_j, 24);
AT(FstGrid, x, 32);
AT(FstGrid, y, 40);
AT(FstGrid, yin_yang, 48);
AT(FstGrid, mesh, 56);
AT(FstGrid, projection, 64);
AT(FstGrid, transform, 72);
AT(FstGrid, vertical, 80);
AT(FstGrid, mask, 88);
AT(FstGrid, xg, 96);
AT(FstGrid, xg_yang, 112);

SIZE(FstViewOptions, 80);
AT(FstViewOptions, struct_size, 0);
AT(FstViewOptions, flags, 4);
AT(FstViewOptions, dtype, 8);
AT(FstViewOptions, slab_start, 16);
AT(FstViewOptions, slab_count, 40);
AT(FstViewOptions, progress, 64);
AT(FstViewOptions, progress_context, 72);

SIZE(FstArray, 104);
AT(FstArray, struct_size, 0);
AT(FstArray, dtype, 4);
AT(FstArray, rank, 8);
AT(FstArray, itemsize, 12);
AT(FstArray, origin, 16);
AT(FstArray, flags, 20);
AT(FstArray, shape, 24);
AT(FstArray, strides, 48);
AT(FstArray, size, 72);
AT(FstArray, nbytes, 80);
AT(FstArray, data, 88);
AT(FstArray, view, 96);

SIZE(FstDate, 28);
AT(FstDate, struct_size, 0);
AT(FstDate, year, 4);
AT(FstDate, month, 8);
AT(FstDate, day, 12);
AT(FstDate, hour, 16);
AT(FstDate, minute, 20);
AT(FstDate, second, 24);

SIZE(FstLevel, 8);
AT(FstLevel, value, 0);
AT(FstLevel, kind, 4);

SIZE(FstTriplet, 32);
AT(FstTriplet, struct_size, 0);
AT(FstTriplet, guesses, 4);
AT(FstTriplet, values, 8);

SIZE(FstBounds, 12);
AT(FstBounds, kind, 0);
AT(FstBounds, first, 4);
AT(FstBounds, second, 8);

SIZE(FstInterval, 44);
AT(FstInterval, struct_size, 0);
AT(FstInterval, guesses, 4);
AT(FstInterval, level, 8);
AT(FstInterval, time, 20);
AT(FstInterval, third, 32);

/* Arrow's structs, whose layout its specification fixes. */
SIZE(struct ArrowSchema, 72);
AT(struct ArrowSchema, format, 0);
AT(struct ArrowSchema, name, 8);
AT(struct ArrowSchema, metadata, 16);
AT(struct ArrowSchema, flags, 24);
AT(struct ArrowSchema, n_children, 32);
AT(struct ArrowSchema, children, 40);
AT(struct ArrowSchema, dictionary, 48);
AT(struct ArrowSchema, release, 56);
AT(struct ArrowSchema, private_data, 64);

SIZE(struct ArrowArray, 80);
AT(struct ArrowArray, length, 0);
AT(struct ArrowArray, null_count, 8);
AT(struct ArrowArray, offset, 16);
AT(struct ArrowArray, n_buffers, 24);
AT(struct ArrowArray, n_children, 32);
AT(struct ArrowArray, buffers, 40);
AT(struct ArrowArray, children, 48);
AT(struct ArrowArray, dictionary, 56);
AT(struct ArrowArray, release, 64);
AT(struct ArrowArray, private_data, 72);

int main(void)
{
    return 0;
}
