#include "CCodecsPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

typedef struct {
    const uint8_t *bytes;
    size_t count, position;
    uint8_t *out;
    size_t outCount, outCapacity;
    char *message;
    size_t messageSize;
} Stream;

static void say(Stream *stream, const char *text) {
    if (!stream->messageSize) return;
    strncpy(stream->message, text, stream->messageSize - 1);
    stream->message[stream->messageSize - 1] = 0;
}

static void onError(png_structp png, png_const_charp text) {
    say(png_get_error_ptr(png), text);
    longjmp(png_jmpbuf(png), 1);
}
static void onWarning(png_structp png, png_const_charp text) { (void)png; (void)text; }

static void readBytes(png_structp png, png_bytep target, png_size_t wanted) {
    Stream *stream = png_get_io_ptr(png);
    if (wanted > stream->count - stream->position) png_error(png, "the data ends too early");
    memcpy(target, stream->bytes + stream->position, wanted);
    stream->position += wanted;
}

static void writeBytes(png_structp png, png_bytep source, png_size_t given) {
    Stream *stream = png_get_io_ptr(png);
    if (stream->outCount + given > stream->outCapacity) {
        size_t capacity = (stream->outCapacity + given) * 2;
        uint8_t *grown = realloc(stream->out, capacity);
        if (!grown) png_error(png, "out of memory");
        stream->out = grown;
        stream->outCapacity = capacity;
    }
    memcpy(stream->out + stream->outCount, source, given);
    stream->outCount += given;
}
static void flushBytes(png_structp png) { (void)png; }

// Opens a reader up to and including the header, with the transformations of cc_png_decode set.
static bool start(Stream *stream, png_structp *png, png_infop *info) {
    *png = png_create_read_struct(PNG_LIBPNG_VER_STRING, stream, onError, onWarning);
    *info = *png ? png_create_info_struct(*png) : NULL;
    if (!*info) { say(stream, "out of memory"); return false; }
    return true;
}

