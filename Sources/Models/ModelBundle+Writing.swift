import Basics
import Findings
import Foundation
import LabelMaps

extension ModelBundle {
    /// Writes a bundle whole or not at all: into a folder beside it, which then takes its name. An existing bundle is replaced; any other
    /// folder that holds something is left alone, and so is what lies beside the old bundle's own files.
    /// - Parameter int8: The network of 8-bit integers, of which the card's `quantised` tells.
    /// - Throws: `ModelError`.
    public static func write(to directory: URL, onnx: Data, int8: Data? = nil, labelMap: LabelMap, card: ModelCard) throws {
        var networks = [modelName: onnx]
        networks[int8Name] = int8
        try write(to: directory, networks, labelMap: labelMap, card: card)
    }

    /// Writes an ensemble in the same way; its members stay where they are.
    /// - Throws: `ModelError`.
    public static func write(to directory: URL, ensemble: ModelEnsemble, labelMap: LabelMap, card: ModelCard) throws {
        let file = try EnsembleFile(ensemble)
        try write(to: directory, [EnsembleFile.name: file.json], labelMap: labelMap, card: card)
    }

    /// The same model with another card; files that lie beside the bundle's own stay. The bundle's digest becomes another.
    /// - Returns: The bundle as it is now.
    /// - Throws: `ModelError`; the bundle is then as it was.
    public func replacing(card: ModelCard) throws -> ModelBundle {
        // A link to a bundle stays a link.
        let place = directory.resolvingSymlinksInPath()
        var networks: [String: Data] = [:]
        for name in ensemble != nil ? [EnsembleFile.name] : card.quantised == nil ? [Self.modelName] : [Self.modelName, Self.int8Name] {
            guard let bytes = try? Data(contentsOf: directory.appendingPathComponent(name)) else {
                throw ModelError(.unreadable, "\(name) cannot be opened")
            }
            networks[name] = bytes
        }
        try Self.write(to: place, networks, labelMap: labelMap, card: card)
        return try ModelBundle(directory: directory)
    }

    /// Files that are a bundle's own, whatever kind it is of.
    private static let ownNames: Set<String> = [modelName, int8Name, EnsembleFile.name, labelMapName, cardName, checksumsName]

    /// Whether a folder is a bundle, be it a damaged one: it has a card that can be read, or a list of the bundle's files. A file that is
    /// only called like one of them makes no bundle.
    private static func isBundle(_ directory: URL) -> Bool {
        if let bytes = try? Data(contentsOf: directory.appendingPathComponent(cardName)),
            (try? JSONDecoder().decode(ModelCard.self, from: bytes)) != nil
        {
            return true
        }
        let sums = (try? String(contentsOf: directory.appendingPathComponent(checksumsName), encoding: .utf8)) ?? ""
        return sums.contains("  \(cardName)\n") && sums.contains("  \(labelMapName)\n")
    }

    /// - Parameter model: The networks' files, or the ensemble's.
    private static func write(to directory: URL, _ model: [String: Data], labelMap: LabelMap, card: ModelCard) throws {
        try card.validate()
        guard (card.quantised?.file).map({ [$0] }) ?? [] == model.keys.filter({ $0 == int8Name }) else {
            throw ModelError(.cannotWrite, "the card and the files do not agree on whether there is a \(int8Name)")
        }
        var files = model
        files[labelMapName] = Data(labelMap.pbtxt.utf8)
        files[cardName] = try card.json()
        let manager = FileManager.default
        let target = directory.standardizedFileURL
        let replaces = manager.fileExists(atPath: target.path)
        if replaces {
            let held = (try? manager.contentsOfDirectory(atPath: target.path)) ?? ["?"]
            guard held.isEmpty || isBundle(target) else {
                throw ModelError(.cannotWrite, "the folder holds something other than a model bundle")
            }
        }
        do {
            try AtomicFolder(target, replaces: replaces).fill { fresh in
                for (name, bytes) in files { try bytes.write(to: fresh.appendingPathComponent(name)) }
                try Checksums(files).text.write(to: fresh.appendingPathComponent(checksumsName))
                guard replaces else { return }
                for name in try manager.contentsOfDirectory(atPath: target.path) where !ownNames.contains(name) {
                    try manager.copyItem(at: target.appendingPathComponent(name), to: fresh.appendingPathComponent(name))
                }
            }
        } catch {
            throw ModelError(.cannotWrite, "the bundle cannot be written there")
        }
    }
}
