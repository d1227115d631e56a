#include "build.h"

static dnnl_alg_kind_t kind_of(int kind) {
    return kind == SDNN_POOL_MAXIMUM ? dnnl_pooling_max
        : kind == SDNN_POOL_AVERAGE  ? dnnl_pooling_avg_exclude_padding
                                     : dnnl_pooling_avg_include_padding;
}

int sdnn_pooling_forward(
    sdnn_primitive **out, int training, int kind, const sdnn_descriptor *src, const sdnn_descriptor *dst,
    const sdnn_window *window
) {
    BEGIN(NULL, 0);
    dnnl_prop_kind_t prop = training ? dnnl_forward_training : dnnl_forward_inference;
#if SDNN_IS_3
    status = dnnl_pooling_forward_primitive_desc_create(
        &description, engine, prop, kind_of(kind), MD(src), MD(dst), window->strides, window->kernel,
        window->dilation, window->pad_before, window->pad_after, attributes);
#else
    DESCRIBE(
        description, dnnl_pooling_desc_t, NULL,
        dnnl_pooling_forward_desc_init(
            &operation, prop, kind_of(kind), MD(src), MD(dst), window->strides, window->kernel, window->pad_before,
            window->pad_after));
#endif
    FINISH;
}

int sdnn_pooling_backward(
    sdnn_primitive **out, int kind, const sdnn_descriptor *diff_src, const sdnn_descriptor *diff_dst,
    const sdnn_window *window, const sdnn_primitive *forward
) {
    BEGIN(NULL, 0);
#if SDNN_IS_3
    status = dnnl_pooling_backward_primitive_desc_create(
        &description, engine, kind_of(kind), MD(diff_src), MD(diff_dst), window->strides, window->kernel,
        window->dilation, window->pad_before, window->pad_after, forward->description, attributes);
#else
    DESCRIBE(
        description, dnnl_pooling_desc_t, forward->description,
        dnnl_pooling_backward_desc_init(
            &operation, kind_of(kind), MD(diff_src), MD(diff_dst), window->strides, window->kernel,
            window->pad_before, window->pad_after));
#endif
    FINISH;
}

static dnnl_alg_kind_t resampling(int bilinear) {
    return bilinear ? dnnl_resampling_linear : dnnl_resampling_nearest;
}

#if SDNN_IS_3
#define ENLARGE(result, src, dst) \
    status = dnnl_resampling_forward_primitive_desc_create( \
        &result, engine, dnnl_forward_training, resampling(bilinear), NULL, MD(src), MD(dst), attributes)
#else
#define ENLARGE(result, src, dst) \
    DESCRIBE( \
        result, dnnl_resampling_desc_t, NULL, \
        dnnl_resampling_forward_desc_init( \
            &operation, dnnl_forward_training, resampling(bilinear), NULL, MD(src), MD(dst)))
#endif

int sdnn_resampling_forward(
    sdnn_primitive **out, int bilinear, const sdnn_descriptor *src, const sdnn_descriptor *dst
) {
    BEGIN(NULL, 0);
    ENLARGE(description, src, dst);
    FINISH;
}

int sdnn_resampling_backward(
    sdnn_primitive **out, int bilinear, const sdnn_descriptor *diff_src, const sdnn_descriptor *diff_dst
) {
    BEGIN(NULL, 0);
    dnnl_primitive_desc_t hint = NULL;
    ENLARGE(hint, diff_src, diff_dst);
    if (status == dnnl_success) {
#if SDNN_IS_3
        status = dnnl_resampling_backward_primitive_desc_create(
            &description, engine, resampling(bilinear), NULL, MD(diff_src), MD(diff_dst), hint, attributes);
#else
        DESCRIBE(
            description, dnnl_resampling_desc_t, hint,
            dnnl_resampling_backward_desc_init(
                &operation, resampling(bilinear), NULL, MD(diff_src), MD(diff_dst)));
#endif
    }
    FINISH_WITH_HINT;
}
