#include "parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

typedef struct {
    atomic_size_t next;
    atomic_bool failed;
    size_t count, stretch;
    bool (*work)(void *, size_t, size_t);
    void *context;
} Job;

static void *run(void *argument) {
    Job *job = argument;
    for (;;) {
        size_t begin = atomic_fetch_add(&job->next, job->stretch);
        if (begin >= job->count || atomic_load(&job->failed)) return NULL;
        size_t end = job->count - begin < job->stretch ? job->count : begin + job->stretch;
        if (!job->work(job->context, begin, end)) atomic_store(&job->failed, true);
    }
}

bool cv_parallel(size_t count, size_t stretch, int threads, bool (*work)(void *, size_t, size_t), void *context) {
    enum { most = 64 };
    if (!count) return true;
    if (!stretch) stretch = 1;
    long cores = threads > 0 ? threads : sysconf(_SC_NPROCESSORS_ONLN);
    size_t wanted = cores < 1 ? 1 : cores > most ? most : (size_t)cores;
    size_t stretches = (count + stretch - 1) / stretch;
    if (wanted > stretches) wanted = stretches;
    Job job = {.count = count, .stretch = stretch, .work = work, .context = context};
    pthread_t others[most];
    size_t started = 0;
    // A thread that cannot be started leaves its share to the others.
    while (started + 1 < wanted && pthread_create(&others[started], NULL, run, &job) == 0) ++started;
    run(&job);
    for (size_t i = 0; i < started; ++i) pthread_join(others[i], NULL);
    return !atomic_load(&job.failed);
}
