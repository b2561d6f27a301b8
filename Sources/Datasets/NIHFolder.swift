import Foundation

/// One folder in NIH ChestX-ray14's shape: `images/` and, where there is one, `Data_Entry_2017.csv`.
struct NIHFolder {
    static let dataEntry = "Data_Entry_2017.csv"

    /// For messages.
    let name: String
    /// Files by name without suffix.
    private(set) var images: [String: URL] = [:]
    /// View position by name without suffix.
    private(set) var views: [String: String] = [:]
    private(set) var problems: [String] = []

    /// - Throws: `DatasetError` where there is no `images/`.
    init(_ url: URL) throws {
        name = url.lastPathComponent
        let folder = url.appendingPathComponent(Dataset.imagesFolder)
        guard let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) else {
            throw DatasetError(.missing, "\(name) has no folder images/")
        }
        for file in files.sorted(by: { $0.lastPathComponent < $1.lastPathComponent })
        where ["png", "jpg", "jpeg"].contains(file.pathExtension.lowercased()) {
            let stem = file.deletingPathExtension().lastPathComponent
            if images.updateValue(file, forKey: stem) != nil {
                problems.append("\(name), image \(images.count) of images/ by name: there twice")
            }
        }
        let entries = url.appendingPathComponent(Self.dataEntry)
        if FileManager.default.fileExists(atPath: entries.path) { try readViews(CSVTable(entries)) }
    }

    private mutating func readViews(_ table: CSVTable) throws {
        let (file, patient, view) = (try table.column("Image Index"), try table.column("Patient ID"), try table.column("View Position"))
        for (index, row) in table.rows.enumerated() {
            guard row.count > max(file, patient, view), !row[file].isEmpty else {
                problems.append("\(table.place(index)): fewer columns than the header")
                continue
            }
            let stem = (row[file] as NSString).deletingPathExtension
            if let named = Int(Self.patient(stem)), Int(row[patient]) != named {
                problems.append("\(table.place(index)): another patient than the image's name says")
            }
            views[stem] = row[view].isEmpty ? nil : row[view]
        }
    }

    /// Where an image stands in `images/`, from 1; messages do not repeat names, which begin with the patient's number.
    func position(_ stem: String) -> Int { images.keys.count { $0 <= stem } }

    /// What comes before the underscore is the patient's number, eight digits.
    static func patient(_ stem: String) -> String { String(stem.prefix { $0 != "_" }) }
}
