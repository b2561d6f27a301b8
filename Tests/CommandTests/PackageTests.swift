import Foundation
import PleuraTesting
import Testing

/// What Package.swift says of the rooms is what their files do.
@Suite struct PackageTests {
    private struct Package: Decodable {
        struct Target: Decodable {
            var name: String
            var type: String
            var path: String?
            var dependencies: [[String: [Name?]]]

            var folder: String { path ?? (type == "test" ? "Tests/" : "Sources/") + name }
            var names: [String] { dependencies.compactMap { $0.values.first?.first??.text } }
        }
        /// A name, or the conditions that stand behind it.
        struct Name: Decodable {
            var text: String?
            init(from decoder: any Decoder) throws { text = try? decoder.singleValueContainer().decode(String.self) }
        }
        var targets: [Target]
    }

    private static let package: Package? = {
        let described = try? Shell.run(
            program: "/usr/bin/env", ["swift", "package", "--ignore-lock", "dump-package"], directory: Repository.root)
        return described.flatMap { try? JSONDecoder().decode(Package.self, from: Data($0.output.utf8)) }
    }()

    private static func imports(_ target: Package.Target) -> Set<String> {
        let root = Repository.root.appendingPathComponent(target.folder)
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.allObjects as? [URL] ?? []
        let line = #/^(?:@\w+ )?import (?:(?:struct|class|enum|protocol|func|var) )?(\w+)/#.anchorsMatchLineEndings()
        return Set(
            files.filter { $0.pathExtension == "swift" }.flatMap { file in
                ((try? String(contentsOf: file, encoding: .utf8)) ?? "").matches(of: line).map { String($0.1) }
            })
    }

    @Test func everyDependencyThatIsDeclaredIsUsed() throws {
        let targets = try #require(Self.package).targets
        // Programs are not imported, they are run.
        let programs = Set(targets.filter { $0.type == "executable" }.map(\.name))
        var looked = 0
        for target in targets {
            let imports = Self.imports(target)
            guard !imports.isEmpty else { continue }
            looked += 1
            #expect(Set(target.names).subtracting(imports).subtracting(programs).sorted() == [], "\(target.name) does not import these")
            #expect(
                imports.intersection(targets.map(\.name)).subtracting(target.names).sorted() == [], "\(target.name) does not declare these")
        }
        #expect(looked > 40)
    }

    @Test func roomsUseOnlyLowerFloors() throws {
        let targets = try #require(Self.package).targets
        var above = Set(targets.map(\.name))
        for target in targets {
            above.remove(target.name)
            #expect(above.intersection(target.names).sorted() == [], "\(target.name) uses rooms that stand above it")
        }
    }

    /// The picture in Architecture.md is of this package.
    @Test func thePictureOfTheFloorsIsOfThisPackage() throws {
        let made = try Shell.run(
            "cd '\(Repository.root.path)' && swift package --ignore-lock dump-package 2>/dev/null | python3 -B Documentation/floors.py --check"
        )
        #expect(made.status == 0, "run make floors")
    }
}
