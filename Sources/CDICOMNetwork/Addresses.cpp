#include "Addresses.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

using namespace network;

namespace {
const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
}

std::string Address::text() const {
    char buffer[INET6_ADDRSTRLEN] = "";
    if (std::memcmp(bytes, mapped, sizeof mapped) == 0)
        ::inet_ntop(AF_INET, bytes + 12, buffer, sizeof buffer);
    else
        ::inet_ntop(AF_INET6, bytes, buffer, sizeof buffer);
    return buffer;
}

bool Address::read(const sockaddr_storage &from, Address &to) {
    if (from.ss_family == AF_INET) {
        std::memcpy(to.bytes, mapped, sizeof mapped);
        std::memcpy(to.bytes + 12, &reinterpret_cast<const sockaddr_in &>(from).sin_addr, 4);
        return true;
    }
    if (from.ss_family != AF_INET6) return false;
    std::memcpy(to.bytes, &reinterpret_cast<const sockaddr_in6 &>(from).sin6_addr, 16);
    return true;
}

bool Address::read(const std::string &text, Address &to) {
    std::memcpy(to.bytes, mapped, sizeof mapped);
    if (::inet_pton(AF_INET, text.c_str(), to.bytes + 12) == 1) return true;
    return ::inet_pton(AF_INET6, text.c_str(), to.bytes) == 1;
}

bool AddressRange::holds(const Address &address) const {
    for (unsigned bit = 0; bit < bits; ++bit) {
        const uint8_t mask = uint8_t(0x80 >> bit % 8);
        if ((first.bytes[bit / 8] & mask) != (address.bytes[bit / 8] & mask)) return false;
    }
    return true;
}

bool AddressRange::read(const std::string &text, AddressRange &to) {
    const size_t slash = text.find('/');
    const std::string address = text.substr(0, slash);
    if (!Address::read(address, to.first)) return false;
    const bool isFour = address.find(':') == std::string::npos;
    to.bits = 128;
    if (slash == std::string::npos) return true;
    char *end = nullptr;
    const char *digits = text.c_str() + slash + 1;
    const unsigned long bits = std::strtoul(digits, &end, 10);
    if (end == digits || *end != 0 || bits > (isFour ? 32u : 128u)) return false;
    to.bits = static_cast<unsigned>(bits) + (isFour ? 96 : 0);
    return true;
}

int network::listenAt(const std::string &address, uint16_t &port, std::string &reason) {
    sockaddr_storage place = {};
    socklen_t size = 0;
    auto &four = reinterpret_cast<sockaddr_in &>(place);
    auto &six = reinterpret_cast<sockaddr_in6 &>(place);
    if (::inet_pton(AF_INET, address.c_str(), &four.sin_addr) == 1) {
        four.sin_family = AF_INET;
        four.sin_port = htons(port);
        size = sizeof four;
    } else if (::inet_pton(AF_INET6, address.c_str(), &six.sin6_addr) == 1) {
        six.sin6_family = AF_INET6;
        six.sin6_port = htons(port);
        size = sizeof six;
    } else {
        reason = "not a numeric address";
        return -1;
    }
    const int on = 1, off = 0;
    const int listening = ::socket(place.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool isGood = listening >= 0;
    if (isGood) {
        ::setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        if (place.ss_family == AF_INET6) ::setsockopt(listening, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
        isGood = ::bind(listening, reinterpret_cast<sockaddr *>(&place), size) == 0 && ::listen(listening, 128) == 0 &&
                 ::getsockname(listening, reinterpret_cast<sockaddr *>(&place), &size) == 0;
    }
    if (!isGood) {
        reason = std::strerror(errno);
        if (listening >= 0) ::close(listening);
        return -1;
    }
    port = ntohs(place.ss_family == AF_INET ? four.sin_port : six.sin6_port);
    return listening;
}
