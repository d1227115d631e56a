// Sixteen numbers at a time, in the compiler's own vectors.
#ifndef SORA_VECTORS_H
#define SORA_VECTORS_H

#include "CKernels.h"

#if defined(__x86_64__) && defined(__linux__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("avx512bw", "avx2", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif

// Sixteen numbers, wherever they begin.
typedef float floats __attribute__((vector_size(64), aligned(4)));
typedef int32_t ints __attribute__((vector_size(64), aligned(4)));
typedef uint32_t words __attribute__((vector_size(64), aligned(4)));
typedef int16_t shorts __attribute__((vector_size(32), aligned(2)));
typedef uint16_t halves __attribute__((vector_size(32), aligned(2)));
typedef uint8_t bytes __attribute__((vector_size(16), aligned(1)));
typedef bool bits __attribute__((ext_vector_type(16)));

#define CHOOSE(mask, a, b) (((mask) & (a)) | (~(mask) & (b)))

// A mask of sixteen numbers as sixteen bits, and back.
#define PACK(mask) __builtin_bit_cast(uint16_t, __builtin_convertvector((ints)(mask) != 0, bits))
#define UNPACK(word) (-__builtin_convertvector(__builtin_bit_cast(bits, (uint16_t)(word)), ints))

#define LOAD_F32(p) (*(const floats *)(p))
#define STORE_F32(p, v) (*(floats *)(p) = (v))
// Past the caches, which spares reading first what is to be overwritten. The address is a multiple of 64.
typedef float aligned_floats __attribute__((vector_size(64)));
#define STREAM_F32(p, v) __builtin_nontemporal_store((aligned_floats)(v), (aligned_floats *)(p))

// bfloat16 is the upper half of a single, rounded to nearest and to even; what is no number stays none.
#define LOAD_BF16(p) ((floats)(__builtin_convertvector(*(const halves *)(p), words) << 16))
#define ROUNDED(v) (((words)(v) + 0x7FFF + (((words)(v) >> 16) & 1)) >> 16)
#define STORE_BF16(p, v) \
    (*(halves *)(p) = __builtin_convertvector(CHOOSE((words)((v) != (v)), (words){0} + 0x7FC0, ROUNDED(v)), halves))

#endif
