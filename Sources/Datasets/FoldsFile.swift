import Foundation

/// `folds.csv`: one patient and one fold a row.
enum FoldsFile {
    /// - Throws: `DatasetError` with every problem.
    static func read(_ url: URL) throws -> [String: Int] {
        let table = try CSVFile(url)
        let (patients, numbers) = (try table.column("patient"), try table.column("fold"))
        var folds: [String: Int] = [:]
        var problems: [String] = []
        try table.forEachRow { row, number in
            guard row.count > max(patients, numbers), !row[patients].isEmpty, let fold = Int(row[numbers]), fold >= 0 else {
                problems.append("\(table.place(number)): not a patient and a fold")
                return
            }
            if let known = folds.updateValue(fold, forKey: row[patients]), known != fold {
                problems.append("\(table.place(number)): a patient who is in another fold above")
            }
        }
        guard problems.isEmpty else { throw DatasetError(.malformed, problems: problems) }
        return folds
    }

    static func text(_ folds: [String: Int]) -> String {
        "patient,fold\n" + folds.sorted { $0.key < $1.key }.map { "\(CSVFile.quoted($0.key)),\($0.value)\n" }.joined()
    }
}
