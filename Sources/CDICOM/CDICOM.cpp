#include "CDICOM.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcdict.h>
#include <dcmtk/dcmdata/dcfilefo.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcmetinf.h>
#include <dcmtk/dcmdata/dcobject.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmdata/dcsequen.h>
#include <dcmtk/dcmdata/dcspchrs.h>
#include <dcmtk/dcmdata/dcxfer.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/oflog/oflog.h>

#include <iconv.h>
#include <zlib.h>

#include <algorithm>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

struct CDICOMFile {
    DcmFileFormat format;
    std::string transferSyntax;
    bool pixelDataIsComplete = false;
};

namespace {

void clear(CDICOMProblem *problem) { *problem = CDICOMProblem{CDICOMProblemNone, {0}, 0}; }

void set(CDICOMProblem *problem, int32_t kind, const char *text = "") {
    problem->kind = kind;
    std::snprintf(problem->text, sizeof problem->text, "%s", text);
    for (char *c = problem->text; *c; ++c)
        if (static_cast<unsigned char>(*c) < 0x20) *c = ' ';
}

/// Once a process: DCMTK's logger would write patient data to standard error, and codecs must be registered by one thread.
void prepare() {
    static const bool prepared = [] {
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        dcmEnableUnknownVRConversion.set(OFTrue);  // elements written as UN by a program that did not know them
        dcmAcceptUnexpectedImplicitEncoding.set(OFTrue);  // implicit elements among explicit ones
        DcmRLEDecoderRegistration::registerCodecs();
        DJDecoderRegistration::registerCodecs();
        DJLSDecoderRegistration::registerCodecs();
        return true;
    }();
    (void)prepared;
}

// The character sets of East Asia with escape sequences (PS3.3 C.12.1.1.2), which DCMTK does not know how to ask glibc for.
// Japanese ones are those of ISO-2022-JP. Of Korean and simplified Chinese the escape sequence only says what bytes with the high bit mean.
bool byISO2022(std::string raw, const std::string &names, std::string &result) {
    const char *encoding = nullptr, *escape = nullptr;
    if (names.find("IR 87") != std::string::npos || names.find("IR 159") != std::string::npos || names.find("IR 13") != std::string::npos)
        encoding = "ISO-2022-JP-2";
    else if (names.find("IR 149") != std::string::npos)
        encoding = "EUC-KR", escape = "\x1b$)C";
    else if (names.find("IR 58") != std::string::npos)
        encoding = "GB18030", escape = "\x1b$)A";
    if (!encoding) return false;
    if (escape)
        for (size_t place; (place = raw.find(escape)) != std::string::npos;) raw.erase(place, 4);
    iconv_t converter = iconv_open("UTF-8", encoding);
    if (converter == reinterpret_cast<iconv_t>(-1)) return false;
    std::string text(4 * raw.size() + 16, 0);
    char *in = raw.data(), *out = text.data();
    size_t inLeft = raw.size(), outLeft = text.size();
    const bool isWhole = iconv(converter, &in, &inLeft, &out, &outLeft) != static_cast<size_t>(-1);
    iconv_close(converter);
    if (isWhole) result = text.substr(0, text.size() - outLeft);
    return isWhole;
}

/// A text in UTF-8, by the names of its character sets; false where that cannot be.
bool convert(const OFString &raw, const OFString &names, bool isPersonName, std::string &result) {
    OFString text;
    DcmSpecificCharacterSet characters;
    // Escape sequences of ISO 2022 end at these (PS3.5 6.1.2.5.3); a backslash may be the second byte of a character elsewhere.
    if (characters.selectCharacterSet(names).good() && characters.convertString(raw, text, isPersonName ? "\\^=" : "\\").good()) {
        result = text.c_str();
        return true;
    }
    return byISO2022(std::string(raw.c_str(), raw.size()), std::string(names.c_str()), result);
}

DcmItem *item(const CDICOMItem *pointer) { return reinterpret_cast<DcmItem *>(const_cast<CDICOMItem *>(pointer)); }
const CDICOMItem *face(DcmItem *pointer) { return reinterpret_cast<const CDICOMItem *>(pointer); }
DcmDataset *dataset(const CDICOMFile *file) { return const_cast<CDICOMFile *>(file)->format.getDataset(); }

DcmElement *element(const CDICOMItem *holder, uint16_t group, uint16_t number) {
    DcmElement *found = nullptr;
    if (!holder || item(holder)->findAndGetElement(DcmTagKey(group, number), found).bad()) return nullptr;
    return found;
}

DcmPixelData *pixelData(const CDICOMFile *file) {
    DcmElement *found = nullptr;
    if (dataset(file)->findAndGetElement(DCM_PixelData, found).bad()) return nullptr;
    return dynamic_cast<DcmPixelData *>(found);
}

DcmPixelSequence *fragments(const CDICOMFile *file) {
    DcmPixelData *data = pixelData(file);
    if (!data) return nullptr;
    E_TransferSyntax syntax = EXS_Unknown;
    const DcmRepresentationParameter *parameter = nullptr;
    data->getOriginalRepresentationKey(syntax, parameter);
    DcmPixelSequence *sequence = nullptr;
    if (data->getEncapsulatedRepresentation(syntax, parameter, sequence).bad()) return nullptr;
    return sequence;
}

/// As deep as sequences were let in.
bool isEmpty(DcmItem *holder) {
    for (unsigned long index = 0; index < holder->card(); ++index) {
        DcmElement *found = holder->getElement(index);
        auto *sequence = dynamic_cast<DcmSequenceOfItems *>(found);
        if (!sequence && found && found->getLength() > 0) return false;
        for (unsigned long number = 0; sequence && number < sequence->card(); ++number)
            if (!isEmpty(sequence->getItem(number))) return false;
    }
    return true;
}

}  // namespace

