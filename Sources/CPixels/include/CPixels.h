// Loops over pixels, in C so that the compiler makes one of them for each kind of processor (SSE, AVX2, AVX-512) and the program takes the
// right one when it starts; Swift's compiler makes only one, for the oldest.
#ifndef CPIXELS_H
#define CPIXELS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// `samples` holds `count` bytes in the upper half of its memory (from its byte `count` on); afterwards each is a sample of its own. No
// second buffer is needed.
void cp_widen_in_place(uint16_t *samples, size_t count);

// Adds 1 to counts[sample] for each sample; one above `maximum` counts as `maximum`. `counts` has `maximum` + 1 entries.
void cp_histogram(const uint16_t *samples, size_t count, uint32_t *counts, uint32_t maximum);

// target[i] = table[samples[i]]; a sample above `maximum` is taken as `maximum`. `table` has `maximum` + 1 entries.
void cp_look_up(const uint16_t *samples, size_t count, const float *table, uint32_t maximum, float *target);

// target[i] = table[(samples[i] >> shift) & mask], of samples of one byte. `table` has `mask` + 1 entries.
void cp_map_bytes(const uint8_t *samples, size_t count, const uint16_t *table, uint32_t shift, uint32_t mask, uint16_t *target);

// The same of little-endian samples of two bytes, which may lie anywhere.
void cp_map_words(const uint8_t *samples, size_t count, const uint16_t *table, uint32_t shift, uint32_t mask, uint16_t *target);

// The largest sample; where that is not below `enough`, any sample that is not.
uint16_t cp_largest(const uint16_t *samples, size_t count, uint16_t enough);

// The mean of each block of `reduction` x `reduction` samples, rounded; blocks at the right and lower edge have what is left. `target` has
// (width + reduction - 1) / reduction columns, and rows likewise. `sums` is room for that many columns. A reduction of 2, 4 or 8.
void cp_reduce(const uint16_t *samples, size_t width, size_t height, size_t reduction, uint32_t *sums, uint16_t *target);

// target[i] = samples[i]
void cp_to_float(const uint16_t *samples, size_t count, float *target);

// target[i] += weight * source[i]
void cp_add_scaled(float *target, const float *source, float weight, size_t count);

// target[o] = base[o] + sum over t in 0..<taps of weights[t * count + o] * source[starts[o] + t], for `count` outputs.
void cp_weigh(
    const float *source, const int32_t *starts, const float *weights, size_t taps, const float *base, size_t count, float *target);

// target[i] = (target[i] / divisor - shift) * scale
void cp_normalise(float *target, size_t count, float divisor, float shift, float scale);

// target[i] = samples[i] * scale + 0.5, cut to 255 and towards zero
void cp_samples_to_bytes(const uint16_t *samples, size_t count, float scale, uint8_t *target);

// target[i] = 0xFF000000 with source[i] as red, green and blue: Cairo's RGB24
void cp_grey_to_rgb(const uint8_t *source, size_t count, uint32_t *target);

// target[i] = source[i] * scale + 0.5, cut to 0...255 and towards zero
void cp_to_bytes(const float *source, size_t count, float scale, uint8_t *target);

// Of memory that is freed, so many bytes stay with the process for the next image, where glibc would give them back to the system, which has to
// clear every page again. False where the C library has no such setting.
bool cp_keep_freed_memory(size_t bytes);
#endif
