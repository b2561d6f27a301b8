#include "ReadFile.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcdict.h>
#include <dcmtk/dcmdata/dcfilefo.h>
#include <dcmtk/dcmdata/dcistrma.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcmetinf.h>
#include <dcmtk/dcmdata/dcobject.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmdata/dcxfer.h>
#include <dcmtk/oflog/oflog.h>

#include <zlib.h>

#include <algorithm>
#include <climits>
#include <cstring>
#include <new>
#include <string>
#include <vector>

const size_t CDICOMInputLargestInflated = size_t{512} << 20;

namespace {

/// Bytes of stack that reading may use. A level of a sequence takes less than a kilobyte; threads have 512 kB and more.
constexpr size_t largestStack = 200'000;

/// Bytes in memory as DCMTK wants them. DCMTK reads sequences by recursion without a limit, so the stack is looked at whenever it asks for
/// more.
class Producer : public DcmProducer {
public:
    Producer(const void *bytes, size_t count)
        : bytes_(static_cast<const unsigned char *>(bytes)), count_(static_cast<offile_off_t>(count)),
          base_(static_cast<const char *>(__builtin_frame_address(0))) {}

    OFBool good() const override { return status_.good(); }
    OFCondition status() const override { return status_; }
    OFBool eos() override { return position_ >= count_; }
    offile_off_t avail() override { return status_.good() ? count_ - position_ : 0; }

    offile_off_t read(void *buffer, offile_off_t length) override {
        watchStack();
        if (status_.bad() || length <= 0) return 0;
        const offile_off_t given = std::min(length, count_ - position_);
        if (given > 0) std::memcpy(buffer, bytes_ + position_, static_cast<size_t>(given));
        position_ += given;
        return given;
    }

    offile_off_t skip(offile_off_t length) override {
        watchStack();
        if (status_.bad() || length <= 0) return 0;
        const offile_off_t given = std::min(length, count_ - position_);
        position_ += given;
        return given;
    }

    void putback(offile_off_t length) override {
        if (length > position_)
            status_ = EC_PutbackFailed;
        else
            position_ -= length;
    }

    bool isTooDeep() const { return isTooDeep_; }

private:
    void watchStack() {
        const char *here = static_cast<const char *>(__builtin_frame_address(0));
        if (static_cast<size_t>(here > base_ ? here - base_ : base_ - here) < largestStack) return;
        isTooDeep_ = true;
        status_ = EC_InvalidStream;
    }

    const unsigned char *bytes_;
    offile_off_t count_;
    offile_off_t position_ = 0;
    const char *base_;
    OFCondition status_ = EC_Normal;
    bool isTooDeep_ = false;
};

class Stream : public DcmInputStream {
public:
    explicit Stream(Producer &producer) : DcmInputStream(&producer) {}
    DcmInputStreamFactory *newFactory() const override { return nullptr; }
};

/// Once a process: DCMTK's logger would write patient data to standard error.
void prepare() {
    static const bool prepared = [] {
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        dcmEnableUnknownVRConversion.set(OFTrue);  // elements written as UN by a program that did not know them
        dcmAcceptUnexpectedImplicitEncoding.set(OFTrue);  // implicit elements among explicit ones
        return true;
    }();
    (void)prepared;
}

/// Inflates a raw deflate stream up to the limit; false where it is larger.
bool inflateBounded(const unsigned char *bytes, size_t count, std::vector<unsigned char> &out) {
    z_stream stream = {};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return false;
    std::vector<unsigned char> piece(1 << 16);
    size_t used = 0;
    int status = Z_OK;
    while (status == Z_OK && out.size() <= CDICOMInputLargestInflated) {
        const uInt in = static_cast<uInt>(std::min<size_t>(count - used, UINT_MAX));
        stream.next_in = const_cast<Bytef *>(bytes + used);
        stream.avail_in = in;
        stream.next_out = piece.data();
        stream.avail_out = static_cast<uInt>(piece.size());
        status = inflate(&stream, Z_NO_FLUSH);
        used += in - stream.avail_in;
        out.insert(out.end(), piece.begin(), piece.end() - stream.avail_out);
    }
    inflateEnd(&stream);
    return out.size() <= CDICOMInputLargestInflated;
}

/// Goes over the headers of a dataset's elements: DCMTK allocates and fills whatever length a header says before it finds that the file
/// ends.
/// Sequences and items are entered, values passed over.
class Lengths {
public:
    Lengths(const unsigned char *bytes, size_t count, bool isBig) : bytes_(bytes), count_(count), isBig_(isBig) {}

