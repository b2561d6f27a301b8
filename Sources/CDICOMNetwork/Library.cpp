#include "Library.h"

#include <dcmtk/dcmdata/dcobject.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/dcmnet/assoc.h>
#include <dcmtk/dcmnet/dul.h>
#include <dcmtk/oflog/oflog.h>

#include <signal.h>

#include <cstdio>
#include <cstring>

void network::prepare() {
    static const bool prepared = [] {
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        DcmRLEDecoderRegistration::registerCodecs();
        DJDecoderRegistration::registerCodecs();
        DJLSDecoderRegistration::registerCodecs();
        dcmDisableGethostbyaddr.set(OFTrue);
        dcmAssociatePDUSizeLimit.set(0x40000);
        // A peer that has gone must not end the program: OpenSSL writes without MSG_NOSIGNAL. A handler of the program's own stays.
        struct sigaction current;
        if (::sigaction(SIGPIPE, nullptr, &current) == 0 && !(current.sa_flags & SA_SIGINFO) && current.sa_handler == SIG_DFL)
            ::signal(SIGPIPE, SIG_IGN);
        return true;
    }();
    (void)prepared;
}

void network::clear(CDICOMNetworkProblem *problem) {
    if (problem) std::memset(problem, 0, sizeof *problem);
}

bool network::fail(CDICOMNetworkProblem *problem, int32_t kind, const std::string &text, uint16_t status) {
    if (problem) {
        problem->kind = kind;
        problem->status = status;
        std::snprintf(problem->text, sizeof problem->text, "%s", text.c_str());
        for (char *c = problem->text; *c; ++c)
            if (static_cast<unsigned char>(*c) < 0x20) *c = ' ';
    }
    return false;
}

std::string network::words(const OFCondition &condition) {
    std::string text = condition.text() ? condition.text() : "";
    for (auto &c : text)
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    while (!text.empty() && text.back() == ' ') text.pop_back();
    return text;
}

std::string network::statusWords(uint16_t status) {
    char digits[8];
    std::snprintf(digits, sizeof digits, "%04X", status);
    const char *meaning = nullptr;
    switch (status) {
        case 0x0105: meaning = "no such attribute"; break;
        case 0x0106: meaning = "invalid attribute value"; break;
        case 0x0107: meaning = "attribute list error"; break;
        case 0x0110: meaning = "processing failure"; break;
        case 0x0111: meaning = "duplicate SOP instance"; break;
        case 0x0112: meaning = "no such SOP instance"; break;
        case 0x0115: meaning = "invalid argument value"; break;
        case 0x0116: meaning = "attribute value out of range"; break;
        case 0x0117: meaning = "invalid SOP instance"; break;
        case 0x0118: meaning = "no such SOP class"; break;
        case 0x0119: meaning = "class and instance conflict"; break;
        case 0x0122: meaning = "SOP class not supported"; break;
        case 0x0124: meaning = "not authorised"; break;
        case 0x0210: meaning = "duplicate invocation"; break;
        case 0x0211: meaning = "unrecognised operation"; break;
        case 0x0212: meaning = "mistyped argument"; break;
        case 0x0213: meaning = "resource limitation"; break;
        case 0xA801: meaning = "move destination unknown"; break;
        case 0xB000: meaning = "coercion of data elements, or some operations failed"; break;
        case 0xB006: meaning = "elements discarded"; break;
        case 0xB007: meaning = "data set does not match SOP class"; break;
        case 0xFE00: meaning = "cancelled"; break;
        default: break;
    }
    if (!meaning && (status & 0xFF00) == 0xA700) meaning = "out of resources";
    if (!meaning && (status & 0xFF00) == 0xA900) meaning = "data set does not match SOP class";
    if (!meaning && (status & 0xF000) == 0xC000) meaning = "cannot understand";
    return meaning ? std::string(digits) + ", " + meaning : std::string(digits);
}

bool network::isUID(const std::string &text) {
    if (text.empty() || text.size() > 64 || text.front() == '.' || text.back() == '.') return false;
    char previous = 0;
    for (const char c : text) {
        if (!((c >= '0' && c <= '9') || (c == '.' && previous != '.'))) return false;
        previous = c;
    }
    return true;
}

std::string network::trimmed(const std::string &text) {
    const char *const blanks(" ");
    const size_t end = text.find('\0');
    std::string result = text.substr(0, end);
    const size_t first = result.find_first_not_of(blanks);
    if (first == std::string::npos) return "";
    return result.substr(first, result.find_last_not_of(blanks) - first + 1);
}
