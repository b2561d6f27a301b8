extension ReducedRadiograph {
    /// The radiograph with other pixels, such as a mended one; colours are left out.
    public func with(_ image: ReducedImage) -> ReducedRadiograph {
        var radiograph = radiograph
        radiograph.pixels = image.pixels
        radiograph.colour = nil
        return ReducedRadiograph(image: image, radiograph: radiograph)
    }
}
