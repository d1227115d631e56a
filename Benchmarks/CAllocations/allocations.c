#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CAllocations.h"

#if defined(__GLIBC__) || (defined(__linux__) && defined(__GNUC__))
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

enum { depth = 24, kept = 8 };
static int counts;
static int64_t own, library;
static __thread int looking;
static void *places[kept][depth];
static int lengths[kept];

/// Whether the kernel library, or its threads' own, is on the stack: looked up by the file that each return address lies in.
static void count(void) {
    if (!counts || looking) return;
    looking = 1;
    void *stack[depth];
    int length = backtrace(stack, depth), found = 0;
    for (int i = 0; i < length && !found; i++) {
        Dl_info info;
        const char *file = dladdr(stack[i], &info) && info.dli_fname ? info.dli_fname : "";
        found = strstr(file, "libdnnl") || strstr(file, "libgomp");
    }
    if (found) __atomic_add_fetch(&library, 1, __ATOMIC_RELAXED);
    else {
        int64_t place = __atomic_fetch_add(&own, 1, __ATOMIC_RELAXED);
        if (place < kept) {
            memcpy(places[place], stack, sizeof stack);
            lengths[place] = length;
        }
    }
    looking = 0;
}

void *malloc(size_t size) {
    count();
    return __libc_malloc(size);
}

void *calloc(size_t items, size_t size) {
    count();
    return __libc_calloc(items, size);
}

void *realloc(void *block, size_t size) {
    count();
    return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **out, size_t alignment, size_t size) {
    *out = memalign(alignment, size);
    return *out ? 0 : ENOMEM;
}

int sora_allocations_are_counted(void) { return 1; }

void sora_allocations_begin(void) {
    // The first backtrace loads a library.
    void *stack[depth];
    backtrace(stack, depth);
    own = library = 0;
    __atomic_store_n(&counts, 1, __ATOMIC_SEQ_CST);
}

sora_allocations sora_allocations_end(void) {
    __atomic_store_n(&counts, 0, __ATOMIC_SEQ_CST);
    return (sora_allocations){own, library};
}

void sora_allocations_report(void) {
    for (int i = 0; i < kept && i < own; i++) {
        backtrace_symbols_fd(places[i], lengths[i], 2);
        if (i + 1 < own) (void)!write(2, "--\n", 3);
    }
}
#else
int sora_allocations_are_counted(void) { return 0; }
void sora_allocations_begin(void) {}
sora_allocations sora_allocations_end(void) { return (sora_allocations){0, 0}; }
void sora_allocations_report(void) {}
#endif
