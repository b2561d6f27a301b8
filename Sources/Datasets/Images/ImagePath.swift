import Foundation

/// A path as annotations spell it, of this machine or of another one, in steps: `C:\x\a.png`, `images%5Ca.png`, `/home/x/a.png` and
/// `../x/a.png` have `a.png` as their last.
package struct ImagePath: Hashable {
    /// Folders and the file's name. A drive, a server, the root and steps that lead up are none.
    package let steps: [String]

    /// - Parameter stripped: How many folders are left out at the beginning; the file's name stays.
    package init(_ name: String, stripping stripped: Int = 0) {
        var path = name
        if let scheme = path.range(of: "://") { path = String(path[scheme.upperBound...]) }
        path = path.replacingOccurrences(of: "\\", with: "/")
        var steps: [String] = []
        for step in path.split(separator: "/") where step != "." {
            if step == ".." { _ = steps.popLast() } else { steps.append(String(step)) }
        }
        if let drive = steps.first, drive.count == 2, drive.hasSuffix(":"), steps.count > 1 { steps.removeFirst() }
        self.steps = steps.isEmpty ? [] : Array(steps.dropFirst(min(stripped, steps.count - 1)))
    }

    /// The spellings to try, the plain one first: a name may have `%` or `\` of its own.
    package static func spellings(of name: String, stripping stripped: Int = 0) -> [ImagePath] {
        var spellings: [ImagePath] = []
        for text in [name, name.removingPercentEncoding].compactMap({ $0 }) where !text.utf8.contains(0) {
            let path = ImagePath(text, stripping: stripped)
            if !path.steps.isEmpty, !spellings.contains(path) { spellings.append(path) }
        }
        return spellings
    }

    /// How much of two paths is the same, counted in steps from their ends.
    /// - Parameter isSameFile: Compares the last steps.
    package static func commonEnding(_ one: [String], _ other: [String], isSameFile: (String, String) -> Bool) -> Int {
        guard let last = one.last, let otherLast = other.last, isSameFile(last, otherLast) else { return 0 }
        return 1 + zip(one.dropLast().reversed(), other.dropLast().reversed()).prefix { $0 == $1 }.count
    }

    /// How this path and a file's agree; `nil` where the file's path does not fit: where each has a folder that the other has not, as
    /// `valid/1.png` and `train/1.png` do.
    /// - Parameters:
    ///   - file: The steps of the file's whole path.
    ///   - inner: How many steps of it, from its end, are below a folder to look in; the same file may be below several.
    ///   - isSameFile: Compares the last steps.
    package func fit(_ file: [String], inner: [Int], isSameFile: (String, String) -> Bool) -> Fit? {
        let common = Self.commonEnding(steps, file, isSameFile: isSameFile)
        guard common > 0 else { return nil }
        if common == steps.count { return Fit(common: common, isWhole: true) }
        // What is above the folder to look in is another machine's or this one's, and need not agree, but for the part of a split.
        guard inner.contains(where: { $0 <= common }) else { return nil }
        if common < file.count, let here = PartNames.known(file[file.count - 1 - common]),
            let there = PartNames.known(steps[steps.count - 1 - common]), here != there
        {
            return nil
        }
        return Fit(common: common, isWhole: false)
    }

    package struct Fit: Hashable {
        /// Steps that agree.
        package var common: Int
        /// True where nothing of the annotations' path was set aside.
        package var isWhole: Bool
    }
}
