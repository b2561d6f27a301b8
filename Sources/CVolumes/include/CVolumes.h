// Loops over the voxels of a volume, in C with threads, made for each kind of processor as those of CPixels.
//
// A volume is [D, H, W]: x fastest, then y, then z. `threads` is how many threads work; 0 is as many as there are cores.
#ifndef CVOLUMES_H
#define CVOLUMES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    size_t width, height, depth;
} CVSize;

// Samples of a slice to whole Hounsfield units: round(sample * slope + intercept); samples in padding[0]...padding[1] become -1000 (none where the first is
// above the second), values under -1024 become -1024, values over 32767 that. `counts` gets how many were padding, below and above.
void cv_hounsfield(
    const int32_t *samples, size_t count, double slope, double intercept, const int32_t padding[2], int16_t *values, size_t counts[3]);

// counts[v + 1024] += 1 for v in -1024...3071, each end taking what lies beyond. `counts` has 4096 entries.
void cv_histogram(const int16_t *values, size_t count, uint64_t *counts, int threads);

// How many voxels of a slice are under `limit` and cut off from the slice's border, by steps to the four neighbours. `room` has width * height bytes.
size_t cv_enclosed(const int16_t *slice, size_t width, size_t height, int16_t limit, uint8_t *room, uint32_t *stack);

// target = the source under an affine map, trilinear: the place (x, y, z) of the target is looked up at matrix * (x, y, z, 1), in voxels. Where
// the source has more than one voxel to a step of the target, the mean of `taps` places along each axis is taken. Outside is `outside`.
// `matrix` has 12 numbers, three rows of four. False without memory.
bool cv_resample(
    const int16_t *source, CVSize sourceSize, const double matrix[12], const int taps[3], int16_t outside, int16_t *target, CVSize targetSize,
    int threads);

// The same of a mask of 0 and 1, the nearest voxel.
void cv_resample_mask(
    const uint8_t *source, CVSize sourceSize, const double matrix[12], uint8_t *target, CVSize targetSize, int threads);

// target = the plane of `source` moved by dx columns and dy rows, bilinear: target(x, y) = source(x - dx, y - dy), in planes of other sizes.
void cv_shift_plane(
    const int16_t *source, size_t width, size_t height, double dx, double dy, int16_t outside, int16_t *target, size_t targetWidth,
    size_t targetHeight);

// target = a + share * (b - a), rounded.
void cv_blend(const int16_t *a, const int16_t *b, double share, int16_t *target, size_t count);

// target[i] = low <= source[i] <= high
void cv_threshold(const int16_t *source, size_t count, int16_t low, int16_t high, uint8_t *target, int threads);

// Numbers the pieces of a mask whose voxels hang together by steps to the six neighbours, from 1 in the order of their first voxels. Returns how many
// there are; -1 without memory.
int64_t cv_label(const uint8_t *mask, CVSize size, uint32_t *labels);

typedef struct {
    uint64_t voxels;
    int64_t sum;
    uint64_t sumX, sumY, sumZ;
    uint32_t low[3], high[3];
    // Whether it touches the first or last column, row or slice.
    uint8_t touchesX, touchesY, touchesZ;
} CVPiece;

// What each piece is: pieces[label - 1]; `sum` is of `values`, which may be NULL.
void cv_pieces(const uint32_t *labels, CVSize size, const int16_t *values, CVPiece *pieces, size_t count);

// Slice by slice, mask becomes 1 also where its ones enclose zeros. False without memory.
bool cv_fill_slices(uint8_t *mask, CVSize size, int threads);

// Squared distances in squared millimetres to the nearest voxel that is 1 (Felzenszwalb and Huttenlocher, Theory of Computing 2012); `far`
// where there is none. False without memory.
bool cv_distance(const uint8_t *mask, CVSize size, const double spacing[3], float far, float *squared, int threads);

// Grows labels 1...2 over the ones of `mask` whose label is 0, step by step to the six neighbours. False without memory.
bool cv_grow(const uint8_t *mask, CVSize size, uint8_t *labels);

// The volume under a Gaussian of `sigma` voxels along each axis, cut off at 4 sigma, edges repeated. `source` is cut to low...high first. False without memory.
bool cv_gaussian(const int16_t *source, CVSize size, float low, float high, const double sigma[3], float *target, int threads);

// The same of floats, in place. False without memory.
bool cv_gaussian_float(float *volume, CVSize size, const double sigma[3], int threads);

// Dot strength of bright blobs at one scale, where mask is 1: with eigenvalues of `smooth`'s Hessian a <= b <= c < 0, c^2 / |a|, times `scale`; 0 where one
// is not below 0 (Li, Sone and Doi, Med Phys 2003). best = max(best, strength) and index[i] = `number` where it is larger.
void cv_dot_strength(
    const float *smooth, CVSize size, const uint8_t *mask, float scale, uint8_t number, float *best, uint8_t *index, int threads);

typedef struct {
    float strength;
    uint8_t scale;
    uint32_t x, y, z;
} CVPeak;

// The voxels over `least` that no voxel within `reach` steps along the axes exceeds, of equal ones the first. Returns how many there are; the first `capacity`
// are written, slice by slice.
size_t cv_peaks(
    const float *best, const uint8_t *index, CVSize size, int reach, float least, CVPeak *peaks, size_t capacity);
#endif
