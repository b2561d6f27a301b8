extension SearchFacts {
    /// What a search looks at of a resource; `nil` for one of a type that is not searched for, or without an id.
    /// - Parameter zone: Minutes east of Greenwich of dates without a zone: the site's.
    public init?(of resource: R4.AnyResource, zone: Int = 0) {
        guard let id = resource.id else { return nil }
        self.init(id: id)
        switch resource {
        case .diagnosticReport(let report):
            take(report.subject, report.identifier, report.effective?.range(zone: zone))
            (status, statusSystem) = (report.status.rawValue, "http://hl7.org/fhir/diagnostic-report-status")
        case .observation(let observation):
            take(observation.subject, observation.identifier, observation.effective?.range(zone: zone))
            (status, statusSystem) = (observation.status.rawValue, "http://hl7.org/fhir/observation-status")
        case .imagingStudy(let study):
            take(study.subject, study.identifier, study.started?.range(zone: zone))
            (status, statusSystem) = (study.status.rawValue, "http://hl7.org/fhir/imagingstudy-status")
        case .patient(let patient):
            identifiers = patient.identifier ?? []
        default: return nil
        }
    }

    private mutating func take(_ subject: R4.Reference?, _ identifiers: [R4.Identifier]?, _ time: TimeRange?) {
        self.identifiers = identifiers ?? []
        patientIdentifiers = subject?.identifier.map { [$0] } ?? []
        if let reference = subject?.reference, reference.hasPrefix("Patient/") { patient = String(reference.dropFirst("Patient/".count)) }
        self.time = time
    }
}

extension R4.Effective {
    /// The stretch of time that it says; `nil` for a Timing, and for a period that has neither begin nor end.
    public func range(zone: Int = 0) -> TimeRange? {
        switch self {
        case .dateTime(let time): return time.range(zone: zone)
        case .instant(let instant): return instant.range
        case .period(let period):
            // A period without an end goes on (FHIR R4, 2.24.0.9).
            guard period.start != nil || period.end != nil else { return nil }
            return TimeRange(start: period.start?.range(zone: zone).start ?? .min, end: period.end?.range(zone: zone).end ?? .max)
        case .timing: return nil
        }
    }
}
