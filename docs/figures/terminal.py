#!/usr/bin/env python3
"""Turns what a command printed into an SVG of a terminal.

    ./reconciler demo | python3 docs/figures/terminal.py --title './reconciler demo' --lines 24 > docs/figures/demo.svg

Reads standard input, keeps bold and the eight colours of ANSI escapes, and cuts lines at --columns.
"""
import argparse
import re
import sys
from xml.sax.saxutils import escape

COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff", "35": "#d2a8ff", "36": "#76e3ea", "90": "#8b949e"}
CHAR, LINE, PAD = 7.83, 18, 16
ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")


def spans(line, columns):
    fill, bold, at, column = None, False, 0, 0
    for match in list(ESCAPE.finditer(line)) + [None]:
        text = line[at:match.start() if match else len(line)]
        text = text[:max(0, columns - column)]
        if text:
            yield column, text, fill, bold
            column += len(text)
        if match is None:
            return
        at = match.end()
        for code in match.group(1).split(";"):
            if code in ("", "0"):
                fill, bold = None, False
            elif code == "1":
                bold = True
            elif code in COLOURS:
                fill = COLOURS[code]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--title", required=True)
    options.add_argument("--columns", type=int, default=120)
    options.add_argument("--lines", type=int, default=30)
    options.add_argument("--skip", type=int, default=0, help="lines at the start")
    chosen = options.parse_args()
    lines = sys.stdin.read().replace("\r", "").split("\n")[chosen.skip:][:chosen.lines]
    while lines and not lines[-1].strip():
        lines.pop()
    shown = ["\x1b[90m$ \x1b[0m\x1b[1m" + chosen.title + "\x1b[0m"] + lines
    width = int(chosen.columns * CHAR + 2 * PAD)
    height = len(shown) * LINE + 2 * PAD
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img"'
           f' aria-label="{escape(chosen.title)}">', f"<title>{escape(chosen.title)}</title>",
           f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>',
           '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="13" fill="#e6edf3"'
           ' xml:space="preserve">']
    for row, line in enumerate(shown):
        y = PAD + row * LINE + 13
        for column, text, fill, bold in spans(line, chosen.columns):
            style = (f' fill="{fill}"' if fill else "") + (' font-weight="bold"' if bold else "")
            out.append(f'<text x="{PAD + column * CHAR:.1f}" y="{y}" textLength="{len(text) * CHAR:.1f}"'
                       f' lengthAdjust="spacingAndGlyphs"{style}>{escape(text)}</text>')
    out += ["</g>", "</svg>"]
    print("\n".join(out))


if __name__ == "__main__":
    main()
