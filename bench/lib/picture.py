"""Draws a table of bench/throughput as an SVG: bars, no script, no font of its own; it stands on light and on dark."""
from xml.sax.saxutils import escape

LEFT, WIDTH, BAR, GAP, HEAD = 250, 900, 13, 5, 62
PANELS = (("tcp1", "TCP x1, Gb/s", "{:.2f}"), ("core_ns", "processor time, core-ns for 1400 octets (shorter is better)", "{:.0f}"),
          ("kpps64", "UDP packets of 64 octets, thousands a second", "{:.0f}"))
COLOURS = (("ours ipsec-mb", "#1f77b4"), ("ours jce", "#6baed6"), ("libipsec", "#d95f02"), ("wireguard", "#7f7f7f"))


def colour(name):
    return next((c for start, c in COLOURS if name.startswith(start)), "#1f77b4")


def draw(table, note):
    """@param table {contender: {column: number}}"""
    out, y = [], HEAD
    for key, title, form in PANELS:
        rows = [(name, row[key]) for name, row in table.items() if key in row]
        if not rows:
            continue
        out.append(f'<text x="{LEFT}" y="{y}" class="title">{escape(title)}</text>')
        y += 10
        most = max(value for _, value in rows) or 1
        for name, value in rows:
            length = max(1, value / most * (WIDTH - LEFT - 80))
            out.append(f'<text x="{LEFT - 8}" y="{y + BAR - 3}" class="name">{escape(name)}</text>'
                       f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR}" fill="{colour(name)}"/>'
                       f'<text x="{LEFT + length + 6:.1f}" y="{y + BAR - 3}" class="value">{form.format(value)}</text>')
            y += BAR + GAP
        y += 26
    style = ("text{font:12px sans-serif;fill:#24292f}.name{text-anchor:end}.title{font-weight:bold}"
             ".note{fill:#57606a}@media(prefers-color-scheme:dark){text{fill:#e6edf3}.note{fill:#9da7b1}}")
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}">'
            f'<style>{style}</style><text x="12" y="20" class="title">Throughput of the packet road</text>'
            f'<text x="12" y="38" class="note">{escape(note)}</text>{"".join(out)}</svg>\n')
