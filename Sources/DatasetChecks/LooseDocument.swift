import Datasets

/// `annotations.json` as it may be after other programs and hands: whatever is missing or of the wrong type is `nil`, so that one bad
/// entry does not hide the others.
struct LooseDocument: Decodable {
    struct Image: Decodable {
        var id: Int?
        var fileName: String?
        var width: Int?
        var height: Int?
        var patient: String?
        var part: String?

        init(from decoder: any Decoder) throws {
            guard let values = try? decoder.container(keyedBy: COCODocument.Image.CodingKeys.self) else { return }
            id = try? values.decode(Int.self, forKey: .id)
            fileName = try? values.decode(String.self, forKey: .fileName)
            width = try? values.decode(Int.self, forKey: .width)
            height = try? values.decode(Int.self, forKey: .height)
            patient = try? values.decode(String.self, forKey: .patient)
            part = try? values.decode(String.self, forKey: .part)
        }
    }
    struct Annotation: Decodable {
        var imageID: Int?
        var categoryID: Int?
        var box: [Double]?
        var reader: String?
        var agreement: Double?

        init(from decoder: any Decoder) throws {
            guard let values = try? decoder.container(keyedBy: COCODocument.Annotation.CodingKeys.self) else { return }
            imageID = try? values.decode(Int.self, forKey: .imageID)
            categoryID = try? values.decode(Int.self, forKey: .categoryID)
            box = try? values.decode([Double].self, forKey: .box)
            reader = try? values.decode(String.self, forKey: .reader)
            agreement = try? values.decode(Double.self, forKey: .agreement)
        }
    }
    struct Category: Decodable {
        var id: Int?
        var name: String?

        init(from decoder: any Decoder) throws {
            guard let values = try? decoder.container(keyedBy: Keys.self) else { return }
            id = try? values.decode(Int.self, forKey: .id)
            name = try? values.decode(String.self, forKey: .name)
        }
        private enum Keys: CodingKey { case id, name }
    }

    var images: [Image]?
    var annotations: [Annotation]?
    var categories: [Category]?

    private enum Keys: CodingKey { case images, annotations, categories }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Keys.self)
        images = try? values.decode([Image].self, forKey: .images)
        annotations = try? values.decode([Annotation].self, forKey: .annotations)
        categories = try? values.decode([Category].self, forKey: .categories)
    }
}
