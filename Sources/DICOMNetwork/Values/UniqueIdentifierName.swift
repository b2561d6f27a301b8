import CDICOMNetwork

/// Names of the standard's UIDs (PS3.6 annex A).
public enum UniqueIdentifierName {
    /// With a blank before each word, such as `CT Image Storage`; the UID itself where it has no name.
    public static func of(_ uid: String) -> String {
        guard let name = CDICOMNameOfUID(uid) else { return uid }
        let letters = Array(String(cString: name))
        var words = ""
        for (place, letter) in letters.enumerated() {
            // Before a capital after a small letter, and before the last of several capitals where a word begins with it.
            let endsWord = place > 0 && !letters[place - 1].isUppercase
            let beginsWord = place > 0 && place + 1 < letters.count && letters[place + 1].isLowercase
            if letter.isUppercase, endsWord || beginsWord { words.append(" ") }
            words.append(letter)
        }
        return words
    }
}
