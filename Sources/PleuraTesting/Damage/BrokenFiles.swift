import Foundation

/// Files that no decoder can do, made on the spot: PNG, JPEG and DICOM cut off, empty, lying about their size, and what is no file at all.
public struct BrokenFiles {
    /// Names inside the folder.
    public private(set) var names: [String] = []
    public let folder: URL

    /// - Parameter folder: It is made where it is missing.
    public init(in folder: URL) throws {
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let (png, jpeg, dicom) = (try SampleFiles.png(), try SampleFiles.jpeg(), SampleFiles.dicom())
        for keep in [1, 7, 8, 16, 20, 33, 41, 50, png.count / 2, png.count - 20, png.count - 13] {
            try add("cut-\(keep).png", png.prefix(keep))
        }
        for keep in [1, 2, 3, 10, 20, 100, 200, jpeg.count / 2 + 1, jpeg.count - 30, jpeg.count - 10] {
            try add("cut-\(keep).jpg", jpeg.prefix(keep))
        }
        for keep in [20, 100, 131, 132, 150, 300, 400, dicom.count - 4096, dicom.count / 2, dicom.count - 2] {
            try add("cut-\(keep).dcm", dicom.prefix(keep))
        }
        for suffix in ["png", "jpg", "dcm"] {
            try add("empty.\(suffix)", Data())
            try add("text.\(suffix)", Data("This is no image.\n".utf8))
        }
        try add("archive.png", Data([0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 60)))
        try add("document.dcm", Data("%PDF-1.7\n%âãÏÓ\n".utf8))
        try add("zeros.dcm", Data(count: 5000))
        try add("zeros.jpg", Data(count: 5000))
        try add("huge.png", SampleFiles.png(claiming: 60_000, 60_000))
        try add("huge.jpg", SampleFiles.jpeg(claiming: 60_000, 60_000))
        try add("huge.dcm", SampleFiles.dicom(rows: 60_000, columns: 60_000))
        try add("flat.png", SampleFiles.png(claiming: 0, 64))
        try add("flat.jpg", SampleFiles.jpeg(claiming: 64, 0))
        try add("flat.dcm", SampleFiles.dicom(rows: 0))
        try add("more-rows.png", SampleFiles.png(claiming: 64, 128))
        try add("more-rows.dcm", SampleFiles.dicom(rows: 128))
        try add("no-pixels.dcm", SampleFiles.dicom(pixels: Data()))
        var flipped = png
        flipped[flipped.count - 20] ^= 0x55
        try add("flipped.png", flipped)
        try FileManager.default.createSymbolicLink(
            at: folder.appendingPathComponent("dangling.png"), withDestinationURL: folder.appendingPathComponent("nowhere"))
        try FileManager.default.createDirectory(at: folder.appendingPathComponent("folder.png"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            at: folder.appendingPathComponent("device.png"), withDestinationURL: URL(fileURLWithPath: "/dev/zero"))
        _ = try Shell.run(program: "/usr/bin/mkfifo", [folder.appendingPathComponent("pipe.dcm").path])
        names += ["dangling.png", "folder.png", "device.png", "pipe.dcm"]
    }

    private mutating func add(_ name: String, _ bytes: Data) throws {
        try bytes.write(to: folder.appendingPathComponent(name))
        names.append(name)
    }
}
