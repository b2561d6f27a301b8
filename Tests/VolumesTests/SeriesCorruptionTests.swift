import DICOM
import Foundation
import Testing
import VolumePhantoms
import Volumes

/// What goes wrong with series: each kind has its answer, a sentence in the record or a refusal with the files it is about.
@Suite struct SeriesCorruptionTests {
    enum Answer {
        /// A volume, and a decision of this code (none asked for where it is empty).
        case told(String)
        /// No volume.
        case refused(VolumeError.Code, String)
    }

    struct Corruption: CustomTestStringConvertible, Sendable {
        var name: String
        var options = VolumeOptions()
        var answer: Answer
        var change: @Sendable (inout SeriesDraft) throws -> Void
        var testDescription: String { name }
    }

    private static let middle = SeriesDraft.middle
    private static let bridging = VolumeOptions(missing: .bridge, damaged: .bridge)
    /// Value representation, length and value of elements as the writer has them.
    private static let slope: [UInt8] = [0x28, 0, 0x53, 0x10, 0x44, 0x53, 2, 0, 0x31, 0x20]
    private static let modality: [UInt8] = [0x08, 0, 0x60, 0, 0x43, 0x53, 2, 0, 0x43, 0x54]
    private static let position: [UInt8] = [0x20, 0, 0x32, 0, 0x44, 0x53]

