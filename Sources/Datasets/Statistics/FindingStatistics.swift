import Findings
import Geometry

/// One finding of a dataset: how often, how large, where.
public struct FindingStatistics: Hashable, Sendable {
    public var findingClass: FindingClass
    public var boxes: Int
    /// Images with a box of it.
    public var images: Int
    /// Patients with a box of it.
    public var patients: Int
    /// Images of which it is said as a whole, with or without a box.
    public var labelledImages: Int
    /// In pixels of the image.
    public var width: Quartiles?
    /// In pixels of the image.
    public var height: Quartiles?
    /// Shares of the image's area that single boxes cover, 0 to 1.
    public var areaShare: Quartiles?
    /// Boxes below 32 x 32 pixels, up to 96 x 96 and above, as COCO tells them apart.
    public var small: Int
    public var medium: Int
    public var large: Int
    /// Where the boxes are: `PlaceMap.side` rows of as many columns over the whole image, top left first; each value is the share of
    /// the boxes that cover the cell, 0 to 1, a half-covered cell counting half.
    public var places: PlaceMap

    /// COCO's limits between small, medium and large, in square pixels.
    static let areas = (medium: 32.0 * 32, large: 96.0 * 96)

    init(_ findingClass: FindingClass, _ images: [DatasetImage]) {
        self.findingClass = findingClass
        var (own, shares): ([Box], [Double]) = ([], [])
        var (owners, withBoxes) = (Set<String>(), 0)
        var map = PlaceMap()
        for image in images {
            let boxes = image.boxes.filter { $0.classID == findingClass.id }.map(\.box)
            guard !boxes.isEmpty else { continue }
            withBoxes += 1
            owners.insert(image.patient)
            own += boxes
            let (width, height) = (Double(image.width), Double(image.height))
            for box in boxes {
                shares.append(box.clipped(toWidth: width, height: height).area / (width * height))
                map.add(Box(x: box.x / width, y: box.y / height, width: box.width / width, height: box.height / height))
            }
        }
        boxes = own.count
        self.images = withBoxes
        patients = owners.count
        labelledImages = images.filter { $0.labels?.contains(findingClass.name) == true }.count
        width = Quartiles(own.map(\.width))
        height = Quartiles(own.map(\.height))
        areaShare = Quartiles(shares)
        small = own.filter { $0.area < Self.areas.medium }.count
        large = own.filter { $0.area > Self.areas.large }.count
        medium = own.count - small - large
        places = map
    }
}
