/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Arrow's C data interface as its specification gives it to be copied, before or after this library's header: whoever
 * comes second leaves the structs alone. This file is valid C99 and C++.
 */
#ifdef FSTVIEW_FIRST
#include "fstview.h"
#endif

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  // Array type description
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;

  // Release callback
  void (*release)(struct ArrowSchema*);
  // Opaque producer-specific data
  void* private_data;
};

struct ArrowArray {
  // Array data description
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;

  // Release callback
  void (*release)(struct ArrowArray*);
  // Opaque producer-specific data
  void* private_data;
};

#define DEFINED_HERE 1
#endif  // ARROW_C_DATA_INTERFACE

#ifdef __cplusplus
}
#endif

#include "fstview.h"

#if defined(FSTVIEW_FIRST) == defined(DEFINED_HERE)
#error "the structs come from the wrong place"
#endif

int main(int argc, char **argv)
{
    if (argc != 2) return 1;
    FstFile file = {0};
    if (fst_open(argv[1], NULL, &file) != FST_OK) return 2;
    struct ArrowSchema schema;
    struct ArrowArray array;
    if (fst_index_export(file, &schema, &array) != FST_OK) return 3;
    if (fst_close(file) != FST_OK) return 4;
    if (schema.n_children != array.n_children || array.length != 194) return 5;
    if ((schema.children[14]->flags & ARROW_FLAG_NULLABLE) == 0 || schema.children[14]->format[0] != 't') return 6;
    schema.release(&schema);
    array.release(&array);
    return schema.release == NULL && array.release == NULL ? 0 : 7;
}
