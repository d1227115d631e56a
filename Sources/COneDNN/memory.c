#include <stdlib.h>
#include <string.h>
#include "facade.h"

dnnl_data_type_t sdnn_data_type(int type) {
    switch (type) {
    case SDNN_F32: return dnnl_f32;
    case SDNN_U8: return dnnl_u8;
    case SDNN_S8: return dnnl_s8;
    case SDNN_S32: return dnnl_s32;
    case SDNN_BF16: return dnnl_bf16;
    default: return dnnl_data_type_undef;
    }
}

/// A tag that means nothing but "any" is the same for every rank.
int sdnn_descriptor_create(
    sdnn_descriptor **out, int rank, const int64_t *dims, int type, const int64_t *strides
) {
    *out = NULL;
    if (rank < 1 || rank > SDNN_MAX_RANK) return dnnl_invalid_arguments;
    sdnn_descriptor *descriptor = calloc(1, sizeof *descriptor);
    if (!descriptor) return dnnl_out_of_memory;
    dnnl_dims_t sizes = {0}, steps = {0};
    memcpy(sizes, dims, (size_t)rank * sizeof *dims);
    if (strides) memcpy(steps, strides, (size_t)rank * sizeof *strides);
    dnnl_status_t status;
#if SDNN_IS_3
    status = strides
        ? dnnl_memory_desc_create_with_strides(&descriptor->md, rank, sizes, sdnn_data_type(type), steps)
        : dnnl_memory_desc_create_with_tag(&descriptor->md, rank, sizes, sdnn_data_type(type), dnnl_format_tag_any);
#else
    status = strides
        ? dnnl_memory_desc_init_by_strides(&descriptor->md, rank, sizes, sdnn_data_type(type), steps)
        : dnnl_memory_desc_init_by_tag(&descriptor->md, rank, sizes, sdnn_data_type(type), dnnl_format_tag_any);
#endif
    if (status != dnnl_success) free(descriptor);
    else *out = descriptor;
    return status;
}

int sdnn_descriptor_create_blocked(sdnn_descriptor **out, const int64_t *dims, int type) {
    *out = NULL;
    sdnn_descriptor *descriptor = calloc(1, sizeof *descriptor);
    if (!descriptor) return dnnl_out_of_memory;
    dnnl_dims_t sizes = {0};
    memcpy(sizes, dims, 4 * sizeof *dims);
#if SDNN_IS_3
    dnnl_status_t status = dnnl_memory_desc_create_with_tag(&descriptor->md, 4, sizes, sdnn_data_type(type), dnnl_nChw16c);
#else
    dnnl_status_t status = dnnl_memory_desc_init_by_tag(&descriptor->md, 4, sizes, sdnn_data_type(type), dnnl_nChw16c);
#endif
    if (status != dnnl_success) free(descriptor);
    else *out = descriptor;
    return status;
}

int sdnn_descriptor_create_part(
    sdnn_descriptor **out, const sdnn_descriptor *parent, const int64_t *dims, const int64_t *offsets
) {
    *out = NULL;
    sdnn_descriptor *descriptor = calloc(1, sizeof *descriptor);
    if (!descriptor) return dnnl_out_of_memory;
    int rank = sdnn_descriptor_rank(parent);
    dnnl_dims_t sizes = {0}, starts = {0};
    memcpy(sizes, dims, (size_t)rank * sizeof *dims);
    memcpy(starts, offsets, (size_t)rank * sizeof *offsets);
#if SDNN_IS_3
    dnnl_status_t status = dnnl_memory_desc_create_submemory(&descriptor->md, parent->md, sizes, starts);
#else
    dnnl_status_t status = dnnl_memory_desc_init_submemory(&descriptor->md, &parent->md, sizes, starts);
#endif
    if (status != dnnl_success) free(descriptor);
    else *out = descriptor;
    return status;
}

int sdnn_wrap(sdnn_md md, sdnn_descriptor **out) {
    *out = NULL;
    if (!md) return dnnl_not_required;
    sdnn_descriptor *descriptor = calloc(1, sizeof *descriptor);
    if (!descriptor) return dnnl_out_of_memory;
#if SDNN_IS_3
    dnnl_status_t status = dnnl_memory_desc_clone(&descriptor->md, md);
    if (status != dnnl_success) {
        free(descriptor);
        return status;
    }
#else
    descriptor->md = *md;
#endif
    *out = descriptor;
    return dnnl_success;
}

void sdnn_descriptor_destroy(sdnn_descriptor *descriptor) {
    if (!descriptor) return;
#if SDNN_IS_3
    dnnl_memory_desc_destroy(descriptor->md);
#endif
    free(descriptor);
}

