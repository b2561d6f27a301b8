import Archive

/// What a store did other than an archive does.
public struct ConformanceFault: Error, Hashable, CustomStringConvertible {
    public var description: String
}

/// Says what was expected where it is not so.
func expect(_ condition: Bool, _ expectation: String, line: Int = #line, file: String = #fileID) throws {
    if !condition { throw ConformanceFault(description: "\(file):\(line): \(expectation)") }
}

func expect<Value: Equatable>(_ value: Value, is expected: Value, _ what: String, line: Int = #line, file: String = #fileID) throws {
    if value != expected {
        throw ConformanceFault(description: "\(file):\(line): \(what) is \(value), and \(expected) was expected")
    }
}

func expect(
    _ code: ArchiveError.Code, _ what: String, line: Int = #line, file: String = #fileID, _ body: () async throws -> Void
) async throws {
    do {
        try await body()
    } catch let error as ArchiveError {
        return try expect(error.code, is: code, what, line: line, file: file)
    }
    throw ConformanceFault(description: "\(file):\(line): \(what): an error “\(code.rawValue)” was expected")
}
