import Foundation

/// Versions of the libraries this process has loaded, from their files' names (`libdcmdata.so.3.6.7`), since few offer a call.
struct LoadedLibraries {
    private let names: [String]

    init() {
        let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
        let paths = Set(maps.split(separator: "\n").map { line in String(line.drop { $0 != "/" }) })
        names = paths.map { ($0 as NSString).lastPathComponent }
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
