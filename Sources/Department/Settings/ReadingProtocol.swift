import Basics
import Foundation
import Triage

/// How a kind of study is read: at which operating point findings are shown, and how long what is found may wait.
public struct ReadingProtocol: Hashable, Sendable, Codable {
    /// Lower-case letters, digits, hyphens and underscores; unique.
    public var name: String
    /// As people call it.
    public var title: String
    /// False boxes on 100 images that the site is ready to look at; `nil` takes the score threshold of the model's card.
    public var falseBoxesPer100Images: Double?
    public var allowances: Allowances

    public init(name: String, title: String, falseBoxesPer100Images: Double?, allowances: Allowances = .standard) {
        (self.name, self.title) = (name, title)
        (self.falseBoxesPer100Images, self.allowances) = (falseBoxesPer100Images, allowances)
    }

    private enum CodingKeys: String, CodingKey {
        case name, title, allowances
        case falseBoxesPer100Images = "false_boxes_per_100_images"
    }
}

/// What a site has chosen: its protocols and its words for why a box is rejected. It is kept in the archive.
public struct SiteSettings: Hashable, Sendable, Codable {
    public var protocols: [ReadingProtocol]
    /// The name of the protocol of studies for which nobody chose one.
    public var defaultProtocol: String
    public var rejectReasons: [String]

    private enum CodingKeys: String, CodingKey {
        case protocols
        case defaultProtocol = "default_protocol"
        case rejectReasons = "reject_reasons"
    }

    public init(protocols: [ReadingProtocol], defaultProtocol: String, rejectReasons: [String]) {
        (self.protocols, self.defaultProtocol, self.rejectReasons) = (protocols, defaultProtocol, rejectReasons)
    }

    /// What a site begins with. `standard` shows what `pleura detect` shows.
    public static let standard = SiteSettings(
        protocols: [
            ReadingProtocol(name: "standard", title: "Standard", falseBoxesPer100Images: nil),
            ReadingProtocol(name: "screening", title: "Screening", falseBoxesPer100Images: 50),
            ReadingProtocol(name: "emergency", title: "Emergency", falseBoxesPer100Images: 20),
            ReadingProtocol(name: "follow-up", title: "Follow-up", falseBoxesPer100Images: 10),
        ],
        defaultProtocol: "standard", rejectReasons: ["vessel", "rib", "device", "artefact", "skin fold", "wrong place", "other"])

    /// The protocol of that name, or else the default one.
    public func readingProtocol(_ name: String?) -> ReadingProtocol {
        protocols.first { $0.name == name } ?? protocols.first { $0.name == defaultProtocol } ?? protocols.first
            ?? ReadingProtocol(name: "standard", title: "Standard", falseBoxesPer100Images: nil)
    }

    /// - Throws: `DepartmentError` of code `badSettings` that says what is wrong.
    public func validate() throws {
        func check(_ isRight: Bool, _ reason: @autoclosure () -> String) throws {
            guard isRight else { throw DepartmentError(.badSettings, reason()) }
        }
        try check((1...50).contains(protocols.count), "there are 1 to 50 protocols")
        var names = Set<String>()
        for value in protocols {
            try check(Self.isName(value.name), "a protocol's name has 1 to 40 lower-case letters, digits, hyphens or underscores")
            try check(names.insert(value.name).inserted, "two protocols have one name")
            try check((1...100).contains(value.title.count), "a protocol's title has 1 to 100 characters")
            if let rate = value.falseBoxesPer100Images {
                try check(rate.isFinite && rate > 0 && rate <= 10_000, "false boxes on 100 images are a number above 0 and at most 10,000")
            }
        }
        try check(names.contains(defaultProtocol), "the default protocol is not among the protocols")
        try check((1...50).contains(rejectReasons.count), "there are 1 to 50 reasons to reject")
        try check(rejectReasons.allSatisfy { (1...100).contains($0.count) }, "a reason to reject has 1 to 100 characters")
    }

    static func isName(_ text: String) -> Bool {
        (1...40).contains(text.utf8.count)
            && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95 }
    }
}
