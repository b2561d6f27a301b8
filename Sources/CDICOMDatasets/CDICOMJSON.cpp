#include "CDICOMJSON.h"

#include "ReadFile.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcfilefo.h>
#include <dcmtk/dcmdata/dcjson.h>
#include <dcmtk/dcmdata/dcmetinf.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcsequen.h>
#include <dcmtk/dcmdata/dcspchrs.h>
#include <dcmtk/dcmdata/dcxfer.h>

#include <iconv.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <sstream>
#include <string>

namespace {

/// DCMTK's own, but for what has to be a reference.
class Format : public DcmJsonFormatCompact {
public:
    explicit Format(const std::string &prefix) : DcmJsonFormatCompact(OFFalse), prefix_(prefix) {}
    OFBool asBulkDataURI(const DcmTagKey &, OFString &uri) override {
        if (isBulk) uri = (prefix_ + path).c_str();
        return isBulk ? OFTrue : OFFalse;
    }
    bool isBulk = false;
    std::string path;

private:
    std::string prefix_;
};

std::string hexadecimal(const DcmTagKey &key) {
    char text[9];
    std::snprintf(text, sizeof text, "%04X%04X", key.getGroup(), key.getElement());
    return text;
}

/// Whether all of it is well-formed UTF-8 without a zero.
bool isUTF8(const std::string &text) {
    for (size_t index = 0; index < text.size();) {
        const auto first = static_cast<unsigned char>(text[index++]);
        if (first == 0) return false;
        if (first < 0x80) continue;
        const int more = first >= 0xC2 && first < 0xE0 ? 1 : first >= 0xE0 && first < 0xF0 ? 2 : first >= 0xF0 && first < 0xF5 ? 3 : -1;
        if (more < 0 || index + static_cast<size_t>(more) > text.size()) return false;
        const auto second = static_cast<unsigned char>(text[index]);
        // Longer than needed, surrogates, and beyond Unicode.
        if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) || (first == 0xF0 && second < 0x90)
            || (first == 0xF4 && second > 0x8F))
            return false;
        for (int count = 0; count < more; ++count)
            if ((static_cast<unsigned char>(text[index++]) & 0xC0) != 0x80) return false;
    }
    return true;
}

/// Bytes of no known character set, as most programs show them; no byte is without a character there.
std::string latin1(const std::string &raw) {
    std::string text;
    for (const char c : raw) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte == 0) continue;
        if (byte < 0x80)
            text += c;
        else
            text += {static_cast<char>(0xC0 | byte >> 6), static_cast<char>(0x80 | (byte & 0x3F))};
    }
    return text;
}

bool convert(const char *encoding, const std::string &raw, std::string &text) {
    iconv_t converter = iconv_open("UTF-8", encoding);
    if (converter == reinterpret_cast<iconv_t>(-1)) return false;
    std::string out(4 * raw.size() + 16, 0);
    std::string in = raw;
    char *from = in.data(), *to = out.data();
    size_t left = in.size(), room = out.size();
    const bool isWhole = iconv(converter, &from, &left, &to, &room) != static_cast<size_t>(-1);
    iconv_close(converter);
    if (isWhole) text.assign(out.data(), out.size() - room);
    return isWhole;
}

/// Japanese with escape sequences; bytes above 0xA0 outside of them are half-width katakana (JIS X 0201).
bool byJapanese(std::string raw, std::string &text) {
    std::string out;
    for (size_t place; (place = raw.find("\x1b)I")) != std::string::npos;) raw.erase(place, 3);  // says no more than the bytes themselves
    for (size_t index = 0; index < raw.size();) {
        size_t end = index;
        while (end < raw.size() && static_cast<unsigned char>(raw[end]) < 0x80) ++end;
        std::string piece;
        if (end > index && !convert("ISO-2022-JP-2", raw.substr(index, end - index), piece)) return false;
        out += piece;
        for (index = end; index < raw.size() && static_cast<unsigned char>(raw[index]) >= 0x80; ++index) {
            const auto byte = static_cast<unsigned char>(raw[index]);
            if (byte < 0xA1 || byte > 0xDF) return false;
            const unsigned point = 0xFF61 + byte - 0xA1;
            out += static_cast<char>(0xE0 | point >> 12);
            out += static_cast<char>(0x80 | (point >> 6 & 0x3F));
            out += static_cast<char>(0x80 | (point & 0x3F));
        }
    }
    text = out;
    return true;
}

