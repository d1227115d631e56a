#include <dlfcn.h>
#include <pthread.h>
#include "facade.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static dnnl_engine_t shared_engine;
static dnnl_stream_t shared_stream;
static dnnl_status_t shared_status;

static void start(void) {
    shared_status = dnnl_engine_create(&shared_engine, dnnl_cpu, 0);
    if (shared_status == dnnl_success)
        shared_status = dnnl_stream_create(&shared_stream, shared_engine, dnnl_stream_default_flags);
}

int sdnn_engine(dnnl_engine_t *engine, dnnl_stream_t *stream) {
    pthread_once(&once, start);
    if (engine) *engine = shared_engine;
    if (stream) *stream = shared_stream;
    return shared_status;
}

int sdnn_version(void) {
    const dnnl_version_t *version = dnnl_version();
    return version->major * 100 + version->minor;
}

int sdnn_has_bf16(void) {
    return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core_bf16) == dnnl_cpu_isa_avx512_core_bf16;
}

int sdnn_has_int8(void) {
    dnnl_cpu_isa_t isa = dnnl_get_effective_cpu_isa();
    return (isa & dnnl_cpu_isa_avx512_core_vnni) == dnnl_cpu_isa_avx512_core_vnni
        || (isa & dnnl_cpu_isa_avx2_vnni) == dnnl_cpu_isa_avx2_vnni;
}

int sdnn_has_wide_vectors(void) {
    return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core) == dnnl_cpu_isa_avx512_core;
}

const char *sdnn_status_text(int status) {
    switch (status) {
    case dnnl_success: return "success";
    case dnnl_out_of_memory: return "out of memory";
    case dnnl_invalid_arguments: return "invalid arguments";
    case dnnl_unimplemented: return "not implemented by this oneDNN on this processor";
    case dnnl_runtime_error: return "run-time error";
    case dnnl_not_required: return "not required";
    default: return "unknown status";
    }
}

// libgomp's entry points, found at run time: the facade is compiled without OpenMP, whose runtime would be a second
// one beside the library's, with a second team of threads.
typedef void (*gomp_parallel)(void (*)(void *), void *, unsigned, unsigned);
typedef int (*omp_number)(void);
static pthread_once_t runtime_once = PTHREAD_ONCE_INIT;
static gomp_parallel runtime_parallel;
static omp_number runtime_thread, runtime_max_threads, runtime_team;

static void find_runtime(void) {
    runtime_thread = (omp_number)dlsym(RTLD_DEFAULT, "omp_get_thread_num");
    runtime_team = (omp_number)dlsym(RTLD_DEFAULT, "omp_get_num_threads");
    runtime_max_threads = (omp_number)dlsym(RTLD_DEFAULT, "omp_get_max_threads");
    if (runtime_thread && runtime_team && runtime_max_threads)
        runtime_parallel = (gomp_parallel)dlsym(RTLD_DEFAULT, "GOMP_parallel");
}

struct job { void (*body)(void *, int, int); void *context; };

static void work(void *data) {
    const struct job *job = data;
    job->body(job->context, runtime_thread(), runtime_team());
}

int sdnn_thread_count(void) {
    pthread_once(&runtime_once, find_runtime);
    return runtime_max_threads ? runtime_max_threads() : 1;
}

void sdnn_parallel(void (*body)(void *context, int part, int parts), void *context) {
    pthread_once(&runtime_once, find_runtime);
    if (!runtime_parallel || runtime_max_threads() < 2) {
        body(context, 0, 1);
        return;
    }
    struct job job = {body, context};
    runtime_parallel(work, &job, 0, 0);
}
