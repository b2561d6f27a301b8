#include <math.h>
#include <stdlib.h>

#include "CVolumes.h"
#include "parallel.h"

typedef struct {
    const uint8_t *mask;
    float *squared;
    CVSize size;
    double step;
    float far;
} Distance;

// Along rows: to the nearest 1 on either side.
static bool rows_work(void *context, size_t begin, size_t end) {
    Distance *job = context;
    size_t width = job->size.width;
    double step = job->step;
    for (size_t row = begin; row < end; ++row) {
        const uint8_t *mask = job->mask + row * width;
        float *to = job->squared + row * width;
        double last = -1e30;
        for (size_t x = 0; x < width; ++x) {
            if (mask[x]) last = (double)x;
            double way = ((double)x - last) * step;
            to[x] = way < 1e15 && way * way < job->far ? (float)(way * way) : job->far;
        }
        last = 1e30;
        for (size_t x = width; x-- > 0;) {
            if (mask[x]) last = (double)x;
            double way = (last - (double)x) * step;
            if (way < 1e15 && way * way < to[x]) to[x] = (float)(way * way);
        }
    }
    return true;
}

// The lower envelope of parabolas along a line of `count` values `stride` apart.
static void line(float *values, size_t count, size_t stride, double step, float far, double *found, double *borders, size_t *vertices) {
    double square = step * step;
    size_t used = 0;
    for (size_t i = 0; i < count; ++i) {
        double value = values[i * stride];
        if (value >= far) continue;
        double border = -1e30;
        while (used) {
            size_t v = vertices[used - 1];
            double other = values[v * stride];
            border = ((value + square * (double)i * (double)i) - (other + square * (double)v * (double)v)) /
                     (2 * square * ((double)i - (double)v));
            if (border > borders[used - 1]) break;
            --used;
            border = -1e30;
        }
        vertices[used] = i;
        borders[used] = border;
        ++used;
    }
    if (!used) return;
    size_t k = 0;
    for (size_t i = 0; i < count; ++i) {
        while (k + 1 < used && borders[k + 1] < (double)i) ++k;
        double way = ((double)i - (double)vertices[k]) * step;
        double value = way * way + values[vertices[k] * stride];
        found[i] = value < far ? value : far;
    }
    for (size_t i = 0; i < count; ++i) values[i * stride] = (float)found[i];
}

static bool lines(Distance *job, size_t begin, size_t end, size_t count, size_t stride, size_t outer) {
    double *found = malloc(count * sizeof *found), *borders = malloc((count + 1) * sizeof *borders);
    size_t *vertices = malloc(count * sizeof *vertices);
    bool isDone = found && borders && vertices;
    for (size_t o = begin; o < end && isDone; ++o)
        for (size_t x = 0; x < job->size.width; ++x)
            line(job->squared + o * outer + x, count, stride, job->step, job->far, found, borders, vertices);
    free(found);
    free(borders);
    free(vertices);
    return isDone;
}

static bool columns_work(void *context, size_t begin, size_t end) {
    Distance *job = context;
    return lines(job, begin, end, job->size.height, job->size.width, job->size.width * job->size.height);
}

static bool depth_work(void *context, size_t begin, size_t end) {
    Distance *job = context;
    return lines(job, begin, end, job->size.depth, job->size.width * job->size.height, job->size.width);
}

bool cv_distance(const uint8_t *mask, CVSize size, const double spacing[3], float far, float *squared, int threads) {
    Distance job = {mask, squared, size, spacing[0], far};
    if (!cv_parallel(size.height * size.depth, 256, threads, rows_work, &job)) return false;
    job.step = spacing[1];
    if (!cv_parallel(size.depth, 2, threads, columns_work, &job)) return false;
    job.step = spacing[2];
    return cv_parallel(size.height, 2, threads, depth_work, &job);
}
