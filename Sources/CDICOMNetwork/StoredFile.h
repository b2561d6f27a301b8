#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace network {

/// An object that is to be sent: its place in the caller's list, and what its file meta information says.
struct StoredObject {
    size_t index = 0;
    std::string classUID, instanceUID, syntax;
};

/// Where the dataset of a whole file begins, and what the file meta information says. Empty, or why it cannot be sent.
std::string readHead(const uint8_t *bytes, size_t count, StoredObject &object, size_t &offset);
/// `limit` bytes at most. Empty, or why it cannot be read.
std::string readFile(const std::string &path, size_t limit, std::vector<uint8_t> &bytes);

}  // namespace network
