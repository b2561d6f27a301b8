import Foundation

/// Where the bytes of an output go: links are followed, so that the file behind one is what is looked at and written.
enum OutputPlace: Equatable {
    /// A file that is there, or a name that is free.
    case file(String)
    /// A pipe or device, which is written into; a file taking its name would be a disaster.
    case device(String)
    /// A stream that is open already, such as `/dev/stdout`.
    case descriptor(Int32)

    /// - Throws: `ReportError` of code `cannotWrite` for a directory and for links in a circle.
    init(_ path: String) throws {
        var place = URL(fileURLWithPath: path).standardizedFileURL.path
        // As many links as Linux follows.
        for _ in 0...40 {
            if let number = Self.descriptor(place) {
                self = .descriptor(number)
                return
            }
            var status = stat()
            guard lstat(place, &status) == 0 else {
                self = .file(place)
                return
            }
            switch status.st_mode & S_IFMT {
            case S_IFREG:
                self = .file(place)
                return
            case S_IFDIR: throw ReportError(.cannotWrite, "\(path) is a directory")
            case S_IFLNK:
                guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: place) else {
                    throw ReportError(.cannotWrite, "\(path) is a link that cannot be followed")
                }
                let folder = URL(fileURLWithPath: place).deletingLastPathComponent()
                place = URL(fileURLWithPath: target, relativeTo: folder).standardizedFileURL.path
            default:
                self = .device(place)
                return
            }
        }
        throw ReportError(.cannotWrite, "\(path) is a link to itself")
    }

    private static func descriptor(_ path: String) -> Int32? {
        switch path {
        case "/dev/stdin": return STDIN_FILENO
        case "/dev/stdout": return STDOUT_FILENO
        case "/dev/stderr": return STDERR_FILENO
        default:
            for folder in ["/dev/fd/", "/proc/self/fd/", "/proc/\(getpid())/fd/"] where path.hasPrefix(folder) {
                return Int32(path.dropFirst(folder.count)).flatMap { $0 >= 0 ? $0 : nil }
            }
            return nil
        }
    }
}

/// A file itself, by whichever name.
struct FileIdentity: Hashable {
    private let device: UInt64
    private let number: UInt64

    /// `nil` where there is no such file.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        number = UInt64(status.st_ino)
    }
}
