#include "build.h"

static dnnl_alg_kind_t kind_of(int algorithm) {
    return algorithm == SDNN_WINOGRAD ? dnnl_convolution_winograd : dnnl_convolution_direct;
}

#if SDNN_IS_3
#define FORWARD(result, prop, src, weights, bias, dst) \
    status = dnnl_convolution_forward_primitive_desc_create( \
        &result, engine, prop, kind_of(algorithm), MD(src), MD(weights), MD(bias), MD(dst), window->strides, \
        window->dilation, window->pad_before, window->pad_after, attributes)
#else
#define FORWARD(result, prop, src, weights, bias, dst) \
    DESCRIBE( \
        result, dnnl_convolution_desc_t, NULL, \
        dnnl_dilated_convolution_forward_desc_init( \
            &operation, prop, kind_of(algorithm), MD(src), MD(weights), MD(bias), MD(dst), window->strides, \
            window->dilation, window->pad_before, window->pad_after))
#endif

int sdnn_convolution_forward(
    sdnn_primitive **out, int training, int algorithm, const sdnn_descriptor *src, const sdnn_descriptor *weights,
    const sdnn_descriptor *bias, const sdnn_descriptor *dst, const sdnn_window *window, const float *scales,
    int64_t scale_count, const sdnn_post_op *post, int posts
) {
    BEGIN(post, posts);
    status = sdnn_set_scales(
        attributes, scales, scale_count, 1, sdnn_descriptor_rank(weights) > sdnn_descriptor_rank(src));
    if (status == dnnl_success) {
        FORWARD(description, training ? dnnl_forward_training : dnnl_forward_inference, src, weights, bias, dst);
    }
    return sdnn_keep_scales(out, sdnn_finish(out, status, description, attributes), scales, scale_count, 1);
}

int sdnn_bias_precedes_scales(void) { return !SDNN_IS_3; }

int sdnn_convolution_backward_data(
    sdnn_primitive **out, int algorithm, const sdnn_descriptor *diff_src, const sdnn_descriptor *weights,
    const sdnn_descriptor *diff_dst, const sdnn_window *window
) {
    BEGIN(NULL, 0);
    dnnl_primitive_desc_t hint = NULL;
    const sdnn_descriptor *none = NULL;
    FORWARD(hint, dnnl_forward_training, diff_src, weights, none, diff_dst);
    if (status == dnnl_success) {
#if SDNN_IS_3
        status = dnnl_convolution_backward_data_primitive_desc_create(
            &description, engine, kind_of(algorithm), MD(diff_src), MD(weights), MD(diff_dst), window->strides,
            window->dilation, window->pad_before, window->pad_after, hint, attributes);
#else
        DESCRIBE(
            description, dnnl_convolution_desc_t, hint,
            dnnl_dilated_convolution_backward_data_desc_init(
                &operation, kind_of(algorithm), MD(diff_src), MD(weights), MD(diff_dst), window->strides,
                window->dilation, window->pad_before, window->pad_after));
#endif
    }
    FINISH_WITH_HINT;
}

int sdnn_convolution_backward_weights(
    sdnn_primitive **out, int algorithm, const sdnn_descriptor *src, const sdnn_descriptor *diff_weights,
    const sdnn_descriptor *diff_bias, const sdnn_descriptor *diff_dst, const sdnn_window *window
) {
    BEGIN(NULL, 0);
    dnnl_primitive_desc_t hint = NULL;
    // The forward pass that the library wants to be told of has its weights in the images' own type, whatever that of
    // their gradient.
    sdnn_descriptor *weights = NULL;
    if (status == dnnl_success) {
        int64_t dims[SDNN_MAX_RANK];
        sdnn_descriptor_dims(diff_weights, dims);
        status = sdnn_descriptor_create(
            &weights, sdnn_descriptor_rank(diff_weights), dims, sdnn_descriptor_type(src), NULL);
    }
    if (status == dnnl_success) {
        FORWARD(hint, dnnl_forward_training, src, weights, diff_bias, diff_dst);
    }
    sdnn_descriptor_destroy(weights);
    if (status == dnnl_success) {
#if SDNN_IS_3
        status = dnnl_convolution_backward_weights_primitive_desc_create(
            &description, engine, kind_of(algorithm), MD(src), MD(diff_weights), MD(diff_bias), MD(diff_dst),
            window->strides, window->dilation, window->pad_before, window->pad_after, hint, attributes);
#else
        DESCRIBE(
            description, dnnl_convolution_desc_t, hint,
            dnnl_dilated_convolution_backward_weights_desc_init(
                &operation, kind_of(algorithm), MD(src), MD(diff_weights), MD(diff_bias), MD(diff_dst),
                window->strides, window->dilation, window->pad_before, window->pad_after));
#endif
    }
    FINISH_WITH_HINT;
}
