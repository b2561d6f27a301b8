import ArgumentParser
import Basics
import Console
import Foundation
import Models
import Outputs

private let shareRange = OptionRange.share

/// Makes a bundle of several models that read together.
struct ModelEnsembleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ensemble", abstract: "Make one model of several that read together.",
        discussion: """
            Boxes of the members are joined by weighted box fusion, their whole-image scores averaged. The new bundle refers to its \
            members, which stay where they are and must not be moved apart from it.
            """)

    @Argument(help: ArgumentHelp("Names or directories of the members.", valueName: "name|dir"))
    var members: [String]
    @Option(help: ArgumentHelp("Where the new bundle goes.", valueName: "dir")) var out: String
    @Option(help: "What it is called; the folder's name where not given.") var name: String?
    @Option(
        help: shareRange.help("Boxes of a finding become one where their IoU is greater than this", "x", usual: 0.4),
        transform: shareRange.parse)
    var fusionIou = 0.4
    @Option(help: shareRange.help("Default operating threshold; the first member's where not given", "x"), transform: shareRange.parse)
    var threshold: Double?
    @OptionGroup var reports: ReportOptions

    func validate() throws {
        guard members.count > 1 else { throw ValidationError("an ensemble has two members or more") }
    }

    func run() throws {
        try reports.claim()
        let target = URL(fileURLWithPath: out).standardizedFileURL
        var parts: [ModelEnsemble.Member] = []
        for member in members {
            try Failure.about(member) {
                let bundle = try ModelStore.standard.bundle(member)
                guard bundle.ensemble == nil else { throw ModelError(.damaged, "an ensemble cannot be a member of another") }
                parts.append(.init(path: RelativePath.from(target, to: bundle.directory), bundle: bundle))
            }
        }
        // Writing replaces a bundle that is there; a trained network is not given up for a list of names.
        if let held = try? ModelBundle(directory: target), held.ensemble == nil {
            throw Failure(.wrongUse, "\(out): there is a model with a network of its own; choose another folder")
        }
        let first = parts[0].bundle
        if let stranger = parts.first(where: { $0.bundle.labelMap != first.labelMap }) {
            throw Failure(.wrongUse, "\(stranger.path): its label map is not that of \(parts[0].path)")
        }
        try Failure.about(out, status: .somethingMissing) {
            let card = ModelCard(
                ensembleOf: parts.map(\.bundle.card), name: name ?? target.lastPathComponent, threshold: threshold)
            try ModelBundle.write(
                to: target, ensemble: ModelEnsemble(members: parts, fusionIoU: fusionIou), labelMap: first.labelMap, card: card)
            let written = try ModelBundle(directory: target)
            if reports.printsText { StandardOutput.write("\(target.path)\t\(written.digest)\n") }
            try reports.write("model ensemble", ModelSummary(written.card.name, target, written))
        }
    }
}
