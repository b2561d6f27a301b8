/// Anything that has segments: a message, or a part of one.
public protocol HL7Segments: Sendable {
    var group: HL7Group { get }
}

/// Segments of a message that stand one after the other.
public struct HL7Group: HL7Segments {
    let storage: HL7Storage
    let range: Range<Int>

    public var group: HL7Group { self }
    public var count: Int { range.count }
}

extension HL7Segments {
    public var segments: [HL7Segment] { group.range.map { HL7Segment(storage: group.storage, index: $0) } }

    /// The segments with a name, in order.
    public func segments(_ name: String) -> [HL7Segment] {
        let key = HL7Storage.key(name)
        return group.range.filter { group.storage.segments[$0].name == key }.map { HL7Segment(storage: group.storage, index: $0) }
    }

    /// - Parameter occurrence: Which of those with this name, from 1.
    public func segment(_ name: String, occurrence: Int = 1) -> HL7Segment? {
        let key = HL7Storage.key(name)
        var left = occurrence
        for index in group.range where group.storage.segments[index].name == key {
            left -= 1
            if left == 0 { return HL7Segment(storage: group.storage, index: index) }
        }
        return nil
    }

    /// A field of the first segment with a name, its first repetition; or a component or subcomponent of it. All numbers are from 1.
    public func value(_ name: String, _ field: Int, _ component: Int? = nil, _ subcomponent: Int? = nil) -> HL7Value? {
        guard var value = segment(name)?.field(field)?.repetition(1) else { return nil }
        if let component {
            guard let inner = value.component(component) else { return nil }
            value = inner
        }
        guard let subcomponent else { return value }
        return value.subcomponent(subcomponent)
    }

    /// What a path names.
    public func value(_ path: HL7Path) -> HL7Value? {
        guard let field = segment(path.segment, occurrence: path.occurrence)?.field(path.field) else { return nil }
        guard var value = field.repetition(path.repetition) else { return nil }
        if let component = path.component {
            guard let inner = value.component(component) else { return nil }
            value = inner
        }
        guard let subcomponent = path.subcomponent else { return value }
        return value.subcomponent(subcomponent)
    }

    /// The text at a path such as `PID-3.1`, `OBX(2)-5` or `PID-3(2).4.1`; `nil` where nothing is there, where it is null, and where the
    /// path is none.
    public subscript(_ path: String) -> String? { (try? HL7Path(path)).flatMap { value($0)?.text } }

    /// The parts that begin with a segment, each up to the next of them: the observations of each order, say. What stands before the
    /// first is in none.
    /// - Parameters:
    ///   - names: Any of these begins a part.
    ///   - continuing: Those that do not where the part has one of the named segments and none of their own yet: `["OBR": ["ORC"]]`
    ///     keeps an ORC with its OBR.
    public func groups(startingAt names: Set<String>, continuing: [String: Set<String>] = [:]) -> [HL7Group] {
        let keys = Set(names.map(HL7Storage.key))
        let exceptions = Dictionary(
            continuing.map { (HL7Storage.key($0), Set($1.map(HL7Storage.key))) }, uniquingKeysWith: { first, _ in first })
        var groups: [HL7Group] = []
        var start: Int?
        var seen: Set<UInt32> = []
        for index in group.range {
            let name = group.storage.segments[index].name
            if keys.contains(name) {
                let isPart = start != nil && exceptions[name].map { !$0.isDisjoint(with: seen) && !seen.contains(name) } ?? false
                if !isPart {
                    if let start { groups.append(HL7Group(storage: group.storage, range: start..<index)) }
                    start = index
                    seen = []
                }
            }
            seen.insert(name)
        }
        if let start { groups.append(HL7Group(storage: group.storage, range: start..<group.range.upperBound)) }
        return groups
    }
}

/// A segment of a message.
public struct HL7Segment: Sendable {
    let storage: HL7Storage
    let index: Int

    private var entry: HL7Storage.Segment { storage.segments[index] }

    /// Three letters.
    public var name: String {
        let key = entry.name
        return String(decoding: [UInt8(key >> 16 & 0xFF), UInt8(key >> 8 & 0xFF), UInt8(key & 0xFF)], as: UTF8.self)
    }

    /// The number of its last field.
    public var fieldCount: Int { storage.fieldCount(of: entry) }

    /// A field with all of its repetitions.
    /// - Parameter number: From 1, as the standard counts: MSH-1 is the delimiter.
    /// - Returns: `nil` where the segment ends before it.
    public func field(_ number: Int) -> HL7Value? {
        guard let range = storage.field(number, of: entry) else { return nil }
        let isDelimiters = entry.name == HL7Storage.header && number <= 2
        return HL7Value(storage: storage, range: range, level: isDelimiters ? .delimiters : .field)
    }

    /// The first repetition of a field, or a component or subcomponent of it.
    public func value(_ field: Int, _ component: Int? = nil, _ subcomponent: Int? = nil) -> HL7Value? {
        HL7Group(storage: storage, range: index..<(index + 1)).value(name, field, component, subcomponent)
    }

    /// How many of this name stand before it in the message, and itself.
    public var occurrence: Int {
        let key = entry.name
        return storage.segments[...index].count { $0.name == key }
    }

    func location(_ field: Int? = nil, _ component: Int? = nil) -> HL7Location {
        HL7Location(segment: name, occurrence: occurrence, field: field, component: component)
    }
}
