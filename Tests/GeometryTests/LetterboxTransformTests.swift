import Geometry
import Testing

@Suite struct LetterboxTransformTests {
    /// A picture twice as wide as high fills the width, with a quarter of the height free above and below.
    @Test func theLongerSideFillsTheInputAndThePictureIsInTheMiddle() {
        let transform = LetterboxTransform(imageWidth: 200, imageHeight: 100, inputWidth: 320, inputHeight: 320)
        #expect(transform.scale == 1.6 && transform.offsetX == 0 && transform.offsetY == 80)
        #expect(transform.boxInInput(Box(x: 0, y: 0, width: 200, height: 100)) == Box(x: 0, y: 80, width: 320, height: 160))
        #expect(transform.inputFrame(width: 320, height: 320) == Box(x: 0, y: -50, width: 200, height: 200))
    }

    @Test(arguments: [(60, 100, 320, 320), (1, 4_000, 320, 256), (3_000, 2_001, 64, 640)])
    func aBoxComesBackToItsPlace(_ width: Int, _ height: Int, _ inputWidth: Int, _ inputHeight: Int) {
        let transform = LetterboxTransform(imageWidth: width, imageHeight: height, inputWidth: inputWidth, inputHeight: inputHeight)
        let box = Box(x: 0.25, y: 3.5, width: 0.5, height: 17)
        let back = transform.boxInImage(transform.boxInInput(box))
        for (one, other) in [(box.x, back.x), (box.y, back.y), (box.width, back.width), (box.height, back.height)] {
            #expect(abs(one - other) < 1e-9)
        }
    }
}
