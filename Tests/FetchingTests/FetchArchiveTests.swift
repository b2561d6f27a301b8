import AnnotationFormats
import Datasets
import Fetching
import Foundation
import Interchange
import PleuraTesting
import Radiographs
import TableFormats
import Testing

private let boxedOnly = FetchManifest.Images.listed(in: "BBox_List_2017.csv")

/// The whole way from archives on a server to a folder that the importer reads, with archives that the system's tar made.
struct FetchArchiveTests {
    /// A published dataset in small, in NIH's shape: two archives of images, of which the box list names some.
    struct Publication {
        /// Serves as long as this is there.
        let server: LyingServer
        let folder: TemporaryFolder
        let manifest: FetchManifest
        /// Bytes of each image by name.
        let images: [String: Data]
        let boxed = ["00000001_000.png", "00000003_001.png"]

        /// - Parameters:
        ///   - hasSums: False publishes neither lengths nor sums of the archives.
        ///   - cut: Bytes of a body after which the server closes the connection.
        init(_ kind: FetchManifest.Images, hasSums: Bool = true, extraBoxed: [String] = [], cut: Int? = nil) throws {
            folder = try TemporaryFolder()
            let shelf = folder.url
            server = try LyingServer { request, _ in
                let file = shelf.appendingPathComponent((request.path as NSString).lastPathComponent.prefix { $0 != "?" }.description)
                guard let data = try? Data(contentsOf: file) else { return .of(404) }
                var reply = LyingServer.Reply.file(data, request)
                if let cut { reply.cut = cut }
                return reply
            }
            let base = server.address + "/"
            let names = [
                ["00000001_000.png", "00000001_001.png", "00000002_000.png"], ["00000003_000.png", "00000003_001.png"],
            ]
            var images: [String: Data] = [:]
            var files: [RemoteFile] = []
            let boxes = (boxed + extraBoxed).map { "\($0),Mass,10,12,5,6,,,\n" }.joined()
            let lists = [
                "BBox_List_2017.csv": "Image Index,Finding Label,Bbox [x,y,w,h],,,\n" + boxes,
                "Data_Entry_2017_v2020.csv": "Image Index,Finding Labels,Patient ID,View Position\n"
                    + names.joined().map { "\($0),Mass,\(Int($0.prefix(8)) ?? 0),PA\n" }.joined(),
            ]
            for (name, text) in lists.sorted(by: { $0.key < $1.key }) {
                try Data(text.utf8).write(to: folder.file(name))
                var file = try FetchSamples.file(name, Data(text.utf8), at: URL(string: base + name) ?? folder.url)
                file.name = name.replacingOccurrences(of: "_v2020", with: "")
                files.append(file)
            }
            for (index, members) in names.enumerated() {
                let work = try TemporaryFolder()
                for (position, name) in members.enumerated() {
                    let png = try DrawnPictures.flat(width: 40 + position, height: 30, grey: UInt16(40 * index + position)).png()
                    images[name] = png
                    try Files.write(png, to: work.file("images").appendingPathComponent(name))
                }
                let archive = folder.file("images_0\(index + 1).tar.gz")
                let made = try Shell.run("tar -C '\(work.url.path)' -czf '\(archive.path)' images")
                #expect(made.status == 0)
                var file = try FetchSamples.file(
                    archive.lastPathComponent, Data(contentsOf: archive),
                    at: URL(string: base + archive.lastPathComponent) ?? folder.url, role: .imageArchive)
                if !hasSums { (file.byteCount, file.sums) = (nil, []) }
                files.append(file)
            }
            self.images = images
            manifest = FetchSamples.manifest(files, images: kind)
        }
    }

    private func contents(_ folder: URL) throws -> [String: Data] {
        let images = folder.appendingPathComponent("images")
        return try Dictionary(
            uniqueKeysWithValues: FetchSamples.names(images).map { ($0, try Data(contentsOf: images.appendingPathComponent($0))) })
    }

    private func fetcher(_ manifest: FetchManifest, _ folder: TemporaryFolder, keeps: Bool = false) -> DatasetFetcher {
        DatasetFetcher(manifest, to: folder.url, keepsArchives: keeps, limits: FetchSamples.limits)
    }

