// PNG through libpng. libpng leaves by longjmp, which Swift cannot cross: it stays in C.
#ifndef CCODECS_PNG_H
#define CCODECS_PNG_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    int32_t width, height;
    int32_t bits;                // 8 or 16 a sample, as decoded
    int32_t channels;            // 1 grey, 3 RGB, in the file; alpha is dropped
} CCPNGHeader;

// Reads the header only. `message` (of `messageSize` bytes) gets the reason of a failure.
bool cc_png_header(const uint8_t *bytes, size_t count, CCPNGHeader *header, char *message, size_t messageSize);

// Decodes to width * height grey samples of `bits`, row by row, with no second copy of the picture unless the file is interlaced. Palettes
// become RGB and colour grey (ITU-R BT.601), fewer than 8 bits become 8, nothing is done to gamma. A wrong checksum or missing data fails.
// `colour`, where it is not NULL, gets three planes of width * height samples, red, green and blue; of a grey file it is left alone. `spread`
// gets the sum over the pixels of how far the largest of the three samples is above the smallest: 0 for a grey picture in colour's clothes.
bool cc_png_decode(
    const uint8_t *bytes, size_t count, const CCPNGHeader *header, uint16_t *samples, uint16_t *colour, uint64_t *spread, char *message,
    size_t messageSize);

// Encodes grey of 8 or 16 bits, `fast` at some cost in size. The result is freed by cc_png_free.
bool cc_png_encode_grey(
    const void *pixels, int32_t width, int32_t height, int32_t bits, bool fast, uint8_t **bytes, size_t *count, char *message,
    size_t messageSize);

// Decodes the numbers of a picture with a palette as they are, width * height bytes, whatever colours they stand for; of a grey picture of 8
// bits the samples. Any other picture fails.
bool cc_png_decode_indices(
    const uint8_t *bytes, size_t count, int32_t width, int32_t height, uint8_t *indices, char *message, size_t messageSize);

// Encodes numbers with a palette of `colours` entries of red, green and blue, at most 256. The result is freed by cc_png_free.
bool cc_png_encode_indexed(
    const uint8_t *indices, int32_t width, int32_t height, const uint8_t *palette, int32_t colours, uint8_t **bytes, size_t *count,
    char *message, size_t messageSize);
void cc_png_free(uint8_t *bytes);
#endif
