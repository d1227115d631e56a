// Loops that want the widest vectors that the processor has: each is compiled for several, and the fitting one is taken
// when it is first called. Everything else is in Swift or in the kernel library.
#ifndef SORA_CKERNELS_H
#define SORA_CKERNELS_H

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

#endif
