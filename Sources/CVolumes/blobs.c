#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "CVolumes.h"
#include "parallel.h"

typedef struct {
    const int16_t *source;
    float *target;
    CVSize size;
    float low, high;
    const float *weights;
    size_t reach;
} Smoothing;

// target[i] = sum of weights[k] * (source[i - k] + source[i + k]); the source has `reach` more values on either side.
FOR_EACH_PROCESSOR
static void convolve(const float *restrict source, const float *restrict weights, size_t reach, float *restrict target, size_t count) {
    for (size_t i = 0; i < count; ++i) target[i] = weights[0] * source[i];
    for (size_t k = 1; k <= reach; ++k) {
        float weight = weights[k];
        const float *before = source - k, *behind = source + k;
        for (size_t i = 0; i < count; ++i) target[i] += weight * (before[i] + behind[i]);
    }
}

FOR_EACH_PROCESSOR
static void scaled(float *restrict target, const float *restrict source, float weight, size_t count) {
    for (size_t i = 0; i < count; ++i) target[i] = weight * source[i];
}

FOR_EACH_PROCESSOR
static void add_two(float *restrict target, const float *restrict a, const float *restrict b, float weight, size_t count) {
    for (size_t i = 0; i < count; ++i) target[i] += weight * (a[i] + b[i]);
}

static bool rows_work(void *context, size_t begin, size_t end) {
    Smoothing *job = context;
    size_t width = job->size.width, reach = job->reach;
    float *room = malloc((width + 2 * reach) * sizeof *room);
    if (!room) return false;
    for (size_t row = begin; row < end; ++row) {
        float *to = job->target + row * width;
        if (job->source) {
            const int16_t *from = job->source + row * width;
            for (size_t x = 0; x < width; ++x) {
                float value = from[x];
                room[reach + x] = value < job->low ? job->low : value > job->high ? job->high : value;
            }
        } else
            memcpy(room + reach, to, width * sizeof *to);
        for (size_t k = 0; k < reach; ++k) {
            room[k] = room[reach];
            room[reach + width + k] = room[reach + width - 1];
        }
        convolve(room + reach, job->weights, reach, to, width);
    }
    free(room);
    return true;
}

// Along lines of `count` rows of `width` values, `stride` apart.
static void smooth_lines(float *start, size_t count, size_t stride, size_t width, const Smoothing *job, float *room) {
    for (size_t i = 0; i < count; ++i) memcpy(room + i * width, start + i * stride, width * sizeof *room);
    for (size_t i = 0; i < count; ++i) {
        float *to = start + i * stride;
        scaled(to, room + i * width, job->weights[0], width);
        for (size_t k = 1; k <= job->reach; ++k) {
            size_t before = i >= k ? i - k : 0, behind = i + k < count ? i + k : count - 1;
            add_two(to, room + before * width, room + behind * width, job->weights[k], width);
        }
    }
}

static bool columns_work(void *context, size_t begin, size_t end) {
    Smoothing *job = context;
    size_t plane = job->size.width * job->size.height;
    float *room = malloc(plane * sizeof *room);
    if (!room) return false;
    for (size_t z = begin; z < end; ++z)
        smooth_lines(job->target + z * plane, job->size.height, job->size.width, job->size.width, job, room);
    free(room);
    return true;
}

static bool depth_work(void *context, size_t begin, size_t end) {
    Smoothing *job = context;
    size_t plane = job->size.width * job->size.height;
    float *room = malloc(job->size.width * job->size.depth * sizeof *room);
    if (!room) return false;
    for (size_t y = begin; y < end; ++y)
        smooth_lines(job->target + y * job->size.width, job->size.depth, plane, job->size.width, job, room);
    free(room);
    return true;
}

static bool smooth(Smoothing *job, const double sigma[3], int threads) {
    const CVSize size = job->size;
    const size_t counts[3] = {size.height * size.depth, size.depth, size.height}, stretches[3] = {256, 2, 4};
    bool (*const works[3])(void *, size_t, size_t) = {rows_work, columns_work, depth_work};
    for (int axis = 0; axis < 3; ++axis) {
        // A sigma of 0 leaves an axis as it is; rows are still copied out of the source.
        size_t reach = sigma[axis] > 0 ? (size_t)(4 * sigma[axis] + 0.5) : 0;
        if (!reach && !(axis == 0 && job->source)) continue;
        float *weights = malloc((reach + 1) * sizeof *weights);
        if (!weights) return false;
        double sum = 0;
        for (size_t k = 0; k <= reach; ++k) {
            double weight = reach ? exp(-0.5 * (double)(k * k) / (sigma[axis] * sigma[axis])) : 1;
            sum += k ? 2 * weight : weight;
            weights[k] = (float)weight;
        }
        for (size_t k = 0; k <= reach; ++k) weights[k] = (float)(weights[k] / sum);
        job->weights = weights;
        job->reach = reach;
        bool isDone = cv_parallel(counts[axis], stretches[axis], threads, works[axis], job);
        free(weights);
        if (!isDone) return false;
        job->source = NULL;
    }
    return true;
}