    /// Whether each element lies within the bytes, as far as headers can be followed.
    bool fit(bool untilPixelData) const {
        size_t place = 0;
        while (place + 8 <= count_) {
            const uint32_t group = word(place);
            if (group == 0xFFFE) {
                place += 8;
                continue;
            }
            size_t header = 8;
            uint32_t length = 0;
            bool isSequence = false, isUnknown = true, isBinary = false;
            const char vr[3] = {static_cast<char>(bytes_[place + 4]), static_cast<char>(bytes_[place + 5]), 0};
            const bool hasLetters = vr[0] >= 'A' && vr[0] <= 'Z' && vr[1] >= 'A' && vr[1] <= 'Z';
            if (hasLetters && isOneOf(vr, "AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US")) {
                length = word(place + 6);
                isUnknown = false;
            } else if (hasLetters) {
                if (place + 12 > count_) return true;
                header = 12;
                length = number(place + 8);
                isSequence = isOneOf(vr, "SQ");
                isBinary = isOneOf(vr, "OB OW OF OD OL OV");
                isUnknown = !isSequence && !isBinary && !isOneOf(vr, "SV UC UR UT UV");
            } else {
                length = number(place + 4);
            }
            place += header;
            if (length == 0xFFFFFFFF) {
                if (group == 0x7FE0 || isBinary) {
                    if (!passFragments(place)) return false;
                }
                continue;
            }
            if (length > count_ - place) {
                // Pixels are not read, nor is what a picture's file has behind them.
                return untilPixelData && group >= 0x7FE0;
            }
            const bool holdsItems = isSequence || (isUnknown && group % 2 == 0 && length >= 8 && beginsWithItem(place));
            if (!holdsItems) place += length;
        }
        return true;
    }

private:
    bool passFragments(size_t &place) const {
        while (place + 8 <= count_ && word(place) == 0xFFFE) {
            const uint32_t length = number(place + 4);
            if (word(place + 2) != 0xE000) {
                place += 8;
                return true;
            }
            // Of a sequence, not a fragment: entered.
            if (length == 0xFFFFFFFF) return true;
            if (length > count_ - place - 8) return false;
            place += 8 + length;
        }
        return true;
    }

    bool beginsWithItem(size_t place) const {
        static const unsigned char little[4] = {0xFE, 0xFF, 0x00, 0xE0}, big[4] = {0xFF, 0xFE, 0xE0, 0x00};
        return std::memcmp(bytes_ + place, little, 4) == 0 || std::memcmp(bytes_ + place, big, 4) == 0;
    }

    static bool isOneOf(const char *vr, const char *list) {
        for (; *list; list += list[2] ? 3 : 2)
            if (list[0] == vr[0] && list[1] == vr[1]) return true;
        return false;
    }

    uint32_t word(size_t place) const {
        return isBig_ ? bytes_[place] << 8 | bytes_[place + 1] : bytes_[place] | bytes_[place + 1] << 8;
    }

    uint32_t number(size_t place) const { return isBig_ ? word(place) << 16 | word(place + 2) : word(place) | word(place + 2) << 16; }

