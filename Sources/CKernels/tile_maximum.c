#include "vectors.h"

FOR_EACH_PROCESSOR
void skernels_tile_maximum_f32(const skernels_tiles *t, const float *x, float *y, uint8_t *place) {
    for (size_t column = 0; column < t->columns; column++) {
        for (size_t channel = 0; channel < t->channels; channel += 16) {
            const float *first = x + column * t->width * t->channels + channel;
            floats best = *(const floats *)first;
            ints where = {0};
            for (size_t down = 0; down < t->height; down++) {
                for (size_t right = down == 0; right < t->width; right++) {
                    floats other = *(const floats *)(first + down * t->row + right * t->channels);
                    // What is no number stays in sight.
                    ints larger = (ints)((other > best) | (other != other));
                    best = (floats)CHOOSE(larger, (ints)other, (ints)best);
                    where = CHOOSE(larger, (ints){0} + (int32_t)(down * t->width + right), where);
                }
            }
            size_t target = column * t->channels + channel;
            *(floats *)(y + target) = best;
            if (place) *(bytes *)(place + target) = __builtin_convertvector(where, bytes);
        }
    }
}

// bfloat16 numbers as whole numbers of the same order, and back: of negative ones all bits but the sign are turned
// round. What is no number becomes the largest, which is none either.
#define ORDERED(bits)                                                       \
    CHOOSE((shorts)(((bits) & 0x7FFF) > 0x7F80), (shorts){0} + 0x7FFF, \
           (bits) ^ (((bits) >> 15) & 0x7FFF))

FOR_EACH_PROCESSOR
void skernels_tile_maximum_bf16(const skernels_tiles *t, const uint16_t *x, uint16_t *y, uint8_t *place) {
    for (size_t column = 0; column < t->columns; column++) {
        for (size_t channel = 0; channel < t->channels; channel += 16) {
            const uint16_t *first = x + column * t->width * t->channels + channel;
            shorts best = *(const shorts *)first;
            best = ORDERED(best);
            shorts where = {0};
            for (size_t down = 0; down < t->height; down++) {
                for (size_t right = down == 0; right < t->width; right++) {
                    shorts other = *(const shorts *)(first + down * t->row + right * t->channels);
                    other = ORDERED(other);
                    shorts larger = (shorts)(other > best);
                    best = CHOOSE(larger, other, best);
                    where = CHOOSE(larger, (shorts){0} + (int16_t)(down * t->width + right), where);
                }
            }
            size_t target = column * t->channels + channel;
            *(shorts *)(y + target) = best ^ ((best >> 15) & 0x7FFF);
            if (place) *(bytes *)(place + target) = __builtin_convertvector(where, bytes);
        }
    }
}

#define MAXIMUM_OF_BYTES(name, type)                                                                      \
    typedef type name##_bytes __attribute__((vector_size(16), aligned(1)));                               \
    FOR_EACH_PROCESSOR                                                                                    \
    void skernels_tile_maximum_##name(const skernels_tiles *t, const type *x, type *y) {                  \
        for (size_t column = 0; column < t->columns; column++) {                                          \
            for (size_t channel = 0; channel < t->channels; channel += 16) {                              \
                const type *first = x + column * t->width * t->channels + channel;                        \
                name##_bytes best = *(const name##_bytes *)first;                                         \
                for (size_t down = 0; down < t->height; down++) {                                         \
                    for (size_t right = down == 0; right < t->width; right++) {                           \
                        name##_bytes other =                                                              \
                            *(const name##_bytes *)(first + down * t->row + right * t->channels);         \
                        name##_bytes larger = (name##_bytes)(other > best);                               \
                        best = CHOOSE(larger, other, best);                                               \
                    }                                                                                     \
                }                                                                                         \
                *(name##_bytes *)(y + column * t->channels + channel) = best;                             \
            }                                                                                             \
        }                                                                                                 \
    }
MAXIMUM_OF_BYTES(u8, uint8_t)
MAXIMUM_OF_BYTES(s8, int8_t)

FOR_EACH_PROCESSOR
void skernels_tile_maximum_back_f32(const skernels_tiles *t, const float *dy, const uint8_t *place, float *dx) {
    for (size_t column = 0; column < t->columns; column++) {
        for (size_t channel = 0; channel < t->channels; channel += 16) {
            size_t source = column * t->channels + channel;
            ints gradient = *(const ints *)(dy + source);
            ints where = __builtin_convertvector(*(const bytes *)(place + source), ints);
            float *first = dx + column * t->width * t->channels + channel;
            for (size_t down = 0; down < t->height; down++)
                for (size_t right = 0; right < t->width; right++)
                    *(ints *)(first + down * t->row + right * t->channels) =
                        gradient & (where == (int32_t)(down * t->width + right));
        }
    }
}

FOR_EACH_PROCESSOR
void skernels_tile_maximum_back_bf16(const skernels_tiles *t, const uint16_t *dy, const uint8_t *place, uint16_t *dx) {
    for (size_t column = 0; column < t->columns; column++) {
        for (size_t channel = 0; channel < t->channels; channel += 16) {
            size_t source = column * t->channels + channel;
            shorts gradient = *(const shorts *)(dy + source);
            shorts where = __builtin_convertvector(*(const bytes *)(place + source), shorts);
            uint16_t *first = dx + column * t->width * t->channels + channel;
            for (size_t down = 0; down < t->height; down++)
                for (size_t right = 0; right < t->width; right++)
                    *(shorts *)(first + down * t->row + right * t->channels) =
                        gradient & (where == (int16_t)(down * t->width + right));
        }
    }
}
