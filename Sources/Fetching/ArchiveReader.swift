import Datasets
import Foundation

/// A gzipped tar archive of images, read by the system's GNU tar.
struct ArchiveReader {
    let archive: URL
    private let tar: URL

    /// - Throws: `DatasetError` where the system has no tar.
    init(_ archive: URL) throws {
        self.archive = archive
        tar = try Self.program("tar")
    }

    /// Where the system's programs are; not from PATH, which may name anything.
    static func program(_ name: String) throws -> URL {
        let places = ["/usr/bin", "/bin", "/usr/local/bin"].map { URL(fileURLWithPath: $0).appendingPathComponent(name) }
        guard let program = places.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) else {
            throw DatasetError(.missing, "this system has no program \(name)")
        }
        return program
    }

    /// Reads the archive to its end, so that gzip's own check of its content is made.
    /// - Returns: The members that are images, by their plain names. What is no image, and folders, are left out; names of images that
    ///   could leave the folder, or that come twice, are an error.
    func images(scratch: URL) throws -> [String: String] {
        let list = scratch.appendingPathComponent("members.txt")
        try run(["--list", "--quoting-style=escape"], output: list, scratch: scratch)
        guard let text = try? String(contentsOf: list, encoding: .utf8) else { throw damaged("its list of members cannot be read") }
        var images: [String: String] = [:]
        for line in text.split(separator: "\n") where Self.isImage(line) {
            let parts = line.split(separator: "/", omittingEmptySubsequences: false)
            guard let name = parts.last.map(String.init), Self.isPlain(name), parts.dropLast().allSatisfy(Self.isPlainFolder) else {
                throw damaged("a member's name is not a plain one")
            }
            guard images.updateValue(String(line), forKey: name) == nil else { throw damaged("two members have one name") }
        }
        return images
    }

    /// Takes members out into a folder, under their plain names.
    /// - Parameter members: Of those that `images` gave.
    /// - Returns: Bytes of each image by its plain name.
    func extract(_ members: [String: String], to folder: URL, scratch: URL) throws -> [String: Int] {
        guard !members.isEmpty else { return [:] }
        let manager = FileManager.default
        let list = scratch.appendingPathComponent("wanted.txt")
        let staging = scratch.appendingPathComponent("members")
        do {
            try manager.createDirectory(at: staging, withIntermediateDirectories: true)
            // Ended by zero bytes, so that tar reads them as they are, never as options.
            try Data(members.values.sorted().map { $0 + "\0" }.joined().utf8).write(to: list)
        } catch {
            throw DatasetError(.cannotWrite, "the images cannot be taken out of it")
        }
        try run(
            [
                "--extract", "--no-same-owner", "--no-same-permissions", "--no-recursion", "--directory=\(staging.path)", "--null",
                "--files-from=\(list.path)",
            ], output: nil, scratch: scratch)
        var sizes: [String: Int] = [:]
        for (name, member) in members {
            // A link or a device under an image's name is none.
            guard let status = FileStatus(staging.appendingPathComponent(member)) else { throw damaged("a member is not a file") }
            sizes[name] = status.byteCount
        }
        for (name, member) in members {
            let target = folder.appendingPathComponent(name)
            guard rename(staging.appendingPathComponent(member).path, target.path) == 0 else {
                throw DatasetError(.cannotWrite, "an image cannot be laid into \(folder.lastPathComponent)/")
            }
        }
        return sizes
    }

    /// The check of an archive for which nobody published a sum.
    static func testCompression(_ archive: URL, scratch: URL) throws {
        // From standard input, as gzip looks at the name's ending, which is not the last one yet.
        guard let input = try? FileHandle(forReadingFrom: archive) else { throw DatasetError(.missing, "it cannot be opened") }
        defer { try? input.close() }
        let errors = scratch.appendingPathComponent("errors.txt")
        guard try spawn(try program("gzip"), ["--test", "--quiet"], input: input, output: nil, errors: errors) == 0 else {
            throw DatasetError(.malformed, "its compression does not check out")
        }
    }

    private func run(_ arguments: [String], output: URL?, scratch: URL) throws {
        let errors = scratch.appendingPathComponent("errors.txt")
        let all = arguments + ["--gzip", "--force-local", "--file=\(archive.path)"]
        guard try Self.spawn(tar, all, output: output, errors: errors) == 0 else {
            let text = (try? Data(contentsOf: errors)).map { String(decoding: $0.prefix(4096), as: UTF8.self) } ?? ""
            throw text.contains("No space left") ? DatasetError(.cannotWrite, "the disk is full") : damaged("tar cannot read it")
        }
    }

    private static func spawn(
        _ program: URL, _ arguments: [String], input: FileHandle = .nullDevice, output: URL?, errors: URL
    ) throws -> Int32 {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.environment = ["LC_ALL": "C", "PATH": "/usr/bin:/bin:/usr/local/bin"]
        process.standardInput = input
        // Through files, so that no pipe can fill up and stall the program.
        do {
            for file in [output, errors].compactMap({ $0 }) { try Data().write(to: file) }
            process.standardOutput = try output.map { try FileHandle(forWritingTo: $0) } ?? FileHandle.nullDevice
            process.standardError = try FileHandle(forWritingTo: errors)
            try process.run()
        } catch {
            throw DatasetError(.cannotWrite, "\(program.lastPathComponent) cannot be started")
        }
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : -1
    }

    private func damaged(_ reason: String) -> DatasetError { DatasetError(.malformed, reason) }

    private static func isImage(_ name: Substring) -> Bool { [".png", ".jpg", ".jpeg"].contains { name.lowercased().hasSuffix($0) } }

    /// A file's name of letters, digits, dots, dashes and underscores, which begins with a letter or digit.
    static func isPlain(_ name: String) -> Bool {
        guard let first = name.utf8.first, isLetterOrDigit(first), name.utf8.count <= 255 else { return false }
        return name.utf8.allSatisfy { isLetterOrDigit($0) || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_")].contains($0) }
    }

    /// "." is what `tar -C folder .` writes first.
    private static func isPlainFolder(_ name: Substring) -> Bool { name == "." || isPlain(String(name)) }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
