#pragma once
#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmnet/dcmlayer.h>
#include <dcmtk/dcmnet/dcmtrans.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "PDUGuard.h"
#include "Security.h"

namespace network {

/// A socket as others than its connection know it: to end it from another thread, and to hear why it ended.
///
/// It holds a descriptor of its own (dup), so that no other connection's socket is ever ended in its place.
class SocketHold {
public:
    explicit SocketHold(int socket);
    ~SocketHold();
    SocketHold(const SocketHold &) = delete;
    SocketHold &operator=(const SocketHold &) = delete;

    /// Reading ends at once; what is being written still goes out, and an A-ABORT after it.
    void endReading();
    /// Nothing more is read, and nothing is said about it. DCMTK waits after an A-ABORT until the peer has closed: with this it does not.
    void finishReading();
    /// All ends at once.
    void end();

    enum class Failure { none, closed, silent, malformed, handshake };
    /// The first stays.
    void failed(Failure kind, const std::string &reason);
    Failure failure() const;
    std::string reason() const;
    std::atomic<bool> isEnding{false};

private:
    const int descriptor;
    mutable std::mutex mutex;
    Failure kind = Failure::none;
    std::string text;
};

struct TransportRules {
    PDUGuard::Side side;
    uint32_t maximumData;
    /// Seconds that the peer may be silent.
    uint32_t patience;
    /// NULL: plain.
    std::shared_ptr<Security> security;
    /// Of a requestor: whom it calls.
    std::string host;
};

/// Gives DCMTK its bytes a whole, checked PDU at a time.
///
/// Nagle's algorithm is off: command, dataset and answer are small writes, each of which would wait for the peer's delayed acknowledgement
/// (40 ms). A peer whose Nagle is on (DCMTK's tools) writes head and body of a PDU apart and holds the second back until the first is
/// acknowledged: so we acknowledge at once.
class Connection : public DcmTransportConnection {
public:
    Connection(int socket, const TransportRules &rules, std::shared_ptr<SocketHold> hold);
    ~Connection() override;

    OFCondition serverSideHandshake() override;
    OFCondition clientSideHandshake() override;
    OFCondition renegotiate(const char *) override { return EC_Normal; }
    ssize_t read(void *buffer, size_t count) override;
    ssize_t write(void *buffer, size_t count) override;
    void close() override;
    void closeTransportConnection() override;
    unsigned long getPeerCertificateLength() override { return 0; }
    unsigned long getPeerCertificate(void *, unsigned long) override { return 0; }
    OFBool networkDataAvailable(int timeout) override;
    OFBool isTransparentConnection() override;
    OFString &dumpConnectionParameters(OFString &text) override;

private:
    const TransportRules rules;
    const std::shared_ptr<SocketHold> hold;
    PDUGuard guard;
    SSL *session = nullptr;
    bool isBroken = false;
    std::vector<uint8_t> pdu;
    size_t consumed = 0;

    /// Reads the next PDU.
    bool fill();
    bool readAll(uint8_t *bytes, size_t count, int64_t deadline);
    ssize_t receive(uint8_t *bytes, size_t count);
    bool send(const uint8_t *bytes, size_t count);
    void acknowledgeAtOnce();
    /// A-ABORT by the service provider (PS3.8 9.3.8; 0 no reason, 6 invalid PDU parameter); nothing more is read.
    void abort(uint8_t reason);
    OFCondition handshake(int (*step)(SSL *));
};

/// Makes one connection, on the thread that asks for an association.
class Layer : public DcmTransportLayer {
public:
    Layer(TransportRules rules, std::shared_ptr<SocketHold> hold, std::unique_lock<std::mutex> *handover)
        : rules(std::move(rules)), hold(std::move(hold)), handover(handover) {}
    DcmTransportConnection *createConnection(DcmNativeSocketType socket, OFBool secure) override;
    /// NULL before a connection is made.
    std::shared_ptr<SocketHold> made() const { return hold; }
    /// Called with the hold as soon as there is one.
    void (*connected)(void *, const std::shared_ptr<SocketHold> &) = nullptr;
    void *connectedContext = nullptr;

private:
    const TransportRules rules;
    std::shared_ptr<SocketHold> hold;
    std::unique_lock<std::mutex> *handover;
};

/// A clock that never goes back, in milliseconds.
int64_t now();

}  // namespace network
