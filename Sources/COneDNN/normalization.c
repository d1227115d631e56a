#include "build.h"

/// Scale and shift are two vectors, in both versions.
static const unsigned affine = dnnl_use_scale | dnnl_use_shift;

#if SDNN_IS_3
#define BATCH(result, prop, data, flags) \
    status = dnnl_batch_normalization_forward_primitive_desc_create( \
        &result, engine, prop, MD(data), MD(data), epsilon, flags, attributes)
#define LAYER(result, data) \
    status = dnnl_layer_normalization_forward_primitive_desc_create( \
        &result, engine, dnnl_forward_training, MD(data), MD(data), MD(statistics), epsilon, affine, attributes)
#else
#define BATCH(result, prop, data, flags) \
    DESCRIBE( \
        result, dnnl_batch_normalization_desc_t, NULL, \
        dnnl_batch_normalization_forward_desc_init(&operation, prop, MD(data), epsilon, flags))
#define LAYER(result, data) \
    DESCRIBE( \
        result, dnnl_layer_normalization_desc_t, NULL, \
        dnnl_layer_normalization_forward_desc_init( \
            &operation, dnnl_forward_training, MD(data), MD(statistics), epsilon, affine))
#endif

int sdnn_batch_normalization_forward(
    sdnn_primitive **out, int given, int relu, const sdnn_descriptor *data, float epsilon
) {
    BEGIN(NULL, 0);
    unsigned flags = affine | (relu ? dnnl_fuse_norm_relu : 0) | (given ? dnnl_use_global_stats : 0);
    BATCH(description, given ? dnnl_forward_inference : dnnl_forward_training, data, flags);
    FINISH;
}

int sdnn_batch_normalization_backward(
    sdnn_primitive **out, int relu, const sdnn_descriptor *diff, const sdnn_descriptor *data, float epsilon
) {
    BEGIN(NULL, 0);
    dnnl_primitive_desc_t hint = NULL;
    unsigned flags = affine | (relu ? dnnl_fuse_norm_relu : 0);
    BATCH(hint, dnnl_forward_training, data, flags);
    if (status == dnnl_success) {
#if SDNN_IS_3
        status = dnnl_batch_normalization_backward_primitive_desc_create(
            &description, engine, dnnl_backward, MD(diff), MD(diff), MD(data), epsilon, flags, hint, attributes);
#else
        DESCRIBE(
            description, dnnl_batch_normalization_desc_t, hint,
            dnnl_batch_normalization_backward_desc_init(
                &operation, dnnl_backward, MD(diff), MD(data), epsilon, flags));
#endif
    }
    FINISH_WITH_HINT;
}

int sdnn_batch_normalization_backward_takes_shift(void) { return !SDNN_IS_3; }

int sdnn_layer_normalization_forward(
    sdnn_primitive **out, const sdnn_descriptor *data, const sdnn_descriptor *statistics, float epsilon
) {
    BEGIN(NULL, 0);
    LAYER(description, data);
    FINISH;
}

int sdnn_layer_normalization_backward(
    sdnn_primitive **out, const sdnn_descriptor *diff, const sdnn_descriptor *data,
    const sdnn_descriptor *statistics, float epsilon
) {
    BEGIN(NULL, 0);
    dnnl_primitive_desc_t hint = NULL;
    LAYER(hint, data);
    if (status == dnnl_success) {
#if SDNN_IS_3
        status = dnnl_layer_normalization_backward_primitive_desc_create(
            &description, engine, dnnl_backward, MD(diff), MD(diff), MD(data), MD(statistics), epsilon, affine,
            hint, attributes);
#else
        DESCRIBE(
            description, dnnl_layer_normalization_desc_t, hint,
            dnnl_layer_normalization_backward_desc_init(
                &operation, dnnl_backward, MD(diff), MD(data), MD(statistics), epsilon, affine));
#endif
    }
    FINISH_WITH_HINT;
}
