import Basics
import Findings
import Reports

/// The column beside the findings' pictures: filters, how the pictures look, and which model it was.
struct FindingsControls {
    let model: ModelIdentity
    let classes: [FindingClass]
    /// Where the slider begins.
    let threshold: Double

    var html: String {
        let start = Rounding.text((max(0, min(1, threshold.isFinite ? threshold : 0)) * 100).rounded(.down) / 100)
        return """
            <p id="counts" role="status" aria-live="polite"></p>
            <noscript><p class="warning">The filters need JavaScript; every box is shown.</p></noscript>
            <div id="controls" hidden>
            <label class="wide" for="score">Score at least <output id="score-shown" for="score">\(start)</output></label>
            <input id="score" class="wide" type="range" min="0" max="1" step="0.01" value="\(start)" data-threshold="\(start)">
            <fieldset><legend>Finding <span class="side">shown / all</span></legend>
            \(classes.map(Self.filter).joined(separator: "\n"))
            <p class="buttons"><button type="button" id="all">All</button><button type="button" id="none">None</button></p>
            </fieldset>
            <label class="wide" for="which">Images</label>
            <select id="which" class="wide">
            <option value="all">all</option>
            <option value="with">with a shown finding</option>
            <option value="without">without a shown finding</option>
            <option value="noted">with a warning or an error</option>
            </select>
            <fieldset><legend>Picture</legend>
            <label><input type="checkbox" id="boxes" checked> boxes <kbd>B</kbd></label>
            <label><input type="checkbox" id="labels" checked> labels <kbd>L</kbd></label>
            <label><input type="checkbox" id="inverted"> inverted <kbd>I</kbd></label>
            <label class="wide" for="brightness">Brightness</label>
            <input id="brightness" class="wide" type="range" min="0.4" max="2.5" step="0.05" value="1">
            <label class="wide" for="contrast">Contrast</label>
            <input id="contrast" class="wide" type="range" min="0.4" max="3" step="0.05" value="1">
            <p class="buttons"><button type="button" id="reset">Reset picture</button></p>
            </fieldset>
            <p class="hint"><kbd>J</kbd> next image, <kbd>K</kbd> image before, <kbd>E</kbd> enlarge it. Boxes and scores are a model's: look at the image first, \
            with <kbd>B</kbd>.</p>
            </div>
            <dl class="model">
            <dt>Model</dt><dd>\(MarkupText.escaped(model.name)) \(MarkupText.escaped(model.version))</dd>
            <dt>Precision</dt><dd>\(MarkupText.escaped(model.precision))</dd>
            <dt>Digest</dt><dd class="digest">\(MarkupText.escaped(model.digest))</dd>
            </dl>

            """
    }

    /// One filter a class: swatch, name, how many are shown of how many.
    private static func filter(_ findingClass: FindingClass) -> String {
        """
        <label class="\(SVGNumbers.colourClass(findingClass))"><input type="checkbox" class="filter" value="\(findingClass.id)" checked>\
        <span class="swatch"></span><span class="name">\(MarkupText.escaped(findingClass.title))</span>\
        <span class="side" data-count="\(findingClass.id)"></span></label>
        """
    }
}
