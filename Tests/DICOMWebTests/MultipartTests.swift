import DICOMWeb
import Foundation
import PleuraTesting
import Testing

@Suite struct MultipartTests {
    struct Part: Equatable {
        var fields: [String: String]
        var content: Data
    }

    /// All parts of a body that comes in pieces of the lengths given, the last length over and over.
    static func parts(_ body: Data, boundary: String, pieces: [Int] = [.max], limits: MultipartParser.Limits = .init()) throws -> [Part] {
        var parser = MultipartParser(boundary: boundary, limits: limits)
        var parts: [Part] = []
        var (rest, index) = (body[...], 0)
        while !rest.isEmpty {
            let piece = rest.prefix(max(1, pieces[min(index, pieces.count - 1)]))
            rest = rest.dropFirst(piece.count)
            index += 1
            try parser.push(piece) { event in
                switch event {
                case .begin(let fields): parts.append(Part(fields: fields, content: Data()))
                case .body(let bytes): parts[parts.count - 1].content += bytes
                case .end: break
                }
            }
        }
        try parser.finish()
        #expect(parser.count == parts.count)
        return parts
    }

    private static let contents = [
        Data("one".utf8), Data(), Data("\r\n--other\r\n\r\n\r\n-".utf8), Data((0...255).map { UInt8($0) }), Data("\r\n".utf8),
        Data("\r\n--b".utf8),
    ]

    private static func body(_ boundary: String) -> Data {
        let parts = contents.map { MultipartBody.Part([.data($0)]) }
        return MultipartBody(parts, writer: MultipartWriter(boundary: boundary, type: "application/dicom")).reduce(into: Data()) {
            body, piece in
            body += (try? piece.get()) ?? Data()
        }
    }

