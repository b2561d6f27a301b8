/// What a finding can be: one entry of a label map. Classes are data, read from a file, never an enumeration in code.
public struct FindingClass: Hashable, Sendable {
    /// The identifier in the label map and in COCO's `category_id`; 1 or greater (0 is the background in the TF OD API).
    public var id: Int
    /// The name as the label map has it, such as `Cardiomegaly`.
    public var name: String

    public init(id: Int, name: String) {
        self.id = id
        self.name = name
    }
}
