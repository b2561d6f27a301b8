#include "CDigests.h"

CDigest cdigest_begin(CDigestAlgorithm algorithm) {
    CDigest digest = {.algorithm = algorithm};
    switch (algorithm) {
    case CDIGEST_SHA256: SHA256_Init(&digest.state.sha256); break;
    case CDIGEST_SHA1: SHA1_Init(&digest.state.sha1); break;
    case CDIGEST_MD5: MD5_Init(&digest.state.md5); break;
    }
    return digest;
}

void cdigest_update(CDigest *digest, const void *bytes, size_t count) {
    switch (digest->algorithm) {
    case CDIGEST_SHA256: SHA256_Update(&digest->state.sha256, bytes, count); break;
    case CDIGEST_SHA1: SHA1_Update(&digest->state.sha1, bytes, count); break;
    case CDIGEST_MD5: MD5_Update(&digest->state.md5, bytes, count); break;
    }
}

size_t cdigest_finish(CDigest *digest, unsigned char bytes[32]) {
    switch (digest->algorithm) {
    case CDIGEST_SHA256: SHA256_Final(bytes, &digest->state.sha256); return SHA256_DIGEST_LENGTH;
    case CDIGEST_SHA1: SHA1_Final(bytes, &digest->state.sha1); return SHA_DIGEST_LENGTH;
    case CDIGEST_MD5: MD5_Final(bytes, &digest->state.md5); return MD5_DIGEST_LENGTH;
    }
    return 0;
}
