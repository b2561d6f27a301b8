import Results

extension StudyResult {
    /// - Throws: for what would make two entries of one identifier, or an identifier that is none.
    func checkForResources() throws {
        // Numbers that begin with 0 are against PS3.5, 9.1, but files have them.
        func isUID(_ uid: String) -> Bool {
            (1...64).contains(uid.utf8.count)
                && uid.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
                    !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
                }
        }
        guard isUID(study.uid) else { throw FHIRError(.badResult, "the study's UID is none") }
        for image in images {
            guard isUID(image.sopInstanceUID), isUID(image.seriesInstanceUID), image.sopClassUID.map(isUID) ?? true else {
                throw FHIRError(.badResult, "a UID of an image is none")
            }
        }
        guard findings.allSatisfy({ isUID($0.image) }) else { throw FHIRError(.badResult, "a finding's image is no UID") }
        let ids = findings.map(\.id)
        guard Set(ids).count == ids.count,
            ids.allSatisfy({ !$0.isEmpty && $0 != "none" && !$0.hasPrefix("ratio.") && $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } })
        else {
            throw FHIRError(.badResult, "the findings' ids are not unique or not ASCII")
        }
        guard !identifier.isEmpty else { throw FHIRError(.badResult, "the result has no identifier") }
    }
}