    @Test(arguments: [true, false]) func boxedImagesComeOutAndTheImporterReadsThem(hasSums: Bool) throws {
        // Every connection is cut after 30 bytes: all files come in many pieces.
        let publication = try Publication(boxedOnly, hasSums: hasSums, cut: 30)
        let folder = try TemporaryFolder()
        let report = try fetcher(publication.manifest, folder).run()
        #expect(report.failures.isEmpty)
        #expect(report.imageCount == 2)
        #expect(try contents(folder.url) == publication.images.filter { publication.boxed.contains($0.key) })
        // The archives are gone, and nothing else is left.
        #expect(FetchSamples.names(folder.url) == [".fetched.json", "BBox_List_2017.csv", "Data_Entry_2017.csv", "images"])
        #expect(publication.server.requests.count > 20)
        let out = try TemporaryFolder()
        let dataset = try DatasetImporter().importDataset(AnnotationSource(folder.url), format: NIHFormat(), to: out.file("set")).dataset
        #expect(dataset.images.map(\.fileName) == publication.boxed)
        #expect(dataset.images.map(\.view) == ["PA", "PA"])
        // A second run asks nobody.
        let before = publication.server.requests.count
        let second = try fetcher(publication.manifest, folder).run()
        #expect(second.alreadyThere.count == 4 && second.fetched.isEmpty && second.failures.isEmpty)
        #expect(publication.server.requests.count == before)
    }

    @Test func allImagesComeOutAndAnotherSelectionNeedsNothingMore() throws {
        let publication = try Publication(.all)
        let folder = try TemporaryFolder()
        #expect(try fetcher(publication.manifest, folder).run().imageCount == 5)
        #expect(try contents(folder.url) == publication.images)
        let before = publication.server.requests.count
        var boxed = publication.manifest
        boxed.images = boxedOnly
        #expect(try fetcher(boxed, folder).run().alreadyThere.count == 4)
        #expect(publication.server.requests.count == before)
    }

    @Test func theBoxedImagesAreNotTakenForAllOfThem() throws {
        let publication = try Publication(boxedOnly)
        let folder = try TemporaryFolder()
        #expect(try fetcher(publication.manifest, folder).run().imageCount == 2)
        var all = publication.manifest
        all.images = .all
        #expect(try fetcher(all, folder).run().imageCount == 5)
        #expect(try contents(folder.url) == publication.images)
    }

    @Test func aMissingOrShortenedImageBringsItsArchiveBackAndOnlyThat() throws {
        let publication = try Publication(boxedOnly)
        let folder = try TemporaryFolder()
        _ = try fetcher(publication.manifest, folder).run()
        try Data().write(to: folder.file("images/00000003_001.png"))
        let before = publication.server.requests.count
        #expect(try fetcher(publication.manifest, folder).run().fetched == ["images_02.tar.gz"])
        #expect(publication.server.requests.dropFirst(before).map(\.path) == ["/images_02.tar.gz"])
        #expect(try contents(folder.url) == publication.images.filter { publication.boxed.contains($0.key) })
    }

    @Test func archivesAreKeptWhereThatIsWanted() throws {
        let publication = try Publication(.all)
        let folder = try TemporaryFolder()
        _ = try fetcher(publication.manifest, folder, keeps: true).run()
        for name in ["images_01.tar.gz", "images_02.tar.gz"] {
            #expect(try Data(contentsOf: folder.file(name)) == Data(contentsOf: publication.folder.file(name)))
        }
        // A later run that does not keep any does not take away what an earlier one was told to keep.
        _ = try fetcher(publication.manifest, folder).run()
        #expect(FetchSamples.names(folder.url).contains("images_01.tar.gz"))
    }

