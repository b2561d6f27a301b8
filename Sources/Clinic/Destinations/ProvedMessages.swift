import FHIR
import Foundation
import HL7
import Results
import Terminology

/// Messages of results, each read back and compared with its result.
struct ProvedMessages: Sendable {
    var terminology: Terminology

    /// ORU^R01.
    /// - Throws: `HL7Error`, also where the message does not say what the result says.
    func oru(_ result: StudyResult, destination: String, site: HL7Site) throws -> Data {
        let message = try ORUWriter(site: site, terminology: terminology).message(for: result, destination: destination)
        try ORUProof(site: site, terminology: terminology).check(message, against: result, destination: destination)
        return Data(message)
    }

    /// A transaction.
    /// - Throws: `FHIRError`; `ClinicError` of code `notProved`, which says what differs.
    func transaction(_ result: StudyResult, replacing previous: StudyResult?, options: FHIROptions) throws -> Data {
        let bundle = try FHIRTransaction(options, terminology: terminology).bundle(result, replacing: previous)
        let bytes = try FHIRJSON.encode(bundle)
        let differences = try FHIRProof(options, terminology: terminology).differences(bytes, from: result)
        guard differences.isEmpty else {
            throw ClinicError(.notProved, "the resources differ from the result in \(differences.joined(separator: ", "))")
        }
        return bytes
    }
}
