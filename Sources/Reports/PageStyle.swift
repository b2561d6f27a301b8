/// The page's style sheet. Dark all round: a bright surround costs the eye the dark half of a radiograph.
enum PageStyle {
    static let text = """
        :root { color-scheme: dark; }
        * { box-sizing: border-box; }
        [hidden] { display: none !important; }
        body { margin: 0; background: #0B0B0C; color: #D8D8D8; font: 15px/1.45 system-ui, "DejaVu Sans", sans-serif; }
        .banner { position: sticky; top: 0; z-index: 2; margin: 0; padding: .4rem 1rem; background: #3A2E00; color: #FFE9A8; text-align: center; }
        .page { display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
        aside { position: sticky; top: 2.3rem; align-self: start; height: calc(100vh - 2.3rem); overflow: auto; padding: 1rem; border-right: 1px solid #2A2A2C; }
        h1 { margin: 0 0 .3rem; font-size: 1.2rem; }
        h2 { margin: 0 0 .5rem; font-size: .95rem; font-weight: 600; overflow-wrap: anywhere; }
        #counts { margin: 0 0 1rem; color: #B5B5B5; }
        fieldset { margin: 1rem 0; padding: 0; border: 0; }
        legend { width: 100%; padding: 0; margin-bottom: .25rem; font-weight: 600; }
        fieldset label { display: flex; align-items: center; gap: .5rem; padding: .1rem 0; }
        .wide { width: 100%; }
        label.wide { display: block; font-weight: 600; margin-top: .4rem; }
        fieldset label.wide { display: block; font-weight: 400; }
        input, select, button { font: inherit; accent-color: #B8B8B8; }
        select, button { color: inherit; background: #1C1C1F; border: 1px solid #3C3C40; border-radius: 4px; padding: .2rem .5rem; }
        button { cursor: pointer; }
        :focus-visible { outline: 2px solid #FFF; outline-offset: 2px; }
        .side { margin-left: auto; color: #9A9A9A; font-weight: 400; font-variant-numeric: tabular-nums; }
        legend .side { float: right; }
        .swatch { flex: none; width: .9em; height: .9em; border-radius: 2px; background: var(--colour); border: 1px solid #000; }
        .buttons { display: flex; gap: .5rem; margin: .4rem 0 0; }
        kbd { border: 1px solid #4A4A4E; border-radius: 3px; padding: 0 .3em; font-size: .8em; color: #B5B5B5; }
        .hint, .notice, .model, .more { color: #9A9A9A; font-size: .85rem; }
        .model { display: grid; grid-template-columns: auto 1fr; gap: 0 .6rem; }
        .model dd { margin: 0; overflow-wrap: anywhere; }
        .digest { font-family: monospace; font-size: .75rem; }
        main { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1rem; padding: 1rem; align-items: start; }
        .image { background: #131315; border: 1px solid #242427; border-radius: 6px; padding: .8rem; scroll-margin-top: 3rem; content-visibility: auto; contain-intrinsic-size: auto 36rem; }
        .image.large { grid-column: 1 / -1; }
        .view { position: relative; background: #000; cursor: zoom-in; }
        .large .view { width: fit-content; max-width: 100%; margin: 0 auto; cursor: zoom-out; }
        .view img { display: block; width: 100%; height: auto; filter: invert(var(--invert, 0)) brightness(var(--brightness, 1)) contrast(var(--contrast, 1)); }
        .large .view img { width: auto; height: 86vh; max-width: 100%; object-fit: contain; }
        .view svg { position: absolute; inset: 0; width: 100%; height: 100%; font-family: "DejaVu Sans", system-ui, sans-serif; font-weight: 600; }
        .mark rect { fill: none; vector-effect: non-scaling-stroke; }
        .rim { stroke: #000; stroke-opacity: .6; stroke-width: 4.5px; }
        .line { stroke: var(--colour); stroke-width: 2px; }
        .mark .plate { fill: var(--colour); fill-opacity: .9; }
        .mark text { fill: var(--text); }
        .mark.alternative:not(.hot, .alone) { display: none; }
        .findings li.alternative { margin-left: 1.4rem; }
        .mark.hot .line { stroke-width: 4px; }
        .mark.hot .rim { stroke-width: 8px; }
        .no-boxes .mark, .no-labels .mark .label { display: none; }
        .findings { list-style: none; margin: .6rem 0 0; padding: 0; }
        .findings li { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .6rem; }
        .findings button { display: flex; align-items: center; gap: .5rem; min-width: 13rem; background: none; border-color: transparent; padding: .15rem .3rem; text-align: left; }
        .findings button[aria-pressed=true] { border-color: var(--colour); }
        .findings .score { margin-left: auto; font-variant-numeric: tabular-nums; }
        .place { color: #8C8C8C; font-size: .8rem; font-variant-numeric: tabular-nums; }
        .none { color: #9A9A9A; margin: .6rem 0 0; }
        .warning, .error { margin: 0 0 .5rem; padding: .35rem .6rem; border-left: 4px solid #E69F00; background: #221A08; overflow-wrap: anywhere; }
        .error { border-color: #D55E00; background: #2A1208; }
        .more { margin: .5rem 0 0; }
        a { color: #9CCBEE; }
        @media (max-width: 50rem) {
          .page { display: block; }
          aside { position: static; height: auto; border-right: 0; border-bottom: 1px solid #2A2A2C; }
        }
        @media print { aside { display: none; } .page { display: block; } }
        """
}
