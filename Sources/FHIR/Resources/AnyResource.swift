extension R4 {
    /// A resource of whichever type, told apart by its `resourceType`.
    public enum AnyResource: Hashable, Sendable, Codable {
        case diagnosticReport(DiagnosticReport)
        case observation(Observation)
        case imagingStudy(ImagingStudy)
        case patient(Patient)
        case device(Device)
        case serviceRequest(ServiceRequest)
        case auditEvent(AuditEvent)
        case operationOutcome(OperationOutcome)
        case capabilityStatement(CapabilityStatement)
        indirect case bundle(Bundle)
        /// One that Pleura does not speak, as it was read.
        case other(type: String, JSONTree)

        public init(from decoder: any Decoder) throws {
            let type: String = try decoder.container(keyedBy: ElementName.self).value("resourceType")
            switch type {
            case DiagnosticReport.resourceType: self = .diagnosticReport(try DiagnosticReport(from: decoder))
            case Observation.resourceType: self = .observation(try Observation(from: decoder))
            case ImagingStudy.resourceType: self = .imagingStudy(try ImagingStudy(from: decoder))
            case Patient.resourceType: self = .patient(try Patient(from: decoder))
            case Device.resourceType: self = .device(try Device(from: decoder))
            case ServiceRequest.resourceType: self = .serviceRequest(try ServiceRequest(from: decoder))
            case AuditEvent.resourceType: self = .auditEvent(try AuditEvent(from: decoder))
            case OperationOutcome.resourceType: self = .operationOutcome(try OperationOutcome(from: decoder))
            case CapabilityStatement.resourceType: self = .capabilityStatement(try CapabilityStatement(from: decoder))
            case Bundle.resourceType: self = .bundle(try Bundle(from: decoder))
            default: self = .other(type: type, try JSONTree(from: decoder))
            }
        }

        public func encode(to encoder: any Encoder) throws {
            if case .other(_, let tree) = self { try tree.encode(to: encoder) } else { try resource?.encode(to: encoder) }
        }

        /// `nil` for one that Pleura does not speak.
        public var resource: (any FHIRResource)? {
            switch self {
            case .diagnosticReport(let resource): resource
            case .observation(let resource): resource
            case .imagingStudy(let resource): resource
            case .patient(let resource): resource
            case .device(let resource): resource
            case .serviceRequest(let resource): resource
            case .auditEvent(let resource): resource
            case .operationOutcome(let resource): resource
            case .capabilityStatement(let resource): resource
            case .bundle(let resource): resource
            case .other: nil
            }
        }

        public var type: String {
            if case .other(let type, _) = self { return type }
            return resource.map { Swift.type(of: $0).resourceType } ?? ""
        }

        public var id: String? {
            if case .other(_, let tree) = self, case .text(let id)? = tree["id"] { return id }
            return resource?.id
        }
    }
}
