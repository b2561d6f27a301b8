#include "Transport.h"

#include <dcmtk/dcmnet/cond.h>
#include <dcmtk/dcmnet/dul.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

using namespace network;

int64_t network::now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

SocketHold::SocketHold(int socket) : descriptor(::fcntl(socket, F_DUPFD_CLOEXEC, 0)) {}

SocketHold::~SocketHold() {
    if (descriptor >= 0) ::close(descriptor);
}

void SocketHold::endReading() {
    isEnding = true;
    if (descriptor >= 0) ::shutdown(descriptor, SHUT_RD);
}

void SocketHold::finishReading() {
    if (descriptor >= 0) ::shutdown(descriptor, SHUT_RD);
}

void SocketHold::end() {
    isEnding = true;
    if (descriptor >= 0) ::shutdown(descriptor, SHUT_RDWR);
}

void SocketHold::failed(Failure newKind, const std::string &reason) {
    std::lock_guard<std::mutex> lock(mutex);
    if (kind == Failure::none) {
        kind = newKind;
        text = reason;
    }
}

SocketHold::Failure SocketHold::failure() const {
    std::lock_guard<std::mutex> lock(mutex);
    return kind;
}

std::string SocketHold::reason() const {
    std::lock_guard<std::mutex> lock(mutex);
    return text;
}

