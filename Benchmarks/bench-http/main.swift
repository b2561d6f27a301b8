import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

// bench-http PORT: bare Hummingbird that answers /json with a small JSON, to hold the reading room against. It checks nothing and keeps nothing.

private struct Answer: ResponseEncodable {
    var status = "ok"
    var version = "0.1.0"
    var reader = "ready"
    var waiting = 0
    var diskFreeBytes = 123_456_789
}

let port = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 0
let router = Router()
router.get("json") { _, _ in Answer() }
let application = Application(
    router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)),
    onServerRunning: { channel in
        // At once, also into a pipe.
        FileHandle.standardOutput.write(Data("listening on \(channel.localAddress?.port ?? 0)\n".utf8))
    })
try await application.runService()
