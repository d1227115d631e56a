/// How pages look: one sheet for all of them.
enum Style {
    /// Colours first, by their uses, for light and for dark; then from the page's frame down to its smallest parts.
    static let sheet = """
        :root {
          color-scheme: light dark;
          --ground: #f7f7f5; --paper: #ffffff; --ink: #1b1d21; --soft: #5c6168; --line: #e2e2dd; --fill: #eeeeea;
          --accent: #2b5fc7; --heat: 43 95 199; --heat-ink: #ffffff; --heat-middle: var(--ink);
          --good: #1a7f4b; --note: #5c6168; --warning: #946200; --error: #b42318;
          --series-1: #2b5fc7; --series-2: #c2410c; --series-3: #0f766e; --series-4: #7c3aed; --series-5: #a16207;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #131417; --paper: #1b1d21; --ink: #e9e9e6; --soft: #a2a6ad; --line: #2f3238; --fill: #26292e;
            --accent: #8ab0ff; --heat: 110 155 255; --heat-ink: #0c1220; --heat-middle: #0c1220;
            --good: #5fd39a; --note: #a2a6ad; --warning: #e8b84a; --error: #ff8f85;
            --series-1: #8ab0ff; --series-2: #ffa066; --series-3: #5cd0c0; --series-4: #c4a6ff; --series-5: #e8c75a;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body {
          margin: 0 auto; padding: 40px 32px 64px; max-width: 1120px; background: var(--ground); color: var(--ink);
          font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
          font-variant-numeric: tabular-nums;
        }
        h1, h2, h3, p, figure, table, ul { margin: 0; }
        h1 { font-size: 30px; line-height: 1.2; font-weight: 650; letter-spacing: -.015em; overflow-wrap: anywhere; }
        h2 { font-size: 20px; line-height: 1.3; font-weight: 620; letter-spacing: -.01em; }
        h3 { font-size: 15px; line-height: 1.4; font-weight: 620; }
        a { color: var(--accent); text-underline-offset: 3px; text-decoration-thickness: 1px; }
        code, .path { font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
        .path { unicode-bidi: isolate; overflow-wrap: anywhere; }
        .top { margin-bottom: 28px; }
        .kind { color: var(--soft); font-size: 13px; font-weight: 560; margin-bottom: 6px; }
        .summary { margin-top: 14px; padding-left: 14px; border-left: 3px solid var(--soft); font-size: 17px;
          line-height: 1.5; max-width: 72ch; }
        .summary.good { border-color: var(--good); } .summary.warning { border-color: var(--warning); }
        .summary.error { border-color: var(--error); }
        .jump { display: inline-block; margin: 18px 18px 0 0; font-size: 14px; text-decoration: none; }
        .jump:hover { text-decoration: underline; }
        section { margin-top: 52px; scroll-margin-top: 20px; }
        .top + main > section:first-child { margin-top: 0; }
        .lead { margin-top: 6px; color: var(--soft); max-width: 76ch; }
        footer { margin-top: 64px; padding-top: 18px; border-top: 1px solid var(--line); color: var(--soft);
          font-size: 13px; overflow-wrap: anywhere; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 1px; margin-top: 20px;
          background: var(--line); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
        .tile { background: var(--paper); padding: 14px 16px 15px; }
        .tile dt { color: var(--soft); font-size: 13px; }
        .tile dd { margin: 3px 0 0; font-size: 22px; line-height: 1.25; font-weight: 600; letter-spacing: -.01em; }
        .tile small { display: block; color: var(--soft); font-size: 12.5px; font-weight: 400; letter-spacing: 0; }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); gap: 18px 16px;
          margin-top: 16px; }
        .clip { min-width: 0; }
        .clip img, .blank { display: block; width: 100%; height: auto; border-radius: 6px; background: var(--fill); }
        .blank { aspect-ratio: 16 / 5; border: 1px dashed var(--line); background: none; }
        .clip .path { display: block; margin-top: 7px; }
        .clip p { color: var(--soft); font-size: 13px; line-height: 1.45; margin-top: 2px; overflow-wrap: anywhere; }
        .clip b { color: var(--ink); font-weight: 560; }
        .finding { margin-top: 14px; background: var(--paper); border: 1px solid var(--line); border-radius: 10px; }
        .finding > summary { display: flex; gap: 12px; align-items: baseline; padding: 14px 18px; cursor: pointer;
          list-style: none; }
        .finding > summary::-webkit-details-marker { display: none; }
        .finding > summary::after { content: "+"; margin-left: auto; color: var(--soft); font-size: 18px;
          line-height: 1; }
        .finding[open] > summary::after { content: "\\2212"; }
        .finding > div { padding: 0 18px 20px; }
        .finding > div > p { max-width: 76ch; color: var(--soft); }
        .finding h3 { flex: 1; min-width: 0; }
        .mark { flex: none; font-size: 12px; font-weight: 620; padding: 1px 8px; border-radius: 99px;
          border: 1px solid currentColor; color: var(--note); }
        .mark.error { color: var(--error); } .mark.warning { color: var(--warning); }
        .pairs { margin-top: 16px; }
        .pair { padding: 16px 0 18px; border-top: 1px solid var(--line); }
        .pair > header { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; margin-bottom: 10px;
          font-size: 14px; }
        .pair > header span { color: var(--soft); }
        .pair > div { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; }
        .files { list-style: none; padding: 0; margin-top: 16px; }
        .files li { padding: 10px 0; border-top: 1px solid var(--line); }
        .files p { color: var(--soft); font-size: 14px; margin-top: 2px; max-width: 90ch; overflow-wrap: anywhere; }
        .more { margin-top: 16px; color: var(--soft); font-size: 14px; }
        .scroll { overflow-x: auto; margin-top: 16px; }
        table { border-collapse: collapse; font-size: 14px; }
        th { font-weight: 560; text-align: left; color: var(--soft); }
        th, td { padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
        td.number, th.number { text-align: right; }
        .heat th, .heat td { border: 0; padding: 2px; }
        .heat th { padding: 4px 10px 4px 0; max-width: 22ch; overflow-wrap: anywhere; vertical-align: middle; }
        .heat thead th { text-align: center; vertical-align: bottom; padding: 4px; }
        .heat td span { display: block; min-width: 44px; padding: 7px 8px; border-radius: 5px; text-align: center; }
        .heat .strong { color: var(--heat-ink); } .heat .middle { color: var(--heat-middle); }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 36px 40px;
          margin-top: 20px; }
        figure { min-width: 0; }
        figcaption { font-weight: 600; margin-bottom: 12px; }
        figcaption small { display: block; color: var(--soft); font-weight: 400; font-size: 13px; }
        .bars { display: grid; grid-template-columns: minmax(60px, max-content) 1fr max-content; gap: 6px 12px;
          align-items: center; font-size: 13.5px; }
        .bars > span { overflow-wrap: anywhere; } .bars > span:nth-child(3n) { text-align: right; }
        .bars svg { display: block; width: 100%; height: 12px; }
        .plot { display: grid; grid-template-columns: auto 1fr; gap: 8px 10px; font-size: 12.5px; color: var(--soft); }
        .plot svg { display: block; width: 100%; height: 180px; overflow: visible; }
        .plot .up { display: flex; flex-direction: column; justify-content: space-between; text-align: right; }
        .plot .up span { height: 0; line-height: 0; }
        .plot .along { grid-column: 2; display: flex; justify-content: space-between; height: 18px; }
        .plot .along span { width: 0; display: flex; justify-content: center; white-space: nowrap; }
        .plot .axis { grid-column: 2; text-align: center; }
        .legend { display: flex; flex-wrap: wrap; gap: 4px 16px; margin-top: 8px; font-size: 13px; }
        .legend i { display: inline-block; width: 14px; height: 3px; border-radius: 2px; vertical-align: middle;
          margin-right: 7px; background: currentColor; }
        .legend span span { color: var(--ink); }
        .s1 { color: var(--series-1); } .s2 { color: var(--series-2); } .s3 { color: var(--series-3); }
        .s4 { color: var(--series-4); } .s5 { color: var(--series-5); }
        @media (max-width: 640px) {
          body { padding: 24px 16px 48px; }
          h1 { font-size: 24px; } .summary { font-size: 16px; } section { margin-top: 40px; } .top { margin-bottom: 20px; }
          .tiles { grid-template-columns: 1fr 1fr; }
          .cards, .charts { grid-template-columns: 1fr; }
          .pair > div { grid-template-columns: 1fr; gap: 14px; }
          .finding > summary { padding: 14px; gap: 10px; } .finding > div { padding: 0 14px 18px; }
        }
        @media print {
          body { background: none; max-width: none; } .finding, .pair, figure, .clip { break-inside: avoid; }
        }
        """
}
