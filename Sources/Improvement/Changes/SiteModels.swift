import Basics
import Foundation
import HashChains
import Models

/// The models of a site: bundles by digest, and the change log, whose last switch says which is in use.
///
/// A switch is one line that is appended to the log and synchronised: a program that is killed before it leaves the old model in use, one that is
/// killed after it the new. Nothing else has to agree. The link `current` beside it is for people and for `pleura serve --model`, and is put
/// right whenever the folder is opened.
public struct SiteModels: Sendable {
    public let folder: URL
    private let log: ChainFile<ModelChange>

    /// - Parameter folder: `improvement` beside the archive's database, or any other; made where it is missing.
    public init(folder: URL) {
        self.folder = folder
        log = ChainFile(folder.appendingPathComponent("changes.jsonl"), word: "change")
    }

    private var models: URL { folder.appendingPathComponent("models") }
    /// A link to the bundle in use.
    public var currentLink: URL { folder.appendingPathComponent("current") }

    /// All that was done, checked.
    /// - Throws: `ChainError` that names the first entry that is not as it was written.
    public func changes() throws -> [ModelChange] { try log.read() }

    /// The model in use.
    /// - Throws: `ImprovementError` where none was adopted yet; `ModelError` where its bundle is not as it was.
    public func current() throws -> ModelBundle {
        guard let last = try changes().last(where: \.isSwitch) else {
            throw ImprovementError(.missing, "\(folder.lastPathComponent): no model is in use yet: adopt one first")
        }
        let bundle = try bundle(last.model)
        try link(last.model)
        return bundle
    }

    /// A bundle that is kept here.
    /// - Throws: `ImprovementError`, `ModelError`.
    public func bundle(_ digest: String) throws -> ModelBundle {
        let place = place(of: digest)
        guard FileManager.default.fileExists(atPath: place.path) else {
            throw ImprovementError(.missing, "the model \(digest.prefix(16)) is not kept in \(folder.lastPathComponent)")
        }
        let bundle = try ModelBundle(directory: place)
        guard bundle.digest == digest else {
            throw ImprovementError(
                .malformed, "the model kept as \(digest.prefix(16)) is another: its digest is \(bundle.digest.prefix(16))")
        }
        return bundle
    }

    /// Keeps a copy of a bundle.
    /// - Throws: `ImprovementError` of an ensemble, whose members lie elsewhere, or where there is no room.
    @discardableResult
    public func keep(_ bundle: ModelBundle) throws -> ModelBundle {
        guard bundle.ensemble == nil else {
            throw ImprovementError(.refused, "\(bundle.card.name) is an ensemble, whose members lie elsewhere: keep a single model")
        }
        let place = place(of: bundle.digest)
        if let kept = try? ModelBundle(directory: place), kept.digest == bundle.digest { return kept }
        do {
            try FileManager.default.createDirectory(at: models, withIntermediateDirectories: true)
            try AtomicFolder(place, replaces: true).fill { folder in
                let source = bundle.directory.resolvingSymlinksInPath()
                for name in try FileManager.default.contentsOfDirectory(atPath: source.path) where !name.hasPrefix(".") {
                    try FileManager.default.copyItem(
                        at: source.appendingPathComponent(name).resolvingSymlinksInPath(), to: folder.appendingPathComponent(name))
                }
            }
        } catch {
            throw ImprovementError(.cannotWrite, "the model cannot be kept in \(folder.lastPathComponent)")
        }
        return try self.bundle(bundle.digest)
    }

    /// Notes that something was done that leaves the model in use as it is.
    @discardableResult
    public func note(_ content: ModelChange.Content) throws -> ModelChange {
        let changes = try changes()
        let entry = ModelChange(after: changes.last, content, before: changes.last(where: \.isSwitch)?.model)
        guard !entry.isSwitch else { throw ImprovementError(.refused, "a switch of models is not a note") }
        try log.append([entry])
        return entry
    }

    /// The first model of the site.
    /// - Throws: `ImprovementError` where one is in use already: from then on there is the gate.
    @discardableResult
    public func adopt(_ bundle: ModelBundle, by person: String, reason: String) throws -> ModelChange {
        let changes = try changes()
        guard !changes.contains(where: \.isSwitch) else {
            throw ImprovementError(.refused, "a model is in use already; another one takes its place by the gate and promote")
        }
        let kept = try keep(bundle)
        return try switchTo(kept, .adopt, by: person, reason: reason, changes)
    }

    /// Lets a candidate take the place of the model in use.
    /// - Throws: `ImprovementError` where nobody is named, or the last gate between just these two models did not let it through.
    @discardableResult
    public func promote(_ digest: String, by person: String, reason: String) throws -> ModelChange {
        let changes = try changes()
        guard let current = changes.last(where: \.isSwitch) else {
            throw ImprovementError(.missing, "no model is in use yet: adopt one first")
        }
        guard current.model != digest else { throw ImprovementError(.refused, "the model \(digest.prefix(16)) is in use already") }
        let judged = changes.last { $0.kind == .gate && $0.model == digest && $0.before == current.model }
        guard let judged else {
            throw ImprovementError(
                .refused, "the model \(digest.prefix(16)) was not held against the one in use: pleura improve gate")
        }
        guard judged.verdict == "better" || judged.verdict == "no worse" else {
            throw ImprovementError(
                .refused, "the gate says of the model \(digest.prefix(16)): \(judged.verdict ?? "nothing") (change \(judged.number))")
        }
        return try switchTo(try bundle(digest), .promote, by: person, reason: reason, changes)
    }

    /// Takes back the model that was in use before the present one came; a second time, the one before that.
    /// - Throws: `ImprovementError` where there was none.
    @discardableResult
    public func rollback(by person: String, reason: String) throws -> ModelChange {
        let changes = try changes()
        var used: [String] = []
        for change in changes where change.isSwitch {
            if change.kind == .rollback { _ = used.popLast() } else { used.append(change.model) }
        }
        guard used.count > 1 else { throw ImprovementError(.nothing, "no other model was in use before") }
        return try switchTo(try bundle(used[used.count - 2]), .rollback, by: person, reason: reason, changes)
    }

    private func switchTo(
        _ bundle: ModelBundle, _ kind: ModelChange.Kind, by person: String, reason: String, _ changes: [ModelChange]
    ) throws -> ModelChange {
        let person = person.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !person.isEmpty else { throw ImprovementError(.refused, "only a person who is named may do this") }
        let entry = ModelChange(
            after: changes.last,
            .init(kind, model: bundle.digest, name: "\(bundle.card.name) \(bundle.card.version)", by: person, reason: reason),
            before: changes.last(where: \.isSwitch)?.model)
        try log.append([entry])
        try link(bundle.digest)
        return entry
    }

    private func place(of digest: String) -> URL { models.appendingPathComponent(String(digest.prefix(16))) }

    /// Points `current` to a bundle, in one step.
    private func link(_ digest: String) throws {
        let target = "models/\(digest.prefix(16))"
        if (try? FileManager.default.destinationOfSymbolicLink(atPath: currentLink.path)) == target { return }
        let aside = folder.appendingPathComponent(".current-\(UUID().uuidString)")
        do {
            try FileManager.default.createSymbolicLink(atPath: aside.path, withDestinationPath: target)
        } catch {
            throw ImprovementError(.cannotWrite, "the link to the model in use cannot be written")
        }
        guard rename(aside.path, currentLink.path) == 0 else {
            unlink(aside.path)
            throw ImprovementError(.cannotWrite, "the link to the model in use cannot be written")
        }
    }
}
