/// What a finding can be: one entry of a label map. Classes are data, read from a file, never an enumeration in code.
public struct FindingClass: Hashable, Sendable {
    /// The identifier in the label map and in COCO's `category_id`; 1 or greater (0 is the background in the TF OD API).
    public var id: Int
    /// The name as the label map has it, such as `Cardiomegaly`.
    public var name: String
    /// True where a model has learnt it from too few boxes to be relied on (`leastBoxes`).
    public var isExperimental: Bool

    /// A finding learnt from fewer boxes is experimental.
    public static let leastBoxes = 50

    public init(id: Int, name: String, isExperimental: Bool = false) {
        self.id = id
        self.name = name
        self.isExperimental = isExperimental
    }

    /// The name for people, with `(experimental)` behind it where that holds.
    public var title: String { isExperimental ? Self.experimentalTitle(name) : name }

    /// How an experimental finding is named to people.
    public static func experimentalTitle(_ name: String) -> String { "\(name) (experimental)" }
}
