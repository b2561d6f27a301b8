import Foundation
import PleuraTesting
import Testing

/// What the documents tell a reader to type is what the programs take, and what they point at is there.
@Suite(.timeLimit(.minutes(20))) struct DocumentTests {
    private struct Line: CustomStringConvertible {
        var file: String
        var text: String
        var description: String { "\(file): \(text)" }
    }

    private static func documents() throws -> [URL] {
        let root = Repository.root
        let folder = root.appendingPathComponent("Documentation")
        let pages = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).filter {
            $0.pathExtension == "md"
        }
        return [root.appendingPathComponent("README.md"), root.appendingPathComponent("CONTRIBUTING.md")]
            + pages.sorted { $0.path < $1.path }
    }

    /// Lines of blocks that are to be typed: indented by four or more, or fenced.
    private static func typed(_ file: URL) throws -> [Line] {
        var (lines, isFenced) = ([Line](), false)
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isFenced.toggle()
            } else if isFenced || line.hasPrefix("    ") {
                let text = line.trimmingCharacters(in: .whitespaces)
                if let last = lines.last, last.text.hasSuffix(" \\") {
                    // A command that goes on in the next line.
                    lines[lines.count - 1].text = last.text.dropLast() + text
                } else {
                    lines.append(Line(file: file.lastPathComponent, text: text))
                }
            }
        }
        return lines
    }

    /// The words of a call of `pleura` in such a line; without what a shell does with it, brackets of what may be left out, and the remark behind it.
    private static func call(_ line: Line) -> [String]? {
        var text = line.text
        if let remark = text.range(of: #"\s+#\s.*$"#, options: .regularExpression) { text.removeSubrange(remark) }
        // What stands between quotes is one word.
        text.replace(#/"[^"]*"|'[^']*'/#, with: "WORDS")
        var words = text.split(separator: " ").map(String.init)
        while let first = words.first,
            ["sudo", "-u"].contains(first) || words.dropFirst().first?.hasSuffix("pleura") == true && first == "pleura"
        {
            words.removeFirst()
        }
        guard let program = words.first, ["pleura", "pleura-serve"].contains((program as NSString).lastPathComponent) else { return nil }
        words[0] = "pleura"
        if let end = words.firstIndex(where: { [">", "|", "&&", ">>", "2>"].contains($0) }) { words.removeSubrange(end...) }
        return words.map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "[]'\"")) }.filter {
            !["…", "..."].contains($0) && !$0.isEmpty
        }
    }

    // Made once, and never changed.
    private nonisolated(unsafe) static let programs = Result {
        try Dictionary(
            uniqueKeysWithValues: ["pleura", "pleura-serve", "pleura-train"].map { name in
                let dump = try Shell.run(program: ProgramUnderTest.file(name).path, ["--experimental-dump-help"])
                let document = try #require(try JSONSerialization.jsonObject(with: Data(dump.output.utf8)) as? [String: Any])
                return (name, try #require(document["command"] as? [String: Any]))
            })
    }

    /// What stands in the way of a call; `nil` where the program takes it.
    private static func fault(_ words: [String]) throws -> String? {
        let programs = try programs.get()
        var rest = words.dropFirst()
        let handsOver = ["serve": "pleura-serve", "archive": "pleura-serve", "dicom": "pleura-serve", "results": "pleura-serve"]
            .merging(["support": "pleura-serve", "train": "pleura-train", "experiment": "pleura-train"]) { $1 }
        // What works on the reading room's archive is the server's program.
        let isOnArchive = rest.first == "improve" && ["dataset", "events", "watch", "next", "shadow"].contains(rest.dropFirst().first)
        guard var command = programs[isOnArchive ? "pleura-serve" : rest.first.flatMap { handsOver[$0] } ?? "pleura"] else {
            return "no program"
        }
        func below(_ name: String) -> [String: Any]? {
            (command["subcommands"] as? [[String: Any]] ?? []).first { $0["commandName"] as? String == name }
        }
        if rest.first == "help" { return nil }
        while let word = rest.first, let next = below(word) {
            command = next
            rest = rest.dropFirst()
        }
        if let usual = command["defaultSubcommand"] as? String, let next = below(usual) { command = next }
        guard (command["subcommands"] as? [[String: Any]] ?? []).allSatisfy({ $0["commandName"] as? String == "help" }) else {
            return "no command \(rest.first ?? "") below \(command["commandName"] ?? "")"
        }
        let arguments = command["arguments"] as? [[String: Any]] ?? []
        func named(_ word: String) -> [String: Any]? {
            arguments.first { argument in
                (argument["names"] as? [[String: Any]] ?? []).contains { name in
                    (name["name"] as? String).map { (name["kind"] as? String == "long" ? "--" : "-") + $0 } == word
                }
            }
        }
        var given = 0
        while let word = rest.popFirst() {
            guard word.hasPrefix("-"), word != "-" else {
                given += 1
                continue
            }
            let name = String(word.prefix { $0 != "=" })
            guard let argument = named(name) else { return "no option \(name)" }
            guard argument["kind"] as? String == "option", name == word else { continue }
            let takesMany = argument["parsingStrategy"] as? String == "upToNextOption"
            guard let value = rest.first, !value.hasPrefix("--") else {
                if name == "--json" || takesMany { continue }
                return "\(name) has no value"
            }
            rest = rest.dropFirst()
            while takesMany, let more = rest.first, !more.hasPrefix("-") { rest = rest.dropFirst() }
        }
        let places = arguments.filter { $0["kind"] as? String == "positional" }
        if given > places.count, !places.contains(where: { $0["isRepeating"] as? Bool == true }) { return "too many words" }
        let needed = places.count { $0["isOptional"] as? Bool != true }
        return given < needed ? "\(needed - given) words are missing" : nil
    }

    @Test func everyCommandThatIsToBeTypedIsTaken() throws {
        var tried = 0
        for file in try Self.documents() {
            for line in try Self.typed(file) {
                guard let words = Self.call(line), words.count > 1 else { continue }
                // `dicom echo|send`: each of them.
                let choices = words.firstIndex { $0.contains("|") && !$0.hasPrefix("--") }
                let calls =
                    choices.map { place in
                        words[place].split(separator: "|").map { Array(words[..<place]) + [String($0)] }
                    } ?? [words]
                for call in calls {
                    tried += 1
                    let fault = try Self.fault(call)
                    // Of several at once only the names are told.
                    #expect(fault == nil || choices != nil && fault?.hasSuffix("missing") == true, "\(line): \(fault ?? "")")
                }
            }
        }
        #expect(tried > 80)
    }

    /// The test itself sees what is wrong.
    @Test func aWrongCommandIsSeen() throws {
        for (text, said) in [
            ("pleura detect chest.dcm --jason x", "no option --jason"), ("pleura dataset divide x", "no command divide below dataset"),
            ("pleura detect x --out", "--out has no value"), ("pleura archive restore --data x", "1 words are missing"),
            ("pleura doctor x y", "too many words"), ("sudo -u pleura pleura serve user ad ann", "no command ad below user"),
        ] {
            let words = try #require(Self.call(Line(file: "", text: text)))
            #expect(try Self.fault(words) == said, "\(text)")
        }
        let words = Self.call(Line(file: "", text: "sudo -u pleura pleura detect a [--json f] > x.txt   # a remark"))
        #expect(words == ["pleura", "detect", "a", "--json", "f"])
    }

    @Test func everyTargetOfMakeIsThere() throws {
        let makefile = try String(contentsOf: Repository.root.appendingPathComponent("Makefile"), encoding: .utf8)
        let targets = Set(makefile.matches(of: #/(?m)^([a-z][a-z0-9-]*):/#).map { String($0.1) })
        var tried = 0
        for file in try Self.documents() {
            let text = try String(contentsOf: file, encoding: .utf8)
            let asked =
                text.matches(of: #/`make ([a-z][a-z0-9-]+)/#).map { String($0.1) }
                + (try Self.typed(file)).compactMap { $0.text.prefixMatch(of: #/make ([a-z][a-z0-9-]+)/#).map { String($0.1) } }
            tried += asked.count
            #expect(asked.filter { !targets.contains($0) } == [], "\(file.lastPathComponent)")
        }
        #expect(tried > 30)
    }

    @Test func everyLinkLeadsSomewhere() throws {
        var tried = 0
        for file in try Self.documents() {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: #/\]\(([^)\s]+)\)/#) {
                let address = String(match.1)
                guard !address.contains("://"), !address.hasPrefix("mailto:") else { continue }
                let path = String(address.prefix { $0 != "#" })
                guard !path.isEmpty else { continue }
                tried += 1
                let place = URL(fileURLWithPath: path, relativeTo: file.deletingLastPathComponent())
                #expect(FileManager.default.fileExists(atPath: place.path), "\(file.lastPathComponent): \(address)")
            }
        }
        #expect(tried > 80)
    }

    /// What the page of security says is tested is tested.
    @Test func everyTestThatIsNamedIsThere() throws {
        let root = Repository.root
        let page = try String(contentsOf: root.appendingPathComponent("Documentation/Security.md"), encoding: .utf8)
        let rows = page.split(separator: "\n").filter { $0.prefixMatch(of: #/\| [STRIDE] \|/#) != nil }
        #expect(rows.count > 20)
        var named: Set<String> = []
        for row in rows {
            let last = row.split(separator: "|").last ?? ""
            let names = last.matches(of: #/`(\w+)`/#).map { String($0.1) }
            #expect(!names.isEmpty || last.contains("not tested"), "\(row)")
            named.formUnion(names)
        }
        let files =
            FileManager.default.enumerator(at: root.appendingPathComponent("Tests"), includingPropertiesForKeys: nil)?.allObjects as? [URL]
            ?? []
        var there: Set<String> = []
        for file in files where file.pathExtension == "swift" {
            there.formUnion(try String(contentsOf: file, encoding: .utf8).matches(of: #/func (\w+)\(/#).map { String($0.1) })
        }
        #expect(named.subtracting(there).sorted() == [])
    }

    /// A page that somebody cannot take in at a sitting is not a front door.
    @Test func theFrontDoorIsShort() throws {
        let text = try String(contentsOf: Repository.root.appendingPathComponent("README.md"), encoding: .utf8)
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 151)
        #expect(text.contains("Research use only"))
    }

    /// Clusters.md from its first command to the merge, as a reader does it.
    @Test func thePartsOfABatchAreDoneAsThePageSays() throws {
        let work = try TemporaryFolder()
        let page = Repository.root.appendingPathComponent("Documentation/Clusters.md")
        let calls = try Self.typed(page).compactMap { line in Self.call(line).map { Array($0.dropFirst()) } }
        #expect(calls.count == 6)
        #expect(try ProgramUnderTest.pleura("phantom", "--count", "5", "--size", "512", "--out", "films", in: work.url).status == 0)
        for call in calls {
            let result = try ProgramUnderTest.run(call, in: work.url)
            #expect(result.status == 0, "\(call): \(result.errors)")
        }
        _ = try ProgramUnderTest.pleura("detect", "films", "--json", "one.json", in: work.url)
        #expect(try Data(contentsOf: work.file("findings.json")) == Data(contentsOf: work.file("one.json")))
    }

    /// What changes nothing but files of its own and takes seconds, from all pages.
    @Test(arguments: [
        ["doctor"], ["model", "list"], ["train", "--presets"], ["train", "--show-domain", "blood-smear"],
        ["train", "--show-domain", "bone-radiograph"], ["phantom", "--count", "2", "--masks", "--out", "phantoms"],
    ]) func whatIsQuickRuns(call: [String]) throws {
        let work = try TemporaryFolder()
        // From the repository, where the bundled models are; what is written goes elsewhere.
        var call = call
        if let place = call.firstIndex(of: "--out") { call[place + 1] = work.file(call[place + 1]).path }
        let result = try ProgramUnderTest.run(call, in: Repository.root)
        #expect(result.status == 0 && !(result.output.isEmpty && call[0] != "phantom"), "\(call): \(result.errors)")
    }
}
