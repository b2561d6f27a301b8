import Charts
import Foundation
import Radiographs

extension RunCharts {
    /// `train_batch0.jpg`, `val_batch0_labels.jpg` and `val_batch0_pred.jpg`: the images of a batch with their boxes.
    /// - Parameters:
    ///   - tiles: As the network sees them, or as they are; the first `columns` squared are shown. Of a tile's marks with scores, the thirty
    ///     surest are drawn.
    ///   - columns: Images in a row.
    ///   - side: Of a tile, in pixels.
    public static func batch(_ tiles: [PictureSheet.Tile], columns: Int = 4, side: Int = 480) throws -> Data {
        let columns = max(1, min(16, columns))
        let shown = tiles.prefix(columns * columns).map { tile in
            var tile = tile
            let scored = tile.marks.filter { $0.score != nil }.sorted { ($0.score ?? 0) > ($1.score ?? 0) }
            tile.marks = tile.marks.filter { $0.score == nil } + scored.prefix(30)
            return tile
        }
        return try PictureSheet(
            tiles: shown, columns: min(columns, max(1, shown.count)), side: side, keepsShape: true, hasNotice: true
        ).jpeg()
    }
}
