// Loops that want the widest vectors that the processor has: each is compiled for several, and the fitting one is taken
// when it is first called. Everything else is in Swift or in the kernel library.
#ifndef SORA_CKERNELS_H
#define SORA_CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// One row of windows that lie side by side. Channels lie together and are a multiple of 16; sizes count numbers.
typedef struct {
    /// Rows and columns of a window, at most 127 in all.
    size_t height, width;
    /// Windows in the row.
    size_t columns;
    size_t channels;
    /// From one row of the image to the next.
    size_t row;
} skernels_tiles;

/// The maximum of each window and channel of the image rows that begin at `x`, `[columns, channels]`; unless null,
/// `place` is told which number of its window it is, the first of equals.
void skernels_tile_maximum_f32(const skernels_tiles *tiles, const float *x, float *y, uint8_t *place);
/// The same for the bits of bfloat16 numbers.
void skernels_tile_maximum_bf16(const skernels_tiles *tiles, const uint16_t *x, uint16_t *y, uint8_t *place);
/// The same of bytes, without their places.
void skernels_tile_maximum_u8(const skernels_tiles *tiles, const uint8_t *x, uint8_t *y);
void skernels_tile_maximum_s8(const skernels_tiles *tiles, const int8_t *x, int8_t *y);

/// The rows of the image's gradient: `dy` at each window's place, 0 elsewhere in the windows.
void skernels_tile_maximum_back_f32(const skernels_tiles *tiles, const float *dy, const uint8_t *place, float *dx);
/// The same for the bits of bfloat16 numbers.
void skernels_tile_maximum_back_bf16(const skernels_tiles *tiles, const uint16_t *dy, const uint8_t *place, uint16_t *dx);

/// Pixels of images whose channels lie together, all of them or sixteen by sixteen: `blocks` times sixteen channels.
/// Counts are of numbers, singles or, if `half`, the bits of bfloat16 ones, and are multiples of 16.
typedef struct {
    bool half;
    /// The first number of the first pixel.
    size_t start;
    size_t pixels, pixel_stride;
    size_t blocks, block_stride;
} skernels_channels;

/// Adds pixels of `x` to the `mean` of each channel, and to the sum of the squares of their distance from it, of
/// `pixels_before`. Pixels should be few enough to stay in the nearest cache.
void skernels_statistics(
    const skernels_channels *channels, const void *x, size_t pixels_before, float *mean, float *deviation);
/// Adds pixels of `x` to `sums`, for each channel.
void skernels_pixel_sums(const skernels_channels *channels, const void *x, float *sums);
/// `y = (x - mean) * factor + shift`; unless null, `window` gets a bit for each number of the image, whether it is
/// kept, and `y` is 0 where it is not: where it would be 0 or less.
void skernels_normalize(
    const skernels_channels *channels, const void *x, const float *mean, const float *factor, const float *shift,
    void *y, uint16_t *window);
/// Adds `dy`, where `window` lets it through, to `sums`, and `dy * (x - mean)` to `products`, for each channel.
void skernels_gradient_sums(
    const skernels_channels *channels, const void *x, const void *dy, const uint16_t *window, const float *mean,
    float *sums, float *products);
/// `dx = dy * factor + (x - mean) * slopes + shift`, with the `dy` that `window` lets through. `dx` may be `dy`.
void skernels_normalize_back(
    const skernels_channels *channels, const void *x, const void *dy, const uint16_t *window, const float *mean,
    const float *factor, const float *slopes, const float *shift, void *dx);

/// The first convolution of a network, from the bytes of its frames `[frame, height, width, 3]`, and the maximum pooling
/// by two after it.
typedef struct {
    size_t height, width;
    size_t kernel_height, kernel_width;
    /// Rows and columns of zeros before the first.
    size_t pad_top, pad_left;
    /// Of the result: at most 64 and a multiple of 16.
    size_t channels;
    /// Rows and columns of the result: half the convolution's.
    size_t out_height, out_width;
    /// What is less than 0 becomes 0, and what is more than `ceiling` becomes that.
    bool rectifies;
    float ceiling;
    /// Where the numbers of the result lie, in numbers; the channels of a block are sixteen that follow each other.
    size_t frame_stride, row_stride, pixel_stride, block_stride;
} skernels_frames;

/// Whether this processor, and this code, can do it: in single precision, or in bfloat16 (`half`).
bool skernels_frame_convolution_fits(const skernels_frames *frames, bool half);
/// The rows `first ..< end` of all frames' results.
/// - `table`: what each byte of each of the three channels becomes, `[3, 256]`.
/// - `weights`: `[row, column, channel of a frame, channel of the result]`.
/// - `bias`: for each channel of the result, or null.
void skernels_convolve_frames_f32(
    const skernels_frames *frames, const uint8_t *bytes, const float *table, const float *weights, const float *bias,
    float *y, size_t first, size_t end);
/// The same with the bits of bfloat16 numbers, whose products are added in single precision.
/// - `weights`: `[block of sixteen channels of the result, pair / 16, pair % 16, channel of the block, one of the pair]`,
///   where pairs are of numbers in the order `[column, row, channel of a frame]`, with zeros up to a multiple of 32.
void skernels_convolve_frames_bf16(
    const skernels_frames *frames, const uint8_t *bytes, const uint16_t *table, const uint16_t *weights,
    const float *bias, uint16_t *y, size_t first, size_t end);

#endif