extern "C" {

CDICOMFile *CDICOMOpen(const void *bytes, size_t count, CDICOMProblem *problem) {
    clear(problem);
    CDICOMFile *file = nullptr;
    try {
        prepare();
        if (!dcmDataDict.isDictionaryLoaded()) {
            set(problem, CDICOMProblemNoDictionary);
            return nullptr;
        }
        file = new CDICOMFile();
        DcmInputBufferStream stream;
        stream.setBuffer(bytes, static_cast<offile_off_t>(count));
        stream.setEos();
        file->format.transferInit();
        const OFCondition condition = file->format.read(stream);
        const auto position = static_cast<int64_t>(stream.tell());
        // Before transferEnd, which forgets how far each element was read.
        DcmPixelData *pixels = pixelData(file);
        file->pixelDataIsComplete = pixels && pixels->transferState() == ERW_ready;
        file->format.transferEnd();
        stream.releaseBuffer();
        file->transferSyntax = DcmXfer(dataset(file)->getOriginalXfer()).getXferID();
        if (condition == EC_EndOfStream || condition == EC_StreamNotifyClient || condition == EC_InvalidStream)
            set(problem, CDICOMProblemTruncated);
        else if (condition.bad())
            set(problem, CDICOMProblemDamaged);
        problem->position = position;
        return file;
    } catch (const std::bad_alloc &) {
        set(problem, CDICOMProblemOutOfMemory);
    } catch (...) {
        set(problem, CDICOMProblemDamaged);
    }
    delete file;
    return nullptr;
}

void CDICOMClose(CDICOMFile *file) {
    try {
        delete file;
    } catch (...) {
    }
}

uint8_t *CDICOMInflate(const void *bytes, size_t count, size_t limit, size_t *size, CDICOMProblem *problem) {
    clear(problem);
    z_stream stream = {};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) {
        set(problem, CDICOMProblemOutOfMemory);
        return nullptr;
    }
    uint8_t *out = nullptr;
    size_t capacity = 0;
    int status = Z_OK;
    size_t used = 0;
    *size = 0;
    while (status == Z_OK) {
        if (*size == capacity) {
            const size_t wanted = std::min(limit, std::max<size_t>(capacity * 2, 1 << 20));
            auto *grown = wanted > capacity ? static_cast<uint8_t *>(std::realloc(out, wanted)) : nullptr;
            if (!grown) {
                std::free(out);
                inflateEnd(&stream);
                set(problem, CDICOMProblemOutOfMemory);
                return nullptr;
            }
            out = grown;
            capacity = wanted;
        }
        const uInt in = static_cast<uInt>(std::min<size_t>(count - used, UINT_MAX));
        const uInt room = static_cast<uInt>(std::min<size_t>(capacity - *size, UINT_MAX));
        stream.next_in = static_cast<Bytef *>(const_cast<void *>(bytes)) + used;
        stream.avail_in = in;
        stream.next_out = out + *size;
        stream.avail_out = room;
        status = inflate(&stream, Z_NO_FLUSH);
        used += in - stream.avail_in;
        *size += room - stream.avail_out;
    }
    inflateEnd(&stream);
    if (*size == 0) {
        std::free(out);
        set(problem, CDICOMProblemDamaged);
        return nullptr;
    }
    return out;
}

