#pragma once
// A node that receives (SCP).

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CDICOMCommon.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---- Node --------------------------------------------------------------------------------------------------------------------------

typedef struct {
    /// A numeric address, IPv4 or IPv6.
    const char *address;
    /// 0: a free one.
    uint16_t port;
    /// NULL: plain.
    const CDICOMTransportSecurity *security;
} CDICOMListener;

typedef struct {
    const char *title;
    /// Numeric addresses, or networks as "10.1.0.0/16". None: from anywhere.
    const char *const *addresses;
    size_t addressCount;
    bool requiresSecurity;
} CDICOMAllowedPeer;

typedef struct {
    const char *callingTitle, *calledTitle, *address;
    const char *classUID, *instanceUID, *transferSyntax;
    /// A whole file (PS3.10), its dataset as it came, bit for bit.
    const char *path;
    /// SHA-256 of the file in hexadecimal; empty where it was not asked for or could not be computed.
    const char *sha256;
    uint64_t fileSize, datasetSize;
    bool secured;
} CDICOMReceivedObject;

typedef struct {
    const char *callingTitle, *address, *transactionUID;
    const char *const *classUIDs, *const *instanceUIDs;
    size_t count;
} CDICOMCommitmentRequest;

enum {
    CDICOMAssociationAccepted = 0,
    CDICOMAssociationRejected = 1,
    CDICOMAssociationReleased = 2,
    CDICOMAssociationAborted = 3,
    /// Ended before an association stood.
    CDICOMConnectionFailed = 4,
};

typedef struct {
    int32_t kind;
    /// Titles are empty where none were heard.
    const char *callingTitle, *calledTitle, *address;
    bool secured;
    /// Why it was rejected or ended; empty where there is nothing to say.
    const char *reason;
} CDICOMAssociationEvent;

typedef struct {
    const char *title;
    /// Whether a caller has to name `title`.
    bool checksCalledTitle;
    const CDICOMListener *listeners;
    size_t listenerCount;
    const CDICOMAllowedPeer *peers;
    size_t peerCount;
    /// Whether titles that are not in `peers` may call, too.
    bool acceptsAnyPeer;
    /// Where objects are written before `received` is asked.
    const char *folder;
    /// Whether file and folder are synced before `received` is asked. Not needed where that puts the file into another folder and syncs
    /// both itself.
    bool syncs;
    /// Whether `sha256` is computed.
    bool digests;
    /// Bytes that have to be left free on the folder's disk.
    uint64_t reservedBytes;
    /// Associations at a time; connections that have not asked for one yet.
    uint32_t associationLimit, openingLimit;
    /// Bytes of a P-DATA-TF PDU that may come, 4,096 to 131,072.
    uint32_t maximumPDU;
    /// Seconds: that a peer may be silent in an association; until an association has to stand.
    uint32_t patience, openingPatience;
    const char *const *storageClasses;
    size_t storageClassCount;
    /// The preferred first.
    const char *const *transferSyntaxes;
    size_t transferSyntaxCount;
    void *context;
    // All are called on an association's own thread, several at a time.
    /// A DIMSE status; the callback takes the file or leaves it: what is left is removed.
    uint16_t (*received)(void *context, const CDICOMReceivedObject *object);
    /// A DIMSE status. Where it sets `answersNow` and fills `failures` (one for each instance, 0 at first), the result goes out on the same
    /// association.
    uint16_t (*commitmentRequested)(void *context, const CDICOMCommitmentRequest *request, bool *answersNow, uint16_t *failures);
    /// How a result that went out on the same association fared.
    void (*commitmentReported)(void *context, const char *callingTitle, const char *transactionUID, bool delivered);
    /// A DIMSE status: the result of a commitment that we asked for.
    uint16_t (*commitmentResult)(void *context, const CDICOMCommitmentResult *result);
    void (*association)(void *context, const CDICOMAssociationEvent *event);
    /// Bytes that are free; NULL: the folder's disk is asked.
    uint64_t (*freeBytes)(void *context);
} CDICOMNodeSettings;

typedef struct {
    uint64_t connections, openConnections, openAssociations;
    uint64_t accepted, released, aborted;
    uint64_t rejectedCalledTitle, rejectedCallingTitle, rejectedAddress, rejectedUnsecured, rejectedLimit, rejectedProtocol;
    /// Connections that ended before an association: silent or strange ones; failed handshakes; malformed PDUs of all kinds.
    uint64_t failedOpening, failedHandshakes, malformed;
    uint64_t echoes, stored, storedBytes, refusedFull, refusedByHandler, refusedInvalid, incomplete;
    uint64_t commitmentRequests, commitmentResults;
} CDICOMNodeCounts;

typedef struct CDICOMNode CDICOMNode;
/// Listens when it returns. Strings are copied.
CDICOMNode *CDICOMNodeStart(const CDICOMNodeSettings *settings, CDICOMNetworkProblem *problem);
uint16_t CDICOMNodePort(const CDICOMNode *node, size_t listener);
void CDICOMNodeReadCounts(const CDICOMNode *node, CDICOMNodeCounts *counts);
/// Ends listening at once and associations that wait for a command; what is being received gets its answer, for up to `grace` seconds. Then
/// frees the node; `counts` are its last ones, and may be NULL.
void CDICOMNodeStop(CDICOMNode *node, uint32_t grace, CDICOMNodeCounts *counts);

#ifdef __cplusplus
}
#endif