/// The character sets of East Asia with escape sequences (PS3.3 C.12.1.1.2), which DCMTK does not know how to ask glibc for.
bool byISO2022(std::string raw, const std::string &names, std::string &text) {
    if (names.find("IR 87") != std::string::npos || names.find("IR 159") != std::string::npos || names.find("IR 13") != std::string::npos)
        return byJapanese(raw, text);
    const char *encoding = nullptr, *escape = nullptr;
    if (names.find("IR 149") != std::string::npos)
        encoding = "EUC-KR", escape = "\x1b$)C";
    else if (names.find("IR 58") != std::string::npos)
        encoding = "GB18030", escape = "\x1b$)A";
    if (!encoding) return false;
    for (size_t place; (place = raw.find(escape)) != std::string::npos;) raw.erase(place, 4);
    return convert(encoding, raw, text);
}

/// Misspelt names of character sets that scanners write (`ISO IR 100`, `ISO-IR-192`): what was meant.
std::string spelled(const std::string &names) {
    std::string text;
    for (size_t index = 0; index < names.size(); ++index) {
        if (names.compare(index, 6, "ISO IR") == 0 || names.compare(index, 6, "ISO-IR") == 0) {
            text += "ISO_IR ";
            for (index += 6; index < names.size() && (names[index] == '-' || names[index] == '_' || names[index] == ' ');) ++index;
            --index;
        } else {
            text += names[index];
        }
    }
    return text;
}

class Writer {
public:
    Writer(std::ostream &out, const std::string &prefix, size_t inlineLimit)
        : out_(out), prefix_(prefix), format_(prefix), limit_(inlineLimit) {
        format_.setJsonExtensionEnabled(OFTrue);  // numbers that are none, as strings
    }

    /// Elements of an item, without braces.
    void elements(DcmItem &item, const std::string &path, std::string characters, bool &isFirst) {
        OFString own;
        if (item.findAndGetOFStringArray(DCM_SpecificCharacterSet, own).good()) characters = spelled(own.c_str());
        for (unsigned long index = 0; index < item.card(); ++index) {
            DcmElement *element = item.getElement(index);
            if (!element || element->getTag().getElement() == 0 || element->getTag().getGroup() == 2) continue;  // group lengths
            std::string text;
            if (element->getTag() == DCM_SpecificCharacterSet && element->getLength() > 0)
                text = "\"00080005\":{\"vr\":\"CS\",\"Value\":[\"ISO_IR 192\"]}";  // that of the JSON (PS3.18 F.2), not of the file
            else if (!write(*element, path + "/" + hexadecimal(element->getTag()), characters, text)) {
                ++omitted;
                text = "\"" + hexadecimal(element->getTag()) + "\":{\"vr\":\"" + element->getTag().getVRName() + "\"}";
            }
            if (!isFirst) out_ << ',';
            isFirst = false;
            out_ << text;
        }
    }

    int32_t omitted = 0;

private:
    bool write(DcmElement &element, const std::string &path, const std::string &characters, std::string &text) {
        if (element.ident() == EVR_SQ) return writeSequence(static_cast<DcmSequenceOfItems &>(element), path, characters, text);
        format_.path = path;
        auto *pixels = dynamic_cast<DcmPixelData *>(&element);
        E_TransferSyntax syntax = EXS_Unknown;
        const DcmRepresentationParameter *parameter = nullptr;
        if (pixels) pixels->getOriginalRepresentationKey(syntax, parameter);
        const bool isEncapsulated = pixels && syntax != EXS_Unknown && DcmXfer(syntax).isEncapsulated();
        format_.isBulk = isBinary(element.ident()) && (isEncapsulated || element.getLength() > limit_);
        switch (element.ident()) {
            case EVR_DS:
            case EVR_IS: return writeNumberText(element, text);
            default: break;
        }
        std::unique_ptr<DcmElement> copy;
        if (isText(element.ident())) {
            copy = inUTF8(element, characters);
            if (!copy) return false;
        }
        std::ostringstream out;
        if ((copy ? *copy : element).writeJson(out, format_).bad()) return false;
        text = out.str();
        return isUTF8(text);
    }

    bool writeSequence(DcmSequenceOfItems &sequence, const std::string &path, const std::string &characters, std::string &text) {
        std::ostringstream out;
        Writer inner(out, prefix_, limit_);
        out << '"' << hexadecimal(sequence.getTag()) << "\":{\"vr\":\"SQ\"";
        for (unsigned long index = 0; index < sequence.card(); ++index) {
            out << (index == 0 ? ",\"Value\":[{" : ",{");
            bool isFirst = true;
            if (DcmItem *item = sequence.getItem(index)) inner.elements(*item, path + "/" + std::to_string(index + 1), characters, isFirst);
            out << '}';
        }
        out << (sequence.card() > 0 ? "]}" : "}");
        omitted += inner.omitted;
        text = out.str();
        return true;
    }

