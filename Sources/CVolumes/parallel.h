// Work in stretches on several threads.
#ifndef CVOLUMES_PARALLEL_H
#define CVOLUMES_PARALLEL_H
#include <stdbool.h>
#include <stddef.h>

// x86-64-v3 is AVX2 with fused multiplication and addition, v4 is AVX-512.
#if defined(__x86_64__) && defined(__linux__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif

// Calls `work` with stretches of 0..<count until all are done; false where a call says so. It returns when every thread is done.
bool cv_parallel(size_t count, size_t stretch, int threads, bool (*work)(void *context, size_t begin, size_t end), void *context);
#endif
