/// The attributes of one answer to C-FIND, or its keys: by keyword path ("PatientID", "ScheduledProcedureStepSequence[0].Modality"), by tag where there is no
/// keyword ("(0009,1001)"). Several values are joined by backslashes.
public struct QueryAnswer: Sendable, Hashable {
    public var values: [String: String]

    public init(values: [String: String] = [:]) { self.values = values }

    /// `nil` where absent or empty.
    public subscript(_ path: String) -> String? {
        guard let value = values[path], !value.isEmpty else { return nil }
        return value
    }

    public func list(_ path: String) -> [String] { self[path].map { $0.split(separator: "\\").map(String.init) } ?? [] }
}
