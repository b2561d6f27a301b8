#include "StoredFile.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcmetinf.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "Library.h"

using namespace network;

std::string network::readHead(const uint8_t *bytes, size_t count, StoredObject &object, size_t &offset) {
    DcmInputBufferStream stream;
    if (count < 144 || std::memcmp(bytes + 128, "DICM", 4) != 0) return "no DICOM file (PS3.10)";
    // A buffer of its own end: meta information that claims to be longer than the file must not be waited for.
    const uint32_t group = uint32_t(bytes[140]) | uint32_t(bytes[141]) << 8 | uint32_t(bytes[142]) << 16 | uint32_t(bytes[143]) << 24;
    const bool hasLength = bytes[132] == 2 && bytes[133] == 0 && bytes[134] == 0 && bytes[135] == 0;
    if (hasLength && (group > count - 144 || group > 0x10000)) return "its file meta information is cut off";
    stream.setBuffer(const_cast<uint8_t *>(bytes), static_cast<offile_off_t>(std::min<size_t>(count, 0x20000)));
    stream.setEos();
    DcmMetaInfo meta;
    meta.transferInit();
    const OFCondition condition = meta.read(stream, EXS_Unknown, EGL_noChange, 0x10000);
    meta.transferEnd();
    if (condition.bad() && condition != EC_EndOfStream) return "its file meta information cannot be read";
    auto text = [&](const DcmTagKey &key) {
        OFString value;
        return meta.findAndGetOFStringArray(key, value).good() ? trimmed(value.c_str()) : std::string();
    };
    object.classUID = text(DCM_MediaStorageSOPClassUID);
    object.instanceUID = text(DCM_MediaStorageSOPInstanceUID);
    object.syntax = text(DCM_TransferSyntaxUID);
    offset = hasLength ? 144 + group : static_cast<size_t>(stream.tell());
    if (!isUID(object.classUID) || !isUID(object.instanceUID) || !isUID(object.syntax))
        return "its file meta information lacks a UID, or one is not valid";
    if (offset >= count) return "it has no dataset";
    return "";
}

std::string network::readFile(const std::string &path, size_t limit, std::vector<uint8_t> &bytes) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status;
    std::string reason;
    if (file < 0 || ::fstat(file, &status) != 0)
        reason = std::strerror(errno);
    else if (!S_ISREG(status.st_mode))
        reason = "not a file";
    else {
        bytes.resize(std::min<size_t>(limit, static_cast<size_t>(status.st_size)));
        size_t place = 0;
        while (place < bytes.size()) {
            const ssize_t got = ::read(file, bytes.data() + place, bytes.size() - place);
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) break;
            place += static_cast<size_t>(got);
        }
        if (place < bytes.size()) reason = "it could not be read to its end";
    }
    if (file >= 0) ::close(file);
    return reason;
}