void CDICOMFreeInflated(uint8_t *bytes) { std::free(bytes); }

const CDICOMItem *CDICOMDataset(const CDICOMFile *file) { return face(dataset(file)); }

const CDICOMItem *CDICOMMetaInformation(const CDICOMFile *file) { return face(const_cast<CDICOMFile *>(file)->format.getMetaInfo()); }

const char *CDICOMTransferSyntax(const CDICOMFile *file) { return file->transferSyntax.c_str(); }

bool CDICOMHas(const CDICOMItem *holder, uint16_t group, uint16_t number) {
    try {
        return element(holder, group, number) != nullptr;
    } catch (...) {
        return false;
    }
}

bool CDICOMHasValue(const CDICOMItem *holder, uint16_t group, uint16_t number) {
    try {
        DcmElement *found = element(holder, group, number);
        if (auto *sequence = dynamic_cast<DcmSequenceOfItems *>(found)) return sequence->card() > 0;
        return found && found->getLength() > 0;
    } catch (...) {
        return false;
    }
}

bool CDICOMText(const CDICOMItem *holder, uint16_t group, uint16_t number, uint32_t index, char *text, size_t capacity) {
    try {
        DcmElement *found = element(holder, group, number);
        OFString value;
        if (!found || found->getOFString(value, index).bad()) return false;
        std::snprintf(text, capacity, "%s", value.c_str());
        return true;
    } catch (...) {
        return false;
    }
}

char *CDICOMUnicodeText(const CDICOMItem *holder, uint16_t group, uint16_t number, bool isPersonName) {
    try {
        DcmElement *found = element(holder, group, number);
        OFString raw;
        if (!found || found->getOFStringArray(raw).bad()) return nullptr;
        // An item says its own set or has that of what it lies in (PS3.5 6.1.2.3).
        OFString names;
        for (DcmObject *place = item(holder); place; place = place->getParent())
            if (auto *outer = dynamic_cast<DcmItem *>(place); outer && outer->tagExists(DCM_SpecificCharacterSet)) {
                outer->findAndGetOFStringArray(DCM_SpecificCharacterSet, names);
                break;
            }
        std::string text(raw.c_str(), raw.size());
        convert(raw, names, isPersonName, text);
        return strdup(text.c_str());
    } catch (...) {
        return nullptr;
    }
}

char *CDICOMRawText(const CDICOMItem *holder, uint16_t group, uint16_t number) {
    try {
        DcmElement *found = element(holder, group, number);
        OFString raw;
        if (!found || found->getOFStringArray(raw).bad()) return nullptr;
        return strdup(raw.c_str());
    } catch (...) {
        return nullptr;
    }
}