    @Test(arguments: [true, false]) func aFolderServesAsWellAndIsLeftAsItIs(keeps: Bool) throws {
        let publication = try Publication(boxedOnly)
        let folder = try TemporaryFolder()
        // Under the names of NIH's web page.
        for index in 1...2 {
            try FileManager.default.moveItem(
                at: publication.folder.file("images_0\(index).tar.gz"), to: publication.folder.file("images_00\(index).tar.gz"))
        }
        var manifest = publication.manifest
        for index in manifest.files.indices {
            let name = manifest.files[index].name
            let others = [name.replacingOccurrences(of: "images_", with: "images_0"), "Data_Entry_2017_v2020.csv"]
            manifest.files[index].sourceNames = [name] + (name.hasPrefix("BBox") ? [] : others.filter { $0.hasPrefix(name.prefix(4)) })
        }
        let before = FetchSamples.names(publication.folder.url)
        let fetcher = DatasetFetcher(manifest, from: .folder(publication.folder.url), to: folder.url, keepsArchives: keeps)
        #expect(fetcher.plan().allSatisfy { $0.isInFolder == true })
        #expect(try fetcher.run().imageCount == 2)
        #expect(try contents(folder.url) == publication.images.filter { publication.boxed.contains($0.key) })
        #expect(FetchSamples.names(folder.url).contains("images_01.tar.gz") == keeps)
        #expect(FetchSamples.names(publication.folder.url) == before)
        #expect(try fetcher.run().alreadyThere.count == 4)
        #expect(publication.server.requests.isEmpty)
    }

