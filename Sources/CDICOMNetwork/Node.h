#pragma once
#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "Addresses.h"
#include "Library.h"
#include "Security.h"
#include "Transport.h"

namespace network {

/// What Node was started with, in strings of its own.
struct NodeOptions {
    struct Listener {
        std::string address;
        uint16_t port = 0;
        std::shared_ptr<Security> security;
    };
    struct Peer {
        std::string title;
        std::vector<AddressRange> ranges;
        bool requiresSecurity = false;
    };
    std::string title, folder;
    bool checksCalledTitle = true, acceptsAnyPeer = false;
    std::vector<Listener> listeners;
    std::vector<Peer> peers;
    std::set<std::string> storageClasses;
    std::vector<std::string> transferSyntaxes;
    uint64_t reservedBytes = 0;
    uint32_t associationLimit = 0, openingLimit = 0, maximumPDU = 0, patience = 0, openingPatience = 0;
    /// The callbacks and their context; its strings are not to be used.
    CDICOMNodeSettings calls = {};

    bool read(const CDICOMNodeSettings &settings, CDICOMNetworkProblem *problem);
};

/// A connection that was accepted.
struct Link {
    enum class State { opening, waiting, busy };
    std::shared_ptr<SocketHold> hold;
    int socket = -1;
    Address address;
    const NodeOptions::Listener *listener = nullptr;
    // Guarded by the node's mutex.
    State state = State::opening;
    int64_t accepted = 0;
    bool isDone = false;
    std::thread thread;
};

struct Counts {
    std::atomic<uint64_t> connections{0}, openConnections{0}, openAssociations{0}, accepted{0}, released{0}, aborted{0},
        rejectedCalledTitle{0}, rejectedCallingTitle{0}, rejectedAddress{0}, rejectedUnsecured{0}, rejectedLimit{0}, rejectedProtocol{0},
        failedOpening{0}, failedHandshakes{0}, malformed{0}, echoes{0}, stored{0}, storedBytes{0}, refusedFull{0}, refusedByHandler{0},
        refusedInvalid{0}, incomplete{0}, commitmentRequests{0}, commitmentResults{0};
};

/// One thread accepts; each connection has a thread of its own, from its handshake to its end.
///
/// Not DCMTK's DcmSCPPool: it accepts, shakes hands and reads A-ASSOCIATE-RQ on one thread, so one silent peer stops all, and never joins
/// its workers. And not DCMTK's listening socket: it is bound to all interfaces.
class Node {
public:
    explicit Node(NodeOptions options) : options(std::move(options)) {}
    ~Node();
    bool start(CDICOMNetworkProblem *problem);
    void stop(uint32_t grace);
    uint16_t port(size_t listener) const { return listener < options.listeners.size() ? options.listeners[listener].port : 0; }

    Counts counts;
    /// False where the node is stopping: then the association has to end.
    bool enter(Link &link, Link::State state);
    /// A name for a file that is being received.
    std::string freshPath();

    NodeOptions options;

private:
    std::vector<int> sockets;
    int waker = -1;
    std::thread accepting;
    std::mutex mutex;
    std::list<std::unique_ptr<Link>> links;
    bool isStopping = false;
    std::atomic<uint64_t> files{0};

    void accept();
    void take(size_t listener);
    /// Joins what has ended, ends what has taken too long to open.
    void sweep();
    void endSilent(Link &link);
    /// What an earlier process left half received.
    void removeLeftovers();
};

}  // namespace network
