import Archive
import Geometry
import Results

extension ReadFinding {
    /// Where a finding is: by masks of lungs and heart where they were looked for, else by thirds and halves of the image.
    ///
    /// A box that a person moved or drew has the latter. `nil` where the masks were not to be trusted: nothing is guessed then.
    func place(on instance: Instance) -> ResultFinding.Place? {
        guard let place, decision != .moved, decision != .added else {
            return ResultFinding.Place(
                of: box, columns: instance.columns, rows: instance.rows, view: instance.view, orientation: instance.orientation)
        }
        let zone = place.zone.flatMap { ResultFinding.Place.Zone(rawValue: $0) }
        let side = place.side.flatMap { ResultFinding.Place.Side(rawValue: $0) }
        return zone == nil && side == nil ? nil : ResultFinding.Place(zone: zone, side: side)
    }

    /// Whether its place is by masks.
    var isPlacedByMasks: Bool { place != nil && decision != .moved && decision != .added }
}
