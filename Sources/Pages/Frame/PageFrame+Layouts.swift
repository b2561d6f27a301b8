extension PageFrame {
    /// A whole page of sections below each other.
    /// - Parameters:
    ///   - heading: Markup.
    ///   - sections: Markup of each; empty ones are left out.
    ///   - addition: To the notice at the end; markup.
    func page(heading: String, sections: [String], addition: String = "") -> String {
        """
        \(head)<main>
        <h1>\(heading)</h1>
        \(sections.filter { !$0.isEmpty }.map { "<section>\n\($0)</section>" }.joined(separator: "\n"))
        \(Self.notice(addition))</main>
        \(foot)
        """
    }

    /// What stands before pictures that follow one by one: the frame's head, and a column of explanations and controls.
    /// - Parameters:
    ///   - name: What the column is, for those who hear the page.
    ///   - heading: Text of the page's title.
    ///   - column: Markup.
    ///   - addition: To the notice at the column's end; markup.
    func beforePictures(column name: String, heading: String, _ column: String, addition: String = "") -> String {
        """
        \(head)<div class="page">
        <aside aria-label="\(name)">
        <h1>\(heading)</h1>
        \(column)\(Self.notice(addition))</aside>
        <main id="images" aria-label="Images">

        """
    }

    /// What stands after them.
    var afterPictures: String { "</main>\n</div>\n\(foot)" }
}
