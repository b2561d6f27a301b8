import Archive
import Basics
import Department
import Foundation
import HL7
import Logging
import Peers
import Results

/// Takes orders and changes of patients from the hospital's systems, and answers each message.
public struct MessageListener: Sendable {
    private let department: Department
    private let site: HL7Site
    private let logger: Logger

    public init(department: Department, site: HL7Site, logger: Logger) {
        (self.department, self.site, self.logger) = (department, site, logger)
    }

    /// Listens.
    /// - Throws: `PeerError`.
    public func start(_ settings: MLLPServer.Settings) async throws -> MLLPServer {
        try await MLLPServer.start(settings, logger: logger) { [self] bytes, _ in await answer(bytes) }
    }

    /// What is done with a message, and the answers.
    func answer(_ bytes: Data) async -> [Data] {
        let writer = AcknowledgementWriter(site: site)
        let message: HL7Message
        do {
            message = try HL7Message(Array(bytes), site.reading)
        } catch let error as HL7Error {
            return [Data(writer.rejection(of: Array(bytes), error: error, date: Date()))]
        } catch {
            return [Data(writer.rejection(of: Array(bytes), error: HL7Error(.notHL7, "the message cannot be read"), date: Date()))]
        }
        // What is acknowledged of one is no message that wants an answer.
        guard message.type.code != "ACK" else { return [] }
        let mode = AcknowledgementMode(message)
        let failure = await taken(message)
        var codes: [Acknowledgement.Code] = []
        let isTemporary = failure?.isTemporary == true
        if mode.isEnhanced, mode.accept.wants(success: failure == nil) {
            codes.append(failure == nil ? .commitAccept : isTemporary ? .commitError : .commitReject)
        }
        // What was not even received has no answer of the application.
        if mode.application.wants(success: failure == nil), codes.isEmpty || failure == nil {
            codes.append(failure == nil ? .applicationAccept : isTemporary ? .applicationError : .applicationReject)
        }
        return codes.map { Data(writer.answer(to: message, $0, error: failure?.error, date: Date())) }
    }

    private struct Failure {
        var error: HL7Error
        /// The same message may be taken later.
        var isTemporary: Bool
    }

    private func taken(_ message: HL7Message) async -> Failure? {
        do {
            let changes = try changes(in: message)
            let key = message.controlID.map {
                MessageKey(sender: "\(message.value("MSH", 3)?.text ?? "")|\(message.value("MSH", 4)?.text ?? "")", controlID: $0)
            }
            _ = try await department.apply(changes, from: key)
            return nil
        } catch let error as HL7Error {
            return Failure(error: error, isTemporary: false)
        } catch let error as ArchiveError where error.code == .cannotWrite {
            return Failure(error: HL7Error(.badValue, error.reason), isTemporary: false)
        } catch {
            logger.error("a message cannot be applied: \(ClinicReason.of(error))")
            return Failure(error: HL7Error(.unsupported, "it cannot be kept now"), isTemporary: true)
        }
    }

    private func changes(in message: HL7Message) throws -> [ClinicalChange] {
        if OrderReader.reads(message) {
            return try OrderReader(site: site).orders(in: message).compactMap { order in
                // What is only told of an order, such as that it is on hold, orders nothing.
                guard order.action != .inform else { return nil }
                return .order(
                    ClinicalOrder(
                        accessionNumber: order.accessionNumber, studyUID: order.studyInstanceUID, patient: order.patient,
                        details: order.resultOrder, urgency: order.urgency == .stat ? .stat : .routine,
                        isCancelled: order.action == .cancel, received: Date()))
            }
        }
        if PatientEventReader.reads(message) {
            return try PatientEventReader(site: site).events(in: message).map { event in
                switch event {
                case .update(let update): .patient(update.patient)
                case .merge(let merge): .merge(retired: merge.retired, surviving: merge.surviving)
                case .link(let link):
                    link.isLinked
                        ? .merge(retired: link.second, surviving: link.first) : .unmerge(retired: link.second, surviving: link.first)
                }
            }
        }
        throw HL7Error(.unsupported, "messages of this type are not taken")
    }
}
