/// Addresses of resources (PS3.18 10.1), from the address of the service: `https://host/dicom-web`.
public struct DICOMWebAddress: Hashable, Sendable {
    /// Without a slash at the end.
    public var service: String

    public init(service: String) {
        var service = service
        while service.last == "/" { service.removeLast() }
        self.service = service
    }

    public func study(_ study: String) -> String { "\(service)/studies/\(study)" }
    public func series(_ series: String, study: String) -> String { "\(self.study(study))/series/\(series)" }
    public func instance(_ instance: String, series: String, study: String) -> String {
        "\(self.series(series, study: study))/instances/\(instance)"
    }
    public func bulkData(_ instance: String, series: String, study: String) -> String {
        "\(self.instance(instance, series: series, study: study))/bulkdata"
    }

    /// A UID out of a path: digits and points, up to 64 (PS3.5 section 9).
    /// - Throws: `DICOMWebError` of code `badRequest`.
    public static func uid(_ text: some StringProtocol) throws -> String {
        let isUID = !text.isEmpty && text.utf8.count <= 64 && text.utf8.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) }
        guard isUID else { throw DICOMWebError(.badRequest, "a UID has up to 64 digits and points") }
        return String(text)
    }
}
