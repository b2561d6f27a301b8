#pragma once
#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "CDICOMNetwork.h"

namespace network {

/// TLS 1.2 and 1.3 by OpenSSL.
///
/// Not DCMTK's DcmTLSTransportLayer: it does not look at the host's name in a certificate, and tells no reason why a handshake failed.
class Security {
public:
    enum class Side { acceptor, requestor };

    /// - Returns: NULL with a problem where a file is missing or does not fit.
    static std::shared_ptr<Security> make(Side side, const CDICOMTransportSecurity &settings, CDICOMNetworkProblem *problem);
    ~Security();

    /// A session on a connected socket; NULL where memory is short.
    SSL *session(int socket, const std::string &host) const;
    /// Why the last call of OpenSSL on this thread failed, in a line.
    static std::string reason(SSL *session, int result);

private:
    explicit Security(SSL_CTX *context) : context(context) {}
    SSL_CTX *context;
    Side side = Side::acceptor;
    std::string expectedName;
};

}  // namespace network
