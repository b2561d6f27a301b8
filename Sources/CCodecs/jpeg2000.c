#include "CCodecsJPEG2000.h"

#include <openjpeg.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const uint8_t *bytes;
    size_t count, position;
} Source;

typedef struct {
    char *text;
    size_t capacity;
} Message;

static OPJ_SIZE_T readBytes(void *into, OPJ_SIZE_T count, void *user) {
    Source *source = user;
    size_t left = source->count - source->position;
    if (left == 0) return (OPJ_SIZE_T)-1;
    size_t taken = count < left ? count : left;
    memcpy(into, source->bytes + source->position, taken);
    source->position += taken;
    return taken;
}

static OPJ_OFF_T skipBytes(OPJ_OFF_T count, void *user) {
    Source *source = user;
    size_t left = source->count - source->position;
    if (count < 0) return -1;
    size_t taken = (uint64_t)count < left ? (size_t)count : left;
    if (taken == 0 && count > 0) return -1;
    source->position += taken;
    return (OPJ_OFF_T)taken;
}

static OPJ_BOOL seekTo(OPJ_OFF_T position, void *user) {
    Source *source = user;
    if (position < 0 || (uint64_t)position > source->count) return OPJ_FALSE;
    source->position = (size_t)position;
    return OPJ_TRUE;
}

// The first error says most; OpenJPEG's texts hold numbers of the codestream only.
static void keepMessage(const char *text, void *user) {
    Message *message = user;
    if (message->capacity == 0 || message->text[0]) return;
    snprintf(message->text, message->capacity, "%s", text);
    for (char *c = message->text; *c; ++c)
        if ((unsigned char)*c < 0x20) *c = ' ';
}

static void ignoreMessage(const char *text, void *user) {
    (void)text;
    (void)user;
}

static bool isJP2(const uint8_t *bytes, size_t count) {
    static const uint8_t signature[12] = {0, 0, 0, 12, 'j', 'P', ' ', ' ', 13, 10, 0x87, 10};
    return count >= sizeof signature && memcmp(bytes, signature, sizeof signature) == 0;
}

static void describe(const opj_image_t *image, CCodecsJPEG2000Header *header) {
    memset(header, 0, sizeof *header);
    header->width = image->x1 - image->x0;
    header->height = image->y1 - image->y0;
    header->components = image->numcomps;
    if (image->numcomps == 0) return;
    header->precision = image->comps[0].prec;
    header->isSigned = image->comps[0].sgnd != 0;
    header->isUniform = true;
    for (uint32_t i = 0; i < image->numcomps; ++i) {
        const opj_image_comp_t *component = &image->comps[i];
        if (component->dx != 1 || component->dy != 1 || component->prec != header->precision || (component->sgnd != 0) != header->isSigned)
            header->isUniform = false;
    }
}

// Opens the stream and reads the main header; the caller destroys what was made, also on failure.
static bool begin(Source *source, Message *message, int threads, opj_stream_t **stream, opj_codec_t **codec, opj_image_t **image) {
    if (message->capacity > 0) message->text[0] = 0;
    *stream = opj_stream_default_create(OPJ_TRUE);
    *codec = opj_create_decompress(isJP2(source->bytes, source->count) ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K);
    if (!*stream || !*codec) return false;
    opj_set_error_handler(*codec, keepMessage, message);
    opj_set_warning_handler(*codec, ignoreMessage, NULL);
    opj_set_info_handler(*codec, ignoreMessage, NULL);
    opj_stream_set_user_data(*stream, source, NULL);
    opj_stream_set_user_data_length(*stream, source->count);
    opj_stream_set_read_function(*stream, readBytes);
    opj_stream_set_skip_function(*stream, skipBytes);
    opj_stream_set_seek_function(*stream, seekTo);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    if (!opj_setup_decoder(*codec, &parameters) || !opj_decoder_set_strict_mode(*codec, OPJ_TRUE)) return false;
    if (threads > 1) opj_codec_set_threads(*codec, threads);  // a refusal only means one thread
    return opj_read_header(*stream, *codec, image) && *image;
}

static void end(opj_stream_t *stream, opj_codec_t *codec, opj_image_t *image) {
    if (image) opj_image_destroy(image);
    if (codec) opj_destroy_codec(codec);
    if (stream) opj_stream_destroy(stream);
}

bool CCodecsJPEG2000ReadHeader(
    const uint8_t *bytes, size_t count, CCodecsJPEG2000Header *header, char *message, size_t capacity) {
    Source source = {bytes, count, 0};
    Message text = {message, capacity};
    opj_stream_t *stream = NULL;
    opj_codec_t *codec = NULL;
    opj_image_t *image = NULL;
    bool good = begin(&source, &text, 1, &stream, &codec, &image);
    if (good) describe(image, header);
    end(stream, codec, image);
    return good;
}

bool CCodecsJPEG2000Decode(
    const uint8_t *bytes, size_t count, uint16_t *samples, size_t sampleCount, int threads, char *message, size_t capacity) {
    Source source = {bytes, count, 0};
    Message text = {message, capacity};
    opj_stream_t *stream = NULL;
    opj_codec_t *codec = NULL;
    opj_image_t *image = NULL;
    bool good = begin(&source, &text, threads, &stream, &codec, &image);
    CCodecsJPEG2000Header header;
    if (good) {
        describe(image, &header);
        good = header.isUniform && (uint64_t)header.width * header.height <= sampleCount
            && (uint64_t)header.width * header.height * header.components == sampleCount;
        if (!good) keepMessage("the size of the image is not the expected one", &text);
    }
    good = good && opj_decode(codec, stream, image) && opj_end_decompress(codec, stream);
    if (good && image->numcomps != header.components) {  // a palette of a JP2 file changes the number of components
        keepMessage("the image has a palette", &text);
        good = false;
    }
    size_t plane = good ? (size_t)header.width * header.height : 0;
    for (uint32_t i = 0; good && i < header.components; ++i) {
        const opj_image_comp_t *component = &image->comps[i];
        if (!component->data || (size_t)component->w * component->h != plane) {
            keepMessage("a component was not decoded", &text);
            good = false;
            break;
        }
        uint16_t *out = samples + plane * i;
        for (size_t p = 0; p < plane; ++p) out[p] = (uint16_t)component->data[p];
    }
    end(stream, codec, image);
    return good;
}