    /// DS and IS: a number where it is one, else the text that stands there.
    static bool writeNumberText(DcmElement &element, std::string &text) {
        std::string values;
        OFString whole;
        const unsigned long count = element.getOFStringArray(whole).good() && !whole.empty() ? element.getVM() : 0;
        for (unsigned long index = 0; index < count; ++index) {
            OFString value;
            if (element.getOFString(value, index).bad()) return false;
            values += (index == 0 ? "" : ",") + number(std::string(value.c_str()));
        }
        text = "\"" + hexadecimal(element.getTag()) + "\":{\"vr\":\"" + element.getTag().getVRName() + "\"";
        if (count > 0) text += ",\"Value\":[" + values + "]";
        text += "}";
        return isUTF8(text);
    }

    static std::string number(std::string value) {
        value.erase(0, value.find_first_not_of(' '));
        value.erase(value.find_last_not_of(' ') + 1);
        if (value.empty()) return "null";
        char *end = nullptr;
        const bool hasDigitsOnly = value.find_first_not_of("0123456789+-.eE") == std::string::npos;
        const double parsed = hasDigitsOnly ? std::strtod(value.c_str(), &end) : 0;
        std::ostringstream out;
        if (!hasDigitsOnly || *end || end == value.c_str() || !std::isfinite(parsed)) {
            DcmJsonFormat::printValueString(out, OFString(latin1(value).c_str()));
            return out.str();
        }
        // JSON knows no plus sign, no leading zeros and no bare point.
        std::string digits = value[0] == '+' || value[0] == '-' ? value.substr(1) : value;
        if (digits[0] == '.') digits = "0" + digits;
        while (digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9') digits.erase(0, 1);
        const size_t point = digits.find('.');
        const bool isBare = point != std::string::npos
            && (point + 1 == digits.size() || digits[point + 1] < '0' || digits[point + 1] > '9');
        if (isBare) digits.insert(point + 1, "0");
        return (value[0] == '-' ? "-" : "") + digits;
    }

    static bool isBinary(DcmEVR representation) {
        switch (representation) {
            case EVR_OB: case EVR_OW: case EVR_OF: case EVR_OD: case EVR_OL: case EVR_OV: case EVR_UN: case EVR_ox: case EVR_px:
            case EVR_PixelData: case EVR_OverlayData: case EVR_UNKNOWN: case EVR_UNKNOWN2B: case EVR_lt: return true;
            default: return false;
        }
    }

    static bool isText(DcmEVR representation) {
        switch (representation) {
            case EVR_LO: case EVR_LT: case EVR_PN: case EVR_SH: case EVR_ST: case EVR_UC: case EVR_UT:
            // None of these may have other than ASCII, but files do.
            case EVR_AE: case EVR_AS: case EVR_CS: case EVR_DA: case EVR_DT: case EVR_TM: case EVR_UI: case EVR_UR: return true;
            default: return false;
        }
    }

    static std::unique_ptr<DcmElement> inUTF8(DcmElement &element, const std::string &characters) {
        char *bytes = nullptr;
        Uint32 length = 0;
        std::unique_ptr<DcmElement> copy(static_cast<DcmElement *>(element.clone()));
        if (!copy) return nullptr;
        if (element.getString(bytes, length).bad() || !bytes) return copy;
        std::string raw(bytes, length);
        while (!raw.empty() && raw.back() == 0) raw.pop_back();
        bool isASCII = raw.find('\x1b') == std::string::npos;
        for (const char c : raw) isASCII = isASCII && c != 0 && static_cast<unsigned char>(c) < 0x80;
        if (isASCII) return raw.size() == length ? std::move(copy) : put(raw, std::move(copy));
        std::string text;
        OFString converted;
        DcmSpecificCharacterSet set;
        const bool isName = element.ident() == EVR_PN;
        if (!characters.empty() && set.selectCharacterSet(characters.c_str()).good()
            && set.convertString(OFString(raw.data(), raw.size()), converted, isName ? "\\^=" : "\\").good())
            text.assign(converted.data(), converted.size());
        else if (!byISO2022(raw, characters, text))
            text = characters.find("192") != std::string::npos && isUTF8(raw) ? raw : latin1(raw);
        if (!isUTF8(text)) text = latin1(raw);
        return put(text, std::move(copy));
    }

    static std::unique_ptr<DcmElement> put(const std::string &text, std::unique_ptr<DcmElement> element) {
        return element->putOFStringArray(OFString(text.data(), text.size())).good() ? std::move(element) : nullptr;
    }

    std::ostream &out_;
    std::string prefix_;
    Format format_;
    size_t limit_;
};

void copyText(char (&out)[65], const OFString &text) { std::snprintf(out, sizeof out, "%s", text.c_str()); }

char *copied(const void *bytes, size_t count) {
    auto *out = static_cast<char *>(std::malloc(count > 0 ? count : 1));
    if (out && count > 0) std::memcpy(out, bytes, count);
    return out;
}

}  // namespace