    @Test func whatIsWrittenIsReadWhereverItIsSplit() throws {
        let boundary = "b-1"
        let body = Self.body(boundary)
        for first in 0...body.count {
            let parts = try Self.parts(body, boundary: boundary, pieces: [first, .max])
            #expect(parts.map(\.content) == Self.contents, "split at \(first)")
        }
        for length in 1...20 { #expect(try Self.parts(body, boundary: boundary, pieces: [length]).map(\.content) == Self.contents) }
        #expect(try Self.parts(body, boundary: boundary)[0].fields == ["content-type": "application/dicom", "content-length": "3"])
    }

    @Test func aBodyThatIsCutAnywhereIsAnError() throws {
        let body = Self.body("b-1")
        // Behind the last boundary only an end of line is missing.
        for length in 0..<(body.count - 2) {
            #expect(throws: DICOMWebError(.badMultipart, ""), "\(length)") { try Self.parts(body.prefix(length), boundary: "b-1") }
        }
    }

    /// dicomweb-client begins with CR LF, Orthanc has 73 characters and lengths, Python's email package a preamble.
    @Test func bodiesOfOtherProgramsAreRead() throws {
        let text = "\r\n--x\r\nContent-Type: application/dicom\r\n\r\nabc\r\n--x--"
        #expect(try Self.parts(Data(text.utf8), boundary: "x").map(\.content) == [Data("abc".utf8)])
        let long = String(repeating: "3", count: 73)
        let orthanc = "--\(long)\r\nContent-Type: application/dicom\r\nContent-Length: 3\r\nMIME-Version: 1.0\r\n\r\nabc\r\n--\(long)--\r\n"
        #expect(try Self.parts(Data(orthanc.utf8), boundary: long).map(\.content) == [Data("abc".utf8)])
        let wordy = "This is a multi-part message.\r\n--x \t\r\n\r\nabc\r\n--x--\r\nThe end.\r\n--x\r\n"
        #expect(try Self.parts(Data(wordy.utf8), boundary: "x") == [Part(fields: [:], content: Data("abc".utf8))])
        let empty = "--x\r\nContent-Type: text/plain\r\n\r\n--x\r\nA: b\r\n\r\n\r\n--x--"
        #expect(try Self.parts(Data(empty.utf8), boundary: "x").map(\.content) == [Data(), Data()])
        #expect(try Self.parts(Data("--x--".utf8), boundary: "x").isEmpty)
    }

    @Test func whatIsNoMultipartIsAnError() {
        let bad = [
            "", "abc", "--x\nContent-Type: a/b\n\nabc\n--x--\n", "--xy\r\n\r\n\r\n--xy--", "--x\r\nno field\r\n\r\nabc\r\n--x--",
            "--x\r\nA b: c\r\n\r\n\r\n--x--", "--x\r\n: c\r\n\r\n\r\n--x--", "--x\r\nA: b\r\n c\r\n\r\n\r\n--x--", "--x-\r\n\r\n--x--",
        ]
        for text in bad { #expect(throws: DICOMWebError(.badMultipart, ""), "\(text)") { try Self.parts(Data(text.utf8), boundary: "x") } }
    }

    @Test func limitsAreKept() {
        let header = "--x\r\nA: \(String(repeating: "b", count: 9_000))\r\n\r\n\r\n--x--"
        #expect(throws: DICOMWebError(.badMultipart, "")) { try Self.parts(Data(header.utf8), boundary: "x") }
        #expect(throws: DICOMWebError(.badMultipart, "")) { try Self.parts(Data(header.utf8), boundary: "x", pieces: [100]) }
        #expect(throws: DICOMWebError(.badMultipart, "")) { try Self.parts(Data(count: 70_000), boundary: "x") }
        let part = Data("--x\r\n\r\n".utf8) + Data(count: 1_000) + Data("\r\n--x--".utf8)
        #expect(throws: DICOMWebError(.tooLarge, "")) { try Self.parts(part, boundary: "x", limits: .init(partBytes: 999)) }
        #expect(throws: Never.self) { try Self.parts(part, boundary: "x", limits: .init(partBytes: 1_000)) }
        let many = Data(String(repeating: "--x\r\n\r\n\r\n", count: 5).utf8) + Data("--x--".utf8)
        #expect(throws: DICOMWebError(.tooLarge, "")) { try Self.parts(many, boundary: "x", limits: .init(parts: 4)) }
    }

    @Test func damagedBodiesAreErrorsOrParts() throws {
        let body = Self.body("b-1")
        let tokens = ["--b-1", "\r\n--b-1\r\n", "\r\n--b-1--", "\r\n\r\n", "\r\n", "--", ":"].map { Data($0.utf8) }
        var (read, refused) = (0, 0)
        for round in 0..<Fuzzing.rounds(usual: 3_000) {
            var mutator = Mutator(seed: UInt64(round), tokens: tokens, headSize: 80)
            let damaged = mutator.mutate(body)
            let whole = Result { try Self.parts(damaged, boundary: "b-1") }
            // However it is split, it is the same.
            let lengths = (0..<8).map { _ in 1 + mutator.below(60) }
            let pieces = Result { try Self.parts(damaged, boundary: "b-1", pieces: lengths) }
            switch (whole, pieces) {
            case (.success(let one), .success(let other)):
                #expect(one == other, "round \(round)")
                read += 1
            case (.failure(let error as DICOMWebError), .failure(let other as DICOMWebError)):
                #expect(error.code == other.code, "round \(round)")
                refused += 1
            default: Issue.record("round \(round): \(whole) and \(pieces)")
            }
        }
        #expect(read > 0 && refused > 0)
    }

    @Test func boundariesAreTakenFromTypes() throws {
        #expect(try MultipartBoundary.of(contentType: "multipart/related; type=\"application/dicom\"; boundary=\"a b\"").boundary == "a b")
        let bare = try MultipartBoundary.of(
            contentType: "Multipart/Related;type=application/dicom;boundary=\(String(repeating: "x", count: 256))")
        #expect(bare.boundary.count == 256 && bare.type?.essence == "application/dicom")
        for text in [
            "multipart/related", "multipart/related; boundary=", "multipart/related; boundary=\"a \"",
            "multipart/related; boundary=\(String(repeating: "x", count: 257))",
        ] {
            #expect(throws: DICOMWebError(.badMultipart, "")) { try MultipartBoundary.of(contentType: text) }
        }
        #expect(throws: DICOMWebError(.unsupportedMediaType, "")) { try MultipartBoundary.of(contentType: "application/dicom") }
    }

    @Test func filesAreStreamedPieceByPiece() throws {
        let folder = try TemporaryFolder()
        let big = Data((0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try big.write(to: folder.file("a.dcm"))
        try Data("small".utf8).write(to: folder.file("b.dcm"))
        let request = try STOWRequest(files: [folder.file("a.dcm"), folder.file("b.dcm")])
        let pieces = try request.body.map { try $0.get() }
        #expect(pieces.allSatisfy { $0.count <= 1 << 18 })
        let body = pieces.reduce(Data(), +)
        #expect(body.count == request.body.count)
        let type = try #require(request.fields.first { $0.name == "Content-Type" }?.value)
        let boundary = try MultipartBoundary.of(contentType: type).boundary
        #expect(try Self.parts(body, boundary: boundary).map(\.content) == [big, Data("small".utf8)])
        // A file that has become shorter since is an error, not a shorter body.
        try Data("x".utf8).write(to: folder.file("b.dcm"))
        #expect(throws: DICOMWebError(.unreadable, "")) { for piece in request.body { _ = try piece.get() } }
    }
}
