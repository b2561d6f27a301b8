import Datasets
import Findings
import Interchange

/// The findings of VinDr-CXR's tables with the ids that the tables give them.
struct VinDrClasses {
    private var ids: [String: Int] = [:]
    private var names: [Int: String] = [:]
    /// A finding that only a table without ids has is not among these classes.
    var hasTableWithoutIDs = false

    /// - Parameter text: The id in the table, from 0.
    /// - Throws: `RowFault` where it is none, or not the one of this finding in a row above.
    mutating func add(_ name: String, _ text: String?) throws {
        guard let id = text.flatMap(CSVFile.number).flatMap({ Int(exactly: $0) }), (0..<Int(Int32.max)).contains(id) else {
            throw RowFault("the class_id is not a whole number from 0")
        }
        guard ids[name] ?? id == id, names[id] ?? name == name else {
            throw RowFault("another class_id for this finding than in a row above")
        }
        (ids[name], names[id]) = (id, name)
    }

    /// With ids from 1; `nil` where the tables do not say the ids of all.
    var findingClasses: [FindingClass]? {
        guard !ids.isEmpty, !hasTableWithoutIDs else { return nil }
        return names.sorted { $0.key < $1.key }.map { FindingClass(id: $0.key + 1, name: $0.value) }
    }
}
