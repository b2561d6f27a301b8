/// The style sheet of the statistics: light or dark as the reader's system is, for there are no radiographs on it.
enum StatisticsStyle {
    static let text = """
        :root { color-scheme: light dark; --back: #FFF; --card: #F6F6F7; --line: #DCDCDF; --text: #1B1B1D; --quiet: #5C5C61; --ink: #0063A6; --faint: #E6E6E9;
          --banner: #FFF1C2; --banner-text: #4A3A00; }
        @media (prefers-color-scheme: dark) { :root { --back: #0B0B0C; --card: #131315; --line: #2A2A2C; --text: #D8D8D8; --quiet: #9A9A9A; --ink: #6BBDF0;
          --faint: #232326; --banner: #3A2E00; --banner-text: #FFE9A8; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.45 system-ui, "DejaVu Sans", sans-serif; }
        .banner { position: sticky; top: 0; z-index: 2; margin: 0; padding: .4rem 1rem; background: var(--banner); color: var(--banner-text); text-align: center; }
        main { max-width: 76rem; margin: 0 auto; padding: 1rem; }
        h1 { margin: .3rem 0 .6rem; font-size: 1.3rem; overflow-wrap: anywhere; }
        h2 { margin: 0 0 .6rem; font-size: 1.05rem; }
        h3 { margin: 0 0 .3rem; font-size: .9rem; overflow-wrap: anywhere; }
        section { margin: 0 0 1rem; padding: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: 6px; overflow-x: auto; }
        p { margin: .4rem 0; }
        .note { color: var(--quiet); font-size: .85rem; max-width: 62rem; }
        .tiles { display: flex; flex-wrap: wrap; gap: 1rem 2.2rem; margin: 0; }
        .tiles div { display: flex; flex-direction: column-reverse; }
        .tiles dt { color: var(--quiet); font-size: .85rem; }
        .tiles dd { margin: 0; font-size: 1.6rem; font-weight: 600; font-variant-numeric: tabular-nums; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { padding: .18rem .6rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; font-weight: 400; }
        thead th { color: var(--quiet); font-size: .85rem; vertical-align: bottom; }
        th:first-child, td.left { text-align: left; }
        tbody th { font-weight: 600; }
        td.zero { color: var(--quiet); }
        .bar { width: 11rem; padding-right: 0; }
        .bar svg { display: block; width: 100%; height: .85rem; }
        .share { color: var(--quiet); font-size: .85rem; }
        svg { font-family: inherit; }
        .fill { fill: var(--ink); }
        .ground { fill: var(--faint); }
        .axis { stroke: var(--line); stroke-width: 1; }
        .whisker { stroke: var(--text); stroke-width: 1.5; }
        .middle { stroke: var(--back); stroke-width: 2.5; }
        .label { fill: var(--text); font-size: 13px; }
        .tick { fill: var(--quiet); font-size: 11px; }
        .maps { display: grid; grid-template-columns: repeat(auto-fill, minmax(12.5rem, 1fr)); gap: 1rem; }
        figure { margin: 0; }
        figure svg { display: block; width: 100%; height: auto; background: var(--back); border: 1px solid var(--line); }
        figcaption { color: var(--quiet); font-size: .8rem; }
        .side { fill: var(--quiet); font-size: 2.2px; font-weight: 600; }
        .thirds { stroke: var(--line); stroke-width: .12; }
        .pairs { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem; }
        .matrix td { min-width: 3.2rem; position: relative; }
        .matrix td svg { position: absolute; inset: 0; width: 100%; height: 100%; }
        .matrix td span { position: relative; }
        .matrix .self { font-weight: 600; }
        .wide { width: 100%; max-width: 56rem; height: auto; display: block; }
        """
}
