#include "vectors.h"

// Each kernel goes over sixteen channels of four blocks at a time where there are as many, so that sums have somewhere
// to wait and whole cache lines are read, and over one block at a time after that.
#define FOR_EACH_BLOCK(BODY)                                                                                    \
    const skernels_channels s = *channels;                                                                      \
    size_t block = 0;                                                                                           \
    for (; block + 4 <= s.blocks; block += 4) BODY(4)                                                           \
    for (; block < s.blocks; block++) BODY(1)

#define FOR_PIXELS for (size_t pixel = 0; pixel < s.pixels; pixel++)
#define FOR_BLOCKS(count) _Pragma("unroll") for (size_t b = 0; b < (count); b++)
#define PLACE(b) (pixel * s.pixel_stride + (block + (b)) * s.block_stride)
#define CHANNEL(b) ((block + (b)) * 16)

// The mean of the pixels first and the squares of what is left next, while they are in the nearest cache; then both
// join those of the pixels before.
#define STATISTICS_OF(count)                                                                                    \
    {                                                                                                           \
        floats sum[count] = {0}, squares[count] = {0};                                                          \
        FOR_PIXELS FOR_BLOCKS(count) sum[b] += LOAD(x + PLACE(b));                                              \
        FOR_BLOCKS(count) sum[b] *= 1 / own;                                                                    \
        FOR_PIXELS FOR_BLOCKS(count) {                                                                          \
            floats rest = LOAD(x + PLACE(b)) - sum[b];                                                          \
            squares[b] += rest * rest;                                                                          \
        }                                                                                                       \
        FOR_BLOCKS(count) {                                                                                     \
            floats *m = (floats *)(mean + CHANNEL(b)), *q = (floats *)(deviation + CHANNEL(b));                 \
            floats apart = sum[b] - *m;                                                                         \
            *m += apart * (own / all);                                                                          \
            *q += squares[b] + apart * apart * (before * (own / all));                                          \
        }                                                                                                       \
    }

#define NORMALIZE(count)                                                                                        \
    {                                                                                                           \
        floats middle[count], by[count], to[count];                                                             \
        FOR_BLOCKS(count) {                                                                                     \
            middle[b] = *(const floats *)(mean + CHANNEL(b));                                                   \
            by[b] = *(const floats *)(factor + CHANNEL(b));                                                     \
            to[b] = *(const floats *)(shift + CHANNEL(b));                                                      \
        }                                                                                                       \
        if (window) FOR_PIXELS FOR_BLOCKS(count) {                                                              \
            floats value = (LOAD(x + PLACE(b)) - middle[b]) * by[b] + to[b];                                    \
            ints passes = ~(ints)(value <= 0);                                                                  \
            window[PLACE(b) / 16] = PACK(passes);                                                               \
            STREAM(y + PLACE(b), (floats)((ints)value & passes));                                               \
        } else FOR_PIXELS FOR_BLOCKS(count) {                                                                   \
            floats value = (LOAD(x + PLACE(b)) - middle[b]) * by[b] + to[b];                                    \
            STREAM(y + PLACE(b), value);                                                                        \
        }                                                                                                       \
    }

#define GRADIENT(b)                                                                                             \
    (window ? (floats)((ints)LOAD(dy + PLACE(b)) & UNPACK(window[PLACE(b) / 16])) : LOAD(dy + PLACE(b)))

#define GRADIENT_SUMS(count)                                                                                    \
    {                                                                                                           \
        floats middle[count], sum[count] = {0}, product[count] = {0};                                           \
        FOR_BLOCKS(count) middle[b] = *(const floats *)(mean + CHANNEL(b));                                     \
        FOR_PIXELS FOR_BLOCKS(count) {                                                                          \
            floats gradient = GRADIENT(b);                                                                      \
            sum[b] += gradient;                                                                                 \
            product[b] += gradient * (LOAD(x + PLACE(b)) - middle[b]);                                          \
        }                                                                                                       \
        FOR_BLOCKS(count) {                                                                                     \
            *(floats *)(sums + CHANNEL(b)) += sum[b];                                                           \
            *(floats *)(products + CHANNEL(b)) += product[b];                                                   \
        }                                                                                                       \
    }

#define GO_BACK(count)                                                                                          \
    {                                                                                                           \
        floats middle[count], by[count], slope[count], to[count];                                               \
        FOR_BLOCKS(count) {                                                                                     \
            middle[b] = *(const floats *)(mean + CHANNEL(b));                                                   \
            by[b] = *(const floats *)(factor + CHANNEL(b));                                                     \
            slope[b] = *(const floats *)(slopes + CHANNEL(b));                                                  \
            to[b] = *(const floats *)(shift + CHANNEL(b));                                                      \
        }                                                                                                       \
        FOR_PIXELS FOR_BLOCKS(count) {                                                                          \
            floats value = GRADIENT(b) * by[b] + (LOAD(x + PLACE(b)) - middle[b]) * slope[b] + to[b];           \
            STORE(dx + PLACE(b), value);                                                                        \
        }                                                                                                       \
    }

