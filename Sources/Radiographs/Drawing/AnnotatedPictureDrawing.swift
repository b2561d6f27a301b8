import Findings
import Geometry

/// Draws an `AnnotatedPicture` on a canvas.
struct AnnotatedPictureDrawing {
    let canvas: DrawingCanvas
    private let scale: (x: Double, y: Double)
    private let left: Int
    private let size: (width: Int, height: Int)
    private let fontSize: Double
    private let lineWidth: Double

    private static let black = FindingPalette.Colour(0x000000)
    private static let white = FindingPalette.Colour(0xFFFFFF)

    init(_ picture: AnnotatedPicture) throws {
        size = picture.size
        scale = (Double(size.width) / Double(picture.pixels.width), Double(size.height) / Double(picture.pixels.height))
        // By the mean side: 11 px on 300, 45 px on 3000, always about a fortieth to a seventieth of the picture.
        let side = (Double(size.width) * Double(size.height)).squareRoot()
        fontSize = max(11, side / 66).rounded()
        lineWidth = max(1.5, side / 450)
        let stripHeight = Int((fontSize * 1.9).rounded(.up))
        // A narrow image stands in the middle of a canvas that is wide enough for the sentence.
        let width = max(size.width, 240)
        left = (width - size.width) / 2
        canvas = try DrawingCanvas(width: width, height: size.height + stripHeight)
        try canvas.place(
            grey: picture.pixels.eightBitGrey(width: size.width, height: size.height), width: size.width, height: size.height, x: left, y: 0
        )
        if let anatomy = picture.anatomy { draw(anatomy) }
        drawBoxes(picture.marks)
        drawLabels(picture.marks)
        drawStrip(height: stripHeight)
        try canvas.check()
    }

    /// From pixels of the original image to the canvas, the line kept inside the image.
    private func onCanvas(_ box: Box) -> Box {
        let inset = lineWidth / 2
        let x0 = max(box.x * scale.x, inset)
        let y0 = max(box.y * scale.y, inset)
        let x1 = max(x0 + 1, min(box.maxX * scale.x, Double(size.width) - inset))
        let y1 = max(y0 + 1, min(box.maxY * scale.y, Double(size.height) - inset))
        return Box(x0: x0 + Double(left), y0: y0, x1: x1 + Double(left), y1: y1)
    }

    private func drawBoxes(_ marks: [AnnotatedPicture.Mark]) {
        // The surest finding comes first in the list and is drawn last, on top.
        for mark in marks.reversed() {
            let box = onCanvas(mark.box)
            let dash = mark.isTruth ? [lineWidth * 4, lineWidth * 3] : []
            canvas.set(Self.black, opacity: 0.6)
            canvas.stroke(box, lineWidth: lineWidth * 2.2, dash: dash)
            canvas.set(mark.colour)
            canvas.stroke(box, lineWidth: lineWidth, dash: dash)
        }
    }

    /// Thin borders of lungs and heart, and the lines of the cardiothoracic ratio with its value.
    private func draw(_ anatomy: ImageAnatomy) {
        func place(_ x: Double, _ y: Double) -> SIMD2<Double> { SIMD2(x * scale.x + Double(left), y * scale.y) }
        canvas.set(FindingPalette.Colour(0x7FD4FF), opacity: 0.6)
        for outline in anatomy.outlines where !outline.structure.hasSuffix("clavicle") {
            let points = outline.points.map { place($0.x, $0.y) }
            canvas.strokeLine(points + points.prefix(1), lineWidth: max(1, lineWidth / 2))
        }
        guard let ratio = anatomy.ratio else { return }
        for line in [ratio.thorax, ratio.heart] {
            canvas.set(Self.black, opacity: 0.6)
            canvas.strokeLine([place(line.left, line.y), place(line.right, line.y)], lineWidth: lineWidth * 2)
            canvas.set(FindingPalette.Colour(0xFFE082))
            canvas.strokeLine([place(line.left, line.y), place(line.right, line.y)], lineWidth: lineWidth)
        }
        canvas.setFont(size: fontSize, bold: false)
        let text = "heart/chest \(AnnotatedPicture.twoDecimals(ratio.value)) ± \(AnnotatedPicture.twoDecimals(ratio.error))"
        let at = place(ratio.thorax.left, ratio.thorax.y)
        canvas.write(text, x: max(fontSize / 2, at.x), y: min(Double(size.height) - fontSize / 2, at.y + fontSize * 1.3))
    }

    private func drawLabels(_ marks: [AnnotatedPicture.Mark]) {
        canvas.setFont(size: fontSize, bold: true)
        let (ascent, descent) = canvas.fontReach
        let padding = (fontSize * 0.3).rounded(.up)
        let plateHeight = (ascent + descent + padding).rounded(.up)
        var layout = LabelLayout(width: Double(canvas.width), height: Double(size.height), boxes: marks.map { onCanvas($0.box) })
        for mark in marks {
            let text = fitted(mark.text, into: Double(canvas.width) - 2 * padding)
            let plate = layout.place(
                width: (canvas.width(of: text) + 2 * padding).rounded(.up), height: plateHeight, for: onCanvas(mark.box))
            // The finding's plate is full of its colour, truth's is dark with a coloured text, as its line is broken.
            canvas.set(mark.isTruth ? Self.black : mark.colour, opacity: mark.isTruth ? 0.75 : 0.92)
            canvas.fill(plate)
            // A dark colour on the dark plate would not be read.
            let truthText = mark.colour.takesBlackText ? mark.colour : Self.white
            canvas.set(mark.isTruth ? truthText : mark.colour.takesBlackText ? Self.black : Self.white)
            canvas.write(text, x: plate.x + padding, y: plate.y + padding / 2 + ascent)
        }
    }

    private func drawStrip(height: Int) {
        canvas.set(FindingPalette.Colour(0x202020))
        canvas.fill(Box(x: 0, y: Double(size.height), width: Double(canvas.width), height: Double(height)))
        var bannerSize = fontSize
        canvas.setFont(size: bannerSize, bold: false)
        // Never cut off: smaller on a narrow picture.
        let room = Double(canvas.width) * 0.96
        let wide = canvas.width(of: Notice.banner)
        if wide > room {
            bannerSize *= room / wide
            canvas.setFont(size: bannerSize, bold: false)
        }
        let (ascent, descent) = canvas.fontReach
        let x = (Double(canvas.width) - canvas.width(of: Notice.banner)) / 2
        canvas.set(Self.white)
        canvas.write(Notice.banner, x: x, y: Double(size.height) + (Double(height) + ascent - descent) / 2)
    }

    /// The text without control characters, its end cut off where it is wider than the picture.
    private func fitted(_ text: String, into room: Double) -> String {
        let clean = String(String.UnicodeScalarView(text.unicodeScalars.prefix(200).map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
        guard canvas.width(of: clean) > room else { return clean }
        var short = clean
        while !short.isEmpty, canvas.width(of: short + "…") > room { short.removeLast() }
        return short + "…"
    }
}
