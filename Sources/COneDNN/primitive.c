#include <stdlib.h>
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
        case SDNN_POST_SUM:
#if SDNN_IS_3
            status = dnnl_post_ops_append_sum(list, 1, 0, dnnl_data_type_undef);
#else
            status = dnnl_post_ops_append_sum(list, 1);
#endif
            break;
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

void sdnn_primitive_destroy(sdnn_primitive *primitive) {
    if (!primitive) return;
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
    dnnl_exec_arg_t list[max_arguments];
    for (int i = 0; i < count; i++) list[i] = (dnnl_exec_arg_t){arguments[i], memories[i]->memory};
    status = dnnl_primitive_execute(primitive->primitive, stream, count, list);
    return status == dnnl_success ? (int)dnnl_stream_wait(stream) : status;
}
