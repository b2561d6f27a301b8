#pragma once
// A thin C face over DCMTK: files parsed from memory, values as text or bytes, frames through DCMTK's codecs.
// Every condition and exception becomes a CDICOMProblem; nothing is printed and nothing is decided here.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CDICOMFile CDICOMFile;
/// A dataset or an item of a sequence; lives as long as its file.
typedef struct CDICOMItem CDICOMItem;

enum {
    CDICOMProblemNone = 0,
    /// The bytes end inside an element.
    CDICOMProblemTruncated = 1,
    /// The bytes break the rules of DICOM, or a codec refused them.
    CDICOMProblemDamaged = 2,
    CDICOMProblemOutOfMemory = 3,
    /// DCMTK's data dictionary is not installed, so implicit VR cannot be read.
    CDICOMProblemNoDictionary = 4,
};

typedef struct {
    int32_t kind;
    /// A codec's own words in one line; never a value of the dataset. Empty for what is wrong with the dataset itself.
    char text[160];
    /// How many bytes had been read when parsing stopped.
    int64_t position;
} CDICOMProblem;

/// Parses a whole file; the bytes are copied as far as needed. `problem` may be set although a file is returned: then
/// what was read before the problem can be used. NULL where nothing could be read.
CDICOMFile *CDICOMOpen(const void *bytes, size_t count, CDICOMProblem *problem);
void CDICOMClose(CDICOMFile *file);

/// Inflates a raw deflate stream (RFC 1951), as a deflated dataset is one, up to `limit` bytes; a stream that ends early gives what
/// it holds. NULL where memory or the limit is exceeded (out of memory) or the stream is damaged from its start.
/// The caller frees the result with CDICOMFreeInflated.
uint8_t *CDICOMInflate(const void *bytes, size_t count, size_t limit, size_t *size, CDICOMProblem *problem);
void CDICOMFreeInflated(uint8_t *bytes);

const CDICOMItem *CDICOMDataset(const CDICOMFile *file);
/// The file meta information (group 0002), empty where the file has none.
const CDICOMItem *CDICOMMetaInformation(const CDICOMFile *file);
/// The transfer syntax that the dataset was read with (found out, where the file does not say it).
const char *CDICOMTransferSyntax(const CDICOMFile *file);

/// Whether the item holds the element, with or without a value. Searches this level only, as all functions here.
bool CDICOMHas(const CDICOMItem *item, uint16_t group, uint16_t element);
/// Whether the item holds the element with a value of at least one byte, or a sequence of at least one item.
bool CDICOMHasValue(const CDICOMItem *item, uint16_t group, uint16_t element);
/// One value of an element as text, numbers in decimal; false where there is none. Cut at `capacity` - 1 bytes.
bool CDICOMText(const CDICOMItem *item, uint16_t group, uint16_t element, uint32_t index, char *text, size_t capacity);
/// All of a text element in UTF-8, by the Specific Character Set of the item; where that is unknown or does not fit, the bytes as they are. The caller
/// frees it with `free`. NULL where there is no such text.
char *CDICOMUnicodeText(const CDICOMItem *item, uint16_t group, uint16_t element, bool isPersonName);
/// All of a text element as its bytes stand in the file, without padding at its end. The caller frees it with `free`. NULL where there is no such text.
char *CDICOMRawText(const CDICOMItem *item, uint16_t group, uint16_t element);
/// A text in UTF-8, read as one of the character sets `names` (PS3.3 C.12.1.1.2, with backslashes between them). The caller frees it with
/// `free`. NULL where the set is unknown here or the text is none of it.
char *CDICOMConvertedText(const char *raw, const char *names, bool isPersonName);
/// The bytes of an element in little-endian order, 16-bit words for US, SS and OW; false where there are none.
bool CDICOMBytes(const CDICOMItem *item, uint16_t group, uint16_t element, const uint8_t **bytes, size_t *count);
/// An item of a sequence, from 0; NULL where there is none.
const CDICOMItem *CDICOMSequenceItem(const CDICOMItem *item, uint16_t group, uint16_t element, uint32_t index);
/// Whether nothing in the item, nor in what is nested in it, has a value.
bool CDICOMItemIsEmpty(const CDICOMItem *item);

/// Whether Pixel Data was read to its end.
bool CDICOMPixelDataIsComplete(const CDICOMFile *file);
/// Fragments of encapsulated Pixel Data, the offset table not counted; -1 where Pixel Data is native or absent.
int64_t CDICOMFragmentCount(const CDICOMFile *file);
/// A fragment from 0; -1 is the basic offset table.
bool CDICOMFragment(const CDICOMFile *file, int64_t index, const uint8_t **bytes, size_t *count);

/// Decodes one frame of encapsulated Pixel Data with DCMTK's codecs (RLE, JPEG, JPEG-LS).
/// `frame` and `fragment` (the first of the frame) count from 0; `samples` gets the frame in this machine's byte order.
/// `colourModel` gets the photometric interpretation of the result.
bool CDICOMDecodeFrame(
    CDICOMFile *file, uint32_t frame, uint32_t fragment, void *samples, uint32_t count, char *colourModel, size_t capacity,
    CDICOMProblem *problem);

#ifdef __cplusplus
}
#endif

// The umbrella of the module.
#include "CDICOMWriter.h"
