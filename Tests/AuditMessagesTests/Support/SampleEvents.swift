import AuditMessages
import Foundation

/// A message of every event, as a department would tell them.
enum SampleEvents {
    static let time = Date(timeIntervalSince1970: 1_772_348_889.010)
    static let person = AuditPerson(account: "dr.garcía", place: .address("10.0.0.20"))
    static let pacs = AuditProcess(id: "pacs", aeTitles: ["PACS", "PACS2"], place: .machineName("pacs.example"))
    static let study = AuditStudy(
        uid: "1.2.840.99.1", patient: "PAT-0815", accessionNumber: "A77",
        instances: [AuditObjectDescription.Instances(classUID: "1.2.840.10008.5.1.4.1.1.1", count: 2, uids: ["1.2.3", "1.2.4"])])
    static let other = AuditStudy(uid: "1.2.840.99.2", patient: "PAT-0815")

    static func context(namesPatients: Bool) -> AuditContext {
        AuditContext(
            source: AuditSource(id: "pleura-1", enterpriseSite: "Radiology"),
            process: AuditProcess(id: "4711", aeTitles: ["PLEURA"], name: "pleura-serve", place: .machineName("ai.example")),
            namesPatients: namesPatients)
    }

    /// By the code of the event, with its name for people.
    static func all(namesPatients: Bool = false) -> [(code: String, message: AuditMessage)] {
        let context = context(namesPatients: namesPatients)
        let (study, person) = ([study, other], person)
        let query = Data("(0010,0010) PN [Surname^Given]".utf8)
        let media = AuditCode("110033", "DCM", "DVD")
        return [
            ("110100", context.applicationActivity(.start, launcher: person, at: time)),
            ("110100", context.applicationActivity(.stop, at: time)),
            ("110102", context.beginTransferring(study, .sent(to: pacs), startedByPeer: false, at: time)),
            ("110104", context.instancesTransferred(study, .received(from: pacs), startedByPeer: true, wereNew: true, at: time)),
            ("110104", context.instancesTransferred(study, .sent(to: pacs), startedByPeer: false, by: person, at: time)),
            (
                "110104",
                context.instancesTransferred(
                    study, .sent(to: pacs), startedByPeer: false, at: time, outcome: .failure("status A700 <full>"))
            ),
            ("110103", context.instancesAccessed(.read, study, by: person, at: time)),
            ("110105", context.studyDeleted(study, at: time)),
            ("110106", context.export(study, to: [pacs], by: person, at: time)),
            ("110106", context.export([self.study], media: ("disc 7", media), at: time)),
            ("110107", context.import([self.study], from: [pacs], at: time)),
            ("110107", context.import([self.study], media: ("disc 7", media), by: person, at: time)),
            (
                "110112",
                context.query("1.2.840.10008.5.1.4.31", .sent(to: pacs), keys: query, transferSyntax: "1.2.840.10008.1.2.1", at: time)
            ),
            ("110112", context.query("1.2.840.10008.5.1.4.1.2.2.1", .received(from: pacs), keys: query, at: time)),
            ("110109", context.orderRecord(.create, patient: "PAT-0815", from: pacs, at: time)),
            ("110110", context.patientRecord(.update, patients: ["PAT-0815", "PAT-0816"], from: pacs, at: time)),
            ("110111", context.procedureRecord(.update, study, by: person, at: time)),
            ("110114", context.userAuthentication(.login, person, at: time)),
            ("110114", context.userAuthentication(.logout, person, at: time)),
            (
                "110114",
                context.userAuthentication(.login, person, at: time, outcome: AuditOutcome(.minorFailure, "wrong password"))
            ),
        ]
            + AuditSecurityAlert.allCases.map {
                (
                    "110113",
                    context.securityAlert(
                        $0, "a \"stranger\" & <others>", subject: "10.9.9.9", performer: person, at: time,
                        outcome: AuditOutcome(.seriousFailure, "refused"))
                )
            }
    }
}
