import Archive
import Foundation
import PleuraTesting
import Radiographs
import Workstation

/// A server whose model is `TinyModel`, and somebody who is logged in.
final class Room {
    let folder: TemporaryFolder
    private(set) var server: ServerUnderTest
    private let arguments: [String]

    init(_ arguments: [String] = [], logsIn: Bool = true) throws {
        folder = try TemporaryFolder()
        self.arguments = arguments
        try TinyModel.write(to: folder.file("tiny"))
        server = try ServerUnderTest(folder: folder.file("archive"), model: folder.file("tiny"), arguments: arguments)
        if logsIn { try server.logIn() }
    }

    /// Starts anew on what the server before left.
    func restart() throws {
        server.kill()
        server = try ServerUnderTest(folder: folder.file("archive"), model: folder.file("tiny"), arguments: arguments)
        try server.logIn()
    }

    func get(_ target: String) throws -> [String: Any] {
        let answer = try server.request("GET", target)
        return answer.json as? [String: Any] ?? ["status": answer.status]
    }

    /// Adds a file and waits until it is read.
    /// - Returns: Its study and instance.
    func addAndRead(_ bytes: Data, name: String = "a.png") throws -> (study: String, instance: String) {
        let answer = try server.add(bytes, name: name)
        let taken = ((answer.json as? [String: Any])?["instances"] as? [[String: Any]])?.first
        let (study, instance) = (taken?["study"] as? String ?? "", taken?["id"] as? String ?? "")
        for _ in 0..<400 {
            let status = try get("/api/v1/studies/\(study)")["status"] as? String
            if status != "waiting" { break }
            usleep(25_000)
        }
        return (study, instance)
    }

    static func cell(_ column: Int, _ row: Int) throws -> Data { try DrawnPictures.cell(column: column, row: row).png() }

    /// A path of the description as an address: whatever is named in it is `id`.
    static func address(_ path: String, id: String) -> String { path.replacing(#/\{[^}]*\}/#, with: id) }

    /// The server's archive, as another program beside it has it.
    func archive() throws -> SQLiteArchive { try SQLiteArchive(folder: folder.file("archive")) }

    /// A token, made as an operator makes it.
    func token(_ name: String = "peer", role: Role = .reader) async throws -> String {
        try await AccessTokens(archive: try archive()).add(name, role: role, days: 1)
    }

    /// A request of a program: with a token and no cookie.
    func request(
        _ method: String, _ target: String, token: String, body: Data? = nil, fields: [String: String] = [:]
    ) throws -> SocketClient.Answer {
        try SocketClient(port: server.port).request(
            method, target, host: server.host,
            fields: fields.merging(["Authorization": "Bearer \(token)", "Connection": "close"]) { $1 }, body: body)
    }
}

extension Dictionary where Key == String, Value == Any {
    func list(_ key: String) -> [[String: Any]] { self[key] as? [[String: Any]] ?? [] }
    func object(_ key: String) -> [String: Any] { self[key] as? [String: Any] ?? [:] }
    func text(_ key: String) -> String? { self[key] as? String }
    func number(_ key: String) -> Double? { (self[key] as? NSNumber)?.doubleValue }
}
