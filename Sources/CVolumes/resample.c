#include <math.h>
#include <stdlib.h>

#include "CVolumes.h"
#include "parallel.h"

// Which voxels of a line a place of the target takes, and how much of each.
typedef struct {
    int32_t first;
    int32_t count;
    float *weights;
} Taps;

typedef struct {
    const int16_t *source;
    int16_t *target;
    CVSize from, to;
    const double *matrix;
    const int *taps;
    int16_t outside;
    // Of maps along the axes only.
    Taps *along[3];
} Resampling;

// The integral of the weight that linear interpolation gives a voxel, up to a distance from it.
static double ramp(double way) {
    if (way <= -1) return 0;
    if (way <= 0) return (way + 1) * (way + 1) / 2;
    if (way <= 1) return 1 - (1 - way) * (1 - way) / 2;
    return 1;
}

// Linear where the target is finer, else the mean of linear interpolation over the length of a step: a plane stays a plane.
static void fill_taps(Taps *taps, float *room, size_t most, double step, double start, size_t sourceCount, size_t count) {
    double width = fabs(step);
    for (size_t i = 0; i < count; ++i) {
        Taps *one = &taps[i];
        one->weights = room + i * most;
        one->count = 0;
        one->first = 0;
        double centre = step * (double)i + start;
        if (!(centre >= -0.5 - 1e-9) || !(centre <= (double)sourceCount - 0.5 + 1e-9)) continue;
        double last = (double)sourceCount - 1;
        if (width <= 1) {
            double place = centre < 0 ? 0 : centre > last ? last : centre;
            double below = floor(place);
            if (below >= last && last > 0) below = last - 1;
            one->first = (int32_t)below;
            one->count = sourceCount > 1 ? 2 : 1;
            one->weights[0] = (float)(1 - (place - below));
            if (one->count == 2) one->weights[1] = (float)(place - below);
            continue;
        }
        double low = centre - width / 2, high = centre + width / 2;
        double first = ceil(low - 1), end = floor(high + 1);
        if (first < 0) first = 0;
        if (end > last) end = last;
        one->first = (int32_t)first;
        double sum = 0;
        for (double j = first; j <= end && (size_t)one->count < most; ++j) {
            double weight = ramp(high - j) - ramp(low - j);
            one->weights[one->count++] = (float)weight;
            sum += weight;
        }
        for (int k = 0; k < one->count; ++k) one->weights[k] = (float)(one->weights[k] / sum);
    }
}

FOR_EACH_PROCESSOR
static void add_row(float *restrict target, const float *restrict source, float weight, size_t count) {
    for (size_t i = 0; i < count; ++i) target[i] += weight * source[i];
}

// One slice of the source, made as wide and high as the target.
static void plane(const Resampling *job, size_t z, float *rows, float *target) {
    size_t width = job->to.width, height = job->to.height;
    const int16_t *slice = job->source + z * job->from.width * job->from.height;
    for (size_t y = 0; y < job->from.height; ++y) {
        const int16_t *line = slice + y * job->from.width;
        float *to = rows + y * width;
        for (size_t x = 0; x < width; ++x) {
            const Taps *taps = &job->along[0][x];
            float sum = 0;
            for (int k = 0; k < taps->count; ++k) sum += taps->weights[k] * line[taps->first + k];
            to[x] = sum;
        }
    }
    for (size_t y = 0; y < height; ++y) {
        float *to = target + y * width;
        for (size_t x = 0; x < width; ++x) to[x] = 0;
        const Taps *taps = &job->along[1][y];
        for (int k = 0; k < taps->count; ++k) add_row(to, rows + (size_t)(taps->first + k) * width, taps->weights[k], width);
    }
}

static bool separable_work(void *context, size_t begin, size_t end) {
    Resampling *job = context;
    size_t width = job->to.width, height = job->to.height, count = width * height;
    int most = 1;
    for (size_t z = begin; z < end; ++z)
        if (job->along[2][z].count > most) most = job->along[2][z].count;
    size_t kept = (size_t)most + 1;
    float *planes = malloc(kept * count * sizeof *planes);
    int64_t *which = malloc(kept * sizeof *which);
    float *rows = malloc(job->from.height * width * sizeof *rows);
    float *sum = malloc(count * sizeof *sum);
    bool isDone = planes && which && rows && sum;
    for (size_t i = 0; isDone && i < kept; ++i) which[i] = -1;
    for (size_t z = begin; z < end && isDone; ++z) {
        const Taps *taps = &job->along[2][z];
        for (size_t i = 0; i < count; ++i) sum[i] = 0;
        for (int k = 0; k < taps->count; ++k) {
            int64_t wanted = taps->first + k;
            size_t slot = (size_t)wanted % kept;
            if (which[slot] != wanted) {
                plane(job, (size_t)wanted, rows, planes + slot * count);
                which[slot] = wanted;
            }
            add_row(sum, planes + slot * count, taps->weights[k], count);
        }
        int16_t *to = job->target + z * count;
        for (size_t y = 0; y < height; ++y)
            for (size_t x = 0; x < width; ++x) {
                bool isInside = taps->count && job->along[1][y].count && job->along[0][x].count;
                to[y * width + x] = isInside ? (int16_t)floorf(sum[y * width + x] + 0.5f) : job->outside;
            }
    }
    free(planes);
    free(which);
    free(rows);
    free(sum);
    return isDone;
}

