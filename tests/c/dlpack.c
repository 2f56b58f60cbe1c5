/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Views as DLPack tensors. The structs are those of dlpack.h, version 1, written down here once more. */
#include "check.h"

typedef struct DLDataType {
    uint8_t code, bits;
    uint16_t lanes;
} DLDataType;

typedef struct DLTensor {
    void *data;
    struct {
        int32_t device_type, device_id;
    } device;
    int32_t ndim;
    DLDataType dtype;
    int64_t *shape, *strides;
    uint64_t byte_offset;
} DLTensor;

typedef struct DLManagedTensorVersioned {
    struct {
        uint32_t major, minor;
    } version;
    void *manager_ctx;
    void (*deleter)(struct DLManagedTensorVersioned *self);
    uint64_t flags;
    DLTensor dl_tensor;
} DLManagedTensorVersioned;

enum { READ_ONLY = 1, CPU = 1, UINT = 1, FLOAT = 2 };

static DLManagedTensorVersioned *tensor_of(FstArray array)
{
    DLManagedTensorVersioned *tensor = NULL;
    EXPECT(FST_OK, fst_view_to_dlpack(array.view, &tensor));
    const DLTensor *t = &tensor->dl_tensor;
    CHECK(tensor->version.major == 1 && tensor->deleter != NULL);
    CHECK(t->data == array.data && t->byte_offset == 0 && t->device.device_type == CPU && t->device.device_id == 0);
    CHECK(t->ndim == (int32_t)array.rank && t->dtype.bits == 8 * array.itemsize && t->dtype.lanes == 1);
    for (uint32_t i = 0; i < array.rank; i++) {
        CHECK(t->shape[i] == array.shape[i] && t->strides[i] * (int64_t)array.itemsize == array.strides[i]);
    }
    CHECK(((tensor->flags & READ_ONLY) == 0) == ((array.flags & FST_ARRAY_WRITABLE) != 0));
    return tensor;
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    FstFile file = open_with(in_folder(argv[1], "model.rsf"), FST_ACCESS_MAP);

    /* A tensor holds its view, whatever becomes of the caller's reference and of the file. */
    FstArray array = view_of(file, record_of(file, "TT"));
    DLManagedTensorVersioned *tensor = tensor_of(array), *second = tensor_of(array);
    CHECK(tensor->dl_tensor.dtype.code == FLOAT && tensor != second);
    float first = ((const float *)array.data)[0];
    EXPECT(FST_OK, fst_view_release(array.view));
    CHECK(stats_of(file).live_views == 1);
    second->deleter(second);
    CHECK(stats_of(file).live_views == 1 && ((const float *)tensor->dl_tensor.data)[0] == first);
    tensor->deleter(tensor);
    CHECK(stats_of(file).live_views == 0);
    EXPECT(FST_ERR_INVALID_HANDLE, fst_view_release(array.view));

    /* Mapped, of integers, writable, a slab. */
    array = view_of(file, 0);
    tensor = tensor_of(array);
    EXPECT(FST_OK, fst_view_release(array.view));
    tensor->deleter(tensor);
    array = view_of(file, record_of(file, "CUBE"));
    tensor = tensor_of(array);
    CHECK(tensor->dl_tensor.ndim == 3);
    EXPECT(FST_OK, fst_view_release(array.view));
    FstViewOptions options = FST_VIEW_OPTIONS_INIT;
    options.flags = FST_VIEW_WRITABLE;
    options.slab_start[0] = 7;
    options.slab_count[1] = 3;
    EXPECT(FST_OK, fst_record_view(file, record_of(file, "CUBE"), &options, &array));
    DLManagedTensorVersioned *own = tensor_of(array);
    ((float *)own->dl_tensor.data)[0] = 1234.5F;
    CHECK(((const float *)tensor->dl_tensor.data)[7] != 1234.5F);
    EXPECT(FST_OK, fst_view_release(array.view));
    own->deleter(own);
    array = view_of(file, 192);
    CHECK(array.dtype == FST_DTYPE_U32);
    own = tensor_of(array);
    CHECK(own->dl_tensor.dtype.code == UINT);
    EXPECT(FST_OK, fst_view_release(array.view));
    EXPECT(FST_OK, fst_close(file));
    CHECK(((const float *)tensor->dl_tensor.data)[0] == 0.0F);
    tensor->deleter(tensor);
    own->deleter(own);

    /* Foreign byte order has no place in a tensor. */
    file = open_with(in_folder(argv[1], "model.fst"), FST_ACCESS_MAP);
    options = (FstViewOptions)FST_VIEW_OPTIONS_INIT;
    options.flags = FST_VIEW_ANY_BYTE_ORDER;
    EXPECT(FST_OK, fst_record_view(file, 0, &options, &array));
    if (array.flags & FST_ARRAY_BIG_ENDIAN) {
        tensor = NULL;
        EXPECT(FST_ERR_TYPE_MISMATCH, fst_view_to_dlpack(array.view, &tensor));
        CHECK(tensor == NULL);
    }
    EXPECT(FST_OK, fst_view_release(array.view));
    EXPECT(FST_OK, fst_close(file));
    return EXIT_SUCCESS;
}
