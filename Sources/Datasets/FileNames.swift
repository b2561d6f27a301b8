/// Names of files that come from outside and are joined to a folder's path.
enum FileNames {
    /// True where the name stays inside the folder it is joined to: relative, and none of its steps empty, `.` or `..`.
    static func isInside(_ name: String) -> Bool {
        let steps = name.split(separator: "/", omittingEmptySubsequences: false)
        return !name.isEmpty && !name.utf8.contains(0) && !steps.contains { $0.isEmpty || $0 == "." || $0 == ".." }
    }
}
