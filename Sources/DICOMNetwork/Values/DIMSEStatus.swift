/// A status of a DIMSE answer (PS3.7 Annex C, PS3.4 B.2.3).
public struct DIMSEStatus: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public var rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    public init(_ rawValue: UInt16) { self.rawValue = rawValue }

    public static let success = DIMSEStatus(0x0000)
    public static let processingFailure = DIMSEStatus(0x0110)
    public static let noSuchInstance = DIMSEStatus(0x0112)
    public static let invalidArgument = DIMSEStatus(0x0115)
    public static let invalidInstance = DIMSEStatus(0x0117)
    public static let resourceLimitation = DIMSEStatus(0x0213)
    public static let outOfResources = DIMSEStatus(0xA700)
    public static let doesNotMatchClass = DIMSEStatus(0xA900)
    public static let coercedElements = DIMSEStatus(0xB000)
    public static let elementsDiscarded = DIMSEStatus(0xB006)
    public static let warningDoesNotMatchClass = DIMSEStatus(0xB007)
    public static let cannotUnderstand = DIMSEStatus(0xC000)
    public static let pending = DIMSEStatus(0xFF00)

    public var isSuccess: Bool { rawValue == 0 }
    /// Done, with something to note.
    public var isWarning: Bool { rawValue & 0xF000 == 0xB000 || [0x0001, 0x0107, 0x0116].contains(rawValue) }
    public var isPending: Bool { rawValue == 0xFF00 || rawValue == 0xFF01 }
    public var isFailure: Bool { !isSuccess && !isWarning && !isPending }
    public var isOutOfResources: Bool { rawValue & 0xFF00 == 0xA700 || self == .resourceLimitation }

    /// As the standard writes it: "A700".
    public var description: String {
        let digits = String(rawValue, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
