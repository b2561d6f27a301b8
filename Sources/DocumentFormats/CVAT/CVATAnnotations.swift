import Foundation
import XMLCoder

/// The elements of CVAT's XML. Every number is still text: messages are better made where the place is known.
struct CVATAnnotations: Decodable {
    static let root = "annotations"

    /// Of the task, the project or the job.
    var labels: [Label]
    var images: [Image]
    /// What videos have.
    var tracks: [Track]

    enum CodingKeys: String, CodingKey { case meta, image, track }
    private enum MetaKeys: String, CodingKey, CaseIterable { case task, project, job }
    private enum OwnerKeys: String, CodingKey { case labels }
    private enum LabelsKeys: String, CodingKey { case label }
    private struct Ignored: Decodable { init(from decoder: any Decoder) {} }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        images = try container.decodeIfPresent([Image].self, forKey: .image) ?? []
        tracks = try container.decodeIfPresent([Track].self, forKey: .track) ?? []
        labels = []
        guard let meta = try? container.nestedContainer(keyedBy: MetaKeys.self, forKey: .meta) else { return }
        for key in MetaKeys.allCases {
            guard let owner = try? meta.nestedContainer(keyedBy: OwnerKeys.self, forKey: key),
                let list = try? owner.nestedContainer(keyedBy: LabelsKeys.self, forKey: .labels)
            else { continue }
            labels += (try? list.decodeIfPresent([Label].self, forKey: .label)) ?? []
        }
    }

    struct Label: Decodable {
        var id: String?
        var name: String?
        var type: String?

        enum CodingKeys: String, CodingKey { case id, name, type }
        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            id = try? container.decodeIfPresent(String.self, forKey: .id)
            name = try? container.decodeIfPresent(String.self, forKey: .name)
            type = try? container.decodeIfPresent(String.self, forKey: .type)
        }
    }

    /// One object through the frames of a video.
    struct Track: Decodable {
        var label: String?
        /// By kind, as `CVATReading` asks for them.
        var shapes: [(kind: String, shape: Shape)]
        /// Lines, points, cuboids and skeletons, each with its frame.
        var others: [Shape]

        enum CodingKeys: String, CodingKey, CaseIterable { case label, box, polygon, mask, ellipse, polyline, points, cuboid, skeleton }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            label = try? container.decodeIfPresent(String.self, forKey: .label)
            shapes = []
            for key in [CodingKeys.box, .polygon, .mask, .ellipse] {
                shapes += (try container.decodeIfPresent([Shape].self, forKey: key) ?? []).map { (key.rawValue, $0) }
            }
            others = [CodingKeys.polyline, .points, .cuboid, .skeleton].flatMap {
                ((try? container.decodeIfPresent([Shape].self, forKey: $0)) ?? nil) ?? []
            }
        }
    }

    struct Image: Decodable {
        /// The frame, where there are tracks.
        var id: String?
        var name: String?
        var width: String?
        var height: String?
        var subset: String?
        var taskID: String?
        var boxes: [Shape]
        var polygons: [Shape]
        var masks: [Shape]
        var ellipses: [Shape]
        var tags: [Shape]
        /// Lines, points, cuboids and skeletons.
        var otherCount: Int

        enum CodingKeys: String, CodingKey {
            case id, name, width, height, subset, box, polygon, mask, ellipse, tag, polyline, points, cuboid, skeleton
            case taskID = "task_id"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            func text(_ key: CodingKeys) -> String? { try? container.decodeIfPresent(String.self, forKey: key) }
            (id, name, width, height) = (text(.id), text(.name), text(.width), text(.height))
            (subset, taskID) = (text(.subset), text(.taskID))
            boxes = try container.decodeIfPresent([Shape].self, forKey: .box) ?? []
            polygons = try container.decodeIfPresent([Shape].self, forKey: .polygon) ?? []
            masks = try container.decodeIfPresent([Shape].self, forKey: .mask) ?? []
            ellipses = try container.decodeIfPresent([Shape].self, forKey: .ellipse) ?? []
            tags = try container.decodeIfPresent([Shape].self, forKey: .tag) ?? []
            otherCount = [CodingKeys.polyline, .points, .cuboid, .skeleton].reduce(0) { count, key in
                count + ((try? container.decodeIfPresent([Ignored].self, forKey: key))?.count ?? 0)
            }
        }
    }

    /// A shape or a tag, with whichever attributes its kind has.
    struct Shape: Decodable {
        var texts: [String: String]
        /// The attributes that the label asks for, by name.
        var attributes: [String: String]

        enum CodingKeys: String, CodingKey, CaseIterable {
            case label, xtl, ytl, xbr, ybr, rotation, points, left, top, width, height, cx, cy, rx, ry, frame, outside, attribute
        }
        private struct Attribute: Decodable {
            var name: String?
            var value: String?

            enum CodingKeys: String, CodingKey {
                case name
                case value = ""
            }
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                name = try? container.decodeIfPresent(String.self, forKey: .name)
                value = try? container.decodeIfPresent(String.self, forKey: .value)
            }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            texts = [:]
            for key in CodingKeys.allCases where key != .attribute {
                if let text = try? container.decodeIfPresent(String.self, forKey: key) { texts[key.rawValue] = text }
            }
            attributes = [:]
            for attribute in (try? container.decodeIfPresent([Attribute].self, forKey: .attribute)) ?? [] {
                if let name = attribute.name, let value = attribute.value, !value.isEmpty { attributes[name] = value }
            }
        }
    }
}