Connection::Connection(int socket, const TransportRules &rules, std::shared_ptr<SocketHold> hold)
    : DcmTransportConnection(socket), rules(rules), hold(std::move(hold)), guard(rules.side, rules.maximumData) {
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    const timeval limit = {static_cast<time_t>(rules.patience), 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (rules.security) {
        session = rules.security->session(socket, rules.host);
        if (!session) isBroken = true;
    }
}

Connection::~Connection() {
    close();
    if (session) SSL_free(session);
}

OFCondition Connection::handshake(int (*step)(SSL *)) {
    if (!rules.security) return EC_Normal;
    ERR_clear_error();
    const int result = isBroken ? 0 : step(session);
    if (result == 1) return EC_Normal;
    const std::string reason = isBroken ? "no memory" : Security::reason(session, result);
    isBroken = true;
    hold->failed(SocketHold::Failure::handshake, "TLS: " + reason);
    return makeDcmnetCondition(DULC_TLSERROR, OF_error, "TLS handshake failed");
}

OFCondition Connection::serverSideHandshake() { return handshake(SSL_accept); }
OFCondition Connection::clientSideHandshake() { return handshake(SSL_connect); }

void Connection::acknowledgeAtOnce() {
    // Lasts for a packet or two, so it is set again and again.
    const int on = 1;
    ::setsockopt(getSocket(), IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

ssize_t Connection::receive(uint8_t *bytes, size_t count) {
    if (isBroken || getSocket() < 0) return 0;
    ssize_t result;
    if (session) {
        ERR_clear_error();
        const int got = SSL_read(session, bytes, static_cast<int>(std::min<size_t>(count, 1 << 30)));
        if (got <= 0) {
            const int kind = SSL_get_error(session, got);
            const bool isSilent = kind == SSL_ERROR_WANT_READ || (kind == SSL_ERROR_SYSCALL && (errno == EAGAIN || errno == EWOULDBLOCK));
            hold->failed(
                isSilent ? SocketHold::Failure::silent : SocketHold::Failure::closed,
                isSilent ? "the peer said nothing for too long" : "TLS: " + Security::reason(session, got));
            if (kind == SSL_ERROR_SSL || kind == SSL_ERROR_SYSCALL) isBroken = true;
            return 0;
        }
        result = got;
    } else {
        do result = ::recv(getSocket(), bytes, count, 0);
        while (result < 0 && errno == EINTR);
        if (result <= 0) {
            const bool isSilent = result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
            hold->failed(
                isSilent ? SocketHold::Failure::silent : SocketHold::Failure::closed,
                isSilent ? "the peer said nothing for too long" : "the peer closed the connection");
            return 0;
        }
    }
    acknowledgeAtOnce();
    return result;
}

bool Connection::readAll(uint8_t *bytes, size_t count, int64_t deadline) {
    while (count > 0) {
        const ssize_t got = receive(bytes, count);
        if (got <= 0) return false;
        bytes += got;
        count -= static_cast<size_t>(got);
        if (count > 0 && now() > deadline) {
            hold->failed(SocketHold::Failure::silent, "the peer is too slow");
            return false;
        }
    }
    return true;
}

bool Connection::fill() {
    pdu.clear();
    consumed = 0;
    uint8_t head[PDUGuard::headSize];
    // A byte now and then must not hold a thread for ever: a PDU has four times the patience to come whole.
    const int64_t deadline = now() + 4000 * static_cast<int64_t>(std::max<uint32_t>(rules.patience, 1));
    if (!readAll(head, sizeof head, deadline)) {
        if (hold->isEnding) abort(0);
        return false;
    }
    std::string reason = guard.refuses(head);
    if (reason.empty()) {
        const size_t length = size_t(head[2]) << 24 | size_t(head[3]) << 16 | size_t(head[4]) << 8 | head[5];
        pdu.resize(sizeof head + length);
        std::copy(head, head + sizeof head, pdu.begin());
        if (!readAll(pdu.data() + sizeof head, length, deadline)) {
            pdu.clear();
            return false;
        }
        reason = guard.refuses(pdu);
    }
    if (reason.empty()) return true;
    pdu.clear();
    hold->failed(SocketHold::Failure::malformed, reason);
    abort(6);
    return false;
}

void Connection::abort(uint8_t reason) {
    const uint8_t bytes[] = {7, 0, 0, 0, 0, 4, 0, 0, 2, reason};
    send(bytes, sizeof bytes);
    // Without this the answer would be lost to a reset, as bytes of the peer's lie unread.
    ::shutdown(getSocket(), SHUT_WR);
    isBroken = true;
}

ssize_t Connection::read(void *buffer, size_t count) {
    if (count == 0) return 0;
    if (consumed == pdu.size() && !fill()) return 0;
    const size_t size = std::min(count, pdu.size() - consumed);
    std::memcpy(buffer, pdu.data() + consumed, size);
    consumed += size;
    return static_cast<ssize_t>(size);
}

bool Connection::send(const uint8_t *bytes, size_t count) {
    while (count > 0) {
        if (isBroken || getSocket() < 0) return false;
        ssize_t written;
        if (session) {
            ERR_clear_error();
            written = SSL_write(session, bytes, static_cast<int>(std::min<size_t>(count, 1 << 30)));
            if (written <= 0) {
                hold->failed(SocketHold::Failure::closed, "TLS: " + Security::reason(session, static_cast<int>(written)));
                isBroken = true;
                return false;
            }
        } else {
            do written = ::send(getSocket(), bytes, count, MSG_NOSIGNAL);
            while (written < 0 && errno == EINTR);
            if (written <= 0) {
                const bool isSilent = errno == EAGAIN || errno == EWOULDBLOCK;
                hold->failed(
                    isSilent ? SocketHold::Failure::silent : SocketHold::Failure::closed,
                    isSilent ? "the peer took nothing for too long" : "the peer closed the connection");
                isBroken = true;
                return false;
            }
        }
        bytes += written;
        count -= static_cast<size_t>(written);
    }
    acknowledgeAtOnce();
    return true;
}

ssize_t Connection::write(void *buffer, size_t count) {
    return send(static_cast<const uint8_t *>(buffer), count) ? static_cast<ssize_t>(count) : -1;
}

OFBool Connection::networkDataAvailable(int timeout) {
    if (consumed < pdu.size() || isBroken || (session && SSL_pending(session) > 0)) return OFTrue;
    pollfd wanted = {getSocket(), POLLIN, 0};
    const int64_t deadline = now() + 1000 * static_cast<int64_t>(timeout < 0 ? 0x7FFFFFFF : timeout);
    for (;;) {
        const int64_t left = std::max<int64_t>(0, std::min<int64_t>(deadline - now(), 3600000));
        const int found = ::poll(&wanted, 1, static_cast<int>(left));
        if (found > 0) return OFTrue;
        if (found < 0 && errno != EINTR) return OFFalse;
        if (now() >= deadline) return OFFalse;
    }
}

OFBool Connection::isTransparentConnection() { return !session && consumed == pdu.size() && !isBroken; }

void Connection::close() {
    if (getSocket() >= 0 && session && !isBroken) {
        ERR_clear_error();
        SSL_shutdown(session);
    }
    closeTransportConnection();
}

void Connection::closeTransportConnection() {
    if (getSocket() < 0) return;
    // The hold keeps a descriptor of its own: closing ours alone would tell the peer nothing.
    ::shutdown(getSocket(), SHUT_WR);
    ::close(getSocket());
    setSocket(-1);
    isBroken = true;
}

OFString &Connection::dumpConnectionParameters(OFString &text) {
    text = session ? SSL_get_version(session) : "plain";
    return text;
}

DcmTransportConnection *Layer::createConnection(DcmNativeSocketType socket, OFBool) {
    if (handover && handover->owns_lock()) {
        dcmExternalSocketHandle.set(-1);
        handover->unlock();
    }
    if (!hold) hold = std::make_shared<SocketHold>(socket);
    if (connected) connected(connectedContext, hold);
    return new Connection(socket, rules, hold);
}
