import Datasets
import Foundation
import PleuraTesting
import TFRecords
import Testing

@Suite struct TFRecordTests {
    /// The test vectors of RFC 3720, appendix B.4, and the check value of "123456789".
    @Test func checksumsAreThoseOfTheStandard() {
        func checksum(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { CRC32C.checksum($0) } }
        #expect(checksum(Array(repeating: 0, count: 32)) == 0x8a91_36aa)
        #expect(checksum(Array(repeating: 0xff, count: 32)) == 0x62a8_ab43)
        #expect(checksum(Array(0..<32)) == 0x46dd_794e)
        #expect(checksum(Array((0..<32).reversed())) == 0x113f_db5c)
        let command: [UInt8] = [
            0x01, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0,
            0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0,
        ]
        #expect(checksum(command) == 0xd996_3a56)
        #expect(checksum(Array("123456789".utf8)) == 0xe306_9283)
        #expect(checksum([]) == 0)
    }

    /// Writes these records and says what the file holds.
    private func file(_ records: [[UInt8]], in root: TemporaryFolder) throws -> [UInt8] {
        let url = root.file("records.tfrecord")
        let writer = try TFRecordWriter(url)
        for record in records { try writer.write(record) }
        try writer.finish()
        return try Array(Data(contentsOf: url))
    }

    /// What a file of these bytes reads as: records, and what is wrong.
    private func read(_ bytes: [UInt8], in root: TemporaryFolder) throws -> (records: [[UInt8]], offsets: [Int], problems: [String]) {
        let url = root.file("read.tfrecord")
        try Data(bytes).write(to: url)
        let reader = try TFRecordReader(url)
        var (records, offsets, problems): ([[UInt8]], [Int], [String]) = ([], [], [])
        while true {
            do {
                let more = try reader.read {
                    records.append(Array($0.bytes))
                    offsets.append($0.offset)
                }
                if !more { return (records, offsets, problems) }
            } catch let error as DatasetError {
                problems += error.problems
            }
        }
    }

    /// By hand: length 3, its checksum, "abc", its checksum (CRC-32C of "abc" is 364b3fb7, published with the polynomial).
    @Test func aRecordIsTheseBytes() throws {
        let root = try TemporaryFolder()
        let bytes = try file([Array("abc".utf8)], in: root)
        func masked(_ checksum: UInt32) -> [UInt8] {
            let value = (checksum >> 15 | checksum << 17) &+ 0xa282_ead8
            return [UInt8(value & 255), UInt8(value >> 8 & 255), UInt8(value >> 16 & 255), UInt8(value >> 24)]
        }
        #expect(Array(bytes[..<8]) == [3, 0, 0, 0, 0, 0, 0, 0])
        #expect(Array(bytes[8..<12]) == masked(bitwise([3, 0, 0, 0, 0, 0, 0, 0])))
        #expect(Array(bytes[12..<15]) == Array("abc".utf8))
        #expect(Array(bytes[15...]) == masked(0x364b_3fb7))
    }

    /// CRC-32C bit by bit, from its definition.
    private func bitwise(_ bytes: [UInt8]) -> UInt32 {
        var state = UInt32.max
        for byte in bytes {
            state ^= UInt32(byte)
            for _ in 0..<8 { state = state & 1 == 1 ? state >> 1 ^ 0x82f6_3b78 : state >> 1 }
        }
        return ~state
    }

