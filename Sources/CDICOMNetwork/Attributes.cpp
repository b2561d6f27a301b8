#include "Attributes.h"

#include <dcmtk/dcmdata/dcspchrs.h>

#include <iconv.h>

#include <algorithm>
#include <cctype>
#include <cstring>

#include "Library.h"

using namespace network;

namespace {

bool isASCII(const std::string &text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != 0x1B; });
}

bool isUnicode(const std::string &text) {
    for (size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead == 0x1B) return false;
        const size_t more = lead < 0x80                    ? 0
                            : lead >= 0xC2 && lead <= 0xDF ? 1
                            : lead >= 0xE0 && lead <= 0xEF ? 2
                            : lead >= 0xF0 && lead <= 0xF4 ? 3
                                                           : 9;
        if (more == 9 || i + more >= text.size() + (more == 0 ? 1 : 0)) return false;
        for (size_t j = 1; j <= more; ++j)
            if ((static_cast<unsigned char>(text[i + j]) & 0xC0) != 0x80) return false;
        i += more + 1;
    }
    return true;
}

bool convert(const std::string &bytes, const char *encoding, std::string &result) {
    const iconv_t converter = ::iconv_open("UTF-8", encoding);
    if (converter == reinterpret_cast<iconv_t>(-1)) return false;
    std::string in = bytes, out(4 * bytes.size() + 16, 0);
    char *from = in.data(), *to = out.data();
    size_t fromLeft = in.size(), toLeft = out.size();
    const bool isWhole = ::iconv(converter, &from, &fromLeft, &to, &toLeft) != static_cast<size_t>(-1);
    ::iconv_close(converter);
    if (isWhole) result = out.substr(0, out.size() - toLeft);
    return isWhole;
}

/// East Asian sets with escape sequences, which DCMTK does not know how to ask glibc for. Of Korean and simplified Chinese the escape
/// sequence only says what bytes with the high bit mean.
bool convertWithEscapes(std::string bytes, const std::string &set, std::string &result) {
    const char *encoding = nullptr, *escape = nullptr;
    if (set.find("IR 87") != std::string::npos || set.find("IR 159") != std::string::npos || set.find("IR 13") != std::string::npos)
        encoding = "ISO-2022-JP-2";
    else if (set.find("IR 149") != std::string::npos)
        encoding = "EUC-KR", escape = "\x1b$)C";
    else if (set.find("IR 58") != std::string::npos)
        encoding = "GB18030", escape = "\x1b$)A";
    if (!encoding) return false;
    if (escape)
        for (size_t place; (place = bytes.find(escape)) != std::string::npos;) bytes.erase(place, 4);
    return convert(bytes, encoding, result);
}

/// Digits and letters alone, in capitals.
std::string skeleton(const std::string &text) {
    std::string result;
    for (const char c : text)
        if (std::isalnum(static_cast<unsigned char>(c))) result += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return result;
}

std::string normalisedTerm(const std::string &term) {
    const std::string plain = skeleton(term);
    if (plain.empty() || plain == "ASCII" || plain == "USASCII" || plain == "ISOIR6" || plain == "ISO2022IR6")
        return plain == "ISO2022IR6" ? "ISO 2022 IR 6" : "";
    if (plain == "UTF8" || plain == "ISOIR192" || plain == "IR192" || plain == "ISO2022IR192") return "ISO_IR 192";
    if (plain == "GB18030" || plain == "GBK") return plain;
    if (plain == "LATIN1") return "ISO_IR 100";
    static const struct {
        const char *part, *number;
    } parts[] = {{"1", "100"}, {"2", "101"}, {"3", "109"}, {"4", "110"}, {"5", "144"},
                 {"6", "127"}, {"7", "126"}, {"8", "138"}, {"9", "148"}};
    for (auto &one : parts)
        if (plain == std::string("ISO8859") + one.part) return std::string("ISO_IR ") + one.number;
    auto number = [&](const std::string &prefix) {
        if (plain.compare(0, prefix.size(), prefix) != 0) return std::string();
        const std::string digits = plain.substr(prefix.size());
        return !digits.empty() && digits.size() < 4 &&
                       std::all_of(
                           digits.begin(), digits.end(), [](unsigned char c) { return std::isdigit(c); })
                   ? digits
                   : std::string();
    };
    if (const std::string digits = number("ISO2022IR"); !digits.empty()) return "ISO 2022 IR " + digits;
    if (const std::string digits = number("ISOIR"); !digits.empty()) return "ISO_IR " + digits;
    if (const std::string digits = number("IR"); !digits.empty()) return "ISO_IR " + digits;
    return trimmed(term);
}

}  // namespace

