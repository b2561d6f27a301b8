/// What a receiver answers (HL7 2.5.1, 2.14.8 MSA, table 0008).
public struct Acknowledgement: Hashable, Sendable {
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// It was done.
        case applicationAccept = "AA"
        /// Something in the message is wrong.
        case applicationError = "AE"
        /// It is not for this receiver, or the receiver cannot now.
        case applicationReject = "AR"
        /// It is kept safely.
        case commitAccept = "CA"
        case commitError = "CE"
        case commitReject = "CR"

        public var isCommit: Bool { rawValue.hasPrefix("C") }
        public var isAccepted: Bool { rawValue.hasSuffix("A") }
    }

    /// What an ERR segment says.
    public struct Detail: Hashable, Sendable {
        public var location: HL7Location?
        /// HL7 table 0357.
        public var code: String?
        public var text: String?

        public init(location: HL7Location? = nil, code: String? = nil, text: String? = nil) {
            (self.location, self.code, self.text) = (location, code, text)
        }
    }

    public var code: Code
    /// MSA-2: the MSH-10 of the message that it answers.
    public var messageControlID: String
    /// MSA-3, or what ERR says for people.
    public var text: String?
    public var details: [Detail]

    public init(_ code: Code, of messageControlID: String, text: String? = nil, details: [Detail] = []) {
        (self.code, self.messageControlID, self.text, self.details) = (code, messageControlID, text, details)
    }

    /// Whether the same message may be taken later: the receiver was locked, out of order, or says nothing of the message that is wrong.
    public var mayBeTriedAgain: Bool {
        guard !code.isAccepted else { return false }
        let codes = details.compactMap(\.code)
        if codes.isEmpty { return code == .applicationReject || code == .commitReject || code == .commitError }
        return codes.allSatisfy { ["206", "207"].contains($0) }
    }

    /// Reads the answer out of a message: ACK, or a response of another type with MSA in it.
    /// - Throws: `HL7Error` where there is no MSA, or its code is none of table 0008.
    public init(_ message: HL7Message) throws {
        guard let msa = message.segment("MSA") else { throw HL7Error(.missing, "there is no MSA", at: HL7Location(segment: "MSA")) }
        guard let code = msa.value(1, 1)?.leaf.flatMap({ Code(rawValue: $0.uppercased()) }) else {
            throw HL7Error(.badValue, "MSA-1 is none of AA, AE, AR, CA, CE, CR", at: msa.location(1))
        }
        guard let controlID = msa.value(2, 1)?.leaf else {
            throw HL7Error(.missing, "MSA-2 does not say which message is answered", at: msa.location(2))
        }
        let details = message.segments("ERR").flatMap(Self.details)
        self.init(code, of: controlID, text: msa.value(3)?.text ?? details.lazy.compactMap(\.text).first, details: details)
    }

    private static func details(_ segment: HL7Segment) -> [Detail] {
        func number(_ value: HL7Value?) -> Int? { value?.text.flatMap { Int($0) } }
        // Since 2.5 the code stands in ERR-3; before, all is in ERR-1, and may repeat.
        if let code = segment.value(3)?.component(1)?.leaf {
            let place = segment.field(2)?.repetition(1)
            let location = place?.component(1)?.leaf.map {
                HL7Location(
                    segment: $0, occurrence: number(place?.component(2)) ?? 1, field: number(place?.component(3)),
                    component: number(place?.component(5)))
            }
            return [Detail(location: location, code: code, text: segment.value(8)?.text ?? segment.value(3)?.component(2)?.text)]
        }
        return (segment.field(1)?.repetitions ?? []).compactMap { repetition in
            let location = repetition.component(1)?.leaf.map {
                HL7Location(segment: $0, occurrence: number(repetition.component(2)) ?? 1, field: number(repetition.component(3)))
            }
            let code = repetition.component(4)
            guard location != nil || code?.isEmpty == false else { return nil }
            return Detail(location: location, code: code?.subcomponent(1)?.text, text: code?.subcomponent(2)?.text)
        }
    }
}
