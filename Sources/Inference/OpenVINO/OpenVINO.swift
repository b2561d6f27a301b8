import COpenVINO
import Synchronization

/// The engine as a whole: its version and its way of failing.
public enum OpenVINO {
    /// The build of the library that is loaded, such as `2026.4.1-…`.
    /// - Throws: `InferenceError`.
    public static func version() throws -> String {
        try EngineLibrary.require()
        var version = ov_version_t()
        try check(ov_get_openvino_version(&version), "asking for the version")
        defer { ov_version_free(&version) }
        return version.buildNumber.map { String(cString: $0) } ?? "unknown"
    }

    /// Devices the engine can run on here, such as `CPU`. Empty where its CPU plugin is missing.
    /// - Throws: `InferenceError`.
    public static func devices() throws -> [String] {
        let core = try EngineObject("starting the engine", ov_core_create, free: ov_core_free)
        var list = ov_available_devices_t()
        try check(ov_core_get_available_devices(core.pointer, &list), "listing the devices")
        defer { ov_available_devices_free(&list) }
        return (0..<list.size).compactMap { index in list.devices[index].map { String(cString: $0) } }
    }

    /// - Throws: `InferenceError` with the first line of the engine's own message, unless the call succeeded.
    package static func check(_ status: ov_status_e, _ doing: String) throws {
        guard status != OK else { return }
        let text = ov_get_last_err_msg()
        defer { ov_free(text) }
        throw InferenceError(.engine, "\(doing): \(firstLine(text.map { String(cString: $0) } ?? "")) (status \(status.rawValue))")
    }

    /// OpenVINO begins its messages with "Exception from file:line:" and "Check '…' failed at file:line:" lines; the first line that says
    /// something to a person is wanted.
    static func firstLine(_ message: String) -> String {
        let lines = message.split(whereSeparator: \.isNewline).map { $0.drop(while: \.isWhitespace) }.filter { !$0.isEmpty }
        return (lines.first { !$0.hasPrefix("Exception from ") } ?? lines.first).map(String.init) ?? "no reason given"
    }
}

/// One of the engine's objects, freed with its owner.
package final class EngineObject {
    package let pointer: OpaquePointer
    private let free: (OpaquePointer?) -> Void

    /// - Throws: `InferenceError` where `create` fails.
    package init(
        _ doing: String, _ create: (UnsafeMutablePointer<OpaquePointer?>?) -> ov_status_e, free: @escaping (OpaquePointer?) -> Void
    ) throws {
        try EngineLibrary.require()
        var made: OpaquePointer?
        try OpenVINO.check(create(&made), doing)
        guard let made else { throw InferenceError(.engine, "\(doing): the engine gave nothing") }
        pointer = made
        self.free = free
        Self.alive.add(1, ordering: .relaxed)
    }

    deinit {
        free(pointer)
        Self.alive.subtract(1, ordering: .relaxed)
    }

    private static let alive = Atomic(0)

    /// Objects of the engine that are not freed, in the whole process.
    package static var aliveCount: Int { alive.load(ordering: .relaxed) }
}
