#include "FileDigest.h"

#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <vector>

using namespace network;

namespace {
// The processor's second cache still holds what was written.
constexpr size_t pieceSize = 256 << 10;

struct FreeContext {
    void operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }
};

std::string hexadecimal(const unsigned char *bytes, size_t count) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (size_t i = 0; i < count; ++i) {
        text += digits[bytes[i] >> 4];
        text += digits[bytes[i] & 15];
    }
    return text;
}

bool readAll(int descriptor, uint8_t *bytes, size_t count, uint64_t offset) {
    while (count > 0) {
        const ssize_t got = ::pread(descriptor, bytes, count, static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        bytes += got;
        count -= static_cast<size_t>(got);
        offset += static_cast<uint64_t>(got);
    }
    return true;
}
}  // namespace

FileDigest::~FileDigest() {
    {
        std::lock_guard<std::mutex> lock(mutex);
        work = Work::ending;
    }
    changed.notify_all();
    if (thread.joinable()) thread.join();
}

void FileDigest::begin(int newDescriptor) {
    std::lock_guard<std::mutex> lock(mutex);
    descriptor = newDescriptor;
    size = 0;
    ++number;
    result.clear();
    work = Work::reading;
    if (!thread.joinable()) thread = std::thread([this] { run(); });
}

void FileDigest::advance(uint64_t newSize) {
    bool isPiece;
    {
        std::lock_guard<std::mutex> lock(mutex);
        isPiece = newSize / pieceSize != size / pieceSize;
        size = newSize;
    }
    if (isPiece) changed.notify_all();
}

std::string FileDigest::finish() {
    std::unique_lock<std::mutex> lock(mutex);
    if (work != Work::reading) return "";
    work = Work::finishing;
    changed.notify_all();
    changed.wait(lock, [&] { return work != Work::finishing; });
    return result;
}

void FileDigest::run() {
    const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
    std::vector<uint8_t> piece(pieceSize);
    uint64_t current = 0, done = 0;
    bool isGood = false;
    std::unique_lock<std::mutex> lock(mutex);
    for (;;) {
        changed.wait(lock, [&] {
            return work == Work::ending || work == Work::finishing || (work == Work::reading && (number != current || size >= done + pieceSize));
        });
        if (work == Work::ending) return;
        if (number != current) {
            current = number;
            done = 0;
            isGood = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
        }
        const size_t count = static_cast<size_t>(std::min<uint64_t>(size - done, pieceSize));
        if (count == pieceSize || (work == Work::finishing && count > 0)) {
            const int file = descriptor;
            lock.unlock();
            isGood = isGood && readAll(file, piece.data(), count, done) && EVP_DigestUpdate(context.get(), piece.data(), count) == 1;
            lock.lock();
            done += count;
            continue;
        }
        if (work != Work::finishing) continue;
        unsigned char bytes[EVP_MAX_MD_SIZE];
        unsigned int length = 0;
        if (isGood && EVP_DigestFinal_ex(context.get(), bytes, &length) == 1) result = hexadecimal(bytes, length);
        work = Work::finished;
        changed.notify_all();
    }
}