extern "C" {

int32_t CDICOMJSONWrite(const void *bytes, size_t count, const char *bulkPrefix, size_t inlineLimit, CDICOMJSONText *text) {
    *text = CDICOMJSONText{};
    try {
        DcmFileFormat format;
        const int32_t kind = pleura::readFile(format, bytes, count, true, text->end);
        DcmDataset *dataset = format.getDataset();
        OFString uid;
        const DcmXfer syntax(dataset->getOriginalXfer());
        if (format.getMetaInfo()->findAndGetOFString(DCM_TransferSyntaxUID, uid).bad() || uid.empty()) uid = syntax.getXferID();
        copyText(text->transferSyntax, uid);
        if (format.getMetaInfo()->findAndGetOFString(DCM_MediaStorageSOPClassUID, uid).good()) copyText(text->mediaStorageSOPClass, uid);
        text->isExplicit = syntax.isExplicitVR();
        text->isBig = syntax.isBigEndian();
        if (syntax.getStreamCompression() != ESC_none) text->end = 0;
        if (dataset->card() == 0) return kind == CDICOMInputProblemNone ? CDICOMInputProblemDamaged : kind;
        std::ostringstream out;
        Writer writer(out, bulkPrefix, inlineLimit);
        bool isFirst = true;
        out << '{';
        writer.elements(*dataset, "", "", isFirst);
        out << '}';
        const std::string json = out.str();
        text->json = copied(json.data(), json.size());
        text->size = json.size();
        text->omitted = writer.omitted;
        return text->json ? kind : CDICOMInputProblemOutOfMemory;
    } catch (const std::bad_alloc &) {
        return CDICOMInputProblemOutOfMemory;
    } catch (...) {
        return CDICOMInputProblemDamaged;
    }
}

void CDICOMJSONFree(char *json) { std::free(json); }

char *CDICOMJSONBulkData(const void *bytes, size_t count, const uint32_t *path, size_t steps, size_t *size) {
    *size = 0;
    try {
        DcmFileFormat format;
        int64_t end = 0;
        (void)pleura::readFile(format, bytes, count, true, end);
        DcmItem *item = format.getDataset();
        DcmElement *element = nullptr;
        for (size_t step = 0; step < steps; step += 2) {
            const DcmTagKey key(static_cast<Uint16>(path[step] >> 16), static_cast<Uint16>(path[step] & 0xFFFF));
            if (!item || item->findAndGetElement(key, element).bad() || !element) return nullptr;
            if (step + 1 == steps) break;
            auto *sequence = dynamic_cast<DcmSequenceOfItems *>(element);
            if (!sequence || path[step + 1] == 0 || path[step + 1] > sequence->card()) return nullptr;
            item = sequence->getItem(path[step + 1] - 1);
            element = nullptr;
        }
        if (!element) return nullptr;
        Uint8 *octets = nullptr;
        Uint16 *words = nullptr;
        Uint32 *longs = nullptr;
        Float32 *floats = nullptr;
        Float64 *doubles = nullptr;
        const void *found = nullptr;
        // This machine is little-endian, and so are the bytes that are handed out.
        if (element->getUint8Array(octets).good()) found = octets;
        else if (element->getUint16Array(words).good()) found = words;
        else if (element->getUint32Array(longs).good()) found = longs;
        else if (element->getFloat32Array(floats).good()) found = floats;
        else if (element->getFloat64Array(doubles).good()) found = doubles;
        if (!found) return nullptr;
        *size = element->getLength();
        return copied(found, *size);
    } catch (...) {
        return nullptr;
    }
}

}  // extern "C"
