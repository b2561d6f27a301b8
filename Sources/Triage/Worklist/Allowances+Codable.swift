/// One flat object of minutes: `{"Pneumothorax": 10, "failed": 30, "nothing_seen": 240}`. A key that is no class is a finding; a class that is
/// not there has its minutes of `Allowances.standard`.
extension Allowances: Codable {
    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// - Throws: `TriageError` of code `badAllowance` where a time is no allowance; `DecodingError` where it is no number.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        var minutes: [String: Double] = [:]
        for key in container.allKeys { minutes[key.stringValue] = try container.decode(Double.self, forKey: key) }
        let standard = Self.standard
        func take(_ name: String, else usual: Double) -> Double { minutes.removeValue(forKey: name) ?? usual }
        let failed = take(WorklistClass.failed, else: standard.failed)
        let waiting = take(WorklistClass.waiting, else: standard.waiting)
        let nothingSeen = take(WorklistClass.nothingSeen, else: standard.nothingSeen)
        let other = take(WorklistClass.other, else: standard.other)
        let stat = take(WorklistClass.stat, else: standard.stat)
        try self.init(findings: minutes, failed: failed, waiting: waiting, nothingSeen: nothingSeen, other: other, stat: stat)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        for (name, minutes) in findings.sorted(by: { $0.key < $1.key }) { try container.encode(minutes, forKey: Name(name)) }
        for name in WorklistClass.all { try container.encode(minutes(of: name), forKey: Name(name)) }
    }
}
