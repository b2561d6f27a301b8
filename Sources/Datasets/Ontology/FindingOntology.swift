import Basics
import Foundation

/// What findings are called and which are kinds of others: a nodule is a nodule or mass, pneumonia is seen as lung opacity.
///
/// A box of a finding is a box of its parents too. A box of a parent leaves open which child it is: there the child is neither present nor
/// absent. Names are compared without regard to case and to what is neither letter nor digit, so that `Pleural_Thickening` is
/// `Pleural thickening`.
public struct FindingOntology: Hashable, Sendable {
    /// One finding.
    public struct Entry: Codable, Hashable, Sendable {
        public var name: String
        /// What sources call it besides.
        public var synonyms: [String]?
        /// Names of findings that it is a kind of.
        public var parents: [String]?

        public init(name: String, synonyms: [String]? = nil, parents: [String]? = nil) {
            (self.name, self.synonyms, self.parents) = (name, synonyms, parents)
        }
    }

    /// Those of `standard`, those of a dataset's own file in their place and behind them.
    public let entries: [Entry]
    /// What a dataset's own file says; empty for `standard`.
    public let own: [Entry]
    /// From the key of every name and synonym to the place in `entries`.
    private let places: [String: Int]
    /// For each entry the places of its ancestors.
    private let ancestors: [Set<Int>]

    /// The findings of the public sources of chest radiographs.
    public static let standard: FindingOntology = {
        // Carried inside the program; a test reads it. Without it every name would be told as unknown.
        (try? FindingOntology(json: Data(PackageResources.ontology_json), file: "ontology.json", over: [], isOwn: false))
            ?? FindingOntology(empty: ())
    }()

    private init(empty: Void) { (entries, own, places, ancestors) = ([], [], [:], []) }

    /// A dataset's own file over the standard entries: an entry of a known name takes that one's place, others are new.
    /// - Throws: `DatasetError` with everything that is wrong, with the file's name.
    public init(json: Data, file: String) throws {
        try self.init(json: json, file: file, over: Self.standard.entries, isOwn: true)
    }

    private init(json: Data, file: String, over base: [Entry], isOwn: Bool) throws {
        struct Document: Decodable { var findings: [Entry] }
        guard let document = try? JSONDecoder().decode(Document.self, from: json) else {
            throw DatasetError(
                .malformed, "\(file) is not {\"findings\": [{\"name\": …, \"synonyms\": […], \"parents\": […]}, …]}")
        }
        try self.init(document.findings, over: base, isOwn: isOwn, file: file)
    }

    /// - Throws: `DatasetError`: a name twice, a parent that is not there, a finding that is its own ancestor.
    init(_ new: [Entry], over base: [Entry], isOwn: Bool, file: String) throws {
        var (entries, problems) = (base, ProblemList())
        var changed: Set<String> = []
        for entry in new {
            let key = Self.key(entry.name)
            guard !key.isEmpty else {
                problems.append("\(file): a finding has no name")
                continue
            }
            if !changed.insert(key).inserted { problems.append("\(file): \"\(entry.name)\" is there twice") }
            if let place = entries.firstIndex(where: { Self.key($0.name) == key }) {
                entries[place] = entry
            } else {
                entries.append(entry)
            }
        }
        var places: [String: Int] = [:]
        for (place, entry) in entries.enumerated() {
            for name in [entry.name] + (entry.synonyms ?? []) {
                if let other = places.updateValue(place, forKey: Self.key(name)), other != place {
                    problems.append("\(file): \"\(name)\" means both \(entries[other].name) and \(entry.name)")
                }
            }
        }
        let names = entries.map(\.name)
        let parents = entries.map { entry in
            (entry.parents ?? []).compactMap { name -> Int? in
                if let place = places[Self.key(name)] { return place }
                let near = name.nearest(among: names).map { "; the nearest is \($0)" } ?? ""
                problems.append("\(file): \(entry.name) has the parent \"\(name)\", which is no finding there\(near)")
                return nil
            }
        }
        let ancestors = entries.indices.map { place in
            var (found, waiting) = (Set<Int>(), parents[place])
            while let next = waiting.popLast() {
                if found.insert(next).inserted { waiting += parents[next] }
            }
            return found
        }
        for place in entries.indices where ancestors[place].contains(place) {
            problems.append("\(file): \(entries[place].name) is its own ancestor")
        }
        guard problems.isEmpty else { throw DatasetError(.malformed, problems: problems) }
        (self.entries, own, self.places, self.ancestors) = (entries, isOwn ? new : [], places, ancestors)
    }

    /// What two spellings of a name have in common.
    static func key(_ name: String) -> String {
        name.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
    }

    /// The place in `entries` of a name or synonym; `nil` where it is not known.
    func place(of name: String) -> Int? { places[Self.key(name)] }

    /// The ontology's own name for a finding; `nil` where it is not known.
    public func name(of name: String) -> String? { place(of: name).map { entries[$0].name } }

    /// Whether two names mean the same finding. Names that are not known are equal where they are spelt alike.
    public func areSame(_ one: String, _ other: String) -> Bool { identity(one) == identity(other) }

    /// Equal for names of the same finding.
    func identity(_ name: String) -> String { self.name(of: name).map(Self.key) ?? Self.key(name) }

    /// The ontology's names of everything that a finding is a kind of, in the order of the entries.
    public func ancestors(of name: String) -> [String] {
        guard let place = place(of: name) else { return [] }
        return ancestors[place].sorted().map { entries[$0].name }
    }

    /// Whether the first is a kind of the second.
    func isKind(_ name: String, of other: String) -> Bool {
        guard let place = place(of: name), let above = self.place(of: other) else { return false }
        return ancestors[place].contains(above)
    }

    /// The known name or synonym that is nearest to one that is not known.
    public func nearest(to name: String) -> String? {
        name.nearest(among: entries.flatMap { [$0.name] + ($0.synonyms ?? []) })
    }

    /// For messages: that a name is in no ontology, and what may have been meant.
    public func strangerText(_ name: String) -> String {
        "\"\(name)\" is in no ontology" + (nearest(to: name).map { "; the nearest name is \"\($0)\"" } ?? "")
    }
}
