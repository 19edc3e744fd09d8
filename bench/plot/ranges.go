package plot

import (
	"fmt"
	"html"
	"math"
	"strconv"
)

// Ranges is a plot of groups of ranges, each from a low to a high value, on a logarithmic axis.
type Ranges struct {
	Title, About string
	Series       []string
	Mark         string
	Low, High    float64 // powers of ten where the axis begins and ends
	Format       string
	Groups       []Span
}

// Span is what stands side by side.
type Span struct {
	Name   string
	Values [][2]float64 // by series; zeros: none
	Mark   float64
}

// SVG draws it.
func (r Ranges) SVG() string {
	block := float64(len(r.Series)*(bar+gap) - gap)
	bottom := header + float64(len(r.Groups))*(block+pause)
	c := open(r.Title, r.About, r.Series, r.Mark, bottom+axis)
	low, high := math.Log10(r.Low), math.Log10(r.High)
	at := func(v float64) float64 {
		return left + (math.Log10(min(max(v, r.Low), r.High))-low)/(high-low)*(right-left)
	}
	for e := low; e <= high+.01; e++ {
		v := math.Pow(10, e)
		c.line("grid", at(v), header, at(v), bottom-pause/2)
		c.text("value", "middle", at(v), bottom+pause/2, strconv.FormatFloat(v, 'g', 3, 64))
	}
	y := float64(header) + 2
	for _, g := range r.Groups {
		c.text("text", "end", left-10, y+block/2+4, g.Name)
		for i, v := range g.Values {
			if v[1] <= 0 {
				continue
			}
			middle := y + float64(i*(bar+gap)) + bar/2
			label := fmt.Sprintf(r.Format+", "+r.Format, v[0], v[1])
			c.add(`<g class="s%d"><title>%s</title>`, i, html.EscapeString(r.Series[i]+", "+g.Name+": "+label))
			c.line("line", at(v[0]), middle, at(v[1]), middle)
			for _, one := range v {
				c.add(`<circle cx="%.1f" cy="%.1f" r="4.5" stroke="none"/>`, at(one), middle)
			}
			c.add("</g>")
			anchor, x := "start", at(v[1])+9
			switch room := float64(7 * len(label)); {
			case x+room > width:
				anchor, x = "end", at(v[0])-9
			case g.Mark > v[1] && at(g.Mark) < x+room: // the mark would go through the numbers
				x = max(x, at(g.Mark)+5)
			}
			c.text("value", anchor, x, middle+4, label)
		}
		if g.Mark > 0 {
			c.line("mark", at(g.Mark), y-2, at(g.Mark), y+block+2)
		}
		y += block + pause
	}
	return c.close()
}
