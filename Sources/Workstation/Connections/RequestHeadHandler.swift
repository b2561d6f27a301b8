import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Stands behind the HTTP/1 codec and does two things that Hummingbird leaves undone.
///
/// `Expect: 100-continue` is answered, so that curl and others do not wait a second before they send; a body that is too long is not asked for, and the
/// route refuses it at once. And `Connection: Close`, in whatever case, closes: Hummingbird looks for small letters only.
final class RequestHeadHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundOut = HTTPResponsePart

    private let maximum: Int

    /// - Parameter maximum: Bytes of a body that are taken at most.
    init(maximum: Int) { self.maximum = maximum }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else {
            context.fireChannelRead(data)
            return
        }
        if head.headerFields[.expect]?.lowercased() == "100-continue",
            head.headerFields[.contentLength].flatMap(Int.init) ?? 0 <= maximum
        {
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
        }
        if let connection = head.headerFields[.connection], connection != connection.lowercased() {
            head.headerFields[.connection] = connection.lowercased()
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}
