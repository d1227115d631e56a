// A small C facade over oneDNN that makes 2.6 and 3.x look the same.
//
// Every function that can fail returns 0 or a status for `sdnn_status_text`. What a `create` function hands out is
// given back with the `destroy` function of its kind. Executing is for one thread at a time; everything else may be
// called from any thread.
#ifndef SORA_CONEDNN_H
#define SORA_CONEDNN_H

#include <stddef.h>
#include <stdint.h>

typedef struct sdnn_descriptor sdnn_descriptor;
typedef struct sdnn_memory sdnn_memory;
typedef struct sdnn_primitive sdnn_primitive;

/// Version of the oneDNN library in use, as major * 100 + minor.
int sdnn_version(void);
/// What a status means, in words. Never NULL.
const char *sdnn_status_text(int status);
/// Threads that the library computes with.
int sdnn_thread_count(void);
/// Whether the processor multiplies bf16 by itself, rather than the library by way of f32.
int sdnn_has_bf16(void);
/// Whether the processor multiplies bytes and adds up their products in one instruction.
int sdnn_has_int8(void);
/// Whether the processor has vectors of 512 bits, and the library makes use of them.
int sdnn_has_wide_vectors(void);

// Memory descriptors: the sizes of a tensor's axes and where its elements lie.

enum { SDNN_F32 = 0, SDNN_U8 = 1, SDNN_S32 = 2, SDNN_BF16 = 3, SDNN_S8 = 4 };
enum { SDNN_MAX_RANK = 12 };

/// A layout by strides in elements; with `strides` NULL, one that a primitive may choose.
int sdnn_descriptor_create(
    sdnn_descriptor **out, int rank, const int64_t *dims, int type, const int64_t *strides);
/// An image, `dims` in the order batch, channel, height, width, whose channels lie in blocks of 16 (nChw16c).
int sdnn_descriptor_create_blocked(sdnn_descriptor **out, const int64_t *dims, int type);
/// The part of `parent` that begins at `offsets` and has `dims`.
int sdnn_descriptor_create_part(
    sdnn_descriptor **out, const sdnn_descriptor *parent, const int64_t *dims, const int64_t *offsets);
void sdnn_descriptor_destroy(sdnn_descriptor *descriptor);
int sdnn_descriptor_equal(const sdnn_descriptor *a, const sdnn_descriptor *b);
/// Bytes a tensor of this layout takes, padding included.
size_t sdnn_descriptor_size(const sdnn_descriptor *descriptor);
int sdnn_descriptor_rank(const sdnn_descriptor *descriptor);
/// Of SDNN_F32 …; -1 for a type that is none of them.
int sdnn_descriptor_type(const sdnn_descriptor *descriptor);
/// Writes the sizes of the axes, `rank` of them.
void sdnn_descriptor_dims(const sdnn_descriptor *descriptor, int64_t *dims);
/// If the layout is strides alone, or strides over blocks of axis 1, writes the strides (of blocks) and returns the
/// size of the block (1 if there is none); otherwise 0.
int sdnn_descriptor_blocks(const sdnn_descriptor *descriptor, int64_t *strides);

// Memory: a descriptor and where the bytes are.

int sdnn_memory_create(sdnn_memory **out, const sdnn_descriptor *descriptor, void *data);
int sdnn_memory_set_data(sdnn_memory *memory, void *data);
void sdnn_memory_destroy(sdnn_memory *memory);

// Primitives