    @Test func checksumsAreThoseOfTheDefinitionAtEveryLength() {
        var random = SystemRandomNumberGenerator()
        for length in 0..<300 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(bytes.withUnsafeBytes { CRC32C.checksum($0) } == bitwise(bytes))
        }
    }

    @Test func whatIsWrittenReadsBackWithItsPlaces() throws {
        let root = try TemporaryFolder()
        // Around and above the buffers' size, so that records lie across their ends.
        let lengths = [0, 1, 5, 262_127, 262_128, 262_129, 7, 300_000, 2_000_003, 0, 100_000, 100_000, 100_000, 3]
        let records = lengths.enumerated().map { index, length in (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ index) } }
        let bytes = try file(records, in: root)
        #expect(bytes.count == lengths.reduce(0) { $0 + $1 + 16 })
        let back = try read(bytes, in: root)
        #expect(back.records == records && back.problems.isEmpty)
        for (record, offset) in zip(records, back.offsets) { #expect(Array(bytes[offset..<offset + record.count]) == record) }
    }

    @Test func everyFlippedBitIsSeen() throws {
        let root = try TemporaryFolder()
        let records = [Array("first".utf8), Array("second one".utf8)]
        let whole = try file(records, in: root)
        for index in whole.indices {
            for bit in 0..<8 {
                var bytes = whole
                bytes[index] ^= 1 << bit
                let back = try read(bytes, in: root)
                let start = index < 21 ? 0 : 21
                let place = "read.tfrecord, record \(start == 0 ? 1 : 2) at byte \(start): "
                #expect(back.problems.count == 1 && back.problems[0].hasPrefix(place))
                // Damaged data costs one record, a damaged length all that follow.
                let inData = index - start >= 12
                #expect(back.records == (start == 0 ? (inData ? [records[1]] : []) : [records[0]]))
                #expect(back.problems[0].hasPrefix(place + "the checksum of its \(inData ? "data" : "length") is wrong"))
            }
        }
    }

    @Test func everyLengthOfATruncatedFileIsSeen() throws {
        let root = try TemporaryFolder()
        let records = [Array("first".utf8), Array("second one".utf8)]
        let whole = try file(records, in: root)
        for length in 0..<whole.count {
            let back = try read(Array(whole[..<length]), in: root)
            #expect(back.records == (length < 21 ? [] : [records[0]]))
            let start = length < 21 ? 0 : 21
            let what = length - start < 12 ? "length" : "data"
            let place = "read.tfrecord, record \(start == 0 ? 1 : 2) at byte \(start)"
            #expect(back.problems == (length == 0 || length == 21 ? [] : ["\(place): the file ends inside its \(what)"]))
        }
    }

    /// A length that is well-formed and far beyond the file costs no memory.
    @Test(arguments: [UInt64.max, UInt64(Int64.max), 1 << 40, 1000])
    func aLengthLargerThanTheFileIsSeen(length: UInt64) throws {
        let root = try TemporaryFolder()
        let header = (0..<8).map { UInt8(length >> ($0 * 8) & 255) }
        let checksum = header.withUnsafeBytes { CRC32C.masked($0) }
        let bytes = header + (0..<4).map { UInt8(checksum >> ($0 * 8) & 255) } + Array(repeating: 0, count: 40)
        #expect(try read(bytes, in: root).problems == ["read.tfrecord, record 1 at byte 0: the file ends inside its data"])
    }

    @Test func whatIsNoRecordSaysWhatItIs() throws {
        let root = try TemporaryFolder()
        let place = "read.tfrecord, record 1 at byte 0: "
        let text = Array("item { name: 'Mass' id: 1 }".utf8)
        #expect(
            try read(text, in: root).problems == [place + "the checksum of its length is wrong; the file is no TFRecord or is damaged"])
        let gzip: [UInt8] = [0x1f, 0x8b, 8, 0] + Array(repeating: 7, count: 30)
        #expect(try read(gzip, in: root).problems == [place + "the file is compressed by gzip; unpack it first"])
        let zlib: [UInt8] = [0x78, 0x9c] + Array(repeating: 7, count: 30)
        #expect(try read(zlib, in: root).problems == [place + "the file is compressed by zlib; unpack it first"])
        #expect(try read([], in: root).problems.isEmpty)
        #expect(throws: DatasetError(.missing, "nothing cannot be opened")) { try TFRecordReader(root.file("nothing")) }
        #expect(throws: DatasetError.self) { try TFRecordReader(root.url) }
    }

    @Test func aFileThatIsNeverFinishedLeavesNothing() throws {
        let root = try TemporaryFolder()
        try Data("old".utf8).write(to: root.file("a"))
        do {
            let writer = try TFRecordWriter(root.file("a"))
            try writer.write(Array("new".utf8))
        }
        #expect(try Files.names(in: root.url) == ["a"])
        #expect(try Data(contentsOf: root.file("a")) == Data("old".utf8))
        #expect(throws: DatasetError.self) { try TFRecordWriter(root.file("none/a")) }
    }
}
