import Basics
import Findings
import Outputs

/// What every page begins and ends with: the mark by which Pleura knows its own files, a policy that lets in nothing but what the page brings,
/// the style, the banner and the script.
struct PageFrame {
    private let title: String
    private let styles: [PageAsset]
    private let script: PageAsset?
    private let showsPictures: Bool
    private let nonce: String

    /// - Parameters:
    ///   - title: What the browser calls the page, after the program's name; text, not markup.
    ///   - styles: Beside the frame's own; what stands later wins.
    ///   - showsPictures: Whether the page brings JPEG or PNG pictures. SVG needs no permission.
    ///   - nonce: Marks the page's own style and script; nothing else on it takes effect.
    init(_ title: String, styles: [PageAsset], script: PageAsset? = nil, showsPictures: Bool, nonce: String) {
        self.title = title
        self.styles = [.frame] + styles
        self.script = script
        self.showsPictures = showsPictures
        self.nonce = MarkupText.escaped(nonce)
    }

    /// Up to the content. The mark stands before the style, however long that is: it is looked for in the first bytes only.
    var head: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        \(OwnFile.generatorMark)
        <meta http-equiv="Content-Security-Policy" content="\(policy)">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <title>Pleura: \(MarkupText.escaped(title))</title>
        <style nonce="\(nonce)">
        \(styles.map(\.text).joined())</style>
        </head>
        <body>
        <p class="banner" role="note"><b>\(MarkupText.escaped(Notice.banner))</b></p>

        """
    }

    /// After the content.
    var foot: String {
        let script = script.map { "<script nonce=\"\(nonce)\">\n\($0.text)</script>\n" } ?? ""
        return "\(script)</body>\n</html>\n"
    }

    /// The whole notice, which every page holds where its readers will look.
    /// - Parameter addition: Sentences of the page's own; markup.
    static func notice(_ addition: String = "") -> String {
        "<p class=\"notice\">\(MarkupText.escaped(Notice.researchUseOnly)).\(addition.isEmpty ? "" : " ")\(addition)</p>\n"
    }

    private var policy: String {
        let rules = [
            "default-src 'none'", showsPictures ? "img-src data:" : nil, "style-src 'nonce-\(nonce)'",
            script == nil ? nil : "script-src 'nonce-\(nonce)'", "base-uri 'none'", "form-action 'none'",
        ]
        return rules.compactMap { $0 }.joined(separator: "; ")
    }
}
