import Foundation

extension DomainFile {
    /// A domain as a file that `read` takes; JSON is YAML too, and the names of the keys are the card's.
    public static func text(of domain: Domain) throws(DomainError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            // What a kind of gate does not use would be refused as a key that is not known.
            guard var object = try JSONSerialization.jsonObject(with: encoder.encode(domain)) as? [String: Any] else {
                throw DomainError(.bad, "\(domain.name) cannot be written")
            }
            if var gate = object["gate"] as? [String: Any] {
                if domain.gate.kind != .meanImage { for key in ["warning_share", "refuse_below"] { gate[key] = nil } }
                if domain.gate.kind != .appearance { gate["margin"] = nil }
                object["gate"] = gate
            }
            let bytes = try JSONSerialization.data(withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
            return String(decoding: bytes, as: UTF8.self) + "\n"
        } catch {
            throw DomainError(.bad, "\(domain.name) cannot be written")
        }
    }
}
