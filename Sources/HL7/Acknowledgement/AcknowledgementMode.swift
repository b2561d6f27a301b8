/// When an acknowledgement is wanted (HL7 table 0155).
public enum AcknowledgementCondition: String, Hashable, Sendable, CaseIterable {
    case always = "AL"
    case never = "NE"
    /// Only where something went wrong.
    case onError = "ER"
    /// Only where nothing did.
    case onSuccess = "SU"

    public func wants(success: Bool) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .onError: !success
        case .onSuccess: success
        }
    }
}

/// Which answers a message asks for (HL7 2.5.1, 2.9.2 and 2.9.3).
public struct AcknowledgementMode: Hashable, Sendable {
    /// Whether a commit (CA, CE, CR) tells that the message is kept, before what came of it is told (AA, AE, AR).
    public var isEnhanced: Bool
    /// MSH-15; never in the original mode, which has no commit.
    public var accept: AcknowledgementCondition
    /// MSH-16; always in the original mode.
    public var application: AcknowledgementCondition

    public static let original = AcknowledgementMode(isEnhanced: false, accept: .never, application: .always)

    public init(isEnhanced: Bool, accept: AcknowledgementCondition, application: AcknowledgementCondition) {
        (self.isEnhanced, self.accept, self.application) = (isEnhanced, accept, application)
    }

    /// What MSH-15 and MSH-16 ask for: both empty is the original mode. In the enhanced mode one that is empty asks for nothing, and a
    /// word that is not in the table for an answer always: a sender is rather told too much than left waiting.
    public init(_ message: HL7Message) {
        let (accept, application) = (message.value("MSH", 15)?.leaf, message.value("MSH", 16)?.leaf)
        guard accept != nil || application != nil else {
            self = .original
            return
        }
        func condition(_ word: String?) -> AcknowledgementCondition? {
            word.flatMap { AcknowledgementCondition(rawValue: $0.uppercased()) }
        }
        self.init(
            isEnhanced: true, accept: condition(accept) ?? (accept == nil ? .never : .always),
            application: condition(application) ?? (application == nil ? .never : .always))
    }
}
