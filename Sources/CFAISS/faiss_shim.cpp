#include "faiss_shim.h"

#include <faiss/AutoTune.h>
#include <faiss/Clustering.h>
#include <faiss/Index.h>
#include <faiss/IndexFlat.h>
#include <faiss/IndexIDMap.h>
#include <faiss/impl/FaissException.h>
#include <faiss/index_factory.h>
#include <faiss/index_io.h>
#include <faiss/utils/Heap.h>

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <stdexcept>
#include <vector>

// Of the OpenMP library that FAISS runs on; its header comes with a compiler that need not be this one.
extern "C" void omp_set_num_threads(int);
extern "C" void sgemm_(
    const char *, const char *, const int *, const int *, const int *, const float *, const float *, const int *,
    const float *, const int *, const float *, float *, const int *);

extern "C" void sgemv_(
    const char *, const int *, const int *, const float *, const float *, const int *, const float *, const int *,
    const float *, float *, const int *);

struct sora_faiss {
    std::unique_ptr<faiss::IndexIDMap> index;
};

namespace {

char *text(const char *words) {
    const size_t size = std::strlen(words) + 1;
    char *copy = static_cast<char *>(std::malloc(size));
    if (copy) std::memcpy(copy, words, size);
    return copy;
}

/// No exception may leave C++.
template <typename Body> sora_faiss_fault guarded(Body body) {
    try {
        body();
        return nullptr;
    } catch (const std::exception &error) {
        return text(error.what());
    } catch (...) {
        return text("unknown failure");
    }
}

/// Has an approximate index look at so much: each kind has its own name for it, and others none.
void look(faiss::Index *index, int effort) {
    if (effort <= 0) return;
    for (const char *name : {"efSearch", "nprobe"}) {
        try {
            faiss::ParameterSpace().set_index_parameter(index, name, effort);
        } catch (const faiss::FaissException &) {
        }
    }
}

/// Queries for which FAISS multiplies a vector at a time, by code for the least of processors.
constexpr int64_t fewQueries = 20;

/// The vectors with the largest products with one query, the largest first, as places among all; by the matrix library,
/// which has code for each processor. A block of products stays in the caches.
void scan(const faiss::IndexFlat &flat, const float *query, int64_t k, float *scores, int64_t *places) {
    using Heap = faiss::CMin<float, int64_t>;
    const int size = flat.d, step = 1, block = 4096;
    const float one = 1, zero = 0;
    std::vector<float> products(block);
    faiss::heap_heapify<Heap>(k, scores, places);
    for (int64_t start = 0; start < flat.ntotal; start += block) {
        const int count = std::min<int64_t>(block, flat.ntotal - start);
        sgemv_(
            "T", &size, &count, &one, flat.get_xb() + start * size, &size, query, &step, &zero, products.data(), &step);
        for (int64_t place = 0; place < count; ++place)
            if (Heap::cmp(scores[0], products[place]))
                faiss::heap_replace_top<Heap>(k, scores, places, products[place], start + place);
    }
    faiss::heap_reorder<Heap>(k, scores, places);
}

}  // namespace

sora_faiss *sora_faiss_make(int32_t dimensions, const char *factory, sora_faiss_fault *fault) {
    sora_faiss *made = nullptr;
    *fault = guarded([&] {
        std::unique_ptr<faiss::Index> inner(faiss::index_factory(dimensions, factory, faiss::METRIC_INNER_PRODUCT));
        auto outer = std::make_unique<faiss::IndexIDMap>(inner.get());
        outer->own_fields = true;
        inner.release();
        made = new sora_faiss{std::move(outer)};
    });
    return made;
}

sora_faiss *sora_faiss_read(const char *path, sora_faiss_fault *fault) {
    sora_faiss *made = nullptr;
    *fault = guarded([&] {
        std::unique_ptr<faiss::Index> read(faiss::read_index(path));
        auto *outer = dynamic_cast<faiss::IndexIDMap *>(read.get());
        if (!outer) throw std::runtime_error("it is an index of another kind");
        read.release();
        made = new sora_faiss{std::unique_ptr<faiss::IndexIDMap>(outer)};
    });
    return made;
}

sora_faiss_fault sora_faiss_write(const sora_faiss *index, const char *path) {
    return guarded([&] { faiss::write_index(index->index.get(), path); });
}

int32_t sora_faiss_is_trained(const sora_faiss *index) { return index->index->is_trained; }

sora_faiss_fault sora_faiss_train(sora_faiss *index, int64_t count, const float *vectors) {
    return guarded([&] { index->index->train(count, vectors); });
}

sora_faiss_fault sora_faiss_add(sora_faiss *index, int64_t count, const float *vectors, const int64_t *numbers) {
    return guarded([&] { index->index->add_with_ids(count, vectors, numbers); });
}

sora_faiss_fault sora_faiss_search(
    sora_faiss *index, int64_t count, const float *queries, int64_t k, int32_t effort, float *scores, int64_t *numbers) {
    return guarded([&] {
        const auto *flat = dynamic_cast<faiss::IndexFlat *>(index->index->index);
        if (flat && count < fewQueries) {
            for (int64_t query = 0; query < count; ++query)
                scan(*flat, queries + query * flat->d, k, scores + query * k, numbers + query * k);
            for (int64_t place = 0; place < count * k; ++place)
                if (numbers[place] >= 0) numbers[place] = index->index->id_map[numbers[place]];
            return;
        }
        look(index->index->index, effort);
        index->index->search(count, queries, k, scores, numbers);
    });
}

sora_faiss_fault sora_faiss_centres(
    int32_t dimensions, int64_t count, const float *vectors, int32_t k, int32_t seed, float *centres) {
    return guarded([&] {
        faiss::ClusteringParameters parameters;
        parameters.spherical = true;
        parameters.seed = seed;
        parameters.min_points_per_centroid = 1;
        faiss::Clustering clustering(dimensions, k, parameters);
        faiss::IndexFlatIP nearest(dimensions);
        clustering.train(count, vectors, nearest);
        std::memcpy(centres, clustering.centroids.data(), clustering.centroids.size() * sizeof(float));
    });
}

void sora_faiss_numbers(const sora_faiss *index, int64_t *numbers) {
    const auto &map = index->index->id_map;
    std::memcpy(numbers, map.data(), map.size() * sizeof(int64_t));
}

int64_t sora_faiss_count(const sora_faiss *index) { return index->index->ntotal; }
int32_t sora_faiss_dimensions(const sora_faiss *index) { return index->index->d; }
void sora_faiss_close(sora_faiss *index) { delete index; }
void sora_faiss_free(sora_faiss_fault fault) { std::free(fault); }

void sora_inner_products(
    int32_t size, int32_t count, const float *vectors, int32_t other_count, const float *others, float *products) {
    const float one = 1, zero = 0;
    // By columns, as Fortran counts: the other way round.
    sgemm_(
        "T", "N", &other_count, &count, &size, &one, others, &size, vectors, &size, &zero, products, &other_count);
}

void sora_faiss_threads(int32_t count) {
    if (count < 1) return;
    omp_set_num_threads(count);
    // Of the library behind the products, where it is OpenBLAS: for the whole program.
    using setter = void (*)(int);
    if (auto set = reinterpret_cast<setter>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) set(count);
}
