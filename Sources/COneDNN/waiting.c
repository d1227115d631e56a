// How libgomp's threads wait for each other.
//
// Between the loops of a network they spin, for milliseconds, so that the next loop begins at once. Where another
// program wants the same processors, they spin on the time slices that the threads they wait for would need. libgomp
// spins a thousand times shorter when it manages more threads than there are processors, and looks at that at every
// wait: so a second team of two, which never does anything, is what makes the first one give way.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <pthread.h>
#include <sys/resource.h>
#include "facade.h"

typedef void (*gomp_parallel)(void (*)(void *), void *, unsigned, unsigned);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_t holder;
static int gives_way;

static void nothing(void *unused) { (void)unused; }

/// Has a team of its own until nobody wants it any more. libgomp ends the team with the thread.
static void *hold(void *unused) {
    (void)unused;
    gomp_parallel parallel = (gomp_parallel)dlsym(RTLD_DEFAULT, "GOMP_parallel");
    if (parallel) parallel(nothing, NULL, 2, 0);
    pthread_mutex_lock(&lock);
    while (gives_way) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    return NULL;
}

void sdnn_give_way(int wanted) {
    pthread_mutex_lock(&lock);
    int was = gives_way;
    gives_way = wanted != 0;
    if (!was && wanted && pthread_create(&holder, NULL, hold, NULL) != 0) gives_way = 0;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    if (was && !wanted) pthread_join(holder, NULL);
}

int64_t sdnn_times_sent_away(void) {
#ifdef RUSAGE_THREAD
    struct rusage usage;
    if (getrusage(RUSAGE_THREAD, &usage) == 0) return usage.ru_nivcsw;
#endif
    return -1;
}
