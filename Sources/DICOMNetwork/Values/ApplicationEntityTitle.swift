/// Titles of application entities (PS3.5 AE): 1 to 16 characters without control characters and backslash; blanks around them mean nothing.
public enum ApplicationEntityTitle {
    /// Without blanks around it; `nil` where it is no title.
    public static func normalised(_ text: String) -> String? {
        let trimmed = text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
        let bytes = String(trimmed).utf8
        guard (1...16).contains(bytes.count), bytes.allSatisfy({ (0x20...0x7E).contains($0) && $0 != 0x5C }) else { return nil }
        return String(trimmed)
    }
}
