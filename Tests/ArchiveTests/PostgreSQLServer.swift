import Foundation

/// A PostgreSQL of the tests' own: in a folder for temporary files, on a socket in it and on no port, ended with the tests.
final class PostgreSQLServer: Sendable {
    enum Failure: Error { case notStarted(String) }

    static let programs: String? = {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        return folders.sorted { $0.compare($1, options: .numeric) == .orderedAscending }.last.map { "/usr/lib/postgresql/\($0)/bin" }
    }()
    static var isInstalled: Bool { programs != nil }

    /// One for all tests of this process.
    static let shared = Result { try PostgreSQLServer() }

    let folder: String

    private init() throws {
        folder = NSTemporaryDirectory() + "pg-\(UUID().uuidString.prefix(8))"
        let bin = Self.programs ?? ""
        // PostgreSQL does not run as root.
        let asUser = getuid() == 0 ? "runuser -u postgres --" : ""
        let owner = getuid() == 0 ? "-o postgres" : ""
        let said = try Self.shell(
            """
            set -e
            install -d -m 700 \(owner) '\(folder)'
            cd '\(folder)'
            \(asUser) \(bin)/initdb --pgdata=data --username=pleura --auth=trust --no-locale --encoding=UTF8 --no-sync --data-checksums
            printf '%s\\n' "listen_addresses = ''" "unix_socket_directories = '\(folder)'" 'max_connections = 300' 'shared_buffers = 32MB' >> data/postgresql.conf
            \(Self.alone)
            \(asUser) \(bin)/pg_ctl start --pgdata=data --log=log --wait --timeout=60
            """)
        guard said.status == 0 else { throw Failure.notStarted(said.text) }
        Self.ending.add(folder)
    }

    /// A new database, as libpq is told of it.
    func database(_ name: String = "t" + UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased()) throws -> String {
        try sql("CREATE DATABASE \(name)", in: "postgres")
        return "host=\(folder) user=pleura dbname=\(name)"
    }

    /// What psql says to a statement: rows, fields divided by |.
    @discardableResult
    func sql(_ statement: String, in database: String) throws -> String {
        let name = database.components(separatedBy: "dbname=").last ?? database
        let said = try Self.shell(
            "psql --host='\(folder)' --username=pleura --dbname='\(name)' --no-psqlrc --tuples-only --no-align --quiet --set=ON_ERROR_STOP=1 <<'END'\n\(statement)\nEND"
        )
        guard said.status == 0 else { throw Failure.notStarted(said.text) }
        return said.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The server keeps what its starter had open, and by one of these Foundation knows that a program ended: it must not be the server's.
    private static let alone = #"for fd in /proc/self/fd/*; do fd=${fd##*/}; if [ "$fd" -gt 2 ]; then eval "exec $fd>&-"; fi; done"#

    private static func shell(_ line: String) throws -> (status: Int32, text: String) {
        let output = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent("pg-\(UUID().uuidString).out")
        defer { try? FileManager.default.removeItem(at: output) }
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", line]
        process.standardInput = FileHandle.nullDevice
        // Through a file: a pipe would never end.
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = process.standardOutput
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, (try? String(contentsOf: output, encoding: .utf8)) ?? "")
    }

    /// Ends the servers of this process when it ends.
    private final class Ending: @unchecked Sendable {
        private let lock = NSLock()
        private var folders: [String] = []

        func add(_ folder: String) {
            lock.withLock {
                if folders.isEmpty { atexit { PostgreSQLServer.ending.end() } }
                folders.append(folder)
            }
        }

        func end() {
            for folder in folders {
                let asUser = getuid() == 0 ? "runuser -u postgres --" : ""
                _ = try? PostgreSQLServer.shell(
                    "cd '\(folder)' && \(asUser) \(PostgreSQLServer.programs ?? "")/pg_ctl stop --pgdata=data --mode=immediate --wait; rm -rf '\(folder)'"
                )
            }
        }
    }
    private static let ending = Ending()
}
