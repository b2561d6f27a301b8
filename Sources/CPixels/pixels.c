#include "CPixels.h"

#include <string.h>

// x86-64-v3 is AVX2 with fused multiplication and addition, v4 is AVX-512.
#if defined(__x86_64__) && defined(__linux__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif

void cp_widen_in_place(uint16_t *samples, size_t count) {
    const uint8_t *bytes = (const uint8_t *)samples + count;
    // The writer, at byte 2i, only reaches the reader, at byte count + i, at the very end.
    enum { block = 64 };
    size_t i = 0;
    for (; i + 2 * block <= count; i += block) {
        uint8_t taken[block];
        memcpy(taken, bytes + i, block);
        for (int k = 0; k < block; ++k) samples[i + k] = taken[k];
    }
    for (; i < count; ++i) {
        uint8_t byte = bytes[i];
        samples[i] = byte;
    }
}

void cp_histogram(const uint16_t *samples, size_t count, uint32_t *counts, uint32_t maximum) {
    if (maximum > 255) {
        for (size_t i = 0; i < count; ++i) ++counts[samples[i] < maximum ? samples[i] : maximum];
        return;
    }
    // Neighbours are often equal, and an addition must wait for the last one to the same place: four tables.
    uint32_t tables[4][256] = {{0}};
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        // One load for four, and no comparison where all four are bytes, as they are of any image of 8 bits.
        uint64_t four;
        memcpy(&four, samples + i, sizeof four);
        if (maximum == 255 && !(four & UINT64_C(0xFF00FF00FF00FF00)))
            for (int k = 0; k < 4; ++k) ++tables[k][four >> 16 * k & 0xFF];
        else
            for (int k = 0; k < 4; ++k) ++tables[k][samples[i + k] < maximum ? samples[i + k] : maximum];
    }
    for (; i < count; ++i) ++tables[0][samples[i] < maximum ? samples[i] : maximum];
    for (uint32_t v = 0; v <= maximum; ++v) counts[v] += tables[0][v] + tables[1][v] + tables[2][v] + tables[3][v];
}

FOR_EACH_PROCESSOR
void cp_look_up(const uint16_t *restrict samples, size_t count, const float *restrict table, uint32_t maximum, float *restrict target) {
    for (size_t i = 0; i < count; ++i) {
        uint32_t sample = samples[i];
        target[i] = table[sample < maximum ? sample : maximum];
    }
}

// A table of 16-bit entries has no gathering instruction; several look-ups in a row keep the processor's loads busy.
void cp_map_bytes(
    const uint8_t *restrict samples, size_t count, const uint16_t *restrict table, uint32_t shift, uint32_t mask, uint16_t *restrict target) {
    for (size_t i = 0; i < count; ++i) target[i] = table[(uint32_t)samples[i] >> shift & mask];
}

void cp_map_words(
    const uint8_t *restrict samples, size_t count, const uint16_t *restrict table, uint32_t shift, uint32_t mask, uint16_t *restrict target) {
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        uint64_t four;
        memcpy(&four, samples + 2 * i, sizeof four);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        four = __builtin_bswap64(four);
#endif
        for (int k = 0; k < 4; ++k) target[i + k] = table[(uint32_t)(uint16_t)(four >> 16 * k) >> shift & mask];
    }
    for (; i < count; ++i) target[i] = table[(uint32_t)(samples[2 * i] | samples[2 * i + 1] << 8) >> shift & mask];
}

FOR_EACH_PROCESSOR
uint16_t cp_largest(const uint16_t *samples, size_t count, uint16_t enough) {
    enum { block = 4096 };
    uint16_t largest = 0;
    for (size_t start = 0; start < count && largest < enough; start += block) {
        size_t end = count - start < block ? count : start + block;
        for (size_t i = start; i < end; ++i) largest = samples[i] > largest ? samples[i] : largest;
    }
    return largest;
}