bool cv_gaussian(const int16_t *source, CVSize size, float low, float high, const double sigma[3], float *target, int threads) {
    Smoothing job = {.source = source, .target = target, .size = size, .low = low, .high = high};
    return smooth(&job, sigma, threads);
}

bool cv_gaussian_float(float *volume, CVSize size, const double sigma[3], int threads) {
    Smoothing job = {.target = volume, .size = size};
    return smooth(&job, sigma, threads);
}

typedef struct {
    const float *smooth;
    const uint8_t *mask;
    CVSize size;
    float scale;
    uint8_t number;
    float *best;
    uint8_t *index;
} Dots;

// The smallest and the largest amount of the eigenvalues of a negative definite matrix (Smith, Commun ACM 1961).
static void extremes(double a, double b, double c, double d, double e, double f, double *least, double *most) {
    double mean = (a + b + c) / 3;
    double off = d * d + e * e + f * f;
    double spread = ((a - mean) * (a - mean) + (b - mean) * (b - mean) + (c - mean) * (c - mean) + 2 * off) / 6;
    double p = sqrt(spread);
    if (!(p > 1e-12)) {
        *least = *most = -mean;
        return;
    }
    double u = (a - mean) / p, v = (b - mean) / p, w = (c - mean) / p, r = d / p, s = e / p, t = f / p;
    double half = (u * (v * w - t * t) - r * (r * w - s * t) + s * (r * t - s * v)) / 2;
    double angle = acos(half < -1 ? -1 : half > 1 ? 1 : half) / 3;
    *least = -(mean + 2 * p * cos(angle));
    *most = -(mean + 2 * p * cos(angle + 2.0943951023931953));
}

static bool dots_work(void *context, size_t begin, size_t end) {
    Dots *job = context;
    const size_t width = job->size.width, height = job->size.height, plane = width * height;
    for (size_t z = begin + 1; z < end + 1; ++z)
        for (size_t y = 1; y + 1 < height; ++y) {
            size_t row = z * plane + y * width;
            for (size_t x = 1; x + 1 < width; ++x) {
                size_t at = row + x;
                if (!job->mask[at]) continue;
                const float *v = job->smooth + at;
                float twice = 2 * v[0];
                float xx = v[1] + *(v - 1) - twice, yy = v[width] + *(v - width) - twice, zz = v[plane] + *(v - plane) - twice;
                // All must fall off on all sides: the minors alternate (Sylvester).
                if (!(xx < 0) || !(yy < 0) || !(zz < 0)) continue;
                float xy = (v[1 + width] - *(v + width - 1) - *(v - width + 1) + *(v - width - 1)) / 4;
                if (!(xx * yy - xy * xy > 0)) continue;
                float xz = (v[1 + plane] - *(v + plane - 1) - *(v - plane + 1) + *(v - plane - 1)) / 4;
                float yz = (v[width + plane] - *(v + plane - width) - *(v - plane + width) + *(v - plane - width)) / 4;
                float determinant = xx * (yy * zz - yz * yz) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz);
                if (!(determinant < 0)) continue;
                double least, most;
                extremes(xx, yy, zz, xy, xz, yz, &least, &most);
                if (!(least > 0) || !(most > 0)) continue;
                float strength = (float)(least * least / most) * job->scale;
                if (strength > job->best[at]) {
                    job->best[at] = strength;
                    job->index[at] = job->number;
                }
            }
        }
    return true;
}

void cv_dot_strength(
    const float *smooth, CVSize size, const uint8_t *mask, float scale, uint8_t number, float *best, uint8_t *index, int threads) {
    if (size.width < 3 || size.height < 3 || size.depth < 3) return;
    Dots job = {smooth, mask, size, scale, number, best, index};
    cv_parallel(size.depth - 2, 2, threads, dots_work, &job);
}

size_t cv_peaks(const float *best, const uint8_t *index, CVSize size, int reach, float least, CVPeak *peaks, size_t capacity) {
    const size_t width = size.width, plane = size.width * size.height;
    size_t found = 0, at = 0;
    for (size_t z = 0; z < size.depth; ++z)
        for (size_t y = 0; y < size.height; ++y)
            for (size_t x = 0; x < width; ++x, ++at) {
                float value = best[at];
                if (!(value > least)) continue;
                bool isPeak = true;
                for (int k = -reach; k <= reach && isPeak; ++k)
                    for (int j = -reach; j <= reach && isPeak; ++j)
                        for (int i = -reach; i <= reach; ++i) {
                            int64_t px = (int64_t)x + i, py = (int64_t)y + j, pz = (int64_t)z + k;
                            if (px < 0 || py < 0 || pz < 0 || px >= (int64_t)width || py >= (int64_t)size.height || pz >= (int64_t)size.depth)
                                continue;
                            size_t other = (size_t)pz * plane + (size_t)py * width + (size_t)px;
                            if (best[other] > value || (best[other] == value && other < at)) {
                                isPeak = false;
                                break;
                            }
                        }
                if (!isPeak) continue;
                if (found < capacity) peaks[found] = (CVPeak){value, index[at], (uint32_t)x, (uint32_t)y, (uint32_t)z};
                ++found;
            }
    return found;
}
