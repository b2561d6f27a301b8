import Datasets
import Findings
import Foundation

/// The categories of one or several files in COCO's format, and the findings that come of them.
struct COCOCategories {
    struct Entry: Decodable {
        var id: LooseInteger
        var name: String
        var supercategory: String?
    }

    /// What the ids of one file mean.
    struct Names {
        fileprivate(set) var names: [Int: String] = [:]
        /// Ids that say two things.
        fileprivate(set) var ambiguous: Set<Int> = []
    }

    private struct Category {
        var id: Int
        var name: String
        var supercategory: String?
    }

    /// In the order in which files name them, each id once.
    private var known: [Category] = []
    /// Ids that boxes have.
    private var used: Set<Int> = []

    mutating func use(_ id: Int) { used.insert(id) }

    /// - Parameter name: The file's, for messages.
    mutating func read(_ list: [Checked<Entry>], name: String, _ problems: inout ProblemList, _ notes: inout [String]) -> Names {
        var found = Names()
        for (index, checked) in list.enumerated() {
            let place = "\(name), category \(index + 1)"
            guard let entry = checked.value(place, &problems) else { continue }
            let id = entry.id.value
            if entry.name.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty {
                problems.append("\(place): its name is empty")
            } else if let own = found.names[id] {
                if own == entry.name {
                    notes.append("\(place): it is there twice and was taken once")
                } else {
                    problems.append("\(place): its id occurs twice")
                    found.ambiguous.insert(id)
                }
            } else if let other = known.first(where: { $0.id == id }), other.name != entry.name {
                problems.append("\(place): its id has another name in another file")
                found.ambiguous.insert(id)
            } else {
                found.names[id] = entry.name
                guard !known.contains(where: { $0.id == id }) else { continue }
                known.append(Category(id: id, name: entry.name, supercategory: entry.supercategory))
            }
        }
        return found
    }

    /// Roboflow puts a heading at id 0, which is the others' supercategory and no finding, even where it has the name of one.
    private var heading: Int? {
        guard known.count > 1 else { return nil }
        return known.first { item in
            let others = known.filter { $0.id != item.id }
            let isOutermost = ["", "none"].contains(item.supercategory?.lowercased() ?? "")
            guard !used.contains(item.id), item.id == 0 || isOutermost else { return false }
            if others.allSatisfy({ $0.supercategory == item.name }) { return true }
            return item.id == 0 && item.supercategory?.lowercased() == "none"
                && others.allSatisfy { !["", "none"].contains($0.supercategory?.lowercased() ?? "") }
        }?.id
    }

    /// With ids from 1.
    func classes(_ notes: inout [String]) -> [FindingClass] {
        let heading = heading
        if let heading { notes.append("category \(heading) is the heading of the others and was left out") }
        var classes: [FindingClass] = []
        var ids: [String: [Int]] = [:]
        for item in known where item.id != heading { ids[item.name, default: []].append(item.id) }
        for item in known where item.id != heading && !classes.contains(where: { $0.name == item.name }) {
            let own = ids[item.name] ?? []
            if own.count > 1 {
                notes.append("categories \(own.map(String.init).joined(separator: ", ")) have one name and are one finding")
            }
            classes.append(FindingClass(id: own.first { $0 >= 1 } ?? item.id, name: item.name))
        }
        let numbers = classes.map(\.id)
        if let least = numbers.min(), let greatest = numbers.max(), least < 1 || greatest > Int(Int32.max) {
            let shifts = least == 0 && greatest < Int(Int32.max)
            if !shifts { classes.sort { $0.id < $1.id } }
            for index in classes.indices { classes[index].id = shifts ? classes[index].id + 1 : index + 1 }
            notes.append(shifts ? "ids begin at 0 in the source: each finding's id is one more here" : "the findings have new ids, from 1")
        }
        return classes
    }
}
