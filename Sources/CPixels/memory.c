#include "CPixels.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

bool cp_keep_freed_memory(size_t bytes) {
#if defined(__GLIBC__)
    // The second is the largest that glibc takes: half of a thread's heap.
    return mallopt(M_TRIM_THRESHOLD, (int)(bytes < 0x7FFFFFFF ? bytes : 0x7FFFFFFF)) && mallopt(M_MMAP_THRESHOLD, 32 << 20);
#else
    (void)bytes;
    return false;
#endif
}
