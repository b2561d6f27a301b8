// SHA-256, SHA-1 and MD5 (FIPS 180-4, RFC 1321) by OpenSSL's libcrypto, which uses the processor's own instructions for them.
//
// These are the functions below EVP. They read no configuration, load no provider and cannot fail; EVP takes a millisecond to start and is
// ten times slower for short texts.
#ifndef CDIGESTS_H
#define CDIGESTS_H
#include <stddef.h>
#ifndef OPENSSL_SUPPRESS_DEPRECATED
#define OPENSSL_SUPPRESS_DEPRECATED
#endif
#include <openssl/md5.h>
#include <openssl/sha.h>

typedef enum { CDIGEST_SHA256, CDIGEST_SHA1, CDIGEST_MD5 } CDigestAlgorithm;

typedef struct {
    CDigestAlgorithm algorithm;
    union { SHA256_CTX sha256; SHA_CTX sha1; MD5_CTX md5; } state;
} CDigest;

// A digest of nothing yet.
CDigest cdigest_begin(CDigestAlgorithm algorithm);
void cdigest_update(CDigest *digest, const void *bytes, size_t count);
// Writes the digest: at most 32 bytes. Returns how many.
size_t cdigest_finish(CDigest *digest, unsigned char bytes[32]);
#endif
