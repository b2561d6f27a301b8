import Basics

/// Tables of a page.
enum HTMLTable {
    /// - Parameters:
    ///   - header: Markup of each column's title; `nil` for a table without titles.
    ///   - rows: From `row(_:_:)`.
    static func table(_ header: [String]?, _ rows: [String], class name: String = "") -> String {
        let head = header.map { "<thead><tr>" + $0.map { "<th scope=\"col\">\($0)</th>" }.joined() + "</tr></thead>\n" } ?? ""
        return "<table\(name.isEmpty ? "" : " class=\"\(name)\"")>\n\(head)<tbody>\n\(rows.joined(separator: "\n"))\n</tbody>\n</table>\n"
    }

    /// - Parameters:
    ///   - title: Text, not markup.
    ///   - cells: Markup.
    static func row(_ title: String, _ cells: [String]) -> String {
        "<tr><th scope=\"row\">\(MarkupText.escaped(title))</th>\(cells.joined())</tr>"
    }

    static func cell(_ number: Int) -> String { number == 0 ? "<td class=\"zero\">0</td>" : "<td>\(number)</td>" }
}
