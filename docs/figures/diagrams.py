#!/usr/bin/env python3
"""Draws the diagrams of the documentation: python3 docs/figures/diagrams.py"""
import pathlib
from xml.sax.saxutils import escape

HERE = pathlib.Path(__file__).parent
STYLE = """
  text { font: 14px system-ui, sans-serif; fill: #1f2328 }
  .small { font-size: 12px; fill: #59636e }
  .box { fill: #f6f8fa; stroke: #59636e }
  .ours { fill: #ddf4ff; stroke: #0969da }
  .line { stroke: #59636e; stroke-width: 1.5; fill: none; marker-end: url(#arrow) }
  #arrow path { fill: #59636e }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #9198a1 }
    .box { fill: #151b23; stroke: #9198a1 } .ours { fill: #10233b; stroke: #4493f8 }
    .line { stroke: #9198a1 } #arrow path { fill: #9198a1 }
  }
"""


class Drawing:
    def __init__(self, width, height, title):
        self.size, self.title, self.parts = (width, height), title, []

    def box(self, x, y, w, h, lines, kind="box"):
        self.parts.append(f'<rect class="{kind}" x="{x}" y="{y}" width="{w}" height="{h}" rx="6"/>')
        top = y + h / 2 - (len(lines) - 1) * 9 + 5
        for i, line in enumerate(lines):
            small = ' class="small"' if i else ""
            self.parts.append(f'<text{small} x="{x + w / 2}" y="{top + i * 18}" text-anchor="middle">{escape(line)}</text>')

    def arrow(self, *points, label=None, at=None):
        path = "M" + " L".join(f"{x},{y}" for x, y in points)
        self.parts.append(f'<path class="line" d="{path}"/>')
        if label:
            x, y = at
            self.parts.append(f'<text class="small" x="{x}" y="{y}" text-anchor="middle">{escape(label)}</text>')

    def write(self, name):
        width, height = self.size
        body = "\n".join(self.parts)
        (HERE / name).write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
            f' role="img" aria-label="{escape(self.title)}">\n<title>{escape(self.title)}</title>\n<style>{STYLE}</style>\n'
            '<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7"'
            ' orient="auto-start-reverse"><path d="M0,0 L10,5 L0,10 z"/></marker></defs>\n'
            f"{body}\n</svg>\n")


def path():
    d = Drawing(860, 300, "How a change travels: files and SQL fill the queue, a plan is approved, a run claims, sends and settles")
    d.box(20, 30, 130, 60, ["CSV, JSON, SQL", "what people write"])
    d.box(200, 30, 150, 60, ["queue", "attribute_change"], "ours")
    d.box(400, 30, 150, 60, ["plan, approve", "before anything is sent"], "ours")
    d.box(600, 30, 240, 60, ["run", "one at a time, by a lease"], "ours")
    d.arrow((150, 60), (200, 60))
    d.arrow((350, 60), (400, 60))
    d.arrow((550, 60), (600, 60))
    d.box(600, 130, 110, 60, ["partition", "role, hash range"], "ours")
    d.box(730, 130, 110, 60, ["claim a page", "a chunk of rows"], "ours")
    d.arrow((655, 90), (655, 130))
    d.arrow((710, 160), (730, 160))
    d.box(400, 130, 150, 60, ["PATCH", "one a participant"], "ours")
    d.arrow((785, 190), (785, 212), (475, 212), (475, 190), label="intent first", at=(630, 206))
    d.box(200, 130, 150, 60, ["conversations API", "400 409 429 5xx ..."])
    d.arrow((400, 150), (350, 150))
    d.arrow((350, 172), (400, 172))
    d.box(400, 230, 150, 60, ["settle", "one transaction"], "ours")
    d.arrow((440, 190), (440, 230))
    d.box(200, 230, 150, 60, ["audit", "one outcome a row"], "ours")
    d.arrow((400, 260), (350, 260))
    d.box(20, 230, 130, 60, ["evidence", "views, export, undo"])
    d.arrow((200, 260), (150, 260))
    d.write("path.svg")


def states():
    d = Drawing(700, 250, "States of a change: PENDING, IN_FLIGHT, and eight states that end it")
    d.box(20, 90, 120, 50, ["PENDING"], "ours")
    d.box(250, 90, 120, 50, ["IN_FLIGHT"], "ours")
    d.arrow((140, 105), (250, 105), label="claim", at=(195, 99))
    d.arrow((250, 127), (140, 127), label="put back", at=(195, 145))
    d.box(480, 20, 200, 90, ["APPLIED  UNCHANGED", "the value stands"])
    d.box(480, 140, 200, 90, ["REJECTED  CONFLICT", "FAILED  EXPIRED", "SUPERSEDED"])
    d.arrow((370, 105), (480, 65), label="settle", at=(425, 72))
    d.arrow((370, 127), (480, 185), label="settle", at=(425, 175))
    d.box(20, 190, 120, 40, ["CANCELLED"])
    d.arrow((80, 140), (80, 190), label="cancel", at=(108, 170))
    d.write("states.svg")


if __name__ == "__main__":
    path()
    states()
