/// A value that shows nothing of what is in it when it is printed or reflected, so that no log, error or crash report repeats it by
/// accident.
public protocol Undisclosed: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension Undisclosed {
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}

extension HL7Message: Undisclosed { public var description: String { "an HL7 message" } }
extension HL7Group: Undisclosed { public var description: String { "\(count) HL7 segments" } }
extension HL7Segment: Undisclosed { public var description: String { "an HL7 segment \(name)" } }
extension HL7Value: Undisclosed { public var description: String { "an HL7 value" } }
extension HL7FieldText: Undisclosed { public var description: String { "the text of a field" } }
extension HL7SegmentText: Undisclosed { public var description: String { "the text of a segment \(name)" } }
extension HL7MessageText: Undisclosed { public var description: String { "the text of a message" } }
extension Order: Undisclosed { public var description: String { "an order" } }
extension PatientUpdate: Undisclosed { public var description: String { "an update of a patient by \(event)" } }
extension PatientMerge: Undisclosed { public var description: String { "a merge of patients by \(event)" } }
extension PatientLink: Undisclosed { public var description: String { "a link of patients by \(event)" } }
extension ReportedResult: Undisclosed { public var description: String { "a reported result" } }

extension MLLPEvent: Undisclosed {
    public var description: String {
        switch self {
        case .message(let bytes): "a message of \(bytes.count) bytes"
        case .commit(let isAccepted): isAccepted ? "a commit" : "a commit that was refused"
        case .junk(let count): "\(count) bytes outside of frames"
        case .unfinished(let count): "a message that ended after \(count) bytes"
        case .missingReturn: "a frame without its carriage return"
        case .tooLarge: "a message that is too large"
        }
    }
}
