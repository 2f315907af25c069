"""The branch report as one web page: nothing is loaded, nothing runs, it prints on A4."""

from base64 import b64encode
from html import escape
from typing import Final, assert_never

from bot.reports.branch_report import (
    Block,
    Composed,
    Grid,
    Listing,
    Paragraph,
    Picture,
    Section,
)
from bot.reports.charts import Chart

POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
STYLE: Final = """
:root { color-scheme: light; font-family: system-ui, "DejaVu Sans", Arial, sans-serif; color: #1a1a1a; }
body { max-width: 62rem; margin: 0 auto; padding: 1rem; line-height: 1.4; }
h1 { font-size: 1.6rem; margin: 0 0 .2rem; } h2 { font-size: 1.15rem; margin: 1rem 0 .3rem; }
main { columns: 2 24rem; column-gap: 2rem; }
section, table { break-inside: avoid; } section + section { margin-top: .6rem; }
p { margin: .3rem 0; } ul { margin: 0; padding-left: 1.2rem; }
img { width: 100%; max-width: 26rem; height: auto; }
table { border-collapse: collapse; width: 100%; margin: .4rem 0 .2rem; font-size: .92rem; }
caption { text-align: left; font-weight: 600; padding: .2rem 0; }
th, td { text-align: left; vertical-align: top; padding: .15rem .4rem .15rem 0; overflow-wrap: break-word; }
th { font-weight: 400; } thead th { font-weight: 600; border-bottom: 1px solid #595959; }
td.n { white-space: nowrap; font-weight: 600; text-align: right; }
td.b { width: 35%; min-width: 5rem; } .t { background: #e6e6e6; } .f { background: #0072b2; height: .9rem; }
.lead, .note { color: #595959; font-size: .88rem; } details { font-size: .88rem; }
@media print { @page { size: A4; margin: 12mm; } body { padding: 0; font-size: 9pt; max-width: none; }
 main { columns: 2; column-gap: 8mm; } details { display: none; } img { max-width: 82mm; }
 section { break-inside: auto; } h1 { font-size: 14pt; } h2 { font-size: 11pt; margin: 6pt 0 2pt; }
 .t, .f { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""


def html_page(report: Composed) -> bytes:
    """The report as an HTML file in UTF-8."""
    lead = "".join(f'<p class="lead">{escape(line)}</p>' for line in report.lead)
    sections = "".join(_section(section) for section in report.sections)
    page = (
        f'<!doctype html>\n<html lang="{escape(report.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(report.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<header><h1>{_text(report.title)}</h1>{lead}</header>\n<main>\n{sections}</main>\n"
        "</body>\n</html>\n"
    )
    return page.encode()


def _section(section: Section) -> str:
    blocks = "\n".join(_block(block) for block in section.blocks)
    return f"<section>\n<h2>{_text(section.heading)}</h2>\n{blocks}\n</section>\n"


def _block(block: Block) -> str:
    match block:
        case Paragraph(text=text):
            return f"<p>{_text(text)}</p>"
        case Picture(png=png, alt=alt):
            source = f"data:image/png;base64,{b64encode(png).decode()}"
            return f'<img src="{source}" alt="{escape(alt)}">'
        case Listing():
            return _listing(block)
        case Grid():
            return _grid(block)
        case Chart():
            return _chart(block)
        case _:
            assert_never(block)


def _text(text: str) -> str:
    """A text that cannot become markup, nor turn the direction of what stands around it."""
    return f'<bdi dir="auto">{escape(text)}</bdi>'


def _listing(listing: Listing) -> str:
    depth = -1
    parts: list[str] = []
    for level, text in listing.lines:
        parts += ["<ul>"] * (level - depth) if level > depth else ["</li></ul>"] * (depth - level)
        parts.append(f"<li>{_text(text)}" if level > depth else f"</li><li>{_text(text)}")
        depth = level
    nested = "".join([*parts, *["</li></ul>"] * (depth + 1)])
    if not listing.title:
        return nested
    return f"<details><summary>{escape(listing.title)}</summary>{nested}</details>"


def _grid(grid: Grid) -> str:
    heads = "".join(f'<th scope="col">{_text(text)}</th>' for text in grid.headings)
    rows = "".join(
        f'<tr><th scope="row">{_text(first)}</th>'
        + "".join(f"<td>{_text(cell)}</td>" for cell in cells)
        + "</tr>"
        for first, *cells in grid.rows
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _chart(chart: Chart) -> str:
    rows = "".join(
        f'<tr><th scope="row">{_text(bar.label)}</th><td class="n">{_value(bar.count, bar.share)}</td>'
        f'<td class="b" aria-hidden="true">{_bar(bar.share)}</td></tr>'
        for bar in chart.bars
    )
    notes = "".join(f'<p class="note">{_text(note)}</p>' for note in chart.notes)
    if not rows:
        return f"<p><strong>{_text(chart.title)}</strong></p>{notes}"
    return f"<table><caption>{_text(chart.title)}</caption><tbody>{rows}</tbody></table>{notes}"


def _value(count: int, share: int | None) -> str:
    return f"{count}" if share is None else f"{count} ({share}%)"


def _bar(share: int | None) -> str:
    if share is None:
        return ""
    return f'<div class="t"><div class="f" style="width:{share}%"></div></div>'