    const unsigned char *bytes_;
    size_t count_;
    bool isBig_;
};

/// What is wrong with a file before DCMTK reads it; nothing, in most cases.
int32_t lookOver(const unsigned char *bytes, size_t count, bool untilPixelData) {
    // Meta information is explicit and little-endian in every file.
    size_t place = count >= 132 && std::memcmp(bytes + 128, "DICM", 4) == 0 ? 132 : 0;
    std::string syntax;
    while (place + 12 <= count && bytes[place] == 2 && bytes[place + 1] == 0) {
        const bool isLong = std::memcmp(bytes + place + 4, "OB", 2) == 0 || std::memcmp(bytes + place + 4, "UN", 2) == 0
            || std::memcmp(bytes + place + 4, "UT", 2) == 0 || std::memcmp(bytes + place + 4, "OW", 2) == 0;
        const bool isExplicit = bytes[place + 4] >= 'A' && bytes[place + 4] <= 'Z' && bytes[place + 5] >= 'A' && bytes[place + 5] <= 'Z';
        const size_t header = isExplicit && isLong ? 12 : 8;
        const unsigned char *number = bytes + place + (isExplicit ? (isLong ? 8 : 6) : 4);
        size_t length = number[0] | static_cast<size_t>(number[1]) << 8;
        if (!isExplicit || isLong) length |= static_cast<size_t>(number[2]) << 16 | static_cast<size_t>(number[3]) << 24;
        if (length > count - place - header) return CDICOMInputProblemTruncated;
        const bool isSyntax = bytes[place + 2] == 0x10 && bytes[place + 3] == 0;
        if (isSyntax) syntax.assign(reinterpret_cast<const char *>(bytes + place + header), length);
        place += header + length;
    }
    while (!syntax.empty() && (syntax.back() == 0 || syntax.back() == ' ')) syntax.pop_back();
    const unsigned char *dataset = bytes + place;
    size_t size = count - place;
    std::vector<unsigned char> inflated;
    if (!syntax.empty() && DcmXfer(syntax.c_str()).getStreamCompression() != ESC_none) {
        if (!inflateBounded(dataset, size, inflated)) return CDICOMInputProblemTooLarge;
        dataset = inflated.data();
        size = inflated.size();
    }
    const bool isBig = syntax == UID_BigEndianExplicitTransferSyntax || (syntax.empty() && size > 1 && dataset[0] == 0 && dataset[1] != 0);
    return Lengths(dataset, size, isBig).fit(untilPixelData) ? CDICOMInputProblemNone : CDICOMInputProblemTruncated;
}

}  // namespace

namespace pleura {

int32_t readFile(DcmFileFormat &format, const void *bytes, size_t count, bool untilPixelData, int64_t &end) {
    prepare();
    end = 0;
    if (!dcmDataDict.isDictionaryLoaded()) return CDICOMInputProblemNoDictionary;
    try {
        if (!bytes || count == 0) return CDICOMInputProblemDamaged;
        const int32_t problem = lookOver(static_cast<const unsigned char *>(bytes), count, untilPixelData);
        if (problem != CDICOMInputProblemNone) return problem;
        Producer producer(bytes, count);
        Stream stream(producer);
        format.transferInit();
        const OFCondition condition = untilPixelData
            ? format.readUntilTag(stream, EXS_Unknown, EGL_noChange, DCM_MaxReadLength, DcmTagKey(0x7FE0, 0x0008))
            : format.read(stream, EXS_Unknown, EGL_noChange, DCM_MaxReadLength);
        end = static_cast<int64_t>(stream.tell());
        format.transferEnd();
        if (producer.isTooDeep()) return CDICOMInputProblemTooDeep;
        if (condition == EC_EndOfStream || condition == EC_StreamNotifyClient || condition == EC_InvalidStream)
            return CDICOMInputProblemTruncated;
        if (condition == EC_UnsupportedEncoding) return CDICOMInputProblemUnsupported;
        if (condition == EC_MemoryExhausted) return CDICOMInputProblemOutOfMemory;
        return condition.bad() ? CDICOMInputProblemDamaged : CDICOMInputProblemNone;
    } catch (const std::bad_alloc &) {
        return CDICOMInputProblemOutOfMemory;
    } catch (...) {
        return CDICOMInputProblemDamaged;
    }
}

}  // namespace pleura
