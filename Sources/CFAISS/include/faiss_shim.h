#ifndef SORA_FAISS_SHIM_H
#define SORA_FAISS_SHIM_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// An index of FAISS over vectors with numbers of their own, compared by inner product.
typedef struct sora_faiss sora_faiss;

/// What went wrong, as text that `sora_faiss_free` frees; NULL where nothing did.
typedef char *sora_faiss_fault;

/// An empty index. `factory` is FAISS's description of it: "Flat", "HNSW32", "IVF4096,PQ32".
sora_faiss *sora_faiss_make(int32_t dimensions, const char *factory, sora_faiss_fault *fault);

/// The index in a file.
sora_faiss *sora_faiss_read(const char *path, sora_faiss_fault *fault);

sora_faiss_fault sora_faiss_write(const sora_faiss *index, const char *path);

/// Whether vectors can be added at once.
int32_t sora_faiss_is_trained(const sora_faiss *index);

/// Learns how vectors lie, for kinds that need it.
sora_faiss_fault sora_faiss_train(sora_faiss *index, int64_t count, const float *vectors);

sora_faiss_fault sora_faiss_add(sora_faiss *index, int64_t count, const float *vectors, const int64_t *numbers);

/// The `k` nearest of each of `count` queries, the most alike first: `scores` and `numbers` hold `count * k`; a number is
/// -1 where there are not as many. `effort` is how much of an approximate index is looked at: HNSW's efSearch, IVF's nprobe.
sora_faiss_fault sora_faiss_search(
    sora_faiss *index, int64_t count, const float *queries, int64_t k, int32_t effort, float *scores, int64_t *numbers);

/// `k` centres of `count` vectors of length 1, each of length 1 too: k-means by cosine. `centres` holds `k * dimensions`.
sora_faiss_fault sora_faiss_centres(
    int32_t dimensions, int64_t count, const float *vectors, int32_t k, int32_t seed, float *centres);

/// The numbers of all vectors, in the order in which they were added: `numbers` holds as many as there are.
void sora_faiss_numbers(const sora_faiss *index, int64_t *numbers);

int64_t sora_faiss_count(const sora_faiss *index);
int32_t sora_faiss_dimensions(const sora_faiss *index);
void sora_faiss_close(sora_faiss *index);
void sora_faiss_free(sora_faiss_fault fault);

/// The inner products of vectors with others, [vector, other], by the matrix library that FAISS is linked with. From one
/// to the next are `size` numbers.
void sora_inner_products(
    int32_t size, int32_t count, const float *vectors, int32_t other_count, const float *others, float *products);

/// Threads of a search; 0 leaves it as it is.
void sora_faiss_threads(int32_t count);

#ifdef __cplusplus
}
#endif

#endif
