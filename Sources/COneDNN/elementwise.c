#include "build.h"

dnnl_alg_kind_t sdnn_function_kind(int function, int of_output, float *alpha, float *beta) {
    float a = 0, b = 0;
    dnnl_alg_kind_t kind = dnnl_alg_kind_undef;
    switch (function) {
    case SDNN_RELU: kind = of_output ? dnnl_eltwise_relu_use_dst_for_bwd : dnnl_eltwise_relu; break;
    case SDNN_RELU6: kind = of_output ? dnnl_eltwise_clip_v2_use_dst_for_bwd : dnnl_eltwise_clip_v2, b = 6; break;
    case SDNN_GELU: kind = dnnl_eltwise_gelu_erf; break;
    case SDNN_SILU: kind = dnnl_eltwise_swish, a = 1; break;
    case SDNN_SIGMOID: kind = of_output ? dnnl_eltwise_logistic_use_dst_for_bwd : dnnl_eltwise_logistic; break;
    case SDNN_TANH: kind = of_output ? dnnl_eltwise_tanh_use_dst_for_bwd : dnnl_eltwise_tanh; break;
    case SDNN_EXP: kind = of_output ? dnnl_eltwise_exp_use_dst_for_bwd : dnnl_eltwise_exp; break;
    case SDNN_SOFTPLUS: kind = dnnl_eltwise_soft_relu, a = 1; break;
    case SDNN_SQUARE: kind = dnnl_eltwise_square; break;
    case SDNN_ABSOLUTE: kind = dnnl_eltwise_abs; break;
    case SDNN_LOGARITHM: kind = dnnl_eltwise_log; break;
    case SDNN_RECIPROCAL_SQRT: kind = dnnl_eltwise_pow, a = 1, b = -0.5f; break;
    case SDNN_RECIPROCAL: kind = dnnl_eltwise_pow, a = 1, b = -1; break;
    case SDNN_LINEAR: kind = dnnl_eltwise_linear, a = *alpha, b = *beta; break;
    default: break;
    }
    *alpha = a, *beta = b;
    return kind;
}

dnnl_alg_kind_t sdnn_binary_kind(int function) {
    switch (function) {
    case SDNN_ADD: return dnnl_binary_add;
    case SDNN_SUBTRACT: return dnnl_binary_sub;
    case SDNN_MULTIPLY: return dnnl_binary_mul;
    case SDNN_MAXIMUM: return dnnl_binary_max;
    default: return dnnl_alg_kind_undef;
    }
}

int sdnn_function_uses_output(int function) {
    switch (function) {
    case SDNN_RELU: case SDNN_RELU6: case SDNN_SIGMOID: case SDNN_TANH: case SDNN_EXP: return 1;
    default: return 0;
    }
}

#if SDNN_IS_3
#define FUNCTION(result, kind, data) \
    status = dnnl_eltwise_forward_primitive_desc_create( \
        &result, engine, dnnl_forward_training, kind, MD(data), MD(data), alpha, beta, attributes)
#else
#define FUNCTION(result, kind, data) \
    DESCRIBE( \
        result, dnnl_eltwise_desc_t, NULL, \
        dnnl_eltwise_forward_desc_init(&operation, dnnl_forward_training, kind, MD(data), alpha, beta))
#endif

int sdnn_function_forward(
    sdnn_primitive **out, int function, float alpha, float beta, const sdnn_descriptor *data
) {
    BEGIN(NULL, 0);
    dnnl_alg_kind_t kind = sdnn_function_kind(function, 0, &alpha, &beta);
    FUNCTION(description, kind, data);
    FINISH;
}

int sdnn_function_backward(sdnn_primitive **out, int function, const sdnn_descriptor *data) {
    BEGIN(NULL, 0);
    float alpha = 0, beta = 0;
    dnnl_primitive_desc_t hint = NULL;
    dnnl_alg_kind_t kind = sdnn_function_kind(function, sdnn_function_uses_output(function), &alpha, &beta);
    FUNCTION(hint, kind, data);
    if (status == dnnl_success) {
#if SDNN_IS_3
        status = dnnl_eltwise_backward_primitive_desc_create(
            &description, engine, kind, MD(data), MD(data), MD(data), alpha, beta, hint, attributes);
#else
        DESCRIBE(
            description, dnnl_eltwise_desc_t, hint,
            dnnl_eltwise_backward_desc_init(&operation, kind, MD(data), MD(data), alpha, beta));
#endif
    }
    FINISH_WITH_HINT;
}

int sdnn_binary(
    sdnn_primitive **out, int function, const sdnn_descriptor *src0, const sdnn_descriptor *src1,
    const sdnn_descriptor *dst
) {
    BEGIN(NULL, 0);
#if SDNN_IS_3
    status = dnnl_binary_primitive_desc_create(
        &description, engine, sdnn_binary_kind(function), MD(src0), MD(src1), MD(dst), attributes);
#else
    DESCRIBE(
        description, dnnl_binary_desc_t, NULL,
        dnnl_binary_desc_init(&operation, sdnn_binary_kind(function), MD(src0), MD(src1), MD(dst)));
#endif
    FINISH;
}