std::string network::normalisedCharacterSet(const std::string &text) {
    std::vector<std::string> terms;
    size_t begin = 0;
    for (;;) {
        const size_t end = text.find('\\', begin);
        const std::string term = normalisedTerm(text.substr(begin, end - begin));
        // UTF-8 and GB18030 stand alone.
        if (term == "ISO_IR 192" || term == "GB18030" || term == "GBK") return term;
        const bool isFirst = begin == 0;
        if ((isFirst || !term.empty()) && std::find(terms.begin(), terms.end(), term) == terms.end()) terms.push_back(term);
        if (end == std::string::npos) break;
        begin = end + 1;
    }
    // Two sets without code extensions mean what the first says.
    if (terms.size() > 1 && terms[0].compare(0, 6, "ISO_IR") == 0 && terms[1].compare(0, 6, "ISO_IR") == 0) terms.resize(1);
    std::string result;
    for (size_t i = 0; i < terms.size(); ++i) result += (i ? "\\" : "") + terms[i];
    return result;
}

std::string network::unicode(const std::string &bytes, const std::string &characterSet, const std::string &fallback, bool isPersonName) {
    if (isASCII(bytes)) return bytes;
    std::string result;
    for (const std::string &set : {characterSet, std::string(), fallback}) {
        if (set.empty()) {
            // Some name no set, or a wrong one, and send UTF-8 all the same; no other text looks like it.
            if (isUnicode(bytes)) return bytes;
            continue;
        }
        if (set == "ISO_IR 192") continue;
        DcmSpecificCharacterSet converter;
        OFString converted;
        if (converter.selectCharacterSet(set.c_str(), "ISO_IR 192").good() &&
            converter.convertString(bytes.c_str(), bytes.size(), converted, isPersonName ? "\\^=" : "\\").good())
            return std::string(converted.c_str(), converted.size());
        if (convertWithEscapes(bytes, set, result)) return result;
    }
    return convert(bytes, "ISO-8859-1", result) ? result : bytes;
}

void Attributes::read(DcmItem &dataset, const std::string &fallback) { add(dataset, "", "", normalisedCharacterSet(fallback), 0); }

void Attributes::add(DcmItem &item, const std::string &prefix, const std::string &outerSet, const std::string &fallback, int depth) {
    if (depth > 16 || names.size() > 10000) return;
    std::string set = outerSet;
    OFString own;
    if (item.findAndGetOFStringArray(DCM_SpecificCharacterSet, own).good()) set = normalisedCharacterSet(own.c_str());
    for (unsigned long i = 0; i < item.card(); ++i) {
        DcmElement *element = item.getElement(i);
        if (!element || element->getTag().getElement() == 0) continue;
        DcmTag tag = element->getTag();
        char digits[16];
        std::snprintf(digits, sizeof digits, "(%04x,%04x)", tag.getGroup(), tag.getElement());
        const std::string known = tag.getTagName() ? tag.getTagName() : "";
        const std::string name = prefix + (tag.getGroup() % 2 == 1 || known.empty() || known == DcmTag_ERROR_TagName ? digits : known);
        if (auto *sequence = dynamic_cast<DcmSequenceOfItems *>(element)) {
            for (unsigned long j = 0; j < sequence->card(); ++j)
                if (DcmItem *nested = sequence->getItem(j)) add(*nested, name + "[" + std::to_string(j) + "].", set, fallback, depth + 1);
            continue;
        }
        OFString value;
        if (element->getLength() > 0x10000 || element->getOFStringArray(value).bad()) continue;
        const DcmEVR vr = element->ident();
        const bool isText = vr == EVR_SH || vr == EVR_LO || vr == EVR_ST || vr == EVR_LT || vr == EVR_PN || vr == EVR_UC || vr == EVR_UT ||
                            vr == EVR_CS || vr == EVR_AE || vr == EVR_AS || vr == EVR_DA || vr == EVR_TM || vr == EVR_DT || vr == EVR_DS ||
                            vr == EVR_IS || vr == EVR_UI || vr == EVR_UR;
        if (!isText && vr != EVR_US && vr != EVR_UL && vr != EVR_SS && vr != EVR_SL && vr != EVR_FL && vr != EVR_FD && vr != EVR_AT)
            continue;
        names.push_back(name);
        const std::string text =
            isText ? unicode(trimmed(std::string(value.c_str(), value.size())), set, fallback, vr == EVR_PN) : value.c_str();
        values.push_back(text);
    }
}

char *CDICOMUnicode(const void *bytes, size_t count, const char *characterSet, const char *fallback, bool isPersonName) {
    char *result = nullptr;
    guarded(nullptr, [&] {
        const std::string text = unicode(
            std::string(static_cast<const char *>(bytes), count), normalisedCharacterSet(characterSet), normalisedCharacterSet(fallback),
            isPersonName);
        result = ::strdup(text.c_str());
        return true;
    });
    return result;
}
