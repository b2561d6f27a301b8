/// Labels of a whole image in one field of a table: parted by `|`, as NIH has them, with `\` before a `|` or `\` that belongs to a label.
package enum ImageLabelText {
    /// What stands for no label at all, in a normal image.
    package static let normal = "No Finding"

    package static func text(_ labels: [String]) -> String {
        guard !labels.isEmpty else { return normal }
        return labels.map { $0.flatMap { $0 == "|" || $0 == "\\" ? ["\\", $0] : [$0] } }.map { String($0) }.joined(separator: "|")
    }

    package static func labels(_ text: String) -> [String] {
        var (labels, label, isEscaped) = ([String](), "", false)
        for character in text {
            if !isEscaped, character == "\\" {
                isEscaped = true
            } else if !isEscaped, character == "|" {
                labels.append(label)
                label = ""
            } else {
                label.append(character)
                isEscaped = false
            }
        }
        return (labels + [label]).filter { !$0.isEmpty && $0 != normal }
    }
}