static inline double sample(const Resampling *job, double x, double y, double z) {
    const CVSize size = job->from;
    if (!(x >= -0.5) || !(y >= -0.5) || !(z >= -0.5) || !(x <= (double)size.width - 0.5) || !(y <= (double)size.height - 0.5) ||
        !(z <= (double)size.depth - 0.5))
        return job->outside;
    double place[3] = {x, y, z};
    const size_t counts[3] = {size.width, size.height, size.depth};
    size_t low[3], high[3];
    double share[3];
    for (int k = 0; k < 3; ++k) {
        double last = (double)counts[k] - 1;
        double at = place[k] < 0 ? 0 : place[k] > last ? last : place[k];
        double below = floor(at);
        low[k] = (size_t)below;
        high[k] = low[k] + 1 < counts[k] ? low[k] + 1 : low[k];
        share[k] = at - below;
    }
    double sum = 0;
    for (int corner = 0; corner < 8; ++corner) {
        size_t px = corner & 1 ? high[0] : low[0], py = corner & 2 ? high[1] : low[1], pz = corner & 4 ? high[2] : low[2];
        double weight = (corner & 1 ? share[0] : 1 - share[0]) * (corner & 2 ? share[1] : 1 - share[1]) *
                        (corner & 4 ? share[2] : 1 - share[2]);
        if (weight > 0) sum += weight * job->source[(pz * size.height + py) * size.width + px];
    }
    return sum;
}

static bool general_work(void *context, size_t begin, size_t end) {
    Resampling *job = context;
    const double *m = job->matrix;
    int total = job->taps[0] * job->taps[1] * job->taps[2];
    for (size_t z = begin; z < end; ++z)
        for (size_t y = 0; y < job->to.height; ++y)
            for (size_t x = 0; x < job->to.width; ++x) {
                double sum = 0;
                for (int c = 0; c < job->taps[2]; ++c)
                    for (int b = 0; b < job->taps[1]; ++b)
                        for (int a = 0; a < job->taps[0]; ++a) {
                            double px = (double)x + (a + 0.5) / job->taps[0] - 0.5, py = (double)y + (b + 0.5) / job->taps[1] - 0.5,
                                   pz = (double)z + (c + 0.5) / job->taps[2] - 0.5;
                            sum += sample(
                                job, m[0] * px + m[1] * py + m[2] * pz + m[3], m[4] * px + m[5] * py + m[6] * pz + m[7],
                                m[8] * px + m[9] * py + m[10] * pz + m[11]);
                        }
                job->target[(z * job->to.height + y) * job->to.width + x] = (int16_t)floor(sum / total + 0.5);
            }
    return true;
}

bool cv_resample(
    const int16_t *source, CVSize from, const double matrix[12], const int taps[3], int16_t outside, int16_t *target, CVSize to,
    int threads) {
    Resampling job = {.source = source, .target = target, .from = from, .to = to, .matrix = matrix, .taps = taps, .outside = outside};
    bool isAlongAxes = true;
    for (int row = 0; row < 3; ++row)
        for (int column = 0; column < 3; ++column)
            if (row != column && fabs(matrix[4 * row + column]) > 1e-9) isAlongAxes = false;
    if (!isAlongAxes) return cv_parallel(to.depth, 1, threads, general_work, &job);
    const size_t sources[3] = {from.width, from.height, from.depth}, targets[3] = {to.width, to.height, to.depth};
    Taps *all[3] = {NULL, NULL, NULL};
    float *rooms[3] = {NULL, NULL, NULL};
    bool isDone = true;
    for (int axis = 0; axis < 3 && isDone; ++axis) {
        double step = matrix[4 * axis + axis];
        size_t most = (size_t)ceil(fabs(step)) + 4;
        all[axis] = calloc(targets[axis], sizeof **all);
        rooms[axis] = calloc(targets[axis] * most, sizeof **rooms);
        isDone = all[axis] && rooms[axis];
        if (isDone) fill_taps(all[axis], rooms[axis], most, step, matrix[4 * axis + 3], sources[axis], targets[axis]);
        job.along[axis] = all[axis];
    }
    // Long stretches, since neighbours share slices of the source.
    if (isDone) isDone = cv_parallel(to.depth, 32, threads, separable_work, &job);
    for (int axis = 0; axis < 3; ++axis) {
        free(all[axis]);
        free(rooms[axis]);
    }
    return isDone;
}

typedef struct {
    const uint8_t *source;
    uint8_t *target;
    CVSize from, to;
    const double *matrix;
} MaskResampling;

static bool mask_work(void *context, size_t begin, size_t end) {
    MaskResampling *job = context;
    const double *m = job->matrix;
    for (size_t z = begin; z < end; ++z)
        for (size_t y = 0; y < job->to.height; ++y)
            for (size_t x = 0; x < job->to.width; ++x) {
                double px = floor(m[0] * (double)x + m[1] * (double)y + m[2] * (double)z + m[3] + 0.5);
                double py = floor(m[4] * (double)x + m[5] * (double)y + m[6] * (double)z + m[7] + 0.5);
                double pz = floor(m[8] * (double)x + m[9] * (double)y + m[10] * (double)z + m[11] + 0.5);
                bool isInside = px >= 0 && py >= 0 && pz >= 0 && px < (double)job->from.width && py < (double)job->from.height &&
                                pz < (double)job->from.depth;
                job->target[(z * job->to.height + y) * job->to.width + x] =
                    isInside ? job->source[((size_t)pz * job->from.height + (size_t)py) * job->from.width + (size_t)px] : 0;
            }
    return true;
}

void cv_resample_mask(
    const uint8_t *source, CVSize from, const double matrix[12], uint8_t *target, CVSize to, int threads) {
    MaskResampling job = {source, target, from, to, matrix};
    cv_parallel(to.depth, 4, threads, mask_work, &job);
}
