#include <stdlib.h>
#include "build.h"

int sdnn_reorder(
    sdnn_primitive **out, const sdnn_descriptor *src, const sdnn_descriptor *dst, float scale, int accumulate
) {
    sdnn_post_op sum = {.kind = SDNN_POST_SUM, .function = -1, .alpha = 1};
    int64_t scales = scale == 1 ? 0 : 1;
    BEGIN(&sum, accumulate ? 1 : 0);
    status = sdnn_set_scales(attributes, &scale, scales, 0, 0);
    if (status == dnnl_success)
        status = dnnl_reorder_primitive_desc_create(&description, MD(src), engine, MD(dst), engine, attributes);
    return sdnn_keep_scales(out, sdnn_finish(out, status, description, attributes), &scale, scales, 0);
}

int sdnn_concatenate(
    sdnn_primitive **out, const sdnn_descriptor *dst, int axis, int count, const sdnn_descriptor *const *sources
) {
    if (count < 1) return dnnl_invalid_arguments;
    BEGIN(NULL, 0);
    dnnl_memory_desc_t *list = calloc((size_t)count, sizeof *list);
    if (!list) return sdnn_finish(out, dnnl_out_of_memory, NULL, attributes);
    for (int i = 0; i < count; i++) list[i] = sources[i]->md;
#if SDNN_IS_3
    status = dnnl_concat_primitive_desc_create(
        &description, engine, MD(dst), count, axis, (const_dnnl_memory_desc_t const *)list, attributes);
#else
    status = dnnl_concat_primitive_desc_create(&description, MD(dst), count, axis, list, attributes, engine);
#endif
    free(list);
    FINISH;
}
