#pragma once
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace network {

/// The SHA-256 (FIPS 180-4) of files while they are written, on a thread of its own: the peer's next packet does not wait for it.
class FileDigest {
public:
    FileDigest() = default;
    ~FileDigest();
    FileDigest(const FileDigest &) = delete;
    FileDigest &operator=(const FileDigest &) = delete;

    /// A file begins.
    /// - Parameter descriptor: Readable, and open until `finish` or the next `begin` returns.
    void begin(int descriptor);
    /// So many bytes of it are written.
    void advance(uint64_t size);
    /// In hexadecimal; empty where the file could not be read again or nothing is known of the digest.
    std::string finish();

private:
    enum class Work { none, reading, finishing, finished, ending };
    std::mutex mutex;
    std::condition_variable changed;
    std::thread thread;
    Work work = Work::none;
    int descriptor = -1;
    uint64_t size = 0, number = 0;
    std::string result;

    void run();
};

}  // namespace network
