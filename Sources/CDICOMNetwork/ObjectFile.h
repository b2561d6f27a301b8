#pragma once
#include <cstdint>
#include <string>

#include "FileDigest.h"

namespace network {

/// A file that is being received. Every write is looked at, which DCMTK 3.6.7 does not do: on a full disk it acknowledges what it did not
/// store.
class ObjectFile {
public:
    /// - Parameter digest: Computes `sha256` while the file comes; may be null.
    explicit ObjectFile(FileDigest *digest) : digest(digest) {}
    ~ObjectFile();
    ObjectFile(const ObjectFile &) = delete;
    ObjectFile &operator=(const ObjectFile &) = delete;

    /// Makes `path`, which must not exist, with preamble and file meta information (PS3.10 7.1).
    bool open(
        const std::string &path, const std::string &classUID, const std::string &instanceUID, const std::string &transferSyntax,
        const std::string &callingTitle);
    /// False once the disk took less than all.
    bool write(const uint8_t *bytes, size_t count);
    /// Whether all of it is written, and with `syncs` on the disk.
    bool finish(bool syncs);
    /// Removes the file where it is still there.
    void discard();

    uint64_t datasetSize = 0, fileSize = 0;
    /// SHA-256 in hexadecimal, when it is finished; empty where it is not known.
    std::string sha256;

private:
    FileDigest *const digest;
    std::string path;
    int descriptor = -1;
    bool isGood = false;
    /// Bytes that the disk was told to take.
    uint64_t begun = 0;

    void close();
};

/// Whether the names in a folder are on the disk.
bool syncFolder(const std::string &folder);
/// Bytes that others than root may use; 0 where it cannot be said.
uint64_t freeBytes(const std::string &folder);

}  // namespace network
