import Foundation

/// Versions of the libraries this process has loaded, from their files' names (`libdcmdata.so.17.3.6.7`), since few offer a call.
struct LoadedLibraries {
    private let names: Set<String>

    init() {
        // A file of /proc has no length: it is read to its end, not by its size.
        let maps = FileHandle(forReadingAtPath: "/proc/self/maps").flatMap { try? $0.readToEnd() } ?? Data()
        names = Set(
            String(decoding: maps, as: UTF8.self).split(separator: "\n").map { line in
                URL(fileURLWithPath: String(line.drop { $0 != "/" })).resolvingSymlinksInPath().lastPathComponent
            })
    }

    /// What follows `.so.` in the name of a library that is loaded; `nil` where none is.
    func version(_ library: String) -> String? {
        names.first { $0.hasPrefix(library + ".so.") }.map { String($0.dropFirst(library.count + 4)) }
    }

    /// What a C function `const char *name(void)` of a loaded library says.
    static func text(from function: String) -> String? {
        typealias Function = @convention(c) (OpaquePointer?) -> UnsafePointer<CChar>?
        guard let symbol = dlsym(nil, function) else { return nil }
        return unsafeBitCast(symbol, to: Function.self)(nil).map { String(cString: $0) }
    }
}