#define PIXEL_SUMS(count)                                                                                       \
    {                                                                                                           \
        floats sum[count] = {0};                                                                                \
        FOR_PIXELS FOR_BLOCKS(count) sum[b] += LOAD(x + PLACE(b));                                              \
        FOR_BLOCKS(count) *(floats *)(sums + CHANNEL(b)) += sum[b];                                             \
    }

#define KERNELS(name, type)                                                                                     \
    FOR_EACH_PROCESSOR                                                                                          \
    static void statistics_##name(                                                                              \
        const skernels_channels *channels, const type *x, size_t pixels_before, float *mean, float *deviation   \
    ) {                                                                                                         \
        float own = (float)channels->pixels, before = (float)pixels_before, all = before + own;                 \
        FOR_EACH_BLOCK(STATISTICS_OF)                                                                           \
    }                                                                                                           \
    FOR_EACH_PROCESSOR                                                                                          \
    static void pixel_sums_##name(const skernels_channels *channels, const type *x, float *sums) {              \
        FOR_EACH_BLOCK(PIXEL_SUMS)                                                                              \
    }                                                                                                           \
    FOR_EACH_PROCESSOR                                                                                          \
    static void normalize_##name(                                                                               \
        const skernels_channels *channels, const type *x, const float *mean, const float *factor,               \
        const float *shift, type *y, uint16_t *window                                                           \
    ) {                                                                                                         \
        FOR_EACH_BLOCK(NORMALIZE)                                                                               \
    }                                                                                                           \
    FOR_EACH_PROCESSOR                                                                                          \
    static void gradient_sums_##name(                                                                           \
        const skernels_channels *channels, const type *x, const type *dy, const uint16_t *window,               \
        const float *mean, float *sums, float *products                                                         \
    ) {                                                                                                         \
        FOR_EACH_BLOCK(GRADIENT_SUMS)                                                                           \
    }                                                                                                           \
    FOR_EACH_PROCESSOR                                                                                          \
    static void normalize_back_##name(                                                                          \
        const skernels_channels *channels, const type *x, const type *dy, const uint16_t *window,               \
        const float *mean, const float *factor, const float *slopes, const float *shift, type *dx               \
    ) {                                                                                                         \
        FOR_EACH_BLOCK(GO_BACK)                                                                                 \
    }

#define LOAD(p) LOAD_F32(p)
#define STORE(p, v) STORE_F32(p, v)
#define STREAM(p, v) STREAM_F32(p, v)
KERNELS(f32, float)
#undef LOAD
#undef STORE
#undef STREAM
#define LOAD(p) LOAD_BF16(p)
#define STORE(p, v) STORE_BF16(p, v)
// Measured: half as wide, they are better off in the caches.
#define STREAM(p, v) STORE_BF16(p, v)
KERNELS(bf16, uint16_t)

#define F32(p) ((float *)(p) + channels->start)
#define BF16(p) ((uint16_t *)(p) + channels->start)

void skernels_statistics(
    const skernels_channels *channels, const void *x, size_t pixels_before, float *mean, float *deviation
) {
    if (channels->half)
        statistics_bf16(channels, BF16(x), pixels_before, mean, deviation);
    else
        statistics_f32(channels, F32(x), pixels_before, mean, deviation);
}

void skernels_pixel_sums(const skernels_channels *channels, const void *x, float *sums) {
    if (channels->half)
        pixel_sums_bf16(channels, BF16(x), sums);
    else
        pixel_sums_f32(channels, F32(x), sums);
}

void skernels_normalize(
    const skernels_channels *channels, const void *x, const float *mean, const float *factor, const float *shift,
    void *y, uint16_t *window
) {
    if (window) window += channels->start / 16;
    if (channels->half)
        normalize_bf16(channels, BF16(x), mean, factor, shift, BF16(y), window);
    else
        normalize_f32(channels, F32(x), mean, factor, shift, F32(y), window);
}

void skernels_gradient_sums(
    const skernels_channels *channels, const void *x, const void *dy, const uint16_t *window, const float *mean,
    float *sums, float *products
) {
    if (window) window += channels->start / 16;
    if (channels->half)
        gradient_sums_bf16(channels, BF16(x), BF16(dy), window, mean, sums, products);
    else
        gradient_sums_f32(channels, F32(x), F32(dy), window, mean, sums, products);
}

void skernels_normalize_back(
    const skernels_channels *channels, const void *x, const void *dy, const uint16_t *window, const float *mean,
    const float *factor, const float *slopes, const float *shift, void *dx
) {
    if (window) window += channels->start / 16;
    if (channels->half)
        normalize_back_bf16(channels, BF16(x), BF16(dy), window, mean, factor, slopes, shift, BF16(dx));
    else
        normalize_back_f32(channels, F32(x), F32(dy), window, mean, factor, slopes, shift, F32(dx));
}
