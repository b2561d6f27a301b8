#pragma once
// Calls to peers (SCU), each on an association of its own.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CDICOMCommon.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---- Calls -------------------------------------------------------------------------------------------------------------------------

/// Ends a call from another thread.
typedef struct CDICOMCancellation CDICOMCancellation;
CDICOMCancellation *CDICOMCancellationNew(void);
void CDICOMCancellationCancel(CDICOMCancellation *cancellation);
void CDICOMCancellationFree(CDICOMCancellation *cancellation);

typedef struct {
    const char *callingTitle, *calledTitle, *host;
    uint16_t port;
    /// Seconds: until connected; that the peer may be silent.
    uint32_t connectPatience, patience;
    /// NULL: plain.
    const CDICOMTransportSecurity *security;
    /// May be NULL.
    CDICOMCancellation *cancellation;
} CDICOMDestination;

bool CDICOMEcho(const CDICOMDestination *destination, CDICOMNetworkProblem *problem);

/// A whole file (PS3.10): by its path, or its bytes where `path` is NULL.
typedef struct {
    const char *path;
    const void *bytes;
    size_t count;
} CDICOMObjectToStore;

enum {
    CDICOMStoreStored = 0,
    CDICOMStoreWarning = 1,
    CDICOMStoreRefused = 2,
    CDICOMStoreNotSent = 3,
};

typedef struct {
    size_t index;
    int32_t kind;
    uint16_t status;
    const char *classUID, *instanceUID;
    /// Of the object, and as it was sent (empty where it was not).
    const char *storedSyntax, *sentSyntax;
    /// Of `NotSent`: a CDICOMNetworkProblem's kind, or None where the object itself is the reason.
    int32_t problem;
    const char *reason;
} CDICOMStoreOutcome;

typedef struct {
    void *context;
    /// Once for each object, in no promised order.
    void (*told)(void *context, const CDICOMStoreOutcome *outcome);
    /// A whole file in `syntax`, allocated by malloc; false: cannot. May be NULL.
    bool (*transcode)(void *context, size_t index, const char *syntax, uint8_t **bytes, size_t *count);
} CDICOMStoreCallbacks;

/// Sends all over as few associations as their presentation contexts need. False where an association could not be had or was lost; all
/// outcomes are told in either case.
bool CDICOMStore(
    const CDICOMDestination *destination, const CDICOMObjectToStore *objects, size_t count, const CDICOMStoreCallbacks *callbacks,
    CDICOMNetworkProblem *problem);

/// Attributes of an answer: paths such as "PatientID" or "ScheduledProcedureStepSequence[0].Modality" (tags as "(0009,1001)" where there is
/// no keyword); values in UTF-8, several joined by backslashes.
typedef struct {
    const char *const *names, *const *values;
    size_t count;
} CDICOMAttributes;

/// C-FIND in an information model (SOP class). `answered` returns false where it has enough. `characterSet`: what bytes above 127 mean
/// where an answer does not say it, a defined term such as "ISO_IR 100".
bool CDICOMFind(
    const CDICOMDestination *destination, const char *model, const CDICOMAttributes *keys, const char *characterSet, void *context,
    bool (*answered)(void *context, const CDICOMAttributes *answer), CDICOMNetworkProblem *problem);

typedef struct {
    uint16_t status, remaining, completed, failed, warning;
} CDICOMMoveProgress;

/// C-MOVE to the title of a third party, or our own. `progress` returns false where it is to end (C-CANCEL). `final` is set in any case.
bool CDICOMMove(
    const CDICOMDestination *destination, const char *model, const CDICOMAttributes *keys, const char *moveDestination, void *context,
    bool (*progress)(void *context, const CDICOMMoveProgress *progress), CDICOMMoveProgress *final, CDICOMNetworkProblem *problem);

/// Asks for storage commitment. A result that comes on the same association within `wait` seconds is handed to `result`; else it comes to
/// our node.
bool CDICOMRequestCommitment(
    const CDICOMDestination *destination, const char *transactionUID, const char *const *classUIDs, const char *const *instanceUIDs,
    size_t count, uint32_t wait, void *context, void (*result)(void *context, const CDICOMCommitmentResult *result),
    CDICOMNetworkProblem *problem);

/// Sends the result of a commitment that a peer asked us for, on an association of its own, as its SCP.
bool CDICOMReportCommitment(const CDICOMDestination *destination, const CDICOMCommitmentResult *result, CDICOMNetworkProblem *problem);

// ---- Character sets ----------------------------------------------------------------------------------------------------------------

/// Bytes of a peer's in UTF-8, by the text of a Specific Character Set (empty: none), however misspelt; `fallback` where that names none.
/// The caller frees it by `free`. NULL where memory is short.
char *CDICOMUnicode(const void *bytes, size_t count, const char *characterSet, const char *fallback, bool isPersonName);

#ifdef __cplusplus
}
#endif
