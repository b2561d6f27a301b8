import Radiographs

/// What a line, an area or a text is drawn with; which colour that is, the theme says.
public enum ChartInk: Hashable, Sendable {
    /// Behind everything.
    case ground
    /// Titles and numbers.
    case text
    /// What is read second: axis numbers, notes.
    case quiet
    /// Grid lines.
    case grid
    /// One of the eight colours of `ChartPalette`, as a finding class has it.
    case palette(Int)
}

/// Where a chart will stand.
public enum ChartTheme: Hashable, Sendable {
    /// White ground, fixed colours: for files.
    case light
    /// For a page, light or dark as the reader's system is: text, grid and ground are the page's own custom properties `--text`,
    /// `--quiet`, `--line` and `--back`, and the light ones where a page has none.
    case page
}

/// The eight colours of lines and bars.
///
/// They are those of `FindingPalette`, class by class, so that a finding has one colour on pictures and in charts; its yellow and its white,
/// which no one sees on paper, are a dark yellow and a grey here. All show on white as on black.
public enum ChartPalette {
    public static let colours = FindingPalette.colours.map { colour in
        switch colour.hex {
        case "#F0E442": FindingPalette.Colour(0xA89A00)
        case "#FFFFFF": FindingPalette.Colour(0x7F7F7F)
        default: colour
        }
    }

    /// - Parameter index: From 0; past the eighth the colours begin again.
    public static func colour(_ index: Int) -> FindingPalette.Colour {
        colours[((index % colours.count) + colours.count) % colours.count]
    }

    /// A dash a round of colours, so that the ninth line is not taken for the first. In points; empty for a whole line.
    static func dash(_ index: Int) -> [Double] {
        switch index / colours.count {
        case ..<1: []
        case 1: [6, 3]
        case 2: [2, 2]
        default: [8, 2, 2, 2]
        }
    }
}

extension ChartInk {
    /// On a white ground.
    var light: FindingPalette.Colour {
        switch self {
        case .ground: FindingPalette.Colour(0xFFFFFF)
        case .text: FindingPalette.Colour(0x1B1B1D)
        case .quiet: FindingPalette.Colour(0x5C5C61)
        case .grid: FindingPalette.Colour(0xDCDCDF)
        case .palette(let index): ChartPalette.colour(index)
        }
    }

    /// As an attribute of SVG.
    func svg(_ theme: ChartTheme) -> String {
        guard theme == .page else { return light.hex }
        switch self {
        case .ground: return "var(--back,\(light.hex))"
        case .text: return "var(--text,\(light.hex))"
        case .quiet: return "var(--quiet,\(light.hex))"
        case .grid: return "var(--line,\(light.hex))"
        case .palette: return light.hex
        }
    }
}
