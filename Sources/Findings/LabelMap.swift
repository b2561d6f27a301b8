import Foundation

/// What the columns of a network's scores mean: the finding classes in the order of the file, as the TensorFlow Object Detection API
/// writes them (`label_map.pbtxt`, Protocol Buffers text format). Position in `classes`, from 0, is the column; `id`, from 1, is COCO's
/// `category_id`.
public struct LabelMap: Hashable, Sendable {
    /// In the order of the file.
    public private(set) var classes: [FindingClass]
    /// What a file calls the background, where it has an item of id 0 for it, as the TensorFlow Object Detection API allows; none of
    /// `classes`.
    public private(set) var background: String?

    /// - Throws: `LabelMapError` where there is no class, an id is below 1 (0 is the background) or an id or a name occurs twice.
    public init(_ classes: [FindingClass]) throws { try self.init(classes, items: Array(classes.indices)) }

    /// - Parameters:
    ///   - items: Where each class stands in its file, from 0, for messages.
    ///   - background: What the file calls the background.
    package init(_ classes: [FindingClass], items: [Int], background: String? = nil) throws {
        guard !classes.isEmpty else { throw LabelMapError(.missing, "the label map has no item") }
        var ids = Set<Int>()
        var names = Set<String>()
        for (position, item) in zip(items, classes) {
            let place = "item \(position + 1)"
            guard !item.name.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty else {
                throw LabelMapError(.missing, "\(place) has no name")
            }
            guard item.id != 0 else {
                throw LabelMapError(.outOfRange, "\(place): id 0 of '\(item.name)' is the background's; ids begin at 1")
            }
            guard (1...Int(Int32.max)).contains(item.id) else {
                throw LabelMapError(.outOfRange, "\(place): id \(item.id) of '\(item.name)' is not between 1 and \(Int32.max)")
            }
            guard ids.insert(item.id).inserted else { throw LabelMapError(.doubled, "\(place): id \(item.id) occurs twice") }
            guard names.insert(item.name).inserted else {
                throw LabelMapError(.doubled, "\(place): the name '\(item.name)' occurs twice")
            }
        }
        self.classes = classes
        self.background = background
    }

    public subscript(id id: Int) -> FindingClass? { classes.first { $0.id == id } }
    public subscript(name name: String) -> FindingClass? { classes.first { $0.name == name } }

    /// The column of a class in the network's scores, from 0.
    public func index(ofName name: String) -> Int? { classes.firstIndex { $0.name == name } }
    /// The column of a class in the network's scores, from 0.
    public func index(ofID id: Int) -> Int? { classes.firstIndex { $0.id == id } }
}