int sdnn_descriptor_equal(const sdnn_descriptor *a, const sdnn_descriptor *b) {
    return dnnl_memory_desc_equal(MD(a), MD(b));
}

size_t sdnn_descriptor_size(const sdnn_descriptor *descriptor) { return dnnl_memory_desc_get_size(MD(descriptor)); }

int sdnn_descriptor_rank(const sdnn_descriptor *descriptor) {
#if SDNN_IS_3
    int32_t rank = 0;
    dnnl_memory_desc_query(descriptor->md, dnnl_query_ndims_s32, &rank);
    return rank;
#else
    return descriptor->md.ndims;
#endif
}

int sdnn_descriptor_type(const sdnn_descriptor *descriptor) {
    dnnl_data_type_t type = dnnl_data_type_undef;
#if SDNN_IS_3
    dnnl_memory_desc_query(descriptor->md, dnnl_query_data_type, &type);
#else
    type = descriptor->md.data_type;
#endif
    switch (type) {
    case dnnl_f32: return SDNN_F32;
    case dnnl_u8: return SDNN_U8;
    case dnnl_s8: return SDNN_S8;
    case dnnl_s32: return SDNN_S32;
    case dnnl_bf16: return SDNN_BF16;
    default: return -1;
    }
}

void sdnn_descriptor_dims(const sdnn_descriptor *descriptor, int64_t *dims) {
    size_t bytes = (size_t)sdnn_descriptor_rank(descriptor) * sizeof *dims;
#if SDNN_IS_3
    dnnl_dims_t *sizes = NULL;
    if (dnnl_memory_desc_query(descriptor->md, dnnl_query_dims, &sizes) == dnnl_success) memcpy(dims, *sizes, bytes);
#else
    memcpy(dims, descriptor->md.dims, bytes);
#endif
}

int sdnn_descriptor_blocks(const sdnn_descriptor *descriptor, int64_t *strides) {
    int blocks = 0;
    const dnnl_dim_t *inner = NULL, *axes = NULL, *steps = NULL;
#if SDNN_IS_3
    dnnl_format_kind_t kind = dnnl_format_kind_undef;
    int32_t count = 0;
    dnnl_dims_t *inner_blocks = NULL, *inner_axes = NULL, *outer = NULL;
    if (dnnl_memory_desc_query(descriptor->md, dnnl_query_format_kind, &kind) != dnnl_success
        || kind != dnnl_blocked
        || dnnl_memory_desc_query(descriptor->md, dnnl_query_inner_nblks_s32, &count) != dnnl_success
        || dnnl_memory_desc_query(descriptor->md, dnnl_query_strides, &outer) != dnnl_success)
        return 0;
    if (count > 0
        && (dnnl_memory_desc_query(descriptor->md, dnnl_query_inner_blks, &inner_blocks) != dnnl_success
            || dnnl_memory_desc_query(descriptor->md, dnnl_query_inner_idxs, &inner_axes) != dnnl_success))
        return 0;
    blocks = count;
    if (count > 0) inner = *inner_blocks, axes = *inner_axes;
    steps = *outer;
#else
    if (descriptor->md.format_kind != dnnl_blocked) return 0;
    const dnnl_blocking_desc_t *blocking = &descriptor->md.format_desc.blocking;
    blocks = blocking->inner_nblks, inner = blocking->inner_blks, axes = blocking->inner_idxs;
    steps = blocking->strides;
#endif
    if (blocks > 1 || (blocks == 1 && axes[0] != 1)) return 0;
    memcpy(strides, steps, (size_t)sdnn_descriptor_rank(descriptor) * sizeof *strides);
    return blocks == 1 ? (int)inner[0] : 1;
}

int sdnn_memory_create(sdnn_memory **out, const sdnn_descriptor *descriptor, void *data) {
    *out = NULL;
    dnnl_engine_t engine;
    int status = sdnn_engine(&engine, NULL);
    if (status != dnnl_success) return status;
    sdnn_memory *memory = calloc(1, sizeof *memory);
    if (!memory) return dnnl_out_of_memory;
    status = dnnl_memory_create(&memory->memory, MD(descriptor), engine, data);
    if (status != dnnl_success) free(memory);
    else *out = memory;
    return status;
}

int sdnn_memory_set_data(sdnn_memory *memory, void *data) { return dnnl_memory_set_data_handle(memory->memory, data); }

void sdnn_memory_destroy(sdnn_memory *memory) {
    if (!memory) return;
    dnnl_memory_destroy(memory->memory);
    free(memory);
}
