import Foundation
import Results

/// An order for an examination, as an ordering system told it.
public struct Order: Hashable, Sendable {
    /// What the sender wants done with it (ORC-1, HL7 table 0119).
    public enum Action: String, Hashable, Sendable, CaseIterable {
        /// It is new, or takes another's place: NW, SN, CH, RL, RP, RO.
        case place
        /// It is another now: XO, XX, XR, SC, PA, AF.
        case change
        /// It is not wanted any more: CA, OC, CR, DC, OD, DR.
        case cancel
        /// Something is told of it, such as a result, a status, that it is on hold or that something could not be done: all other words.
        case inform
    }

    public enum Urgency: String, Hashable, Sendable, CaseIterable { case stat, routine }

    /// MSH-10: of the message that it came in.
    public var messageControlID: String
    public var action: Action
    /// ORC-1 as it came; `nil` where the message has no ORC.
    public var control: String?
    /// ORC-5, HL7 table 0038.
    public var status: String?
    public var placerNumber: String?
    public var fillerNumber: String?
    public var accessionNumber: String?
    public var studyInstanceUID: String?
    public var patient: PatientIdentity
    public var urgency: Urgency
    /// When it is wanted.
    public var scheduled: Date?
    public var indication: String?
    public var procedureCode: String?
    public var procedureText: String?
    public var procedureScheme: String?
    public var visitNumber: String?
    /// What in the message could not be used, a sentence each without patient data.
    public var remarks: [String]

    /// What of it goes into a result.
    public var resultOrder: ResultOrder {
        ResultOrder(
            placerNumber: placerNumber, fillerNumber: fillerNumber, procedureCode: procedureCode, procedureText: procedureText,
            procedureScheme: procedureScheme, indication: indication, visitNumber: visitNumber)
    }

    public init(messageControlID: String, action: Action, patient: PatientIdentity, urgency: Urgency = .routine) {
        (self.messageControlID, self.action, self.patient, self.urgency) = (messageControlID, action, patient, urgency)
        remarks = []
    }
}
