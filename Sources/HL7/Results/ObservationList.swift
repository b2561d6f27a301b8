import Foundation
import Terminology

/// OBX segments that follow each other (HL7 2.5.1, 7.4.2).
struct ObservationList {
    let version: HL7Site.Version
    /// OBX-11 where nothing else is said.
    let status: String
    let date: Date
    /// OBX-4 of what is said of the study as a whole. The field is never empty: versions before 2.4 want it.
    static let whole = "0"
    private(set) var segments: [HL7SegmentText] = []

    init(version: HL7Site.Version, status: String, date: Date) { (self.version, self.status, self.date) = (version, status, date) }

    /// - Parameters:
    ///   - type: OBX-2.
    ///   - group: OBX-4: the same for what belongs to one finding (a number), image (I and a number) or line of the report (L and a
    ///     number).
    ///   - flag: OBX-8, HL7 table 0078.
    mutating func add(
        _ type: String, _ code: ConceptCode, _ value: HL7FieldText, group: String = Self.whole, units: ConceptCode? = nil,
        flag: String? = nil,
        status: String? = nil
    ) {
        var obx = HL7SegmentText("OBX")
        obx[1] = HL7FieldText(String(segments.count + 1))
        obx[2] = HL7FieldText(type)
        obx[3] = Self.coded(code)
        obx[4] = HL7FieldText(group)
        obx[5] = value
        if let units { obx[6] = Self.coded(units) }
        obx[8] = HL7FieldText(flag)
        obx[11] = HL7FieldText(status ?? self.status)
        obx[14] = HL7FieldText(HL7Time.text(date))
        segments.append(obx)
    }

    mutating func add(code value: ConceptCode, for code: ConceptCode, label: String? = nil, group: String = Self.whole, flag: String? = nil)
    {
        // CE is its name until 2.5, whose CWE has the same first components.
        add(version.isSince25 ? "CWE" : "CE", code, Self.coded(value, label: label), group: group, flag: flag)
    }

    /// - Parameter places: Decimals.
    /// - Throws: `HL7Error` of code `badValue` where it is no number.
    mutating func add(number: Double, places: Int, for code: ConceptCode, units: ConceptCode, group: String) throws {
        add("NM", code, HL7FieldText(try Self.decimal(number, places)), group: group, units: units)
    }

    /// - Parameter label: In the second coding, as Pleura's own.
    static func coded(_ code: ConceptCode, label: String? = nil) -> HL7FieldText {
        guard let label else { return .components(code.value, code.meaning, code.scheme) }
        let local = ConceptCode.local(label)
        return .components(code.value, code.meaning, code.scheme, local.value, label, local.scheme)
    }

    /// Without exponent, and without zeros at the end.
    static func decimal(_ number: Double, _ places: Int) throws -> String {
        let unit = (0..<places).reduce(1.0) { unit, _ in unit * 10 }
        let scaled = (number * unit).rounded()
        guard scaled.isFinite, abs(scaled) < 1e15 else { throw HL7Error(.badValue, "a number that cannot be written") }
        let digits = String(Int(abs(scaled)))
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        var fraction = padded.suffix(places)
        while fraction.last == "0" { fraction.removeLast() }
        return (scaled < 0 ? "-" : "") + padded.dropLast(places) + (fraction.isEmpty ? "" : "." + fraction)
    }
}
