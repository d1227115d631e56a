#include "build.h"

int sdnn_matmul(
    sdnn_primitive **out, const sdnn_descriptor *src, const sdnn_descriptor *weights, const sdnn_descriptor *bias,
    const sdnn_descriptor *dst
) {
    BEGIN(NULL, 0);
#if SDNN_IS_3
    status = dnnl_matmul_primitive_desc_create(
        &description, engine, MD(src), MD(weights), MD(bias), MD(dst), attributes);
#else
    DESCRIBE(
        description, dnnl_matmul_desc_t, NULL,
        dnnl_matmul_desc_init(&operation, MD(src), MD(weights), MD(bias), MD(dst)));
#endif
    FINISH;
}

static dnnl_alg_kind_t softmax(int logarithm) { return logarithm ? dnnl_softmax_log : dnnl_softmax_accurate; }

#if SDNN_IS_3
#define SOFTMAX(result) \
    status = dnnl_softmax_forward_primitive_desc_create( \
        &result, engine, dnnl_forward_training, softmax(logarithm), MD(data), MD(data), axis, attributes)
#else
#define SOFTMAX(result) \
    DESCRIBE( \
        result, dnnl_softmax_v2_desc_t, NULL, \
        dnnl_softmax_v2_forward_desc_init( \
            &operation, dnnl_forward_training, softmax(logarithm), MD(data), MD(data), axis))
#endif

int sdnn_softmax_forward(sdnn_primitive **out, int logarithm, const sdnn_descriptor *data, int axis) {
    BEGIN(NULL, 0);
    SOFTMAX(description);
    FINISH;
}

int sdnn_softmax_backward(sdnn_primitive **out, int logarithm, const sdnn_descriptor *data, int axis) {
    BEGIN(NULL, 0);
    dnnl_primitive_desc_t hint = NULL;
    SOFTMAX(hint);
    if (status == dnnl_success) {
#if SDNN_IS_3
        status = dnnl_softmax_backward_primitive_desc_create(
            &description, engine, softmax(logarithm), MD(data), MD(data), MD(data), axis, hint, attributes);
#else
        DESCRIBE(
            description, dnnl_softmax_v2_desc_t, hint,
            dnnl_softmax_v2_backward_desc_init(
                &operation, softmax(logarithm), MD(data), MD(data), MD(data), axis));
#endif
    }
    FINISH_WITH_HINT;
}

int sdnn_sgemm(
    int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k, float alpha, const float *a, int64_t lda,
    const float *b, int64_t ldb, float beta, float *c, int64_t ldc
) {
    return dnnl_sgemm(
        transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
