import CCairo
import CPixels
import Findings
import Foundation
import Geometry
import Outputs

/// A Cairo picture being drawn, in its own pixels; used inside one function and never shared.
package final class DrawingCanvas {
    package let width: Int
    package let height: Int
    private let surface: OpaquePointer
    let context: OpaquePointer

    /// Opaque black.
    /// - Throws: `RadiographError` of code `cannotWrite` where Cairo cannot make the picture.
    package init(width: Int, height: Int) throws {
        // Cairo's coordinates are 16 bits.
        guard (1...32_767).contains(width), (1...32_767).contains(height) else {
            throw RadiographError(.cannotWrite, "a picture of \(width) x \(height) pixels cannot be drawn")
        }
        self.width = width
        self.height = height
        guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)) else {
            throw RadiographError(.cannotWrite, "out of memory")
        }
        guard let context = cairo_create(surface) else {
            cairo_surface_destroy(surface)
            throw RadiographError(.cannotWrite, "out of memory")
        }
        self.surface = surface
        self.context = context
        try check()
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    /// - Throws: what Cairo has noted since the canvas was made: it draws nothing more after its first error.
    package func check() throws {
        let surfaceStatus = cairo_surface_status(surface)
        let status = surfaceStatus == CAIRO_STATUS_SUCCESS ? cairo_status(context) : surfaceStatus
        guard status != CAIRO_STATUS_SUCCESS else { return }
        let reason = cairo_status_to_string(status).map { String(cString: $0) } ?? "no reason given"
        throw RadiographError(.cannotWrite, "drawing failed: \(reason)")
    }

    /// Copies 8-bit grey into the canvas with its top-left corner at (x, y); the picture must fit.
    func place(grey: [UInt8], width: Int, height: Int, x: Int, y: Int) throws {
        cairo_surface_flush(surface)
        let stride = Int(cairo_image_surface_get_stride(surface))
        guard let data = cairo_image_surface_get_data(surface), x >= 0, y >= 0, x + width <= self.width, y + height <= self.height,
            grey.count == width * height
        else { throw RadiographError(.cannotWrite, "the picture does not fit its canvas") }
        grey.withUnsafeBufferPointer { source in
            for row in 0..<height {
                let target = UnsafeMutableRawPointer(data + (y + row) * stride + x * 4).assumingMemoryBound(to: UInt32.self)
                cp_grey_to_rgb(source.baseAddress.map { $0 + row * width }, width, target)
            }
        }
        cairo_surface_mark_dirty(surface)
    }

    /// Copies colours into the canvas with their top-left corner at (x, y); the picture must fit.
    /// - Parameter colours: [height * width] of `0xRRGGBB`, row-major.
    /// - Throws: `RadiographError` where it does not fit.
    package func place(colours: [UInt32], width: Int, height: Int, x: Int, y: Int) throws {
        cairo_surface_flush(surface)
        let stride = Int(cairo_image_surface_get_stride(surface))
        guard let data = cairo_image_surface_get_data(surface), x >= 0, y >= 0, x + width <= self.width, y + height <= self.height,
            colours.count == width * height
        else { throw RadiographError(.cannotWrite, "the picture does not fit its canvas") }
        for row in 0..<height {
            let target = UnsafeMutableRawPointer(data + (y + row) * stride + x * 4).assumingMemoryBound(to: UInt32.self)
            for column in 0..<width { target[column] = colours[row * width + column] }
        }
        cairo_surface_mark_dirty(surface)
    }

    package func set(_ colour: FindingPalette.Colour, opacity: Double = 1) {
        cairo_set_source_rgba(context, Double(colour.red) / 255, Double(colour.green) / 255, Double(colour.blue) / 255, opacity)
    }

    /// Outlines a rectangle, its line inside and outside in equal parts.
    package func stroke(_ box: Box, lineWidth: Double, dash: [Double] = []) {
        cairo_set_line_join(context, CAIRO_LINE_JOIN_MITER)
        cairo_set_line_width(context, lineWidth)
        cairo_set_dash(context, dash, Int32(dash.count), 0)
        cairo_rectangle(context, box.x, box.y, box.width, box.height)
        cairo_stroke(context)
    }

    package func fill(_ box: Box) {
        cairo_rectangle(context, box.x, box.y, box.width, box.height)
        cairo_fill(context)
    }

    package func setFont(size: Double, bold: Bool) {
        cairo_select_font_face(context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
        cairo_set_font_size(context, size)
    }

    /// Advance of a text in the current font, in pixels.
    package func width(of text: String) -> Double {
        var extents = cairo_text_extents_t()
        cairo_text_extents(context, text, &extents)
        return extents.x_advance
    }

    /// How far the current font reaches above and below its base line, in pixels.
    package var fontReach: (ascent: Double, descent: Double) {
        var extents = cairo_font_extents_t()
        cairo_font_extents(context, &extents)
        return (extents.ascent, extents.descent)
    }

    /// Writes with the base line's left end at (x, y).
    package func write(_ text: String, x: Double, y: Double) {
        cairo_move_to(context, x, y)
        cairo_show_text(context, text)
    }

    /// An RGB PNG, as Cairo writes it, with the mark of drawn pictures.
    /// - Throws: `RadiographError` where anything drawn so far failed or the encoder fails.
    package func png() throws -> Data {
        try check()
        var bytes = Data()
        let status = withUnsafeMutablePointer(to: &bytes) { target in
            cairo_surface_write_to_png_stream(
                surface,
                { closure, chunk, count in
                    guard let target = closure?.assumingMemoryBound(to: Data.self), let chunk else { return CAIRO_STATUS_WRITE_ERROR }
                    target.pointee.append(chunk, count: Int(count))
                    return CAIRO_STATUS_SUCCESS
                }, target)
        }
        guard status == CAIRO_STATUS_SUCCESS else { throw RadiographError(.cannotWrite, "the PNG cannot be written") }
        return PictureMark.marked(png: bytes)
    }

    /// With the mark of drawn pictures.
    /// - Throws: `RadiographError` where anything drawn so far failed or the encoder fails.
    package func jpeg(quality: Int) throws -> Data {
        try check()
        cairo_surface_flush(surface)
        let bytes = try JPEGEncoder.encode(
            cairo_image_surface_get_data(surface), width: width, height: height, stride: Int(cairo_image_surface_get_stride(surface)),
            layout: .blueGreenRedUnused, quality: quality)
        return PictureMark.marked(jpeg: bytes)
    }
}
