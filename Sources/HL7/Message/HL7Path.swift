import Basics

/// A place in a message as people write it: `PID-3.1`, `OBX(2)-5`, `PID-3(2).4.1`. Numbers are from 1.
public struct HL7Path: Hashable, Sendable, CustomStringConvertible {
    public var segment: String
    /// Which of the segments with this name.
    public var occurrence: Int
    public var field: Int
    public var repetition: Int
    public var component: Int?
    public var subcomponent: Int?

    /// - Throws: `HL7Error` of code `badPath`.
    public init(_ text: String) throws {
        var rest = Substring(text)
        let name = rest.prefix(3)
        rest = rest.dropFirst(3)
        let isName =
            name.utf8.count == 3 && name.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) }
            && name.first?.isNumber == false
        func fail() -> HL7Error { HL7Error(.badPath, "a place in a message is written as PID-3.1, OBX(2)-5 or PID-3(2).4.1") }
        func number() -> Int? {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            return digits.count <= 5 ? Int(digits).flatMap { $0 > 0 ? $0 : nil } : nil
        }
        func bracketed() throws -> Int {
            guard rest.first == "(" else { return 1 }
            rest = rest.dropFirst()
            guard let value = number(), rest.first == ")" else { throw fail() }
            rest = rest.dropFirst()
            return value
        }
        func dotted() throws -> Int? {
            guard !rest.isEmpty else { return nil }
            guard rest.first == "." else { throw fail() }
            rest = rest.dropFirst()
            guard let value = number() else { throw fail() }
            return value
        }
        guard isName else { throw fail() }
        segment = String(name)
        occurrence = try bracketed()
        guard rest.first == "-" || rest.first == "." else { throw fail() }
        rest = rest.dropFirst()
        guard let field = number() else { throw fail() }
        self.field = field
        repetition = try bracketed()
        component = try dotted()
        subcomponent = try dotted()
        guard rest.isEmpty else { throw fail() }
    }

    public var description: String {
        segment + (occurrence > 1 ? "(\(occurrence))" : "") + "-\(field)" + (repetition > 1 ? "(\(repetition))" : "")
            + (component.map { ".\($0)" } ?? "") + (subcomponent.map { ".\($0)" } ?? "")
    }
}
