import CCairo
import Findings
import Geometry

/// Lines, areas, dots and turned text, for charts. Points are in user units: pixels, until `scale(by:)`.
extension DrawingCanvas {
    /// From here on a unit is `factor` pixels.
    package func scale(by factor: Double) { cairo_scale(context, factor, factor) }

    /// Letters stand where their shapes say, not where whole pixels are: a text is as wide at every scale.
    package func useExactText() {
        guard let options = cairo_font_options_create() else { return }
        defer { cairo_font_options_destroy(options) }
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        // Grey, not in the colours of a screen's stripes, which are not those of the page that shows the picture.
        cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
        cairo_set_font_options(context, options)
    }

    /// A line through the points, with round corners and ends.
    package func strokeLine(_ points: some Sequence<SIMD2<Double>>, lineWidth: Double, dash: [Double] = []) {
        cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
        cairo_set_line_cap(context, dash.isEmpty ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
        cairo_set_line_width(context, lineWidth)
        cairo_set_dash(context, dash, Int32(dash.count), 0)
        trace(points)
        cairo_stroke(context)
    }

    /// The area that the points go around.
    package func fillArea(_ points: some Sequence<SIMD2<Double>>) {
        trace(points)
        cairo_close_path(context)
        cairo_fill(context)
    }

    package func fillCircle(centre: SIMD2<Double>, radius: Double) {
        cairo_new_path(context)
        cairo_arc(context, centre.x, centre.y, radius, 0, 2 * .pi)
        cairo_fill(context)
    }

    /// What `body` draws shows only inside the box.
    package func clipped(to box: Box, _ body: () throws -> Void) rethrows {
        cairo_save(context)
        defer { cairo_restore(context) }
        cairo_rectangle(context, box.x, box.y, box.width, box.height)
        cairo_clip(context)
        try body()
    }

    /// Writes with the base line's left end at the point, turned about it clockwise.
    /// - Parameter degrees: -90 reads from the bottom to the top.
    package func write(_ text: String, at point: SIMD2<Double>, degrees: Double) {
        cairo_save(context)
        defer { cairo_restore(context) }
        cairo_move_to(context, point.x, point.y)
        cairo_rotate(context, degrees * .pi / 180)
        cairo_show_text(context, text)
    }

    private func trace(_ points: some Sequence<SIMD2<Double>>) {
        cairo_new_path(context)
        for point in points { cairo_line_to(context, point.x, point.y) }
    }
}
