import Basics
import Foundation
import Testing

@Suite struct SmallTextTests {
    @Test(arguments: [("kitten", "sitting", 3), ("", "abc", 3), ("flaw", "lawn", 2), ("same", "same", 0), ("ab", "ba", 2)])
    func lettersToChangeAreCounted(_ one: String, _ other: String, _ distance: Int) {
        #expect(one.editDistance(to: other) == distance && other.editDistance(to: one) == distance)
    }

    /// Against the definition, which calls itself.
    @Test func distancesFollowTheDefinition() {
        func slow(_ a: ArraySlice<Character>, _ b: ArraySlice<Character>) -> Int {
            guard let x = a.first, let y = b.first else { return a.count + b.count }
            if x == y { return slow(a.dropFirst(), b.dropFirst()) }
            return 1 + min(slow(a.dropFirst(), b), slow(a, b.dropFirst()), slow(a.dropFirst(), b.dropFirst()))
        }
        var random = SeededGenerator(seed: 4)
        for _ in 0..<200 {
            let texts = (0..<2).map { _ in
                String((0..<Int.random(in: 0...6, using: &random)).map { _ in "abc".randomElement(using: &random) ?? "a" })
            }
            #expect(texts[0].editDistance(to: texts[1]) == slow(Array(texts[0])[...], Array(texts[1])[...]), "\(texts)")
        }
    }

    @Test(arguments: [
        ("lerning_rate", "learning_rate"), ("BATCH", "batch"), ("coco-mob", "coco-mobilenet"), ("zzzz", nil), ("qqqqqqqqqqqqqqqqq", nil),
    ])
    func theNameThatWasMeantIsFound(_ typed: String, _ meant: String?) {
        #expect(typed.nearest(among: ["learning_rate", "batch", "coco-mobilenet"]) == meant)
    }

    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"a\"", "\"say \"\"a\"\"\""), ("two\nlines", "\"two\nlines\""),
        ("a\r\nb", "\"a\r\nb\""),
        (" blank", "\" blank\""), ("line\u{2028}mark", "\"line\u{2028}mark\""), ("größe", "größe"),
    ])
    func fieldsOfTablesAreQuotedWhereTheyHaveTo(_ field: String, _ written: String) { #expect(CSVField.quoted(field) == written) }

    @Test(arguments: [
        ("<b title=\"x\" on='y'>&`", "&lt;b title=&quot;x&quot; on=&#39;y&#39;&gt;&amp;&#96;"),
        ("a\u{202E}b\u{0}c\u{FFFE}", "a\u{FFFD}b\u{FFFD}c\u{FFFD}"),
        ("größe", "größe"),
    ])
    func markupIsMadeHarmless(_ text: String, _ safe: String) { #expect(MarkupText.escaped(text) == safe) }

    @Test func concurrentResultsAreInOrder() {
        for count in [0, 1, 2, 63, 1_000] {
            for stretch in [nil, 1, 7, 5_000] {
                #expect(Concurrent.map(count, stretch: stretch) { $0 * $0 } == (0..<count).map { $0 * $0 })
            }
            #expect(Concurrent.map(count, serially: true) { -$0 } == (0..<count).map { -$0 })
        }
    }
}