    @Test func aFolderWithAnotherFileIsRefused() throws {
        let publication = try Publication(boxedOnly)
        let folder = try TemporaryFolder()
        var list = try Data(contentsOf: publication.folder.file("BBox_List_2017.csv"))
        list[0] ^= 1
        try list.write(to: publication.folder.file("BBox_List_2017.csv"))
        try FileManager.default.removeItem(at: publication.folder.file("Data_Entry_2017_v2020.csv"))
        let report = try DatasetFetcher(publication.manifest, from: .folder(publication.folder.url), to: folder.url).run()
        #expect(
            report.failures.map { "\($0.file): \($0.reason)" } == [
                "BBox_List_2017.csv: its SHA-256 sum is not the published one", "Data_Entry_2017.csv: the folder does not have it",
                "images/: without BBox_List_2017.csv nothing can be taken out of the archives",
            ])
        #expect(FetchSamples.names(folder.url).isEmpty)
    }

    @Test func aMirrorIsAskedUnderEveryNameThatAFileGoesBy() throws {
        let publication = try Publication(boxedOnly)
        var manifest = publication.manifest
        for index in manifest.files.indices {
            manifest.files[index].sourceNames = ["unknown.bin", manifest.files[index].url.lastPathComponent]
        }
        let folder = try TemporaryFolder()
        let source = try FetchSource(publication.server.address + "/nih?key=1")
        #expect(try DatasetFetcher(manifest, from: source, to: folder.url, limits: FetchSamples.limits).run().imageCount == 2)
        #expect(publication.server.requests.prefix(2).map(\.path) == ["/nih/unknown.bin?key=1", "/nih/BBox_List_2017.csv?key=1"])
        // The key is nobody's business.
        #expect(try String(contentsOf: folder.file(".fetched.json"), encoding: .utf8).contains("key=1") == false)
    }

    @Test func anImageThatNoArchiveHasIsSaid() throws {
        let publication = try Publication(boxedOnly, extraBoxed: ["00000009_000.png", "00000009_001.png"])
        let report = try fetcher(publication.manifest, try TemporaryFolder()).run()
        #expect(report.failures.map(\.reason) == ["2 images that BBox_List_2017.csv names are in no archive"])
    }

    @Test(arguments: ["../../outside.png", "/etc/passwd", "-rf.png", "a/b.png", "", "images/00000001_000.png"])
    func aBoxListThatNamesAPathIsRefusedWithItsRow(name: String) throws {
        let publication = try Publication(boxedOnly, extraBoxed: [name])
        let folder = try TemporaryFolder()
        let report = try fetcher(publication.manifest, folder).run()
        #expect(report.failures.map(\.reason) == ["BBox_List_2017.csv, row 4: no plain file name"])
        #expect(FetchSamples.names(folder.url).contains("images") == false)
    }

    /// Archives that tar would write outside of the folder, or that hold links in images' clothes.
    @Test(arguments: [
        "cp ok.png x.png; tar -czPf out.tar.gz --transform 's|x.png|../../escaped.png|' x.png",
        #"cp ok.png x.png; tar -czPf out.tar.gz --transform "s|x.png|$PWD/escaped-absolute.png|" x.png"#,
        "mkdir images; ln -s /etc/passwd images/00000001_000.png; tar -czf out.tar.gz images",
        "mkdir a b; cp ok.png a/1.png; cp ok.png b/1.png; tar -czf out.tar.gz a b",
        "mkdir images; mkfifo images/1.png; tar -czf out.tar.gz images",
        "head -c 5000 /dev/urandom > x.png; tar -czf whole.tar.gz x.png; head -c 3000 whole.tar.gz > out.tar.gz",
        "head -c 5000 /dev/urandom > out.tar.gz",
    ])
    func aHostileArchiveIsRefusedAndWritesNothing(recipe: String) throws {
        let work = try TemporaryFolder()
        try FetchSamples.bytes(700).write(to: work.file("ok.png"))
        let made = try Shell.run(program: "/bin/sh", ["-c", recipe], directory: work.url)
        #expect(made.status == 0)
        let archive = try Data(contentsOf: work.file("out.tar.gz"))
        let server = try LyingServer { request, _ in .file(archive, request) }
        let folder = try TemporaryFolder()
        let file = try FetchSamples.file("images_01.tar.gz", archive, at: server.url("/x"), role: .imageArchive)
        let report = try fetcher(FetchSamples.manifest([file]), folder).run()
        #expect(report.failures.map(\.file) == ["images_01.tar.gz"])
        #expect(FetchSamples.names(folder.file("images")).isEmpty)
        // The archive stays, being what was published; nothing else does.
        #expect(FetchSamples.names(folder.url).filter { $0 != "images" } == [".fetched.json", "images_01.tar.gz"])
        #expect(!FileManager.default.fileExists(atPath: work.file("escaped-absolute.png").path))
        #expect(!FileManager.default.fileExists(atPath: folder.url.deletingLastPathComponent().appendingPathComponent("escaped.png").path))
    }

    /// A link that leads out, and a member behind it: the link is no image and never made.
    @Test func aLinkThatLeadsOutIsNotFollowed() throws {
        let work = try TemporaryFolder()
        try FetchSamples.bytes(700).write(to: work.file("x.png"))
        let recipe = """
            mkdir images outside; ln -s "$PWD/outside" images/up; tar -cf out.tar images
            tar -rf out.tar --transform 's|x.png|images/up/escaped.png|' x.png; gzip out.tar
            """
        #expect(try Shell.run(program: "/bin/sh", ["-c", recipe], directory: work.url).status == 0)
        let archive = try Data(contentsOf: work.file("out.tar.gz"))
        let server = try LyingServer { request, _ in .file(archive, request) }
        let folder = try TemporaryFolder()
        let file = try FetchSamples.file("images_01.tar.gz", archive, at: server.url("/x"), role: .imageArchive)
        #expect(try fetcher(FetchSamples.manifest([file]), folder).run().imageCount == 1)
        #expect(FetchSamples.names(work.file("outside")).isEmpty)
        #expect(try contents(folder.url) == ["escaped.png": FetchSamples.bytes(700)])
    }

    @Test func anArchiveWithoutASumIsCheckedByItsOwnCompression() throws {
        let publication = try Publication(.all, hasSums: false)
        var archive = try Data(contentsOf: publication.folder.file("images_01.tar.gz"))
        // The stored check itself, so that everything else decompresses.
        archive[archive.count - 6] ^= 1
        try archive.write(to: publication.folder.file("images_01.tar.gz"))
        let report = try fetcher(publication.manifest, try TemporaryFolder()).run()
        #expect(report.failures.map { "\($0.file): \($0.reason)" } == ["images_01.tar.gz: its compression does not check out"])
        #expect(report.imageCount == 2)
    }
}
