import Datasets
import Findings
import Foundation
import ModelGraph
import Networks
import Radiographs

final class EventFileWriter {
    init(folder: URL, resumingAt: Int?) throws {}
    func addScalars(_ values: [(tag: String, value: Double)], step: Int) throws {}
    func flush() throws {}
    func close() throws {}
}
