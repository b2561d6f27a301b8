import Foundation

/// A task of Label Studio as its export has it. Every region is on its own: one that is broken spoils no other.
struct LabelStudioTask: Decodable {
    var data: Facts
    var annotations: [Checked<Work>]?
    var predictions: Presence?

    enum CodingKeys: String, CodingKey { case data, annotations, completions, predictions }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        data = try container.decode(Facts.self, forKey: .data)
        // Label Studio before version 1 said completions.
        annotations =
            try container.decodeIfPresent([Checked<Work>].self, forKey: .annotations)
            ?? container.decodeIfPresent([Checked<Work>].self, forKey: .completions)
        predictions = try container.decodeIfPresent(Presence.self, forKey: .predictions)
    }

    /// What the task shows: the image and whatever else was imported with it.
    struct Facts: Decodable {
        var texts: [String: String]
        var attributes: [String: String]

        init(from decoder: any Decoder) throws {
            texts = try LooseTexts(from: decoder).texts
            let container = try decoder.container(keyedBy: LooseTexts.AnyKey.self)
            attributes = (try? container.decode(LooseTexts.self, forKey: .init(stringValue: "attributes")))?.texts ?? [:]
        }
    }

    /// What one reader made of it.
    struct Work: Decodable {
        var result: [Checked<Region>]
        var isCancelled: Bool
        var reader: String?

        enum CodingKeys: String, CodingKey {
            case result
            case isCancelled = "was_cancelled"
            case reader = "completed_by"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            result = try container.decode([Checked<Region>].self, forKey: .result)
            isCancelled = try container.decodeIfPresent(Bool.self, forKey: .isCancelled) ?? false
            if let user = try? container.decode(User.self, forKey: .reader) {
                reader = (user.email ?? user.username ?? user.id)?.text
            } else {
                reader = (try? container.decode(LooseText.self, forKey: .reader))?.text
            }
        }

        private struct User: Decodable {
            var id: LooseText?
            var email: LooseText?
            var username: LooseText?
        }
    }

    struct Region: Decodable {
        var type: String
        var originalWidth: Double?
        var originalHeight: Double?
        var imageRotation: Double?
        var value: Value?
        /// Notes that people wrote are lists; they are left aside.
        var meta: LooseTexts?

        enum CodingKeys: String, CodingKey {
            case type, value, meta
            case originalWidth = "original_width"
            case originalHeight = "original_height"
            case imageRotation = "image_rotation"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            type = try container.decode(String.self, forKey: .type)
            originalWidth = try container.decodeIfPresent(Double.self, forKey: .originalWidth)
            originalHeight = try container.decodeIfPresent(Double.self, forKey: .originalHeight)
            imageRotation = try container.decodeIfPresent(Double.self, forKey: .imageRotation)
            // Only the kinds that are read must be well made.
            let isRead = Value.Kind(rawValue: type) != nil
            value = isRead ? try container.decodeIfPresent(Value.self, forKey: .value) : nil
            meta = try? container.decodeIfPresent(LooseTexts.self, forKey: .meta)
        }
    }

    struct Value: Decodable {
        /// The kinds of regions that are read; each names its labels by itself.
        enum Kind: String {
            case rectanglelabels, labels, rectangle, polygonlabels, ellipselabels, choices
        }
        var x: Double?
        var y: Double?
        var width: Double?
        var height: Double?
        var rotation: Double?
        var radiusX: Double?
        var radiusY: Double?
        var points: [[Double]]?
        var rectanglelabels: [String]?
        var labels: [String]?
        var polygonlabels: [String]?
        var ellipselabels: [String]?
        var choices: [String]?
    }
}
