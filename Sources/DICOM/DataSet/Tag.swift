/// A data element tag (PS3.5 section 7.1), named as in the data dictionary (PS3.6). Those in use are in `data_elements.csv`.
package struct Tag: Hashable, Sendable, CustomStringConvertible {
    package let group: UInt16
    package let element: UInt16
    /// How its value is written.
    package let representation: ValueRepresentation

    package init(_ group: UInt16, _ element: UInt16, _ representation: ValueRepresentation) {
        self.group = group
        self.element = element
        self.representation = representation
    }

    /// As the standard writes it: (0028,0010).
    package var description: String {
        let digits = { (number: UInt16) in
            String(repeating: "0", count: max(0, 4 - String(number, radix: 16).count)) + String(number, radix: 16).uppercased()
        }
        return "(\(digits(group)),\(digits(element)))"
    }
}

/// What kind of value an element has (PS3.5 section 6.2).
package enum ValueRepresentation: String, Hashable, Sendable {
    case ae = "AE"
    case `as` = "AS"
    case at = "AT"
    case cs = "CS"
    case da = "DA"
    case ds = "DS"
    case dt = "DT"
    case fd = "FD"
    case fl = "FL"
    case `is` = "IS"
    case lo = "LO"
    case lt = "LT"
    case ob = "OB"
    case od = "OD"
    case of = "OF"
    case ow = "OW"
    case pn = "PN"
    case sh = "SH"
    case sl = "SL"
    case sq = "SQ"
    case ss = "SS"
    case st = "ST"
    case tm = "TM"
    case uc = "UC"
    case ui = "UI"
    case ul = "UL"
    case un = "UN"
    case ur = "UR"
    case us = "US"
    case ut = "UT"
}
