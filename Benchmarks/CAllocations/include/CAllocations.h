// Counts what a stretch of a program allocates. Linux with glibc only: elsewhere nothing is counted.
#ifndef SORA_CALLOCATIONS_H
#define SORA_CALLOCATIONS_H

#include <stdint.h>

typedef struct {
    /// Blocks that this program's own code has asked for.
    int64_t own;
    /// Blocks asked for with a function of the kernel library on the stack.
    int64_t library;
} sora_allocations;

/// Whether anything is counted here.
int sora_allocations_are_counted(void);
/// Counts from 0 from now on, on all threads.
void sora_allocations_begin(void);
sora_allocations sora_allocations_end(void);
/// Writes on standard error where the program's own blocks were asked for, the first of them.
void sora_allocations_report(void);

#endif
