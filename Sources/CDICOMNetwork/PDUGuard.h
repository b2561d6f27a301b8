#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace network {

/// Looks at every PDU before DCMTK does (PS3.8 9.3).
///
/// DCMTK 3.6.7 loses memory where an A-ASSOCIATE PDU breaks off inside a presentation context or holds an item twice, and allocates what an
/// element of a command claims to be long. What is not well-formed ends the connection here instead.
class PDUGuard {
public:
    enum class Side { acceptor, requestor };

    PDUGuard(Side side, uint32_t maximumData) : side(side), maximumData(maximumData) {}

    static constexpr size_t headSize = 6;

    /// By the first six bytes. Empty where the PDU may be read on; else why not.
    std::string refuses(const uint8_t *head);
    /// By the whole PDU, head included.
    std::string refuses(const std::vector<uint8_t> &pdu);

private:
    const Side side;
    const uint32_t maximumData;
    bool isAssociated = false;
    /// What has come of a command that is not whole yet.
    std::vector<uint8_t> command;
    size_t commandFragments = 0;

    std::string data(const std::vector<uint8_t> &pdu);
    bool commandIsSound() const;
};

}  // namespace network
