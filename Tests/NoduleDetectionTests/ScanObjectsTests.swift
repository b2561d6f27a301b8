import Basics
import DICOM
import Foundation
import NoduleDetection
import NoduleReports
import Nodules
import Outputs
import PleuraTesting
import Reports
import ScanDetection
import Testing
import Volumes

/// Segmentation and report of nodules that are known, as pydicom reads them; and the same in JSON, CSV and pictures.
@Suite struct ScanObjectsTests {
    static let python = Repository.root.appendingPathComponent(".engines/oracles-venv/bin/python")

    /// A scan of 20 slices with two balls, in an oblique series whose slices lie 2.5 mm apart.
    struct Sample {
        let folder: TemporaryFolder
        let volume: Volume
        let scan: ScanFindings
        static let centres = [SIMD3<Double>(-12, 8, -20), SIMD3(18, -6, -31)]
        static let radii = [6.0, 3.0]

        init() throws {
            let folder = try TemporaryFolder()
            let turn = 0.2
            var series = ComputedTomographySeries(
                columns: 96, rows: 80, spacing: SIMD2(0.8, 0.8), thickness: 2.5, patient: "P", source: "objects")
            series.rowDirection = SIMD3(cos(turn), 0, sin(turn))
            series.columnDirection = SIMD3(0, 1, 0)
            let normal = SIMD3(-sin(turn), 0, cos(turn))
            for number in 0..<20 {
                let position = SIMD3(-38.0, -32, -52) + normal * (2.5 * Double(number))
                var values = [Int16](repeating: -850, count: 96 * 80)
                for row in 0..<80 {
                    for column in 0..<96 {
                        let point = position + series.rowDirection * (0.8 * Double(column)) + series.columnDirection * (0.8 * Double(row))
                        for (centre, radius) in zip(Self.centres, Self.radii) {
                            let offset = point - centre
                            if (offset * offset).sum() < radius * radius { values[row * 96 + column] = 30 }
                        }
                        if row < 4 { values[row * 96 + column] = 40 }
                    }
                }
                let slice = ComputedTomographySeries.Slice(position: position, values: values, instanceNumber: 20 - number)
                try series.file(of: slice).write(to: folder.file("\(number).dcm"))
            }
            let files = (0..<20).map { folder.file("\($0).dcm").path }
            let volume = try VolumeAssembler().assemble(files.map { SliceSource(file: URL(fileURLWithPath: $0), name: $0) })
            let body = try volume.resampled(to: volume.geometry.isotropic(1))
            var found: [FoundNodule] = []
            for (number, (centre, radius)) in zip(Self.centres, Self.radii).enumerated() {
                let geometry = VolumeGeometry(
                    width: 30, height: 30, depth: 30, origin: centre - 7.25, columnStep: SIMD3(0.5, 0, 0), rowStep: SIMD3(0, 0.5, 0),
                    sliceStep: SIMD3(0, 0, 0.5))
                var mask = VolumeMask(geometry: geometry)
                for z in 0..<30 {
                    for y in 0..<30 {
                        for x in 0..<30 {
                            let offset = geometry.point(ofVoxel: SIMD3(Double(x), Double(y), Double(z))) - centre
                            if (offset * offset).sum() < radius * radius { mask[x, y, z] = 1 }
                        }
                    }
                }
                var nodule = try #require(Nodule(mask, in: body.resampled(to: geometry)))
                nodule.score = 0.9 - 0.2 * Double(number)
                nodule.side = number == 0 ? .right : .left
                nodule.slicePlace = volume.slicePlace(of: nodule.centre)
                found.append(
                    FoundNodule(
                        number: number + 1, nodule: nodule, mask: mask, sizeClasses: SizeClasses(nodule),
                        candidate: Candidate(number: number + 1, centre: centre, radius: radius, strength: 50)))
            }
            let reading = NoduleReading(
                nodules: found, candidates: 2, threshold: 0.5, rightLung: 2, leftLung: 2, remarks: [], volume: body)
            (self.folder, self.volume) = (folder, volume)
            scan = ScanFindings(
                name: "scan", seriesInstanceUID: volume.record.seriesInstanceUID, files: files, volume: volume, reading: reading)
        }
    }

    private static let model = ModelIdentity(name: "test", version: "1", digest: String(repeating: "a", count: 64), precision: "f32")

