#include "Security.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <cerrno>
#include <cstring>

#include "Library.h"

using namespace network;

namespace {

/// RFC 9325 4.2 (BCP 195), which PS3.15 B.9 and B.10 point to.
constexpr const char *ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384";

std::string lastReason() {
    std::string text;
    for (unsigned long code; (code = ERR_get_error()) != 0;) {
        const char *part = ERR_reason_error_string(code);
        if (part) text = part;
    }
    return text;
}

bool isAddress(const std::string &name) {
    unsigned char buffer[16];
    return ::inet_pton(AF_INET, name.c_str(), buffer) == 1 || ::inet_pton(AF_INET6, name.c_str(), buffer) == 1;
}

}  // namespace

std::shared_ptr<Security> Security::make(Side side, const CDICOMTransportSecurity &settings, CDICOMNetworkProblem *problem) {
    ERR_clear_error();
    auto refuse = [&](const std::string &what) {
        const std::string why = lastReason();
        fail(problem, CDICOMNetworkProblemSecurity, why.empty() ? what : what + ": " + why);
        return nullptr;
    };
    SSL_CTX *context = SSL_CTX_new(side == Side::acceptor ? TLS_server_method() : TLS_client_method());
    if (!context) return refuse("TLS cannot be set up");
    std::shared_ptr<Security> security(new Security(context));
    security->side = side;
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context, SSL_MODE_AUTO_RETRY);
    // A session that is resumed would not show the peer's certificate again.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    if (side == Side::acceptor) SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_dh_auto(context, 1);
    if (SSL_CTX_set_cipher_list(context, ciphers) != 1) return refuse("the ciphers cannot be set");
    if (settings.certificate) {
        if (SSL_CTX_use_certificate_chain_file(context, settings.certificate) != 1) return refuse("the certificate cannot be read");
        if (!settings.key || SSL_CTX_use_PrivateKey_file(context, settings.key, SSL_FILETYPE_PEM) != 1)
            return refuse("the key cannot be read");
        if (SSL_CTX_check_private_key(context) != 1) return refuse("the key is not the certificate's");
    } else if (side == Side::acceptor)
        return refuse("a node with TLS needs a certificate and a key");
    if (settings.authorities) {
        if (SSL_CTX_load_verify_locations(context, settings.authorities, nullptr) != 1) return refuse("the authorities cannot be read");
        if (side == Side::acceptor) {
            if (STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(settings.authorities)) SSL_CTX_set_client_CA_list(context, names);
        }
    } else if (side == Side::requestor)
        SSL_CTX_set_default_verify_paths(context);
    else if (settings.requiresCertificate)
        return refuse("a node that requires certificates needs the authorities that vouch for them");
    int mode = SSL_VERIFY_NONE;
    if (side == Side::requestor || settings.authorities) mode = SSL_VERIFY_PEER;
    if (side == Side::acceptor && settings.requiresCertificate) mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    SSL_CTX_set_verify(context, mode, nullptr);
    if (settings.hostName && side == Side::requestor) security->expectedName = settings.hostName;
    ERR_clear_error();
    return security;
}

Security::~Security() { SSL_CTX_free(context); }

SSL *Security::session(int socket, const std::string &host) const {
    SSL *session = SSL_new(context);
    if (!session) return nullptr;
    bool good = SSL_set_fd(session, socket) == 1;
    if (side == Side::requestor) {
        const std::string &name = expectedName.empty() ? host : expectedName;
        if (!name.empty() && !isAddress(name)) SSL_set_tlsext_host_name(session, name.c_str());
        if (!expectedName.empty()) {
            X509_VERIFY_PARAM *parameters = SSL_get0_param(session);
            good = good && (isAddress(expectedName) ? X509_VERIFY_PARAM_set1_ip_asc(parameters, expectedName.c_str())
                                                    : X509_VERIFY_PARAM_set1_host(parameters, expectedName.c_str(), 0)) == 1;
        }
    }
    if (good) return session;
    SSL_free(session);
    return nullptr;
}

std::string Security::reason(SSL *session, int result) {
    const int kind = SSL_get_error(session, result), number = errno;
    const long verification = SSL_get_verify_result(session);
    const std::string text = lastReason();
    if (verification != X509_V_OK) return X509_verify_cert_error_string(verification);
    if (kind == SSL_ERROR_ZERO_RETURN) return "the peer closed";
    if (!text.empty()) return text;
    if (number == EAGAIN || number == EWOULDBLOCK) return "the peer said nothing for too long";
    return "the peer closed";
}
