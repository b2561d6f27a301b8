import Foundation

/// `folds.csv`: one patient and one fold a row.
enum FoldsFile {
    /// - Throws: `DatasetError` with every problem.
    static func read(_ url: URL) throws -> [String: Int] {
        let table = try CSVTable(url)
        let (patients, numbers) = (try table.column("patient"), try table.column("fold"))
        var folds: [String: Int] = [:]
        var problems: [String] = []
        for (index, row) in table.rows.enumerated() {
            guard row.count > max(patients, numbers), !row[patients].isEmpty, let fold = Int(row[numbers]), fold >= 0 else {
                problems.append("\(table.place(index)): not a patient and a fold")
                continue
            }
            if let known = folds.updateValue(fold, forKey: row[patients]), known != fold {
                problems.append("\(table.place(index)): a patient who is in another fold above")
            }
        }
        guard problems.isEmpty else { throw DatasetError(.malformed, problems: problems) }
        return folds
    }

    static func text(_ folds: [String: Int]) -> String {
        "patient,fold\n" + folds.sorted { $0.key < $1.key }.map { "\(quoted($0.key)),\($0.value)\n" }.joined()
    }

    private static func quoted(_ field: String) -> String {
        guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
        return "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}
