#include <stdlib.h>
#include <string.h>
#include "facade.h"

enum { max_arguments = 64 };

int sdnn_attributes(dnnl_primitive_attr_t *attributes, const sdnn_post_op *post, int posts) {
    *attributes = NULL;
    dnnl_post_ops_t list = NULL;
    int status = dnnl_primitive_attr_create(attributes);
    if (status == dnnl_success)
        status = dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
    if (status == dnnl_success && posts > 0) status = dnnl_post_ops_create(&list);
    for (int i = 0; i < posts && status == dnnl_success; i++) {
        float alpha = post[i].alpha, beta = post[i].beta;
        switch (post[i].kind) {
        case SDNN_POST_SUM: {
            dnnl_data_type_t type = sdnn_data_type(post[i].function);
#if SDNN_IS_3
            status = dnnl_post_ops_append_sum(list, alpha, 0, type);
#else
            status = dnnl_post_ops_append_sum_v2(list, alpha, type);
#endif
            break;
        }
        case SDNN_POST_FUNCTION: {
            dnnl_alg_kind_t kind = sdnn_function_kind(post[i].function, 0, &alpha, &beta);
#if SDNN_IS_3
            status = dnnl_post_ops_append_eltwise(list, kind, alpha, beta);
#else
            status = dnnl_post_ops_append_eltwise(list, 1, kind, alpha, beta);
#endif
            break;
        }
        default: status = dnnl_invalid_arguments;
        }
    }
    if (status == dnnl_success && list) status = dnnl_primitive_attr_set_post_ops(*attributes, list);
    if (list) dnnl_post_ops_destroy(list);
    if (status != dnnl_success && *attributes) {
        dnnl_primitive_attr_destroy(*attributes);
        *attributes = NULL;
    }
    return status;
}

int sdnn_finish(
    sdnn_primitive **out, int status, dnnl_primitive_desc_t description, dnnl_primitive_attr_t attributes
) {
    *out = NULL;
    if (status == dnnl_success) {
        sdnn_primitive *primitive = calloc(1, sizeof *primitive);
        if (!primitive) status = dnnl_out_of_memory;
        else {
            status = dnnl_primitive_create(&primitive->primitive, description);
            if (status == dnnl_success)
                status = dnnl_primitive_get_primitive_desc(primitive->primitive, &primitive->description);
            if (status == dnnl_success) *out = primitive;
            else sdnn_primitive_destroy(primitive);
        }
        dnnl_primitive_desc_destroy(description);
    }
    if (attributes) dnnl_primitive_attr_destroy(attributes);
    return status;
}

#if SDNN_IS_3
int sdnn_set_scales(dnnl_primitive_attr_t attributes, const float *scales, int64_t count, int by_channel, int groups) {
    if (!scales || count < 1) return dnnl_success;
    return dnnl_primitive_attr_set_scales_mask(
        attributes, by_channel ? DNNL_ARG_WEIGHTS : DNNL_ARG_SRC, by_channel ? (groups ? 3 : 1) : 0);
}

int sdnn_keep_scales(sdnn_primitive **primitive, int status, const float *scales, int64_t count, int by_channel) {
    if (status != dnnl_success || !scales || count < 1) return status;
    dnnl_engine_t engine;
    dnnl_memory_desc_t md = NULL;
    void *data = NULL;
    dnnl_dims_t sizes = {count}, steps = {1};
    (*primitive)->scales_argument = DNNL_ARG_ATTR_SCALES | (by_channel ? DNNL_ARG_WEIGHTS : DNNL_ARG_SRC);
    status = sdnn_engine(&engine, NULL);
    if (status == dnnl_success) status = dnnl_memory_desc_create_with_strides(&md, 1, sizes, dnnl_f32, steps);
    if (status == dnnl_success)
        status = dnnl_memory_create(&(*primitive)->scales, md, engine, DNNL_MEMORY_ALLOCATE);
    if (status == dnnl_success) status = dnnl_memory_get_data_handle((*primitive)->scales, &data);
    if (status == dnnl_success) memcpy(data, scales, (size_t)count * sizeof *scales);
    if (md) dnnl_memory_desc_destroy(md);
    if (status != dnnl_success) {
        sdnn_primitive_destroy(*primitive);
        *primitive = NULL;
    }
    return status;
}
#else
int sdnn_set_scales(dnnl_primitive_attr_t attributes, const float *scales, int64_t count, int by_channel, int groups) {
    (void)groups;
    if (!scales || count < 1) return dnnl_success;
    return dnnl_primitive_attr_set_output_scales(attributes, count, by_channel ? 1 << 1 : 0, scales);
}

int sdnn_keep_scales(sdnn_primitive **primitive, int status, const float *scales, int64_t count, int by_channel) {
    (void)primitive, (void)scales, (void)count, (void)by_channel;
    return status;
}
#endif

void sdnn_primitive_destroy(sdnn_primitive *primitive) {
    if (!primitive) return;
    if (primitive->scales) dnnl_memory_destroy(primitive->scales);
    if (primitive->primitive) dnnl_primitive_destroy(primitive->primitive);
    free(primitive);
}

int sdnn_primitive_descriptor(const sdnn_primitive *primitive, int argument, sdnn_descriptor **out) {
    return sdnn_wrap(dnnl_primitive_desc_query_md(primitive->description, dnnl_query_exec_arg_md, argument), out);
}

const char *sdnn_primitive_implementation(const sdnn_primitive *primitive) {
    const char *text = NULL;
    dnnl_primitive_desc_query(primitive->description, dnnl_query_impl_info_str, 0, &text);
    return text ? text : "";
}

int sdnn_primitive_execute(
    const sdnn_primitive *primitive, int count, const int32_t *arguments, sdnn_memory *const *memories
) {
    dnnl_stream_t stream;
    int status = sdnn_engine(NULL, &stream);
    if (status != dnnl_success) return status;
    if (count > max_arguments) return dnnl_invalid_arguments;
    dnnl_exec_arg_t list[max_arguments + 1];
    for (int i = 0; i < count; i++) list[i] = (dnnl_exec_arg_t){arguments[i], memories[i]->memory};
    if (primitive->scales) list[count++] = (dnnl_exec_arg_t){primitive->scales_argument, primitive->scales};
    status = dnnl_primitive_execute(primitive->primitive, stream, count, list);
    return status == dnnl_success ? (int)dnnl_stream_wait(stream) : status;
}
