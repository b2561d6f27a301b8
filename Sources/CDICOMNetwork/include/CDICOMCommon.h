#pragma once
// What a node and calls have in common: problems, transport, storage commitment.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---- Problems ----------------------------------------------------------------------------------------------------------------------

enum {
    CDICOMNetworkProblemNone = 0,
    CDICOMNetworkProblemBadSettings = 1,
    CDICOMNetworkProblemCannotListen = 2,
    CDICOMNetworkProblemCannotConnect = 3,
    /// A key, a certificate, a handshake.
    CDICOMNetworkProblemSecurity = 4,
    /// The association was rejected; the text says why in the standard's words.
    CDICOMNetworkProblemRejected = 5,
    /// The peer took none of the presentation contexts that are needed.
    CDICOMNetworkProblemNotAccepted = 6,
    /// The peer aborted, closed, said nothing for too long, or broke the protocol.
    CDICOMNetworkProblemLost = 7,
    /// The peer answered with a DIMSE status of failure.
    CDICOMNetworkProblemRefused = 8,
    CDICOMNetworkProblemCancelled = 9,
    CDICOMNetworkProblemInternal = 10,
};

typedef struct {
    int32_t kind;
    /// Of `Refused`: the DIMSE status.
    uint16_t status;
    char text[512];
} CDICOMNetworkProblem;

// ---- Transport ---------------------------------------------------------------------------------------------------------------------

/// TLS 1.2 and 1.3. Files are PEM.
typedef struct {
    /// NULL: a client without a certificate.
    const char *certificate, *key;
    /// Who verifies the peer's certificate. NULL: a client trusts the system's authorities; a node asks for no certificate.
    const char *authorities;
    /// Of a node: a peer without a certificate is refused.
    bool requiresCertificate;
    /// Of a client: the name or address that the peer's certificate has to bear. NULL: any that the authorities vouch for.
    const char *hostName;
} CDICOMTransportSecurity;

// ---- Storage commitment ------------------------------------------------------------------------------------------------------------

typedef struct {
    /// The title of who reports, and its address (empty where it came as an answer to us).
    const char *peerTitle, *address, *transactionUID;
    const char *const *classUIDs, *const *instanceUIDs;
    /// 0: committed; else the failure reason (PS3.3 C.14).
    const uint16_t *failures;
    size_t count;
} CDICOMCommitmentResult;

#ifdef __cplusplus
}
#endif