    static let corruptions: [Corruption] = [
        .init(name: "shuffled files", answer: .told("")) { $0.items = shuffled($0.items) },
        .init(name: "instance numbers by chance", answer: .told("sorted")) { draft in
            for (index, number) in shuffled(Array(1...draft.items.count)).enumerated() { draft.items[index].slice.instanceNumber = number }
        },
        .init(name: "instance numbers all the same", answer: .told("")) { draft in
            for index in draft.items.indices { draft.items[index].slice.instanceNumber = 1 }
        },
        .init(name: "one missing in the lungs", answer: .refused(.gap, "1 slice missing between")) { $0.items.remove(at: middle) },
        .init(name: "one missing in the lungs, bridged", options: bridging, answer: .told("bridged")) { $0.items.remove(at: middle) },
        .init(name: "three missing in the lungs", answer: .refused(.gap, "3 slices missing between")) {
            $0.items.removeSubrange(middle..<middle + 3)
        },
        .init(name: "two gaps in the lungs, bridged", options: bridging, answer: .told("bridged")) {
            $0.items.remove(at: middle + 9)
            $0.items.remove(at: middle)
        },
        .init(name: "one missing in the abdomen", answer: .told("gap")) { $0.items.remove(at: 2) },
        .init(name: "first missing", answer: .told("")) { $0.items.removeFirst() },
        .init(name: "last twenty missing", answer: .told("")) { $0.items.removeLast(20) },
        .init(name: "one doubled", answer: .told("duplicate")) { draft in
            var copy = draft.items[middle]
            copy.name = "copy.dcm"
            draft.items.append(copy)
        },
        .init(name: "all doubled", answer: .told("duplicate")) { draft in
            draft.items += draft.items.map { item in
                var copy = item
                copy.name = "copy-\(item.name)"
                return copy
            }
        },
        .init(name: "doubled a thousandth of a millimetre apart", answer: .told("duplicate")) { draft in
            var copy = draft.items[middle]
            copy.name = "copy.dcm"
            copy.slice.position.z += 0.001
            draft.items.append(copy)
        },
        .init(name: "other pixels at one place", answer: .refused(.ambiguous, "2 different slices at one place")) { draft in
            var copy = draft.items[middle]
            copy.name = "copy.dcm"
            copy.slice.values[500] += 3
            draft.items.append(copy)
        },
        .init(name: "two acquisitions", answer: .told("acquisitions")) { draft in
            draft.items += draft.items.map { item in
                var copy = item
                copy.name = "second-\(item.name)"
                copy.series.acquisitionNumber = 2
                copy.slice.values[100] += 1
                return copy
            }
        },
        .init(name: "a second acquisition of a part", answer: .told("acquisitions")) { draft in
            draft.items += draft.items[10..<40].map { item in
                var copy = item
                copy.name = "second-\(item.name)"
                copy.series.acquisitionNumber = 2
                copy.slice.values[100] += 1
                return copy
            }
        },
        .init(name: "two kernels in one series", answer: .told("other-series")) { draft in
            draft.items += draft.items.map { item in
                var copy = item
                copy.name = "sharp-\(item.name)"
                copy.series.kernel = "LUNG"
                return copy
            }
        },
        .init(name: "two series of one study", answer: .told("other-series")) { draft in
            draft.items += draft.items.map { item in
                var copy = item
                copy.name = "other-\(item.name)"
                copy.series.seriesInstanceUID = "1.2.3.4"
                return copy
            }
        },
        .init(name: "another series asked for", options: VolumeOptions(series: "1.2.3.4"), answer: .told("other-series")) { draft in
            draft.items += draft.items.map { item in
                var copy = item
                copy.name = "other-\(item.name)"
                copy.series.seriesInstanceUID = "1.2.3.4"
                return copy
            }
        },
        .init(
            name: "a series that is not there", options: VolumeOptions(series: "1.2.3.5"),
            answer: .refused(.noSlices, "no CT slice of the series that was asked for")
        ) { _ in },
        .init(name: "thick and thin series", answer: .told("other-series")) { draft in
            draft.items += stride(from: 0, to: draft.items.count, by: 2).map { index in
                var copy = draft.items[index]
                copy.name = "thick-\(copy.name)"
                copy.series.seriesInstanceUID = "1.2.3.4"
                return copy
            }
        },
        .init(name: "two patients", answer: .refused(.ambiguous, "slices of more than one patient")) { draft in
            draft.items += draft.items.map { item in
                var copy = item
                copy.name = "other-\(item.name)"
                copy.series.seriesInstanceUID = "1.2.3.4"
                copy.series.patient = "SOMEBODY"
                return copy
            }
        },
        .init(name: "tilted by 15 degrees", answer: .told("tilt")) { tilt(&$0, 15) },
        .init(name: "tilted by -10 degrees", answer: .told("tilt")) { tilt(&$0, -10) },
        .init(name: "tilted by 0.3 degrees", answer: .told("")) { tilt(&$0, 0.3) },
        .init(name: "positions off by 1 in 100", answer: .told("jitter")) { draft in
            for index in draft.items.indices { draft.items[index].slice.position.z += index % 2 == 0 ? 0.03 : 0 }
        },
        .init(name: "distances 2.5 and 3.5 by turns", answer: .told("irregular")) { draft in
            for index in draft.items.indices { draft.items[index].slice.position.z += index % 2 == 0 ? 0.5 : 0 }
        },
        .init(name: "twice the distance in the upper half", answer: .refused(.gap, "missing between")) { draft in
            draft.items = draft.items.enumerated().filter { $0.offset < middle || $0.offset % 2 == 0 }.map(\.element)
        },
        .init(name: "one slice aside", answer: .refused(.irregular, "lies 5 mm beside the line of the other slices")) {
            $0.items[middle].slice.position.x += 5
        },
        .init(name: "pixels cut off in the middle", answer: .refused(.damaged, String(format: "%04d.dcm: ", middle))) { draft in
            draft.replaced[draft.items[middle].name] = try draft.items[middle].series.file(of: draft.items[middle].slice).dropLast(5_000)
        },
        .init(name: "pixels cut off, bridged", options: bridging, answer: .told("damaged")) { draft in
            draft.replaced[draft.items[middle].name] = try draft.items[middle].series.file(of: draft.items[middle].slice).dropLast(5_000)
        },
        .init(name: "damaged, bridged, named as damaged", options: VolumeOptions(damaged: .bridge), answer: .told("bridged")) { draft in
            draft.replaced[draft.items[middle].name] = try draft.items[middle].series.file(of: draft.items[middle].slice).dropLast(5_000)
        },
        .init(name: "pixels cut off at the end of the scan, bridged", options: bridging, answer: .told("damaged")) { draft in
            draft.replaced[draft.items[0].name] = try draft.items[0].series.file(of: draft.items[0].slice).dropLast(5_000)
        },
        .init(name: "file cut off in its header", answer: .refused(.gap, "1 file could not be read")) { draft in
            draft.replaced[draft.items[middle].name] = try draft.items[middle].series.file(of: draft.items[middle].slice).prefix(200)
        },
        .init(name: "an empty file beside", answer: .told("unreadable")) { $0.others.append(("empty.dcm", Data())) },
        .init(name: "a text beside", answer: .told("not-dicom")) { $0.others.append(("README.txt", Data("words".utf8))) },
        .init(name: "only a text", answer: .refused(.noSlices, "1 file, none with a CT slice")) {
            ($0.items, $0.others) = ([], [("README.txt", Data("words".utf8))])
        },
        .init(name: "nothing", answer: .refused(.noSlices, "no files")) { $0.items = [] },
        .init(name: "other units", answer: .refused(.notHounsfield, "other units than Hounsfield's")) { draft in
            draft.changeAll { $0.units = "US" }
        },
        .init(name: "other units in one slice", answer: .refused(.notHounsfield, "other units than Hounsfield's")) {
            $0.items[middle].series.units = "US"
        },
        .init(name: "no slope", answer: .refused(.notHounsfield, "Rescale Slope and Intercept")) {
            try $0.patch(middle, slope, slope.dropLast(2) + [0x20, 0x20])
        },
        .init(name: "a slope of 0", answer: .refused(.notHounsfield, "Rescale Slope and Intercept")) {
            try $0.patch(middle, slope, slope.dropLast(2) + [0x30, 0x20])
        },
        .init(name: "an intercept of each slice's own", answer: .told("rescale")) { draft in
            for index in draft.items.indices where index % 2 == 0 { draft.items[index].series.intercept = -1100 }
        },
        .init(name: "all values 1024 too high", answer: .refused(.notHounsfield, "the density of air")) { draft in
            for index in draft.items.indices { draft.items[index].slice.values = draft.items[index].slice.values.map { $0 + 1_024 } }
        },
        .init(name: "all values 1000 too low", answer: .refused(.notHounsfield, "the density of soft tissue")) { draft in
            draft.changeAll { $0.intercept = -2_200 }
            for index in draft.items.indices {
                draft.items[index].slice.values = draft.items[index].slice.values.map { min($0, 190) - 1_000 }
            }
        },
        .init(name: "a localizer alone", answer: .refused(.localizersOnly, "1 localizer and no slices")) { draft in
            draft.items = [draft.items[0]]
            draft.changeAll { $0.imageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"] }
        },
        .init(name: "a localizer among slices", answer: .told("localizer")) { draft in
            var scout = draft.items[0]
            scout.name = "scout.dcm"
            scout.series.imageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"]
            draft.items.append(scout)
        },
        .init(name: "two coronal images among slices", answer: .told("scout")) { draft in
            for number in 0..<2 {
                var scout = draft.items[number]
                scout.name = "scout-\(number).dcm"
                (scout.series.rowDirection, scout.series.columnDirection) = (SIMD3(1, 0, 0), SIMD3(0, 0, -1))
                draft.items.append(scout)
            }
        },
        .init(name: "coronal reformats among slices", answer: .told("reformatted")) { draft in
            for number in 0..<20 {
                var other = draft.items[number]
                other.name = "coronal-\(number).dcm"
                (other.series.rowDirection, other.series.columnDirection) = (SIMD3(1, 0, 0), SIMD3(0, 0, -1))
                other.slice.position = SIMD3(-170, Double(number) * 5, 100)
                draft.items.append(other)
            }
        },
        .init(name: "coronal slices alone", answer: .told("plane")) { draft in
            for number in draft.items.indices {
                draft.items[number].series.rowDirection = SIMD3(1, 0, 0)
                draft.items[number].series.columnDirection = SIMD3(0, 0, -1)
                draft.items[number].slice.position = SIMD3(-170, Double(number) * 3, 100)
            }
        },
        .init(name: "rows from the back to the front", answer: .told("")) { draft in
            draft.changeAll { $0.columnDirection = SIMD3(0, -1, 0) }
        },
        .init(
            name: "3,000 slices", answer: .refused(.tooLarge, "3000 slices, the limit is 2500")
        ) { draft in
            var item = draft.items[0]
            (item.series.rows, item.series.columns) = (8, 8)
            item.slice.values = [Int16](repeating: 40, count: 64)
            draft.items = (0..<3_000).map { number in
                var copy = item
                copy.name = "\(number)"
                copy.slice.position.z = Double(number) * 0.1
                return copy
            }
        },
        .init(name: "magnetic resonance", answer: .refused(.notComputedTomography, "modality MR, none of CT")) { draft in
            draft.items = [draft.items[0]]
            try draft.patch(0, modality, modality.dropLast(2) + [0x4D, 0x52])
        },
        .init(name: "one image of magnetic resonance among slices", answer: .told("other-modality")) { draft in
            try draft.patch(0, modality, modality.dropLast(2) + [0x4D, 0x52])
        },
        .init(name: "one slice without a position", answer: .refused(.gap, "1 slice missing")) { draft in
            try draft.patch(middle, position, [0x20, 0, 0x33, 0, 0x44, 0x53])
        },
        .init(name: "no slice has an orientation", answer: .refused(.noGeometry, "none with a usable position")) { draft in
            draft.changeAll { $0.rowDirection = .zero }
        },
        .init(name: "rows and columns not at right angles", answer: .refused(.noGeometry, "none with a usable position")) { draft in
            draft.changeAll { $0.columnDirection = SIMD3(0.5, 0.866025, 0) }
        },
        .init(name: "a spacing of 0", answer: .refused(.noGeometry, "none with a usable position")) { draft in
            draft.changeAll { $0.spacing = .zero }
        },
        .init(name: "positions too far away", answer: .refused(.noGeometry, "none with a usable position")) { draft in
            for index in draft.items.indices { draft.items[index].slice.position.x = 5e6 }
        },
        .init(name: "all slices at one place", answer: .refused(.ambiguous, "different slices at one place")) { draft in
            for index in draft.items.indices { draft.items[index].slice.position.z = 0 }
        },
        .init(name: "one slice of another size", answer: .told("scout")) { draft in
            var other = draft.items[5]
            other.name = "small.dcm"
            (other.series.rows, other.series.columns) = (48, 96)
            other.slice.values = Array(other.slice.values.prefix(48 * 96))
            draft.items.append(other)
        },
        .init(name: "three slices", answer: .refused(.tooFew, "3 slices, but no 4 that belong together")) {
            $0.items = Array($0.items.prefix(3))
        },
        .init(name: "a frame of reference of each slice's own", answer: .told("frame-of-reference")) { draft in
            for index in draft.items.indices { draft.items[index].series.frameOfReferenceUID = "1.2.\(index)" }
        },
        .init(name: "thick slices", answer: .told("thick")) { draft in draft.changeAll { $0.thickness = 5 } },
    ]

    private static func tilt(_ draft: inout SeriesDraft, _ degrees: Double) {
        let angle = degrees * .pi / 180
        draft.changeAll { $0.columnDirection = SIMD3(0, cos(angle), sin(angle)) }
    }

    @Test(arguments: corruptions)
    func eachHasItsAnswer(_ corruption: Corruption) throws {
        var draft = SeriesDraft()
        try corruption.change(&draft)
        switch corruption.answer {
        case .told(let code):
            let volume = try draft.volume(corruption.options)
            let codes = volume.record.decisions.map(\.code)
            #expect(code.isEmpty ? codes.isEmpty : codes.contains(code), "\(volume.record.decisions.map(\.sentence))")
            #expect(volume.record.decisions.allSatisfy { !$0.sentence.contains("\n") && !$0.sentence.contains("PHANTOM") })
        case .refused(let code, let words):
            do {
                let volume = try draft.volume(corruption.options)
                Issue.record("a volume was made: \(volume.record.decisions.map(\.sentence))")
            } catch let error as VolumeError {
                #expect(error.code == code && error.reason.contains(words), "\(error)")
                #expect(!error.reason.contains("\n") && !error.reason.contains("PHANTOM") && !error.reason.contains("SOMEBODY"))
            }
        }
    }

    @Test func thereAreFifty() { #expect(Self.corruptions.count >= 50) }

    /// What a bridge puts in place of a slice is the mean of its neighbours.
    @Test func aBridgedSliceIsBetweenItsNeighbours() throws {
        var draft = SeriesDraft()
        draft.items.remove(at: Self.middle)
        let volume = try draft.volume(VolumeOptions(missing: .bridge))
        let count = volume.geometry.width * volume.geometry.height
        #expect(volume.geometry.depth == SeriesDraft.phantom.geometry.depth)
        for index in stride(from: 0, to: count, by: 97) {
            let low = Int(volume.values[(Self.middle - 1) * count + index]), high = Int(volume.values[(Self.middle + 1) * count + index])
            #expect(abs(Double(volume.values[Self.middle * count + index]) - Double(low + high) / 2) <= 0.5)
        }
    }
}
