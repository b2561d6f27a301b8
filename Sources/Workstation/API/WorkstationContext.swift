import Archive
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// What goes with a request: who asks, and the connection (to close it, to know the address).
struct WorkstationContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// `nil` before the guard of sessions.
    var session: UserSession?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// Bytes of a JSON body. Uploads are streamed and counted by themselves.
    var maxUploadSize: Int { 1 << 20 }

    /// The client's address; of an HTTP/2 stream it is the connection's.
    var address: String { (channel.remoteAddress ?? channel.parent?.remoteAddress)?.ipAddress ?? "-" }

    var user: String { session?.user ?? "" }

    func requireAdministrator() throws {
        guard session?.role == .administrator else { throw Problem(.forbidden, "forbidden", "this is for administrators") }
    }

    /// What only a person may do: a program signs nothing.
    func requirePerson() throws {
        guard session?.isToken == false else { throw Problem(.forbidden, "not_a_person", "this is for persons, not for a token") }
    }

    /// After an answer that left the body unread, Hummingbird reads and drops the whole rest to keep the connection. This ends it once the answer had
    /// time to leave.
    func closeSoon() {
        channel.eventLoop.scheduleTask(in: .seconds(1)) { [channel] in channel.close(promise: nil) }
    }
}
