#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmnet/assoc.h>

#include <sys/stat.h>
#include <unistd.h>

#include "Node.h"

using namespace network;

bool NodeOptions::read(const CDICOMNodeSettings &settings, CDICOMNetworkProblem *problem) {
    auto refuse = [&](const std::string &reason) { return fail(problem, CDICOMNetworkProblemBadSettings, reason); };
    calls = settings;
    title = trimmed(settings.title ? settings.title : "");
    folder = settings.folder ? settings.folder : "";
    if (title.empty() || title.size() > 16) return refuse("the node has no title");
    struct stat status;
    if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) || ::access(folder.c_str(), W_OK | X_OK) != 0)
        return refuse("the folder for what is received is not there, or cannot be written to");
    checksCalledTitle = settings.checksCalledTitle;
    acceptsAnyPeer = settings.acceptsAnyPeer;
    reservedBytes = settings.reservedBytes;
    associationLimit = settings.associationLimit;
    openingLimit = settings.openingLimit;
    maximumPDU = settings.maximumPDU;
    patience = settings.patience;
    openingPatience = settings.openingPatience;
    if (associationLimit < 1 || associationLimit > 1000 || openingLimit < 1 || openingLimit > 1000)
        return refuse("limits of associations and connections are from 1 to 1,000");
    if (maximumPDU < ASC_MINIMUMPDUSIZE || maximumPDU > ASC_MAXIMUMPDUSIZE) return refuse("the PDU size is from 4,096 to 131,072");
    if (patience < 1 || patience > 86400 || openingPatience < 1 || openingPatience > 3600)
        return refuse("the patience is from 1 second to a day");
    for (size_t i = 0; i < settings.peerCount; ++i) {
        Peer peer;
        peer.title = trimmed(settings.peers[i].title);
        peer.requiresSecurity = settings.peers[i].requiresSecurity;
        for (size_t j = 0; j < settings.peers[i].addressCount; ++j) {
            AddressRange range;
            if (!AddressRange::read(settings.peers[i].addresses[j], range))
                return refuse("a peer's address is neither an address nor a network");
            peer.ranges.push_back(range);
        }
        peers.push_back(std::move(peer));
    }
    for (size_t i = 0; i < settings.storageClassCount; ++i) storageClasses.insert(settings.storageClasses[i]);
    for (size_t i = 0; i < settings.transferSyntaxCount; ++i) transferSyntaxes.push_back(settings.transferSyntaxes[i]);
    if (settings.listenerCount == 0) return refuse("the node has no listener");
    for (size_t i = 0; i < settings.listenerCount; ++i) {
        Listener listener;
        listener.address = settings.listeners[i].address;
        listener.port = settings.listeners[i].port;
        if (settings.listeners[i].security) {
            listener.security = Security::make(Security::Side::acceptor, *settings.listeners[i].security, problem);
            if (!listener.security) return false;
        }
        listeners.push_back(std::move(listener));
    }
    return true;
}
