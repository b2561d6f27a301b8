#include "ObjectFile.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmdata/dcmetinf.h>
#include <dcmtk/dcmdata/dcostrmb.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>

using namespace network;

namespace {
// Small enough that little is left for the end, large enough that the disk is not asked for every packet.
constexpr uint64_t writingOut = 1 << 20;
}  // namespace

ObjectFile::~ObjectFile() { close(); }

void ObjectFile::close() {
    if (descriptor < 0) return;
    if (digest) sha256 = digest->finish();
    isGood = ::close(descriptor) == 0 && isGood;
    descriptor = -1;
}

bool ObjectFile::open(
    const std::string &newPath, const std::string &classUID, const std::string &instanceUID, const std::string &transferSyntax,
    const std::string &callingTitle) {
    DcmMetaInfo meta;
    const Uint8 version[2] = {0, 1};
    meta.putAndInsertUint32(DCM_FileMetaInformationGroupLength, 0);
    meta.putAndInsertUint8Array(DCM_FileMetaInformationVersion, version, 2);
    meta.putAndInsertOFStringArray(DCM_MediaStorageSOPClassUID, classUID.c_str());
    meta.putAndInsertOFStringArray(DCM_MediaStorageSOPInstanceUID, instanceUID.c_str());
    meta.putAndInsertOFStringArray(DCM_TransferSyntaxUID, transferSyntax.c_str());
    meta.putAndInsertString(DCM_ImplementationClassUID, OFFIS_IMPLEMENTATION_CLASS_UID);
    meta.putAndInsertString(DCM_ImplementationVersionName, OFFIS_DTK_IMPLEMENTATION_VERSION_NAME2);
    meta.putAndInsertOFStringArray(DCM_SourceApplicationEntityTitle, callingTitle.c_str());
    if (meta.computeGroupLengthAndPadding(EGL_withGL, EPD_noChange, EXS_LittleEndianExplicit, EET_UndefinedLength).bad()) return false;
    uint8_t buffer[2048];
    DcmOutputBufferStream stream(buffer, sizeof buffer);
    meta.transferInit();
    const OFCondition condition = meta.write(stream, EXS_LittleEndianExplicit, EET_ExplicitLength, nullptr);
    meta.transferEnd();
    void *head = nullptr;
    offile_off_t headSize = 0;
    stream.flushBuffer(head, headSize);
    if (condition.bad() || headSize <= 132) return false;

    path = newPath;
    descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (digest && descriptor >= 0) digest->begin(descriptor);
    isGood = descriptor >= 0 && write(static_cast<const uint8_t *>(head), static_cast<size_t>(headSize));
    datasetSize = 0;
    return isGood;
}

bool ObjectFile::write(const uint8_t *bytes, size_t count) {
    while (count > 0) {
        const ssize_t written = ::write(descriptor, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return isGood = false;
        bytes += written;
        count -= static_cast<size_t>(written);
        fileSize += static_cast<uint64_t>(written);
        datasetSize += static_cast<uint64_t>(written);
    }
    if (digest) digest->advance(fileSize);
    if (fileSize - begun >= writingOut) {
        // The disk works while the rest comes. Only a beginning: what counts is fsync.
        ::sync_file_range(descriptor, static_cast<off64_t>(begun), static_cast<off64_t>(fileSize - begun), SYNC_FILE_RANGE_WRITE);
        begun = fileSize;
    }
    return true;
}

bool ObjectFile::finish(bool syncs) {
    if (descriptor < 0) return false;
    struct stat status;
    isGood = isGood && (!syncs || ::fsync(descriptor) == 0) && ::fstat(descriptor, &status) == 0 &&
             static_cast<uint64_t>(status.st_size) == fileSize;
    close();
    return isGood;
}

void ObjectFile::discard() {
    if (!path.empty()) ::unlink(path.c_str());
}

bool network::syncFolder(const std::string &folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return false;
    const bool isGood = ::fsync(descriptor) == 0;
    ::close(descriptor);
    return isGood;
}

uint64_t network::freeBytes(const std::string &folder) {
    struct statvfs status;
    if (::statvfs(folder.c_str(), &status) != 0) return 0;
    return static_cast<uint64_t>(status.f_bavail) * status.f_frsize;
}
