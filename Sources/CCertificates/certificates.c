#include "CCertificates.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

static int add_extension(X509 *certificate, int nid, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    if (extension == NULL) return 0;
    int added = X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return added;
}

// The whole content of a memory BIO as a C string.
static int take(BIO *bio, char *text, size_t size) {
    char *data = NULL;
    long count = BIO_get_mem_data(bio, &data);
    if (count <= 0 || (size_t)count >= size) return 0;
    memcpy(text, data, (size_t)count);
    text[count] = 0;
    return 1;
}

int ccertificate_self_signed(
    const char *host, const char *names, int days, char *certificate_text, size_t certificate_size, char *key_text, size_t key_size) {
    int done = -1;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    BIO *bio = BIO_new(BIO_s_mem()), *key_bio = BIO_new(BIO_s_mem());
    unsigned char serial[16];
    if (key == NULL || certificate == NULL || bio == NULL || key_bio == NULL) goto end;
    if (RAND_bytes(serial, sizeof serial) != 1) goto end;
    serial[0] &= 0x7f;  // A serial number is positive (RFC 5280 4.1.2.2).
    BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
    if (number == NULL) goto end;
    ASN1_INTEGER *set = BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    if (set == NULL) goto end;
    X509_NAME *name = X509_get_subject_name(certificate);
    // The common name has room for 64 characters; browsers look at the alternative names alone.
    if (!X509_set_version(certificate, 2) || X509_gmtime_adj(X509_getm_notBefore(certificate), -300) == NULL
        || X509_gmtime_adj(X509_getm_notAfter(certificate), (long)days * 86400) == NULL || !X509_set_pubkey(certificate, key)
        || !X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, (const unsigned char *)"Pleura, self-signed", -1, -1, 0)
        || (strlen(host) <= 64 && !X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)host, -1, -1, 0))
        || !X509_set_issuer_name(certificate, name))
        goto end;
    if (!add_extension(certificate, NID_subject_alt_name, names) || !add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE")
        || !add_extension(certificate, NID_key_usage, "critical,digitalSignature")
        || !add_extension(certificate, NID_ext_key_usage, "serverAuth"))
        goto end;
    if (!X509_sign(certificate, key, EVP_sha256())) goto end;
    if (!PEM_write_bio_X509(bio, certificate) || !PEM_write_bio_PrivateKey(key_bio, key, NULL, NULL, 0, NULL, NULL)) goto end;
    if (take(bio, certificate_text, certificate_size) && take(key_bio, key_text, key_size)) done = 0;
end:
    BIO_free(bio);
    BIO_free(key_bio);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return done;
}

int ccertificate_fingerprint(const char *text, char fingerprint[96]) {
    BIO *bio = BIO_new_mem_buf(text, -1);
    X509 *certificate = bio == NULL ? NULL : PEM_read_bio_X509(bio, NULL, NULL, NULL);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int count = 0;
    int done = certificate != NULL && X509_digest(certificate, EVP_sha256(), digest, &count) && count == 32 ? 0 : -1;
    for (unsigned int index = 0; done == 0 && index < count; index++) {
        snprintf(fingerprint + 3 * index, 4, index + 1 < count ? "%02X:" : "%02X", digest[index]);
    }
    X509_free(certificate);
    BIO_free(bio);
    return done;
}
