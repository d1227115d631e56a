#include "vectors.h"

#include <string.h>

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

// What is done at a time: a strip of a row of the convolution. Everything on the way then has a fixed size and stays in
// the nearer caches.
enum {
    // Pixels: a multiple of those that either kernel takes at once, and of a window's width.
    strip = 96,
    most_channels = 64,
    most_kernel = 7,
    // Either kernel goes past the end by less than 32 pixels.
    columns = strip + 32 + most_kernel,
    // Numbers that a tile reads from where a window begins.
    depth = 32,
};

#define WIDE __attribute__((target("avx512f,avx512bw,avx512vl")))
#define TILED __attribute__((target("avx512f,avx512bw,avx512vl,amx-tile,amx-bf16")))

bool skernels_frame_convolution_fits(const skernels_frames *f, bool half) {
    if (!__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512vl")) return false;
    if (f->channels % 16 || f->channels > most_channels || f->kernel_height > most_kernel ||
        f->kernel_width > most_kernel)
        return false;
    if (!half) return true;
    // The system lends the tiles' memory to a process that asks for it.
    enum { request_permission = 0x1023, tile_data = 18 };
    return __builtin_cpu_supports("amx-tile") && __builtin_cpu_supports("amx-bf16") &&
           syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}

// MARK: In and out

// `count` pixels of a row from `column`, which may lie outside the frame, as numbers.
#define CONVERT_ROW(name, type)                                                                                 \
    static void convert_##name(                                                                                 \
        const skernels_frames *f, const uint8_t *frame, ptrdiff_t row, ptrdiff_t column, ptrdiff_t count,       \
        const type *table, type *to                                                                             \
    ) {                                                                                                         \
        ptrdiff_t begin = column < 0 ? -column : 0, end = (ptrdiff_t)f->width - column;                         \
        if (end > count) end = count;                                                                           \
        if (row < 0 || row >= (ptrdiff_t)f->height || end < begin) begin = end = count;                         \
        memset(to, 0, (size_t)begin * 3 * sizeof(type));                                                        \
        memset(to + 3 * end, 0, (size_t)(count - end) * 3 * sizeof(type));                                      \
        const uint8_t *from = frame + (row * (ptrdiff_t)f->width + column) * 3;                                 \
        for (ptrdiff_t i = begin * 3; i < end * 3; i += 3) {                                                    \
            to[i] = table[from[i]];                                                                             \
            to[i + 1] = table[256 + from[i + 1]];                                                               \
            to[i + 2] = table[512 + from[i + 2]];                                                               \
        }                                                                                                       \
    }
CONVERT_ROW(f32, float)
CONVERT_ROW(bf16, uint16_t)

// Of two numbers the larger; what is none stays in sight.
#define LARGER(a, b) (floats)CHOOSE((ints)((a) > (b)) | (ints)((a) != (a)), (ints)(a), (ints)(b))

// The largest of two by two, bias, activation, and where it all belongs. `sums` are `[row, strip, channel]`.
#define FINISH_ROW(name, type, STORE)                                                                           \
    WIDE static void finish_##name(                                                                             \
        const skernels_frames *f, const float *sums, size_t pixels, const float *bias, type *y                  \
    ) {                                                                                                         \
        size_t across = f->channels, down = (strip + 32) * across;                                              \
        floats most = (floats){0} + f->ceiling;                                                                 \
        for (size_t channel = 0; channel < f->channels; channel += 16) {                                        \
            floats shift = {0};                                                                                 \
            if (bias) shift = *(const floats *)(bias + channel);                                                \
            const float *from = sums + channel;                                                                 \
            type *to = y + channel / 16 * f->block_stride;                                                      \
            for (size_t p = 0; p < pixels; p++, to += f->pixel_stride) {                                        \
                floats v = *(const floats *)from, right = *(const floats *)(from + across);                     \
                floats below = *(const floats *)(from + down);                                                  \
                floats beyond = *(const floats *)(from + down + across);                                        \
                v = LARGER(v, right);                                                                           \
                below = LARGER(below, beyond);                                                                  \
                v = LARGER(v, below);                                                                           \
                from += 2 * across;                                                                             \
                v += shift;                                                                                     \
                if (f->rectifies) {                                                                             \
                    v = (floats)(~(ints)(v < 0) & (ints)v);                                                     \
                    v = (floats)CHOOSE((ints)(v > most), (ints)most, (ints)v);                                  \
                }                                                                                               \
                STORE(to, v);                                                                                   \
            }                                                                                                   \
        }                                                                                                       \
    }
FINISH_ROW(f32, float, STORE_F32)
FINISH_ROW(bf16, uint16_t, STORE_BF16)

