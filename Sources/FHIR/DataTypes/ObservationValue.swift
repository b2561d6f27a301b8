extension R4 {
    /// `value[x]` of an Observation or of one of its components: one of the types, or none.
    public enum ObservationValue: Hashable, Sendable {
        case quantity(Quantity)
        case codeableConcept(CodeableConcept)
        case string(String)
        case boolean(Bool)
        case integer(Int)
        case range(Range)
        case ratio(Ratio)
        case dateTime(DateTime)
        case period(Period)
        /// SampledData and time, as they were read.
        case other(type: String, JSONTree)

        static let types = [
            "Quantity", "CodeableConcept", "String", "Boolean", "Integer", "Range", "Ratio", "SampledData", "Time", "DateTime", "Period",
        ]

        static func read(_ values: KeyedDecodingContainer<ElementName>) throws -> ObservationValue? {
            guard let name = try values.choice("value", of: types) else { return nil }
            switch name.dropFirst(5) {
            case "Quantity": return .quantity(try values.value(name))
            case "CodeableConcept": return .codeableConcept(try values.value(name))
            case "String": return .string(try values.value(name))
            case "Boolean": return .boolean(try values.value(name))
            case "Integer": return .integer(try values.value(name))
            case "Range": return .range(try values.value(name))
            case "Ratio": return .ratio(try values.value(name))
            case "DateTime": return .dateTime(try values.value(name))
            case "Period": return .period(try values.value(name))
            case let type: return .other(type: String(type), try values.value(name))
            }
        }

        func write(_ values: inout KeyedEncodingContainer<ElementName>) throws {
            switch self {
            case .quantity(let value): try values.put("valueQuantity", value)
            case .codeableConcept(let value): try values.put("valueCodeableConcept", value)
            case .string(let value): try values.put("valueString", value)
            case .boolean(let value): try values.put("valueBoolean", value)
            case .integer(let value): try values.put("valueInteger", value)
            case .range(let value): try values.put("valueRange", value)
            case .ratio(let value): try values.put("valueRatio", value)
            case .dateTime(let value): try values.put("valueDateTime", value)
            case .period(let value): try values.put("valuePeriod", value)
            case .other(let type, let value): try values.put("value" + type, value)
            }
        }
    }

    /// `effective[x]`, `occurrence[x]`: when it was so.
    public enum Effective: Hashable, Sendable {
        case dateTime(DateTime)
        case period(Period)
        case instant(Instant)
        /// A Timing, as it was read.
        case timing(JSONTree)

        static func read(_ values: KeyedDecodingContainer<ElementName>, _ prefix: String, of types: [String]) throws -> Effective? {
            guard let name = try values.choice(prefix, of: types) else { return nil }
            switch name.dropFirst(prefix.count) {
            case "DateTime": return .dateTime(try values.value(name))
            case "Period": return .period(try values.value(name))
            case "Instant": return .instant(try values.value(name))
            default: return .timing(try values.value(name))
            }
        }

        func write(_ values: inout KeyedEncodingContainer<ElementName>, _ prefix: String) throws {
            switch self {
            case .dateTime(let value): try values.put(prefix + "DateTime", value)
            case .period(let value): try values.put(prefix + "Period", value)
            case .instant(let value): try values.put(prefix + "Instant", value)
            case .timing(let value): try values.put(prefix + "Timing", value)
            }
        }
    }
}