    private struct Read: Decodable {
        struct Group: Decodable {
            var tracking: String
            var uid: String
            var segment: Int
            var segmentation: String
            var series: String
            var volume: Double
            var diameter: Double
            var modifiers: [String]
        }
        var segments: [String]
        var uids: [String]
        var centres: [[Double]]
        var volumes: [Double]
        var indices: [[Int]]
        var known: Bool
        var instance: String
        var groups: [Group]
    }

    @Test func pydicomReadsWhereTheNodulesAre() throws {
        let sample = try Sample()
        let objects = try TemporaryFolder()
        let names = try ScanResultFolder(objects.url, model: Self.model).write(
            sample.scan, sample.volume, number: 1, issued: Date(timeIntervalSince1970: 1_700_000_000))
        #expect(names == ["scan-001.seg.dcm", "scan-001.sr.dcm"])
        let script = """
            import json, sys, glob, numpy as np, pydicom
            seg, sr = pydicom.dcmread(sys.argv[1]), pydicom.dcmread(sys.argv[2])
            files = {d.SOPInstanceUID: d for d in (pydicom.dcmread(f, stop_before_pixels=True) for f in glob.glob(sys.argv[3] + "/*.dcm"))}
            o = np.array([float(v) for v in seg.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence[0].ImageOrientationPatient])
            s = [float(v) for v in seg.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].PixelSpacing]
            sums, counts, known, indices = {}, {}, True, []
            for f, p in zip(seg.PerFrameFunctionalGroupsSequence, seg.pixel_array):
                n = f.SegmentIdentificationSequence[0].ReferencedSegmentNumber
                place = np.array([float(v) for v in f.PlanePositionSequence[0].ImagePositionPatient])
                source = files[f.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID]
                known = known and np.allclose(place, source.ImagePositionPatient, atol=1e-6)
                r, c = np.nonzero(p)
                sums[n] = sums.get(n, 0) + len(r) * place + o[:3] * s[1] * c.sum() + o[3:] * s[0] * r.sum()
                counts[n] = counts.get(n, 0) + len(r)
                indices.append(list(f.FrameContentSequence[0].DimensionIndexValues))
            groups = []
            for g in [i for c in sr.ContentSequence if c.ConceptNameCodeSequence[0].CodeValue == "126010" for i in c.ContentSequence]:
                assert g.ContentTemplateSequence[0].TemplateIdentifier == "1411"
                by = {i.ConceptNameCodeSequence[0].CodeValue: i for i in g.ContentSequence}
                ref = by["121191"].ReferencedSOPSequence[0]
                groups.append(dict(tracking=by["112039"].TextValue, uid=by["112040"].UID, segment=int(ref.ReferencedSegmentNumber),
                    segmentation=ref.ReferencedSOPInstanceUID, series=by["121232"].UID,
                    volume=float(by["118565006"].MeasuredValueSequence[0].NumericValue),
                    diameter=float(by["81827009"].MeasuredValueSequence[0].NumericValue),
                    modifiers=[i.ConceptNameCodeSequence[0].CodeValue for i in g.ContentSequence if i.RelationshipType == "HAS CONCEPT MOD"]))
            print(json.dumps(dict(segments=[x.TrackingID for x in seg.SegmentSequence], uids=[x.TrackingUID for x in seg.SegmentSequence],
                centres=[list(sums[n] / counts[n]) for n in sorted(sums)], volumes=[counts[n] * s[0] * s[1] * 2.5 for n in sorted(counts)],
                indices=[[int(v) for v in i] for i in indices], known=bool(known), instance=seg.SOPInstanceUID, groups=groups)))
            """
        let said = try Shell.run(
            program: Self.python.path,
            ["-W", "ignore", "-c", script] + names.map { objects.file($0).path } + [sample.folder.url.path])
        try #require(said.status == 0, "\(said.errors)")
        let read = try JSONDecoder().decode(Read.self, from: Data(said.output.utf8))
        #expect(read.segments == ["N1", "N2"] && read.known && read.groups.count == 2)
        for (index, centre) in Sample.centres.enumerated() {
            let offset = SIMD3(read.centres[index][0], read.centres[index][1], read.centres[index][2]) - centre
            #expect((offset * offset).sum().squareRoot() < 0.6, "\(offset)")
            let ball = 4 / 3 * Double.pi * pow(Sample.radii[index], 3)
            #expect(abs(read.volumes[index] / ball - 1) < 0.2, "\(read.volumes[index]) of \(ball)")
            let (group, nodule) = (read.groups[index], try #require(sample.scan.reading).nodules[index].nodule)
            #expect(group.tracking == "N\(index + 1)" && group.uid == read.uids[index] && group.segment == index + 1)
            #expect(group.segmentation == read.instance && group.series == sample.volume.record.seriesInstanceUID)
            #expect(abs(group.volume - nodule.volume) < 0.01 && abs(group.diameter - nodule.meanDiameter) < 0.01)
            #expect(group.modifiers.contains("363698007"), "Finding Site is a modifier")
        }
        #expect(Set(read.indices.map { $0[0] }) == [1, 2] && read.indices.map { $0[1] }.min() == 1)
    }

    @Test func dcmtkReadsTheReport() throws {
        let sample = try Sample()
        let objects = try TemporaryFolder()
        let names = try ScanResultFolder(objects.url, model: Self.model).write(sample.scan, sample.volume, number: 1, issued: Date())
        let said = try Shell.run(program: "/usr/bin/dsrdump", ["+Pl", objects.file(names[1]).path])
        #expect(said.status == 0 && said.output.contains("Not for diagnosis"), "\(said.errors)")
    }

    @Test func aScanWithoutNodulesHasAReportThatSaysSo() throws {
        let sample = try Sample()
        var scan = sample.scan
        scan.reading?.nodules = []
        let objects = try TemporaryFolder()
        let names = try ScanResultFolder(objects.url, model: Self.model).write(scan, sample.volume, number: 3, issued: Date())
        #expect(names == ["scan-003.sr.dcm"])
        let said = try Shell.run(program: "/usr/bin/dsrdump", ["+Pl", objects.file(names[0]).path])
        #expect(said.output.contains("Nothing was found"))
    }

    @Test func jsonAndTableSayTheSame() throws {
        let sample = try Sample()
        let json = try JSONSerialization.jsonObject(with: Data(ScanJSON.text(sample.scan).utf8)) as? [String: Any]
        let nodules = try #require(json?["nodules"] as? [[String: Any]])
        #expect(json?["slices"] as? Int == 20 && json?["scan"] as? String == "scan" && nodules.count == 2)
        let found = try #require(sample.scan.reading).nodules
        for (entry, nodule) in zip(nodules, found) {
            let centre = try #require(entry["center_mm"] as? [Double])
            let offset = SIMD3(centre[0], centre[1], centre[2]) - nodule.nodule.centre
            #expect((offset * offset).sum() < 1e-3)
            #expect(
                entry["diameter_mm"] as? Double == nodule.nodule.meanDiameter && entry["kind"] as? String == nodule.nodule.kind?.rawValue)
            // The slice is where its file says that it is.
            let slice = try #require(entry["slice"] as? [String: Any])
            #expect(sample.scan.files.contains(slice["file"] as? String ?? ""))
        }
        let lines = String(decoding: NodulesCSV.table([sample.scan]), as: UTF8.self).split(separator: "\r\n")
        #expect(lines.count == 3 && lines[0].hasPrefix("scan,seriesuid,coordX,coordY,coordZ,probability"))
        #expect(lines[1].split(separator: ",", omittingEmptySubsequences: false).count == NodulesCSV.header.count)
        let file = try TemporaryFolder()
        try NodulesCSV.table([sample.scan]).write(to: file.file("a.csv"))
        #expect(OwnFile.isOurs(file.file("a.csv").path))
        let picture = try NodulePictures.png(found[0], in: try #require(sample.scan.reading).volume)
        #expect(PictureMark.isIn(picture))
    }

    /// Numbers between voxels against the formula.
    @Test func masksAreBroughtToHalfMillimetresByStraightLines() {
        let side = 5
        let values = (0..<side * side * side).map { Float(($0 * 37) % 101) / 101 }
        let fine = NoduleDetector.doubled(values, side: side)
        func at(_ place: [Double]) -> Double {
            var sum = 0.0
            for corner in 0..<8 {
                var (weight, index) = (1.0, 0)
                for axis in [2, 1, 0] {
                    let low = place[axis].rounded(.down), share = place[axis] - low
                    let isHigh = corner >> axis & 1 == 1
                    weight *= isHigh ? share : 1 - share
                    index = index * side + min(max(Int(low) + (isHigh ? 1 : 0), 0), side - 1)
                }
                sum += weight * Double(values[index])
            }
            return sum
        }
        for z in 0..<10 {
            for y in 0..<10 {
                for x in 0..<10 {
                    let expected = at([x, y, z].map { (Double($0) + 0.5) / 2 - 0.5 })
                    #expect(abs(Double(fine[(z * 10 + y) * 10 + x]) - expected) < 1e-5)
                }
            }
        }
    }
}
