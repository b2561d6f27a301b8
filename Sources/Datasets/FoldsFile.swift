import Basics
import Foundation

/// `folds.csv`: one patient and one fold a row.
package enum FoldsFile {
    /// - Throws: `DatasetError` with every problem.
    package static func read(_ url: URL) throws -> [String: Int] {
        let (folds, problems) = try rows(url)
        guard problems.isEmpty else { throw DatasetError(.malformed, problems: problems) }
        return folds
    }

    /// The rows that can be used, and what is wrong with the others.
    /// - Throws: `DatasetError` where it is no such table.
    package static func rows(_ url: URL) throws -> (folds: [String: Int], problems: ProblemList) {
        let table = try CSVFile(url)
        let (patients, numbers) = (try table.column("patient"), try table.column("fold"))
        var folds: [String: Int] = [:]
        var problems = ProblemList()
        table.forEachRecord { record, number in
            let row: [String]
            switch record {
            case .fields(let fields): row = fields
            case .fault(let fault): return problems.append("\(table.place(number)): \(fault)")
            }
            guard row.count > max(patients, numbers), !row[patients].isEmpty, let fold = Int(row[numbers]), fold >= 0 else {
                problems.append("\(table.place(number)): not a patient and a fold")
                return
            }
            if let known = folds[row[patients]], known != fold {
                problems.append("\(table.place(number)): a patient who is in another fold above")
            } else {
                folds[row[patients]] = fold
            }
        }
        return (folds, problems)
    }

    package static func text(_ folds: [String: Int]) -> String {
        "patient,fold\n" + folds.sorted { $0.key < $1.key }.map { "\(CSVField.quoted($0.key)),\($0.value)\n" }.joined()
    }
}
