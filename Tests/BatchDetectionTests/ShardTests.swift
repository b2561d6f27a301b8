import BatchDetection
import Testing

@Suite struct ShardTests {
    @Test func everyImageIsInOnePart() throws {
        for count in 0...25 {
            for of in 1...9 {
                let indices = try (1...of).flatMap { number in
                    Array(try #require(Shard("\(number)/\(of)")).indices(of: count))
                }
                #expect(indices.sorted() == Array(0..<count), "\(count) in \(of)")
            }
        }
    }

    @Test func partsAreEqualButForOne() throws {
        let sizes = try (1...7).map { try #require(Shard("\($0)/7")).indices(of: 1_000) }.map { Array($0).count }
        #expect(Set(sizes).isSubset(of: [142, 143]))
    }

    @Test(arguments: ["", "/", "1", "1/", "/2", "0/2", "3/2", "-1/2", "1/2/3", "a/b", "1/0", "+1/2", "1/1000001", "99999999999999999999/2"])
    func nothingElseIsAPart(text: String) { #expect(Shard(text) == nil) }
}