// MARK: Single precision

// Eight pixels and one or two times sixteen channels: the sums stay in registers, and what is multiplied comes from
// memory, a number for all channels.
enum { together = 8 };
#define SUMS(count)                                                                                     \
    for (size_t p = 0; p < pixels; p += together) {                                                             \
        floats sum[together][count] = {0};                                                                      \
        for (size_t ky = 0; ky < f->kernel_height; ky++) {                                                      \
            const float *x = rows[ky] + p * 3;                                                                  \
            const float *w = weights + channel + ky * f->kernel_width * 3 * f->channels;                        \
            for (size_t k = 0; k < f->kernel_width * 3; k++, x++, w += f->channels) {                           \
                floats by[count];                                                                               \
                _Pragma("unroll") for (size_t b = 0; b < (count); b++) by[b] = *(const floats *)(w + 16 * b);   \
                _Pragma("unroll") for (size_t i = 0; i < together; i++)                                         \
                    _Pragma("unroll") for (size_t b = 0; b < (count); b++)                                      \
                        sum[i][b] += by[b] * x[i * 3];                                                          \
            }                                                                                                   \
        }                                                                                                       \
        _Pragma("unroll") for (size_t i = 0; i < together; i++)                                                 \
            _Pragma("unroll") for (size_t b = 0; b < (count); b++)                                              \
                *(floats *)(sums + (p + i) * f->channels + channel + 16 * b) = sum[i][b];                       \
    }

WIDE static void multiply_f32(
    const skernels_frames *f, const float *const *rows, size_t pixels, const float *weights, float *sums
) {
    size_t channel = 0;
    for (; channel + 32 <= f->channels; channel += 32) SUMS(2)
    if (channel < f->channels) SUMS(1)
}

// MARK: Half precision

typedef struct {
    uint8_t palette, start_row, reserved[14];
    uint16_t bytes[16];
    uint8_t rows[16];
} tiles;

// Columns of `height` pixels each, one after the other.
static inline __attribute__((always_inline)) void interleave(
    const uint16_t *const *rows, size_t count, size_t height, uint16_t *to
) {
    for (size_t column = 0; column < count; column++)
        // Four numbers at once: the fourth is overwritten by the next.
        for (size_t ky = 0; ky < height; ky++, to += 3) memcpy(to, rows[ky] + column * 3, 8);
}

// A tile is sixteen pixels by 32 numbers of their windows, or sixteen channels by those; a sum sixteen by sixteen. The
// windows of a column lie together, and so do those of the next: a window is one run of numbers, and the tile's rows
// overlap. Numbers past a window's end meet weights of 0.
TILED static void multiply_bf16(
    const skernels_frames *f, const uint16_t *const *rows, size_t pixels, const uint16_t *weights, float *sums
) {
    uint16_t windows[columns * most_kernel * 3 + 2 * depth] __attribute__((aligned(64)));
    size_t height = f->kernel_height * 3, steps = (height * f->kernel_width + depth - 1) / depth;
    size_t count = (pixels + 31) / 32 * 32 - 1 + f->kernel_width;
    switch (f->kernel_height) {
        case 3: interleave(rows, count, 3, windows); break;
        case 7: interleave(rows, count, 7, windows); break;
        default: interleave(rows, count, f->kernel_height, windows);
    }
    memset(windows + count * height, 0, 2 * depth);

    size_t next = f->channels * sizeof(float);
    for (size_t p = 0; p < pixels; p += 32) {
        const uint16_t *x = windows + p * height;
        for (size_t channel = 0; channel < f->channels; channel += 32) {
            bool both = channel + 16 < f->channels;
            const uint16_t *w = weights + channel / 16 * steps * depth * 16;
            _tile_zero(0);
            _tile_zero(1);
            _tile_zero(2);
            _tile_zero(3);
            for (size_t step = 0; step < steps; step++, w += depth * 16) {
                _tile_loadd(4, x + step * depth, height * 2);
                _tile_loadd(5, x + step * depth + 16 * height, height * 2);
                _tile_loadd(6, w, depth * 2);
                _tile_dpbf16ps(0, 4, 6);
                _tile_dpbf16ps(1, 5, 6);
                if (both) {
                    _tile_loadd(7, w + steps * depth * 16, depth * 2);
                    _tile_dpbf16ps(2, 4, 7);
                    _tile_dpbf16ps(3, 5, 7);
                }
            }
            float *sum = sums + p * f->channels + channel;
            _tile_stored(0, sum, next);
            _tile_stored(1, sum + 16 * f->channels, next);
            if (both) {
                _tile_stored(2, sum + 16, next);
                _tile_stored(3, sum + 16 * f->channels + 16, next);
            }
        }
    }
}

