/// Days in DICOM's form, YYYYMMDD (PS3.4 C.2.2.2.5): one day, or all from and to one, both included.
public struct DateRange: Sendable, Hashable {
    public var first: String?
    public var last: String?

    public init(from first: String?, to last: String?) { (self.first, self.last) = (first, last) }
    public init(day: String) { self.init(from: day, to: day) }

    /// As a key; empty matches all.
    var key: String {
        if first == last { return first ?? "" }
        return "\(first ?? "")-\(last ?? "")"
    }
}
