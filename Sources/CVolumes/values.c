#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "CVolumes.h"
#include "parallel.h"

void cv_hounsfield(
    const int32_t *restrict samples, size_t count, double slope, double intercept, const int32_t padding[2], int16_t *restrict values,
    size_t counts[3]) {
    size_t padded = 0, below = 0, above = 0;
    for (size_t i = 0; i < count; ++i) {
        int32_t sample = samples[i];
        if (sample >= padding[0] && sample <= padding[1]) {
            values[i] = -1000;
            ++padded;
            continue;
        }
        double value = floor(sample * slope + intercept + 0.5);
        if (!(value >= -1024)) {
            values[i] = -1024;
            ++below;
        } else if (value > 32767) {
            values[i] = 32767;
            ++above;
        } else
            values[i] = (int16_t)value;
    }
    counts[0] = padded, counts[1] = below, counts[2] = above;
}

void cv_histogram(const int16_t *values, size_t count, uint64_t *counts, int threads) {
    (void)threads;
    for (size_t i = 0; i < count; ++i) {
        int v = values[i];
        v = v < -1024 ? -1024 : v > 3071 ? 3071 : v;
        ++counts[v + 1024];
    }
}

FOR_EACH_PROCESSOR
static void threshold(const int16_t *restrict source, size_t count, int16_t low, int16_t high, uint8_t *restrict target) {
    for (size_t i = 0; i < count; ++i) target[i] = source[i] >= low && source[i] <= high;
}

typedef struct {
    const int16_t *source;
    uint8_t *target;
    int16_t low, high;
} Threshold;

static bool threshold_work(void *context, size_t begin, size_t end) {
    Threshold *job = context;
    threshold(job->source + begin, end - begin, job->low, job->high, job->target + begin);
    return true;
}

void cv_threshold(const int16_t *source, size_t count, int16_t low, int16_t high, uint8_t *target, int threads) {
    Threshold job = {source, target, low, high};
    cv_parallel(count, 1 << 20, threads, threshold_work, &job);
}

FOR_EACH_PROCESSOR
void cv_blend(const int16_t *restrict a, const int16_t *restrict b, double share, int16_t *restrict target, size_t count) {
    float part = (float)share;
    for (size_t i = 0; i < count; ++i) {
        float value = (float)a[i] + part * ((float)b[i] - (float)a[i]);
        target[i] = (int16_t)floorf(value + 0.5f);
    }
}

void cv_shift_plane(
    const int16_t *source, size_t width, size_t height, double dx, double dy, int16_t outside, int16_t *target, size_t targetWidth,
    size_t targetHeight) {
    double wholeX = floor(-dx), wholeY = floor(-dy);
    double shareX = -dx - wholeX, shareY = -dy - wholeY;
    for (size_t y = 0; y < targetHeight; ++y) {
        double sy = (double)y + wholeY;
        for (size_t x = 0; x < targetWidth; ++x) {
            double sx = (double)x + wholeX;
            double sum = 0;
            for (int j = 0; j < 2; ++j)
                for (int i = 0; i < 2; ++i) {
                    double px = sx + i, py = sy + j;
                    double weight = (i ? shareX : 1 - shareX) * (j ? shareY : 1 - shareY);
                    bool isInside = px >= 0 && py >= 0 && px < (double)width && py < (double)height;
                    sum += weight * (isInside ? source[(size_t)py * width + (size_t)px] : outside);
                }
            target[y * targetWidth + x] = (int16_t)floor(sum + 0.5);
        }
    }
}

size_t cv_enclosed(const int16_t *slice, size_t width, size_t height, int16_t limit, uint8_t *room, uint32_t *stack) {
    size_t count = width * height, all = 0, top = 0, reached = 0;
    for (size_t i = 0; i < count; ++i) all += room[i] = slice[i] < limit;
#define TAKE(place)                            \
    do {                                       \
        size_t taken = (place);                \
        if (room[taken]) {                     \
            room[taken] = 0;                   \
            stack[top++] = (uint32_t)taken;    \
        }                                      \
    } while (0)
    for (size_t x = 0; x < width; ++x) {
        TAKE(x);
        TAKE((height - 1) * width + x);
    }
    for (size_t y = 0; y < height; ++y) {
        TAKE(y * width);
        TAKE(y * width + width - 1);
    }
    while (top) {
        size_t at = stack[--top], x = at % width, y = at / width;
        ++reached;
        if (x > 0) TAKE(at - 1);
        if (x + 1 < width) TAKE(at + 1);
        if (y > 0) TAKE(at - width);
        if (y + 1 < height) TAKE(at + width);
    }
    return all - reached;
}

typedef struct {
    uint8_t *mask;
    CVSize size;
} Fill;

static bool fill_work(void *context, size_t begin, size_t end) {
    Fill *job = context;
    size_t width = job->size.width, height = job->size.height, count = width * height;
    uint8_t *room = malloc(count);
    uint32_t *stack = malloc(count * sizeof *stack);
    bool isDone = room && stack;
    for (size_t z = begin; z < end && isDone; ++z) {
        uint8_t *slice = job->mask + z * count;
        size_t top = 0;
        for (size_t i = 0; i < count; ++i) room[i] = !slice[i];
        for (size_t x = 0; x < width; ++x) {
            TAKE(x);
            TAKE((height - 1) * width + x);
        }
        for (size_t y = 0; y < height; ++y) {
            TAKE(y * width);
            TAKE(y * width + width - 1);
        }
        while (top) {
            size_t at = stack[--top], x = at % width, y = at / width;
            if (x > 0) TAKE(at - 1);
            if (x + 1 < width) TAKE(at + 1);
            if (y > 0) TAKE(at - width);
            if (y + 1 < height) TAKE(at + width);
        }
        for (size_t i = 0; i < count; ++i) slice[i] |= room[i];
    }
    free(room);
    free(stack);
    return isDone;
}

bool cv_fill_slices(uint8_t *mask, CVSize size, int threads) {
    Fill job = {mask, size};
    return cv_parallel(size.depth, 4, threads, fill_work, &job);
}