/// Arguments of primitives, with oneDNN's own numbers.
enum {
    SDNN_ARG_SRC = 1, SDNN_ARG_SRC_1 = 2, SDNN_ARG_DST = 17, SDNN_ARG_WEIGHTS = 33, SDNN_ARG_BIAS = 41,
    SDNN_ARG_MEAN = 49, SDNN_ARG_VARIANCE = 50, SDNN_ARG_SCALE = 51, SDNN_ARG_SHIFT = 52,
    SDNN_ARG_WORKSPACE = 64, SDNN_ARG_SCRATCHPAD = 80,
    SDNN_ARG_DIFF_SRC = 129, SDNN_ARG_DIFF_DST = 145, SDNN_ARG_DIFF_WEIGHTS = 161, SDNN_ARG_DIFF_BIAS = 169,
    SDNN_ARG_DIFF_SCALE = 255, SDNN_ARG_DIFF_SHIFT = 256, SDNN_ARG_MULTIPLE_SRC = 1024,
};
/// Gives the primitive back.
void sdnn_primitive_destroy(sdnn_primitive *primitive);
/// The layout an argument must have. Fails if the primitive does not take it.
int sdnn_primitive_descriptor(const sdnn_primitive *primitive, int argument, sdnn_descriptor **out);
/// The name of the implementation that oneDNN chose. Lives as long as the primitive.
const char *sdnn_primitive_implementation(const sdnn_primitive *primitive);
/// Runs it, to the end.
int sdnn_primitive_execute(
    const sdnn_primitive *primitive, int count, const int32_t *arguments, sdnn_memory *const *memories);

/// Functions of one number. The forms that a gradient of the output takes are chosen by the facade.
enum {
    SDNN_RELU, SDNN_RELU6, SDNN_GELU, SDNN_SILU, SDNN_SIGMOID, SDNN_TANH, SDNN_EXP, SDNN_SOFTPLUS, SDNN_SQUARE,
    SDNN_ABSOLUTE, SDNN_LOGARITHM, SDNN_RECIPROCAL_SQRT, SDNN_RECIPROCAL, SDNN_LINEAR,
};
enum { SDNN_ADD, SDNN_SUBTRACT, SDNN_MULTIPLY, SDNN_MAXIMUM };
enum { SDNN_POST_SUM, SDNN_POST_FUNCTION };

/// What is done to a primitive's result before it is stored.
typedef struct {
    /// SDNN_POST_…: add the old contents of the destination, or apply a function.
    int kind;
    /// Of SDNN_RELU …; with SDNN_POST_SUM what the old contents are, of SDNN_F32 …, or -1 for the destination's own
    /// type. It has the size of the destination's.
    int function;
    /// Factors of SDNN_LINEAR: `alpha * x + beta`; with SDNN_POST_SUM the factor of the old contents.
    float alpha, beta;
} sdnn_post_op;

/// Geometry of a convolution or pooling. The dilation is 0 for an ordinary kernel, as oneDNN counts.
typedef struct {
    int64_t strides[2], kernel[2], dilation[2], pad_before[2], pad_after[2];
} sdnn_window;

enum { SDNN_DIRECT, SDNN_WINOGRAD };

/// `scales`, NULL or one for each output channel, are what sums are multiplied by before anything else is done to them;
/// `sdnn_bias_precedes_scales` says whether the bias is in a sum then.
int sdnn_convolution_forward(
    sdnn_primitive **out, int training, int algorithm, const sdnn_descriptor *src, const sdnn_descriptor *weights,
    const sdnn_descriptor *bias, const sdnn_descriptor *dst, const sdnn_window *window, const float *scales,
    int64_t scale_count, const sdnn_post_op *post, int posts);
/// Whether a convolution with scales adds its bias before they are applied (2.x) or after (3.x).
int sdnn_bias_precedes_scales(void);
int sdnn_convolution_backward_data(
    sdnn_primitive **out, int algorithm, const sdnn_descriptor *diff_src, const sdnn_descriptor *weights,
    const sdnn_descriptor *diff_dst, const sdnn_window *window);
int sdnn_convolution_backward_weights(
    sdnn_primitive **out, int algorithm, const sdnn_descriptor *src, const sdnn_descriptor *diff_weights,
    const sdnn_descriptor *diff_bias, const sdnn_descriptor *diff_dst, const sdnn_window *window);

enum { SDNN_POOL_MAXIMUM, SDNN_POOL_AVERAGE, SDNN_POOL_AVERAGE_WITH_PADDING };

/// With `training`, a maximum pooling has a workspace.
int sdnn_pooling_forward(
    sdnn_primitive **out, int training, int kind, const sdnn_descriptor *src, const sdnn_descriptor *dst,
    const sdnn_window *window);
