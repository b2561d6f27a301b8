import Basics
import Foundation

/// Boxes that are known, as whitened features: what similar cases are looked up in. It holds digests of images and labels, no image and no name.
public struct CaseBank: Hashable, Sendable {
    /// One box.
    public struct Case: Hashable, Sendable {
        /// SHA-256 of the image's file, in hexadecimal.
        public var image: String
        public var label: String
        /// Whether a person said that it is not there: a look-alike.
        public var isRejected: Bool
        /// Whitened.
        public var vector: [Float]

        public init(image: String, label: String, isRejected: Bool = false, vector: [Float]) {
            (self.image, self.label, self.isRejected, self.vector) = (image, label, isRejected, vector)
        }
    }

    /// A case beside the one that is asked about.
    public struct Neighbour: Hashable, Sendable {
        public var image: String
        public var label: String
        public var isRejected: Bool
        public var distance: Double
        /// What share of the bank is no nearer, 0...1.
        public var percentile: Double
    }

    public var whitening: Whitening
    public var cases: [Case]

    public init(whitening: Whitening, cases: [Case]) { (self.whitening, self.cases) = (whitening, cases) }

    /// Three nearest of the finding, one of another, one that a person rejected, as far as there are some.
    /// - Parameters:
    ///   - features: As `BoxFeatures` gives them, not yet whitened.
    ///   - image: Digest of the image that is asked about, which is none of its own neighbours.
    public func similar(to features: [Float], label: String, image: String?) -> [Neighbour] {
        let place = whitening(features)
        let all = cases.filter { $0.image != image }.map { ($0, Self.distance($0.vector, place)) }.sorted { $0.1 < $1.1 }
        func neighbours(_ most: Int, where isMeant: (Case) -> Bool) -> [Neighbour] {
            all.enumerated().filter { isMeant($0.element.0) }.prefix(most).map { rank, next in
                Neighbour(
                    image: next.0.image, label: next.0.label, isRejected: next.0.isRejected, distance: next.1,
                    percentile: Double(all.count - rank) / Double(all.count))
            }
        }
        return neighbours(3) { !$0.isRejected && $0.label == label } + neighbours(1) { !$0.isRejected && $0.label != label }
            + neighbours(1) { $0.isRejected }
    }

    static func distance(_ left: [Float], _ right: [Float]) -> Double {
        var sum = 0.0
        for place in 0..<min(left.count, right.count) {
            let difference = Double(left[place] - right[place])
            sum += difference * difference
        }
        return sum.squareRoot()
    }

    // MARK: The file

    private struct Head: Codable {
        var schema: Int
        var length: Int
        var directions: Int
        var images: [String]
        var labels: [String]
        var rejected: [Bool]
    }

    private static let schema = 1

    /// A line of JSON, then 32-bit floats, little-endian: the mean, the directions, the cases.
    public func bytes() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var data = try encoder.encode(
            Head(
                schema: Self.schema, length: whitening.mean.count, directions: whitening.directions.count, images: cases.map(\.image),
                labels: cases.map(\.label), rejected: cases.map(\.isRejected)))
        data.append(UInt8(ascii: "\n"))
        for value in [whitening.mean] + whitening.directions + cases.map(\.vector) {
            data.append(value.map { $0.bitPattern.littleEndian }.withUnsafeBytes { Data($0) })
        }
        return data
    }

    /// - Throws: `ExplanationError` where the file is no bank.
    public init(bytes: Data) throws {
        let damaged = ExplanationError(.bank, "the file is damaged")
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
            let head = try? JSONDecoder().decode(Head.self, from: bytes[..<end]), head.schema == Self.schema,
            (1...1_000_000).contains(head.length), (0...4_096).contains(head.directions), head.images.count == head.labels.count,
            head.images.count == head.rejected.count, head.images.count <= 1_000_000
        else { throw damaged }
        let body = bytes[bytes.index(after: end)...]
        let count = head.length * (1 + head.directions) + head.images.count * head.directions
        guard body.count == 4 * count else { throw damaged }
        let floats = body.withUnsafeBytes { raw in
            (0..<count).map { Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))) }
        }
        guard floats.allSatisfy(\.isFinite) else { throw damaged }
        func part(_ start: Int, _ length: Int) -> [Float] { Array(floats[start..<start + length]) }
        let directions = (0..<head.directions).map { part(head.length * (1 + $0), head.length) }
        let first = head.length * (1 + head.directions)
        self.init(
            whitening: Whitening(mean: part(0, head.length), directions: directions),
            cases: head.images.indices.map { number in
                Case(
                    image: head.images[number], label: head.labels[number], isRejected: head.rejected[number],
                    vector: part(first + number * head.directions, head.directions))
            })
    }
}
