import Basics
import Findings
import Outputs
import Radiographs

/// What stands before and after the images of a page.
enum PageFrame {
    static func head(model: ModelIdentity, classes: [FindingClass], threshold: Double, nonce: String) -> String {
        let nonce = MarkupText.escaped(nonce)
        let start = Rounding.text((max(0, min(1, threshold.isFinite ? threshold : 0)) * 100).rounded(.down) / 100)
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            \(OwnFile.generatorMark)
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'nonce-\(nonce)'; \
            script-src 'nonce-\(nonce)'; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>Pleura: findings</title>
            <style nonce="\(nonce)">
            \(PageStyle.text)
            \(colours)
            </style>
            </head>
            <body>
            <p class="banner" role="note"><b>\(MarkupText.escaped(Notice.banner))</b></p>
            <div class="page">
            <aside aria-label="Filters">
            <h1>Findings</h1>
            <p id="counts" role="status" aria-live="polite"></p>
            <noscript><p class="warning">The filters need JavaScript; every box is shown.</p></noscript>
            <div id="controls" hidden>
            <label class="wide" for="score">Score at least <output id="score-shown" for="score">\(start)</output></label>
            <input id="score" class="wide" type="range" min="0" max="1" step="0.01" value="\(start)" data-threshold="\(start)">
            <fieldset><legend>Finding <span class="side">shown / all</span></legend>
            \(classes.map(filter).joined(separator: "\n"))
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
            <p class="notice">\(MarkupText.escaped(Notice.researchUseOnly)). Scores are not probabilities.</p>
            </aside>
            <main id="images" aria-label="Images">

            """
    }

    static func foot(nonce: String) -> String {
        """
        </main>
        </div>
        <script nonce="\(MarkupText.escaped(nonce))">
        \(PageScript.text)
        </script>
        </body>
        </html>

        """
    }

    /// One filter a class: swatch, name, how many are shown of how many.
    private static func filter(_ findingClass: FindingClass) -> String {
        """
        <label class="c\(PageEntry.index(findingClass))"><input type="checkbox" class="filter" value="\(findingClass.id)" checked>\
        <span class="swatch"></span><span class="name">\(MarkupText.escaped(findingClass.name))</span>\
        <span class="side" data-count="\(findingClass.id)"></span></label>
        """
    }

    /// The palette as classes of the style sheet: an inline style would be against the page's own policy.
    private static var colours: String {
        FindingPalette.colours.enumerated().map { index, colour in
            ".c\(index) { --colour: \(colour.hex); --text: \(colour.takesBlackText ? "#000" : "#FFF"); }"
        }.joined(separator: "\n")
    }
}
