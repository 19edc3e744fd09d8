package plot

import (
	"fmt"
	"html"
	"strings"
)

// Measures of every plot, in pixels.
const (
	width  = 880
	margin = 20
	names  = 250 // of the groups, on the left
	values = 60  // room for the last value, on the right
	bar    = 11
	gap    = 2  // between bars of a group
	pause  = 14 // between groups
	header = 86 // title, what it shows, legend
	axis   = 30 // the numbers below
)

// left and right are where the plot itself begins and ends.
const (
	left  = margin + names
	right = width - margin - values
)

// style gives every part its colours. The series are a fixed order: ours, Node, Bun, a fourth.
const style = `<style>
svg{font:12px system-ui,-apple-system,"Segoe UI",sans-serif}
.back{fill:#fcfcfb}.title{font-size:15px;font-weight:600;fill:#0b0b0b}.text{fill:#0b0b0b}.quiet{fill:#52514e}.value{font-size:11px;fill:#52514e}
.grid{stroke:#e1e0d9}.base{stroke:#898781}.mark{stroke:#0b0b0b;stroke-width:2}
.s0{fill:#2a78d6;stroke:#2a78d6}.s1{fill:#8c8b86;stroke:#8c8b86}.s2{fill:#d95926;stroke:#d95926}.s3{fill:#1b9e77;stroke:#1b9e77}
.bar{stroke:none}.line{stroke-width:3;stroke-linecap:round}
@media (prefers-color-scheme:dark){
.back{fill:#1a1a19}.title,.text{fill:#fff}.quiet,.value{fill:#c3c2b7}
.grid{stroke:#2c2c2a}.base{stroke:#898781}.mark{stroke:#fff}
.s0{fill:#3987e5;stroke:#3987e5}.s2{fill:#e8703c;stroke:#e8703c}.s3{fill:#2bb58b;stroke:#2bb58b}
}
</style>`

// canvas collects the parts of one picture.
type canvas struct {
	strings.Builder
}

func (c *canvas) add(format string, args ...any) { fmt.Fprintf(&c.Builder, format+"\n", args...) }

func (c *canvas) text(class, anchor string, x, y float64, s string) {
	c.add(`<text class="%s" x="%.1f" y="%.1f" text-anchor="%s">%s</text>`, class, x, y, anchor, html.EscapeString(s))
}

func (c *canvas) line(class string, x1, y1, x2, y2 float64) {
	c.add(`<line class="%s" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`, class, x1, y1, x2, y2)
}

// bar is a rectangle that begins at the left edge of the plot, its right corners round, with a text for who points at it.
func (c *canvas) bar(series int, y, length float64, hint string) {
	r := min(3, length/2)
	c.add(`<path class="bar s%d" d="M%d %.1fh%.1fa%.1f %.1f 0 0 1 %.1f %.1fv%.1fa%.1f %.1f 0 0 1 %.1f %.1fh%.1fz"><title>%s</title></path>`,
		series, left, y, length-r, r, r, r, r, bar-2*r, r, r, -r, r, r-length, html.EscapeString(hint))
}

// open begins a picture: background, title, what it shows, and the legend.
func open(title, about string, series []string, mark string, height float64) *canvas {
	c := new(canvas)
	c.add(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %.0f" width="%d" height="%.0f" role="img" aria-label="%s">`,
		width, height, width, height, html.EscapeString(title+": "+about))
	c.add("%s", style)
	c.add(`<rect class="back" width="%d" height="%.0f" rx="8"/>`, width, height)
	c.text("title", "start", margin, margin+10, title)
	c.text("quiet", "start", margin, margin+28, about)
	x := float64(left)
	const y = header - 10
	for i, name := range series {
		c.add(`<rect class="bar s%d" x="%.1f" y="%d" width="11" height="11" rx="2"/>`, i, x, y-10)
		c.text("text", "start", x+16, y, name)
		x += 36 + 7*float64(len(name))
	}
	if mark != "" {
		c.line("mark", x+5, y-11, x+5, y+2)
		c.text("text", "start", x+14, y, mark)
	}
	return c
}

// close ends it.
func (c *canvas) close() string {
	c.add("</svg>")
	return c.String()
}