// The shape of the tiles belongs to the thread: it is as it was when this is done.
TILED static void set_tiles(tiles *before) {
    tiles ours = {.palette = 1};
    for (size_t i = 0; i < 8; i++) {
        ours.bytes[i] = 64;
        ours.rows[i] = 16;
    }
    _tile_storeconfig(before);
    _tile_loadconfig(&ours);
}

TILED static void reset_tiles(const tiles *before) {
    if (before->palette)
        _tile_loadconfig(before);
    else
        _tile_release();
}

// MARK: All of it

// A row of the result needs two rows of sums; those need as many rows of the frame as the kernel is high, of which the
// last ones are there from the row before.
#define CONVOLVE(name, type)                                                                                    \
    static void convolve_##name(                                                                                \
        const skernels_frames *f, const uint8_t *frames, const type *table, const type *weights,                \
        const float *bias, type *y, size_t first, size_t end                                                    \
    ) {                                                                                                         \
        type ring[most_kernel][columns * 3 + 1];                                                                \
        float sums[2 * (strip + 32) * most_channels] __attribute__((aligned(64)));                              \
        ptrdiff_t height = (ptrdiff_t)f->kernel_height;                                                         \
        for (size_t from = 0; from < f->out_width * 2; from += strip) {                                         \
            size_t pixels = f->out_width * 2 - from < strip ? f->out_width * 2 - from : strip;                  \
            ptrdiff_t column = (ptrdiff_t)from - (ptrdiff_t)f->pad_left;                                        \
            ptrdiff_t count = (ptrdiff_t)((pixels + 31) / 32 * 32 + f->kernel_width);                           \
            ptrdiff_t there = 0;                                                                                \
            for (size_t row = first; row < end; row++) {                                                        \
                size_t frame = row / f->out_height, down = row % f->out_height;                                 \
                const uint8_t *bytes = frames + frame * f->height * f->width * 3;                               \
                ptrdiff_t top = (ptrdiff_t)(down * 2) - (ptrdiff_t)f->pad_top;                                  \
                if (row == first || down == 0) there = top;                                                     \
                for (size_t fold = 0; fold < 2; fold++, top++) {                                                \
                    const type *rows[most_kernel];                                                              \
                    for (ptrdiff_t ky = 0; ky < height; ky++) {                                                 \
                        ptrdiff_t at = top + ky;                                                                \
                        type *place = ring[(at + height) % height];                                             \
                        if (at >= there) {                                                                      \
                            convert_##name(f, bytes, at, column, count, table, place);                          \
                            there = at + 1;                                                                     \
                        }                                                                                       \
                        rows[ky] = place;                                                                       \
                    }                                                                                           \
                    multiply_##name(f, rows, pixels, weights, sums + fold * (strip + 32) * f->channels);        \
                }                                                                                               \
                type *to = y + frame * f->frame_stride + down * f->row_stride + from / 2 * f->pixel_stride;     \
                finish_##name(f, sums, pixels / 2, bias, to);                                                   \
            }                                                                                                   \
        }                                                                                                       \
    }
CONVOLVE(f32, float)
CONVOLVE(bf16, uint16_t)

void skernels_convolve_frames_f32(
    const skernels_frames *f, const uint8_t *frames, const float *table, const float *weights, const float *bias,
    float *y, size_t first, size_t end
) {
    convolve_f32(f, frames, table, weights, bias, y, first, end);
}

void skernels_convolve_frames_bf16(
    const skernels_frames *f, const uint8_t *frames, const uint16_t *table, const uint16_t *weights,
    const float *bias, uint16_t *y, size_t first, size_t end
) {
    tiles before;
    set_tiles(&before);
    convolve_bf16(f, frames, table, weights, bias, y, first, end);
    reset_tiles(&before);
}

#else

bool skernels_frame_convolution_fits(const skernels_frames *f, bool half) {
    (void)f, (void)half;
    return false;
}
void skernels_convolve_frames_f32(
    const skernels_frames *f, const uint8_t *frames, const float *table, const float *weights, const float *bias,
    float *y, size_t first, size_t end
) {
    (void)f, (void)frames, (void)table, (void)weights, (void)bias, (void)y, (void)first, (void)end;
}
void skernels_convolve_frames_bf16(
    const skernels_frames *f, const uint8_t *frames, const uint16_t *table, const uint16_t *weights,
    const float *bias, uint16_t *y, size_t first, size_t end
) {
    (void)f, (void)frames, (void)table, (void)weights, (void)bias, (void)y, (void)first, (void)end;
}

#endif
