// A certificate that nobody but its owner vouches for (X.509, RFC 5280), by OpenSSL's libcrypto: for sites that have no certificate yet.
#ifndef CCERTIFICATES_H
#define CCERTIFICATES_H
#include <stddef.h>

// Makes an ECDSA P-256 key and a certificate for `host` (and for `names`, "DNS:a,IP:1.2.3.4") that is valid for `days` from now.
// Writes both as PEM, ended by 0. Returns 0, or -1 where OpenSSL refuses or a buffer is too small.
int ccertificate_self_signed(
    const char *host, const char *names, int days, char *certificate, size_t certificate_size, char *key, size_t key_size);
// SHA-256 of a PEM certificate's DER, in hexadecimal with colons, into 96 bytes. Returns 0 or -1.
int ccertificate_fingerprint(const char *certificate, char fingerprint[96]);
#endif