// With the reduction known when it is compiled, neighbours are added up without a loop.
#define ADD_ROW(REDUCTION)                                                                     \
    for (size_t o = 0; o < whole; ++o) {                                                       \
        uint32_t sum = 0;                                                                      \
        for (size_t k = 0; k < REDUCTION; ++k) sum += row[o * REDUCTION + k];                  \
        sums[o] += sum;                                                                        \
    }

FOR_EACH_PROCESSOR
void cp_reduce(
    const uint16_t *restrict samples, size_t width, size_t height, size_t reduction, uint32_t *restrict sums, uint16_t *restrict target) {
    size_t columns = (width + reduction - 1) / reduction, whole = width / reduction, rest = width - whole * reduction;
    for (size_t y = 0; y < height; y += reduction, target += columns) {
        size_t rows = height - y < reduction ? height - y : reduction;
        memset(sums, 0, columns * sizeof *sums);
        for (size_t r = 0; r < rows; ++r) {
            const uint16_t *row = samples + (y + r) * width;
            if (reduction == 2) { ADD_ROW(2) } else if (reduction == 4) { ADD_ROW(4) } else { ADD_ROW(8) }
            for (size_t k = 0; k < rest; ++k) sums[whole] += row[whole * reduction + k];
        }
        uint32_t area = (uint32_t)(rows * reduction);
        if (rows == reduction) {
            // A division takes as long as all additions of a block; the area of a whole one is a power of two.
            int shift = reduction == 2 ? 2 : reduction == 4 ? 4 : 6;
            for (size_t o = 0; o < whole; ++o) target[o] = (uint16_t)((sums[o] + area / 2) >> shift);
        } else {
            for (size_t o = 0; o < whole; ++o) target[o] = (uint16_t)((sums[o] + area / 2) / area);
        }
        if (rest) {
            area = (uint32_t)(rows * rest);
            target[whole] = (uint16_t)((sums[whole] + area / 2) / area);
        }
    }
}

FOR_EACH_PROCESSOR
void cp_to_float(const uint16_t *restrict samples, size_t count, float *restrict target) {
    for (size_t i = 0; i < count; ++i) target[i] = samples[i];
}

FOR_EACH_PROCESSOR
void cp_add_scaled(float *restrict target, const float *restrict source, float weight, size_t count) {
    for (size_t i = 0; i < count; ++i) target[i] += weight * source[i];
}

FOR_EACH_PROCESSOR
void cp_weigh(
    const float *restrict source, const int32_t *restrict starts, const float *restrict weights, size_t taps, const float *restrict base,
    size_t count, float *restrict target) {
    // Output by output in the inner loop, so that many are computed at once.
    for (size_t o = 0; o < count; ++o) target[o] = base[o];
    for (size_t t = 0; t < taps; ++t) {
        const float *weight = weights + t * count, *from = source + t;
        for (size_t o = 0; o < count; ++o) target[o] += weight[o] * from[starts[o]];
    }
}

FOR_EACH_PROCESSOR
void cp_samples_to_bytes(const uint16_t *restrict samples, size_t count, float scale, uint8_t *restrict target) {
    for (size_t i = 0; i < count; ++i) {
        float value = samples[i] * scale + 0.5f;
        target[i] = (uint8_t)(int32_t)(value < 255 ? value : 255);
    }
}

FOR_EACH_PROCESSOR
void cp_grey_to_rgb(const uint8_t *restrict source, size_t count, uint32_t *restrict target) {
    for (size_t i = 0; i < count; ++i) target[i] = 0xFF000000u | source[i] * 0x010101u;
}

FOR_EACH_PROCESSOR
void cp_normalise(float *restrict target, size_t count, float divisor, float shift, float scale) {
    for (size_t i = 0; i < count; ++i) target[i] = (target[i] / divisor - shift) * scale;
}

FOR_EACH_PROCESSOR
void cp_to_bytes(const float *restrict source, size_t count, float scale, uint8_t *restrict target) {
    for (size_t i = 0; i < count; ++i) {
        float value = source[i] * scale + 0.5f;
        value = value > 0 ? value : 0;
        target[i] = (uint8_t)(int32_t)(value < 255 ? value : 255);
    }
}