static void transform(png_structp png, png_infop info, CCPNGHeader *header) {
    int type = png_get_color_type(png, info), depth = png_get_bit_depth(png, info);
    if (type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
    if (type == PNG_COLOR_TYPE_GRAY && depth < 8) png_set_expand_gray_1_2_4_to_8(png);
    if ((type & PNG_COLOR_MASK_ALPHA) || (type == PNG_COLOR_TYPE_PALETTE && png_get_valid(png, info, PNG_INFO_tRNS))) png_set_strip_alpha(png);
    if (depth == 16) png_set_swap(png);
    header->width = (int32_t)png_get_image_width(png, info);
    header->height = (int32_t)png_get_image_height(png, info);
    header->bits = depth == 16 ? 16 : 8;
    header->channels = (type & PNG_COLOR_MASK_COLOR) ? 3 : 1;
}

// Where the samples of a decoded picture go.
typedef struct {
    uint16_t *grey, *colour;
    uint64_t spread;
} Planes;

// To grey by ITU-R BT.601 in PIL's integers (as Luminance.swift), one sample a pixel; the colours beside it where they are wanted.
static void greyRow(const void *row, const CCPNGHeader *header, int32_t y, Planes *planes) {
    size_t first = (size_t)header->width * (size_t)y, plane = (size_t)header->width * (size_t)header->height;
    uint16_t *target = planes->grey + first;
    const uint8_t *bytes = row;
    const uint16_t *words = row;
    bool isWide = header->bits == 16;
    if (header->channels == 1) {
        if (isWide) memcpy(target, row, (size_t)header->width * 2);
        else for (int32_t x = 0; x < header->width; ++x) target[x] = bytes[x];
    } else {
        for (int32_t x = 0; x < header->width; ++x) {
            uint32_t r = isWide ? words[3 * x] : bytes[3 * x], g = isWide ? words[3 * x + 1] : bytes[3 * x + 1],
                     b = isWide ? words[3 * x + 2] : bytes[3 * x + 2];
            target[x] = (uint16_t)((r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16);
            uint32_t most = r > g ? r : g, least = r < g ? r : g;
            planes->spread += (most > b ? most : b) - (least < b ? least : b);
            if (planes->colour) {
                uint16_t *colour = planes->colour + first + x;
                colour[0] = (uint16_t)r;
                colour[plane] = (uint16_t)g;
                colour[2 * plane] = (uint16_t)b;
            }
        }
    }
}

static bool run(
    const uint8_t *bytes, size_t count, CCPNGHeader *header, const CCPNGHeader *expected, Planes *planes, char *message,
    size_t messageSize) {
    Stream stream = {.bytes = bytes, .count = count, .message = message, .messageSize = messageSize};
    png_structp png = NULL;
    png_infop info = NULL;
    // Written between setjmp and longjmp: volatile.
    uint8_t *volatile kept = NULL;
    if (!start(&stream, &png, &info) || setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(png ? &png : NULL, info ? &info : NULL, NULL);
        free(kept);
        return false;
    }
    // The caller has limits of its own; libpng's would refuse wide images with a text about itself.
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
    png_set_read_fn(png, &stream, readBytes);
    png_read_info(png, info);
    transform(png, info, header);
    if (planes) {
        if (header->width != expected->width || header->height != expected->height || header->bits != expected->bits
            || header->channels != expected->channels) png_error(png, "the header changed");
        int passes = png_set_interlace_handling(png);
        png_read_update_info(png, info);
        size_t rowSize = (size_t)header->width * header->channels * (header->bits / 8);
        if (png_get_rowbytes(png, info) != rowSize) png_error(png, "an unexpected row size");
        // Row by row, each turned grey at once; an interlaced file gives its rows only when all of it is read.
        size_t rowsKept = passes > 1 ? (size_t)header->height : 1;
        kept = calloc(rowsKept, rowSize);
        if (!kept) png_error(png, "out of memory");
        for (int pass = 0; pass < passes; ++pass)
            for (int32_t y = 0; y < header->height; ++y) {
                uint8_t *row = kept + (passes > 1 ? rowSize * (size_t)y : 0);
                png_read_row(png, row, NULL);
                if (pass == passes - 1) greyRow(row, header, y, planes);
            }
        png_read_end(png, NULL);
    }
    png_destroy_read_struct(&png, &info, NULL);
    free(kept);
    return true;
}

bool cc_png_header(const uint8_t *bytes, size_t count, CCPNGHeader *header, char *message, size_t messageSize) {
    return run(bytes, count, header, NULL, NULL, message, messageSize);
}

bool cc_png_decode(
    const uint8_t *bytes, size_t count, const CCPNGHeader *header, uint16_t *samples, uint16_t *colour, uint64_t *spread, char *message,
    size_t messageSize) {
    CCPNGHeader seen;
    Planes planes = {.grey = samples, .colour = colour, .spread = 0};
    bool isDone = run(bytes, count, &seen, header, &planes, message, messageSize);
    if (spread) *spread = planes.spread;
    return isDone;
}

bool cc_png_encode_grey(
    const void *pixels, int32_t width, int32_t height, int32_t bits, bool fast, uint8_t **bytes, size_t *count, char *message,
    size_t messageSize) {
    Stream stream = {.message = message, .messageSize = messageSize};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &stream, onError, onWarning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info || setjmp(png_jmpbuf(png))) {
        if (!info) say(&stream, "out of memory");
        png_destroy_write_struct(png ? &png : NULL, info ? &info : NULL);
        free(stream.out);
        return false;
    }
    png_set_write_fn(png, &stream, writeBytes, flushBytes);
    png_set_compression_level(png, fast ? 1 : 3);
    if (fast) {
        // Noise has no repetitions to look for: a difference to the neighbour and Huffman's code are all that pays.
        png_set_compression_strategy(png, Z_RLE);
        png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
    }
    png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, bits, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    if (bits == 16) png_set_swap(png);
    size_t rowSize = (size_t)width * (size_t)(bits / 8);
    for (int32_t y = 0; y < height; ++y) png_write_row(png, (png_const_bytep)pixels + rowSize * (size_t)y);
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    *bytes = stream.out;
    *count = stream.outCount;
    return true;
}

bool cc_png_decode_indices(
    const uint8_t *bytes, size_t count, int32_t width, int32_t height, uint8_t *indices, char *message, size_t messageSize) {
    Stream stream = {.bytes = bytes, .count = count, .message = message, .messageSize = messageSize};
    png_structp png = NULL;
    png_infop info = NULL;
    if (!start(&stream, &png, &info) || setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(png ? &png : NULL, info ? &info : NULL, NULL);
        return false;
    }
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
    png_set_read_fn(png, &stream, readBytes);
    png_read_info(png, info);
    int type = png_get_color_type(png, info), depth = png_get_bit_depth(png, info);
    bool isIndexed = type == PNG_COLOR_TYPE_PALETTE, isGrey = type == PNG_COLOR_TYPE_GRAY && depth == 8;
    if (!isIndexed && !isGrey) png_error(png, "neither a palette nor 8 bits of grey");
    if (depth < 8) png_set_packing(png);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    if ((int32_t)png_get_image_width(png, info) != width || (int32_t)png_get_image_height(png, info) != height
        || png_get_rowbytes(png, info) != (size_t)width) png_error(png, "the header changed");
    for (int pass = 0; pass < passes; ++pass)
        for (int32_t y = 0; y < height; ++y) png_read_row(png, indices + (size_t)width * (size_t)y, NULL);
    png_read_end(png, NULL);
    png_destroy_read_struct(&png, &info, NULL);
    return true;
}

bool cc_png_encode_indexed(
    const uint8_t *indices, int32_t width, int32_t height, const uint8_t *palette, int32_t colours, uint8_t **bytes, size_t *count,
    char *message, size_t messageSize) {
    Stream stream = {.message = message, .messageSize = messageSize};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &stream, onError, onWarning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info || setjmp(png_jmpbuf(png))) {
        if (!info) say(&stream, "out of memory");
        png_destroy_write_struct(png ? &png : NULL, info ? &info : NULL);
        free(stream.out);
        return false;
    }
    png_color table[256];
    if (colours < 1 || colours > 256) png_error(png, "a palette has 1 to 256 colours");
    for (int32_t i = 0; i < colours; ++i)
        table[i] = (png_color){.red = palette[3 * i], .green = palette[3 * i + 1], .blue = palette[3 * i + 2]};
    png_set_write_fn(png, &stream, writeBytes, flushBytes);
    png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, 8, PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_PLTE(png, info, table, colours);
    png_write_info(png, info);
    for (int32_t y = 0; y < height; ++y) png_write_row(png, indices + (size_t)width * (size_t)y);
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    *bytes = stream.out;
    *count = stream.outCount;
    return true;
}

void cc_png_free(uint8_t *bytes) { free(bytes); }
