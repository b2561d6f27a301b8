import Findings
import Foundation

/// The decoders a program knows, asked in order; the first that recognises the content decodes it.
public struct DecoderRegistry: Sendable {
    public var decoders: [any RadiographDecoder]
    public var limits: DecodingLimits

    public init(decoders: [any RadiographDecoder], limits: DecodingLimits = DecodingLimits()) {
        self.decoders = decoders
        self.limits = limits
    }

    /// Reads and decodes a file.
    /// - Parameter frame: From 1.
    /// - Throws: `RadiographError`, whose text does not repeat the path.
    public func decode(path: String, frame: Int = 1) throws -> Radiograph {
        try decode(bytes(of: path), frame: frame)
    }

    /// Decodes the content of a file.
    /// - Throws: `RadiographError`.
    public func decode(_ bytes: Data, frame: Int = 1) throws -> Radiograph {
        try decoder(of: bytes).decode(bytes, frame: frame, limits: limits)
    }

    /// Decodes the content of a file no finer than a network whose input has `side` pixels a side needs it.
    /// - Throws: `RadiographError`.
    public func decode(_ bytes: Data, frame: Int = 1, covering side: Int) throws -> ReducedRadiograph {
        try decoder(of: bytes).decode(bytes, frame: frame, limits: limits, covering: side)
    }

    /// The content of a file.
    /// - Throws: `RadiographError`, whose text does not repeat the path.
    public func bytes(of path: String) throws -> Data {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw RadiographError(.unreadable, "no such file")
        }
        guard !isDirectory.boolValue else { throw RadiographError(.unreadable, "is a directory") }
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        } catch {
            throw RadiographError(.unreadable, "cannot be opened for reading")
        }
    }

    private func decoder(of bytes: Data) throws -> any RadiographDecoder {
        guard !bytes.isEmpty else { throw RadiographError(.empty, "the file has no bytes") }
        guard let decoder = decoders.first(where: { $0.recognises(bytes) }) else {
            throw RadiographError(.unknownFormat, "the content is none of \(decoders.map(\.name).joined(separator: ", "))")
        }
        return decoder
    }
}
