import Foundation

/// The words and codes of headers, and which of them fit a frontal radiograph of the chest: `header_words.json` beside this file.
///
/// What the table does not know is no claim: it may be a chest in another language.
struct HeaderWords: Decodable, Sendable {
    /// Modalities whose pictures may be chest radiographs.
    private var radiographs: Set<String>
    private var modalities: [String: String]
    private var retiredModalities: [String: String]
    private var sopClasses: [String: String]
    private var chestWords: [String]
    private var chestWholeWords: Set<String>
    private var bodyParts: Set<String>
    private var otherBodyParts: [String: String]
    private var regions: [String: String]
    private var viewWords: [String: String]
    private var frontalWords: Set<String>
    private var views: [String: String]
    private var frontalViews: Set<String>

    private enum CodingKeys: String, CodingKey {
        case radiographs, modalities, regions, views
        case retiredModalities = "retired_modalities"
        case sopClasses = "sop_classes"
        case chestWords = "chest_words"
        case chestWholeWords = "chest_whole_words"
        case bodyParts = "body_parts"
        case otherBodyParts = "other_body_parts"
        case viewWords = "view_words"
        case frontalWords = "frontal_words"
        case frontalViews = "frontal_views"
    }

    /// The table is part of the program; a test reads it.
    static let table: HeaderWords? = try? JSONDecoder().decode(HeaderWords.self, from: Data(PackageResources.header_words_json))

    /// "modality CT (Computed Tomography)"; `nil` for one that makes radiographs, or that is not known.
    func technique(modality: String?) -> String? {
        guard let code = modality.flatMap(Self.letters), !radiographs.contains(code) else { return nil }
        return (modalities[code] ?? retiredModalities[code]).map { "modality \(code) (\($0))" }
    }

    /// "SOP class CT Image"; `nil` for one that holds radiographs, or that is not known.
    func technique(sopClassUID: String?) -> String? { sopClassUID.flatMap { sopClasses[$0] }.map { "SOP class \($0)" } }

    /// The part that a text names; `nil` for the chest and for what is not known.
    func bodyPart(_ text: String?) -> String? {
        guard let text, let words = Self.words(text) else { return nil }
        let whole = words.joined()
        if let known = known(whole), known.hasSuffix("SPINE") { return known }
        if whole.contains("SPINE") { return "SPINE" }
        guard !chestWords.contains(where: whole.contains), chestWholeWords.isDisjoint(with: words), !chestWholeWords.contains(whole) else {
            return nil
        }
        return known(whole) ?? words.lazy.compactMap(known).first
    }

    /// The region that a code, or else its meaning, names; `nil` for the chest and for what is not known.
    func region(code: String?, meaning: String?) -> String? {
        guard let name = code.flatMap({ regions[$0] }) else { return bodyPart(meaning) }
        return bodyPart(name) != nil || !isChest(name) ? name : nil
    }

    /// "a left lateral view (LL)"; `nil` for frontal views and for what is not known.
    func view(_ text: String?) -> String? {
        guard let text, let words = Self.words(text) else { return nil }
        let whole = words.joined()
        if let meaning = viewWords[whole] { return Self.view(meaning, as: whole) }
        guard frontalWords.isDisjoint(with: words) else { return nil }
        // "left lateral decubitus" is another view than "left lateral", so what says most goes first.
        let known = words.filter { viewWords[$0] != nil }
        let telling = known.first { viewWords[$0]?.contains("decubitus") == true } ?? known.first { $0.hasPrefix("OBL") } ?? known.first
        return telling.flatMap { word in viewWords[word].map { Self.view($0, as: word) } }
    }

    /// "a left lateral view"; `nil` for frontal views and for what is not known.
    func view(code: String?) -> String? {
        guard let code, !frontalViews.contains(code), let meaning = views[code] else { return nil }
        return Self.view(meaning.lowercased(), as: nil)
    }

    private func known(_ word: String) -> String? {
        if bodyParts.contains(word) { return word }
        return otherBodyParts[word]
    }

    private func isChest(_ text: String) -> Bool {
        guard let words = Self.words(text) else { return false }
        return chestWords.contains(where: words.joined().contains) || !chestWholeWords.isDisjoint(with: words)
    }

    private static func view(_ meaning: String, as word: String?) -> String {
        let article = meaning.first.map { "aeiou".contains($0) } == true ? "an" : "a"
        return "\(article) \(meaning) view" + (word.map { " (\($0))" } ?? "")
    }

    /// A code without what people put around it; `nil` where nothing is left.
    private static func letters(_ text: String) -> String? { words(text)?.joined() }

    /// Words in capitals, sides left out; `nil` where there are none, or where the text is in letters that cannot be told.
    private static func words(_ text: String) -> [String]? {
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let words = text.uppercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        let sides: Set<String> = ["LEFT", "RIGHT", "L", "R", "LT", "RT", "BOTH", "BILATERAL"]
        // The lumbar spine is no left one.
        guard words.count > 1, words != ["L", "SPINE"] else { return words.isEmpty ? nil : words }
        let kept = words.filter { !sides.contains($0) }
        return kept.isEmpty ? nil : kept
    }
}
