import CCairoPDF
import Foundation

/// Pages of a PDF (ISO 32000) being drawn by Cairo, in points from the top-left corner; used inside one function and never shared.
final class DocumentCanvas {
    /// A4.
    static let size = (width: 595.28, height: 841.89)

    /// What the file says of itself.
    struct Description {
        var title: String
        var author: String
        var subject: String
        var keywords: String
        /// ISO 8601; of creation and of change, so that the same document has the same bytes.
        var date: String
    }

    private final class Sink { var bytes = Data() }

    private let sink = Sink()
    private let surface: OpaquePointer
    private let context: OpaquePointer

    /// - Throws: `ResultObjectError` of code `cannotWrite`.
    init(_ description: Description) throws {
        let closure = Unmanaged.passUnretained(sink).toOpaque()
        guard
            let surface = cairo_pdf_surface_create_for_stream(
                { closure, chunk, count in
                    guard let closure, let chunk else { return CAIRO_STATUS_WRITE_ERROR }
                    Unmanaged<Sink>.fromOpaque(closure).takeUnretainedValue().bytes.append(chunk, count: Int(count))
                    return CAIRO_STATUS_SUCCESS
                }, closure, Self.size.width, Self.size.height)
        else { throw ResultObjectError(.cannotWrite, "there is not enough memory for the document") }
        guard let context = cairo_create(surface) else {
            cairo_surface_destroy(surface)
            throw ResultObjectError(.cannotWrite, "there is not enough memory for the document")
        }
        (self.surface, self.context) = (surface, context)
        // Later versions pack objects in streams, where the description could not be read without inflating them.
        cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_4)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, description.title)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, description.author)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, description.subject)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_KEYWORDS, description.keywords)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Pleura")
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, description.date)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, description.date)
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    func setFont(size: Double, isBold: Bool) {
        cairo_select_font_face(context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
        cairo_set_font_size(context, size)
    }

    /// Advance of a text in the current font.
    func width(of text: String) -> Double {
        var extents = cairo_text_extents_t()
        cairo_text_extents(context, text, &extents)
        return extents.x_advance
    }

    /// - Parameter grey: 0 is black.
    func write(_ text: String, x: Double, baseline: Double, grey: Double = 0) {
        cairo_set_source_rgb(context, grey, grey, grey)
        cairo_move_to(context, x, baseline)
        cairo_show_text(context, text)
    }

    func fill(x: Double, y: Double, width: Double, height: Double, grey: Double) {
        cairo_set_source_rgb(context, grey, grey, grey)
        cairo_rectangle(context, x, y, width, height)
        cairo_fill(context)
    }

    /// A JPEG in colour, which goes into the file as it is.
    func place(_ picture: CapturedPicture, x: Double, y: Double, width: Double) throws {
        let (rgb, columns, rows) = try CapturedPicture.pixels(picture.jpeg)
        guard let image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(columns), Int32(rows)) else { return }
        defer { cairo_surface_destroy(image) }
        cairo_surface_flush(image)
        let stride = Int(cairo_image_surface_get_stride(image))
        guard let data = cairo_image_surface_get_data(image) else {
            throw ResultObjectError(.cannotWrite, "the picture does not fit a page")
        }
        for row in 0..<rows {
            let line = UnsafeMutableRawPointer(data + row * stride).assumingMemoryBound(to: UInt32.self)
            for column in 0..<columns {
                let place = 3 * (row * columns + column)
                line[column] = UInt32(rgb[place]) << 16 | UInt32(rgb[place + 1]) << 8 | UInt32(rgb[place + 2])
            }
        }
        cairo_surface_mark_dirty(image)
        attach(picture.jpeg, to: image)
        cairo_save(context)
        cairo_translate(context, x, y)
        cairo_scale(context, width / Double(columns), width / Double(columns))
        cairo_set_source_surface(context, image, 0, 0)
        cairo_paint(context)
        cairo_restore(context)
    }

    /// Cairo frees the copy when it needs it no more.
    private func attach(_ jpeg: Data, to image: OpaquePointer) {
        guard let copy = malloc(jpeg.count) else { return }
        jpeg.withUnsafeBytes { bytes in
            if let start = bytes.baseAddress { memcpy(copy, start, bytes.count) }
        }
        let bytes = copy.assumingMemoryBound(to: UInt8.self)
        let status = cairo_surface_set_mime_data(image, "image/jpeg", bytes, UInt(jpeg.count), { free($0) }, copy)
        if status != CAIRO_STATUS_SUCCESS { free(copy) }
    }

    func endPage() { cairo_show_page(context) }

    /// The file; nothing can be drawn after it.
    /// - Throws: `ResultObjectError` of code `cannotWrite` where anything drawn so far failed.
    func finish() throws -> Data {
        let status = cairo_status(context)
        cairo_surface_finish(surface)
        let end = cairo_surface_status(surface)
        guard status == CAIRO_STATUS_SUCCESS, end == CAIRO_STATUS_SUCCESS else {
            throw ResultObjectError(.cannotWrite, "the document cannot be drawn")
        }
        return sink.bytes
    }
}
