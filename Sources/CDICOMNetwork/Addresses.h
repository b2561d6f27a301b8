#pragma once
#include <sys/socket.h>

#include <cstdint>
#include <string>

namespace network {

/// An address as 16 bytes; IPv4 as an IPv6 address that holds one (::ffff:a.b.c.d).
struct Address {
    uint8_t bytes[16] = {};
    std::string text() const;
    static bool read(const sockaddr_storage &from, Address &to);
    static bool read(const std::string &text, Address &to);
};

/// "10.1.2.3", "10.1.0.0/16", "fd00::/8".
struct AddressRange {
    Address first;
    unsigned bits = 128;
    bool holds(const Address &address) const;
    static bool read(const std::string &text, AddressRange &to);
};

/// A socket that listens, on the port that it got; -1 with a reason.
int listenAt(const std::string &address, uint16_t &port, std::string &reason);

}  // namespace network