/// `forward` is the primitive that made the workspace.
int sdnn_pooling_backward(
    sdnn_primitive **out, int kind, const sdnn_descriptor *diff_src, const sdnn_descriptor *diff_dst,
    const sdnn_window *window, const sdnn_primitive *forward);

/// With `given`, mean and variance are inputs, otherwise outputs. With `relu`, a ReLU follows (and has a workspace in
/// training).
int sdnn_batch_normalization_forward(
    sdnn_primitive **out, int given, int relu, const sdnn_descriptor *data, float epsilon);
int sdnn_batch_normalization_backward(
    sdnn_primitive **out, int relu, const sdnn_descriptor *diff, const sdnn_descriptor *data, float epsilon);
/// Whether its gradient must be given a shift, on which it does not depend: 2.x asks for one, 3.x refuses it.
int sdnn_batch_normalization_backward_takes_shift(void);
int sdnn_layer_normalization_forward(
    sdnn_primitive **out, const sdnn_descriptor *data, const sdnn_descriptor *statistics, float epsilon);
int sdnn_layer_normalization_backward(
    sdnn_primitive **out, const sdnn_descriptor *diff, const sdnn_descriptor *data,
    const sdnn_descriptor *statistics, float epsilon);

int sdnn_function_forward(
    sdnn_primitive **out, int function, float alpha, float beta, const sdnn_descriptor *data);
/// Whether the gradient takes the function's output (argument DST) or its input (argument SRC).
int sdnn_function_uses_output(int function);
/// Fails for functions that oneDNN has no gradient of.
int sdnn_function_backward(sdnn_primitive **out, int function, const sdnn_descriptor *data);
int sdnn_binary(
    sdnn_primitive **out, int function, const sdnn_descriptor *src0, const sdnn_descriptor *src1,
    const sdnn_descriptor *dst);

int sdnn_matmul(
    sdnn_primitive **out, const sdnn_descriptor *src, const sdnn_descriptor *weights, const sdnn_descriptor *bias,
    const sdnn_descriptor *dst);
int sdnn_softmax_forward(sdnn_primitive **out, int logarithm, const sdnn_descriptor *data, int axis);
int sdnn_softmax_backward(sdnn_primitive **out, int logarithm, const sdnn_descriptor *data, int axis);
/// With `bilinear` 0, the nearest element.
int sdnn_resampling_forward(
    sdnn_primitive **out, int bilinear, const sdnn_descriptor *src, const sdnn_descriptor *dst);
int sdnn_resampling_backward(
    sdnn_primitive **out, int bilinear, const sdnn_descriptor *diff_src, const sdnn_descriptor *diff_dst);

/// Each number times `scale`; with `accumulate`, what is in the destination is added to.
int sdnn_reorder(
    sdnn_primitive **out, const sdnn_descriptor *src, const sdnn_descriptor *dst, float scale, int accumulate);
int sdnn_concatenate(
    sdnn_primitive **out, const sdnn_descriptor *dst, int axis, int count, const sdnn_descriptor *const *sources);

/// `c = alpha * op(a) op(b) + beta * c`, row-major, `op` a transposition where asked for.
int sdnn_sgemm(
    int transpose_a, int transpose_b, int64_t m, int64_t n, int64_t k, float alpha, const float *a, int64_t lda,
    const float *b, int64_t ldb, float beta, float *c, int64_t ldc);

/// Calls `body(context, part, parts)` for each part, on the threads that oneDNN uses when the library's OpenMP runtime
/// can be found, otherwise one after the other.
void sdnn_parallel(void (*body)(void *context, int part, int parts), void *context);
/// Whether those threads leave the processor to others while they wait for each other, rather than spin. One thread at a
/// time may call it. Does nothing where the runtime is not libgomp.
void sdnn_give_way(int wanted);
/// How often the thread that calls it had its processor taken away before its time was up; -1 where nobody counts.
int64_t sdnn_times_sent_away(void);

#endif
