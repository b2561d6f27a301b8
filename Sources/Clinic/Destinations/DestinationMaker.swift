import Basics
import DICOMNetwork
import Department
import FHIR
import Foundation
import HL7
import Peers
import ResultObjects
import Terminology

/// Makes destinations of what a site has written down.
public struct DestinationMaker: Sendable {
    /// The title by which we call.
    let callingTitle: String
    let maker: ResultMaker
    let work: BlockingWork
    let productVersion: String

    public init(callingTitle: String, terminology: Terminology, productVersion: String) {
        // Connections wait for their peers, each on a thread of its own.
        work = BlockingWork(width: 16)
        maker = ResultMaker(terminology: terminology, work: BlockingWork(width: 2))
        (self.callingTitle, self.productVersion) = (callingTitle, productVersion)
    }

    /// - Throws: `PeerError` where a certificate or a key cannot be used.
    public func destination(_ settings: DestinationSettings) throws -> any Destination {
        let (name, rules) = (settings.name, settings.rules)
        func versioned(_ options: ResultObjectOptions) -> ResultObjectOptions {
            var options = options
            options.productVersion = productVersion
            // Objects that are made otherwise are others: under one UID everybody has the same bytes.
            let usual = ResultObjectOptions()
            if (options.captureSide, options.captureQuality, options.is3D) != (usual.captureSide, usual.captureQuality, usual.is3D) {
                options.seriesKey = "\(options.captureSide) \(options.captureQuality) \(options.is3D)"
            }
            return options
        }
        switch settings.kind {
        case .dicom(let address, let options, let commitment):
            return DICOMDestination(
                name: name, rules: rules,
                client: DICOMClient(
                    callingTitle: callingTitle, calledTitle: address.title, host: address.host, port: address.port,
                    security: address.security),
                options: versioned(options), commitment: commitment, maker: maker, work: work)
        case .hl7(let endpoint, let site, let patience):
            try endpoint.security.check()
            return HL7Destination(
                name: name, rules: rules, site: site, client: MLLPClient(to: endpoint), terminology: maker.terminology,
                patience: patience)
        case .fhir(let address, let web, let options):
            return FHIRDestination(
                name: name, rules: rules, address: address, client: try client(web), options: options, terminology: maker.terminology)
        case .dicomWeb(let address, let web, let options):
            return DICOMWebDestination(
                name: name, rules: rules, address: address, client: try client(web), options: versioned(options), maker: maker)
        case .folder(let folder, let options, let messages, let site):
            return FolderDestination(
                name: name, rules: rules, folder: folder, options: versioned(options), messages: messages, site: site, fhir: .init(),
                maker: maker, work: work)
        case .webhook(let address, let web, let secret):
            return WebhookDestination(name: name, rules: rules, address: address, client: try client(web), secret: secret)
        }
    }

    private func client(_ web: DestinationSettings.Web) throws -> HTTPPeerClient {
        try HTTPPeerClient(security: web.security, authorization: web.authorization)
    }
}
