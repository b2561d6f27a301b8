import Foundation

extension HL7Message {
    /// The whole message as JSON, for comparison with other parsers: `segments`, each with `name` and `fields`, a field as repetitions
    /// of components of subcomponents, each as it stands in the message; and `texts`, the same with escape sequences replaced.
    public var jsonDescription: String {
        var json: [UInt8] = Array(#"{"segments":["#.utf8)
        for (number, segment) in segments.enumerated() {
            if number > 0 { json.append(0x2C) }
            json += #"{"name":""#.utf8
            json += segment.name.utf8
            for (key, isRaw) in [("fields", true), ("texts", false)] {
                json += (isRaw ? #"",""# : #",""#).utf8
                json += key.utf8
                json += #"":"#.utf8
                let count = segment.fieldCount
                Self.list(count > 0 ? Array(1...count) : [], into: &json) { field, json in
                    let repetitions = segment.field(field)?.repetitions ?? []
                    Self.list(repetitions, into: &json) { repetition, json in
                        Self.list(repetition.components, into: &json) { component, json in
                            Self.list(component.subcomponents, into: &json) { part, json in
                                Self.string(isRaw ? part.raw : part.isNull ? part.raw : part.text ?? "", into: &json)
                            }
                        }
                    }
                }
            }
            json.append(0x7D)
        }
        json += "]}".utf8
        return String(decoding: json, as: UTF8.self)
    }

    private static func list<Element>(_ elements: [Element], into json: inout [UInt8], _ write: (Element, inout [UInt8]) -> Void) {
        json.append(0x5B)
        for (number, element) in elements.enumerated() {
            if number > 0 { json.append(0x2C) }
            write(element, &json)
        }
        json.append(0x5D)
    }

    private static func string(_ text: String, into json: inout [UInt8]) {
        json.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C: json += [0x5C, byte]
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                json += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: json.append(byte)
            }
        }
        json.append(0x22)
    }
}