char *CDICOMConvertedText(const char *raw, const char *names, bool isPersonName) {
    try {
        prepare();
        std::string text;
        return convert(raw, names, isPersonName, text) ? strdup(text.c_str()) : nullptr;
    } catch (...) {
        return nullptr;
    }
}

bool CDICOMBytes(const CDICOMItem *holder, uint16_t group, uint16_t number, const uint8_t **bytes, size_t *count) {
    try {
        DcmElement *found = element(holder, group, number);
        if (!found) return false;
        Uint16 *words = nullptr;
        Sint16 *signedWords = nullptr;
        Uint8 *octets = nullptr;
        if (found->getUint16Array(words).good() && words)
            *bytes = reinterpret_cast<const uint8_t *>(words);
        else if (found->getSint16Array(signedWords).good() && signedWords)
            *bytes = reinterpret_cast<const uint8_t *>(signedWords);
        else if (found->getUint8Array(octets).good() && octets)
            *bytes = octets;
        else
            return false;
        *count = found->getLength();
        return true;
    } catch (...) {
        return false;
    }
}

const CDICOMItem *CDICOMSequenceItem(const CDICOMItem *holder, uint16_t group, uint16_t number, uint32_t index) {
    try {
        auto *sequence = dynamic_cast<DcmSequenceOfItems *>(element(holder, group, number));
        if (!sequence || index >= sequence->card()) return nullptr;
        return face(sequence->getItem(index));
    } catch (...) {
        return nullptr;
    }
}

bool CDICOMItemIsEmpty(const CDICOMItem *holder) {
    try {
        return !holder || isEmpty(item(holder));
    } catch (...) {
        return false;
    }
}

bool CDICOMPixelDataIsComplete(const CDICOMFile *file) { return file->pixelDataIsComplete; }

int64_t CDICOMFragmentCount(const CDICOMFile *file) {
    try {
        DcmPixelSequence *sequence = fragments(file);
        if (!sequence) return -1;
        return sequence->card() > 0 ? static_cast<int64_t>(sequence->card()) - 1 : 0;
    } catch (...) {
        return -1;
    }
}

bool CDICOMFragment(const CDICOMFile *file, int64_t index, const uint8_t **bytes, size_t *count) {
    try {
        DcmPixelSequence *sequence = fragments(file);
        DcmPixelItem *fragment = nullptr;
        if (!sequence || sequence->getItem(fragment, static_cast<unsigned long>(index + 1)).bad() || !fragment) return false;
        Uint8 *data = nullptr;
        *count = fragment->getLength();
        if (*count > 0 && (fragment->getUint8Array(data).bad() || !data)) return false;
        *bytes = data;
        return true;
    } catch (...) {
        return false;
    }
}

bool CDICOMDecodeFrame(
    CDICOMFile *file, uint32_t frame, uint32_t fragment, void *samples, uint32_t count, char *colourModel, size_t capacity,
    CDICOMProblem *problem) {
    clear(problem);
    try {
        DcmPixelData *data = pixelData(file);
        if (!data) {
            set(problem, CDICOMProblemDamaged);
            return false;
        }
        Uint32 start = fragment + 1;  // DCMTK counts the offset table as the first
        OFString model;
        const OFCondition condition = data->getUncompressedFrame(dataset(file), frame, start, samples, count, model);
        if (condition.bad()) {
            set(problem, CDICOMProblemDamaged, condition.text());
            return false;
        }
        std::snprintf(colourModel, capacity, "%s", model.c_str());
        return true;
    } catch (const std::bad_alloc &) {
        set(problem, CDICOMProblemOutOfMemory);
    } catch (...) {
        set(problem, CDICOMProblemDamaged);
    }
    return false;
}

}  // extern "C"
