package plot

import (
	"fmt"
	"strconv"
)

// Bars is a plot of groups of bars that lie.
type Bars struct {
	Title, About string
	Series       []string // one bar of each group
	Mark         string   // what the marks are; "" if there are none
	Top          float64  // where the axis ends; longer bars are cut
	Step         float64  // between lines of the axis
	Format       string   // of a value
	Groups       []Group
}

// Group is what stands side by side.
type Group struct {
	Name   string
	Values []float64 // by series; 0: none
	Mark   float64   // 0: none
}

// SVG draws it.
func (b Bars) SVG() string {
	block := float64(len(b.Series)*(bar+gap) - gap)
	bottom := header + float64(len(b.Groups))*(block+pause)
	c := open(b.Title, b.About, b.Series, b.Mark, bottom+axis)
	at := func(v float64) float64 { return left + min(v, b.Top)/b.Top*(right-left) }
	for i := 0; float64(i)*b.Step <= b.Top+b.Step/2; i++ {
		v := float64(i) * b.Step
		class := "grid"
		if i == 0 {
			class = "base"
		}
		c.line(class, at(v), header, at(v), bottom-pause/2)
		c.text("value", "middle", at(v), bottom+pause/2, strconv.FormatFloat(v, 'g', 3, 64))
	}
	y := float64(header) + 2
	for _, g := range b.Groups {
		c.text("text", "end", left-10, y+block/2+4, g.Name)
		for i, v := range g.Values {
			if v <= 0 {
				continue
			}
			top, value := y+float64(i*(bar+gap)), fmt.Sprintf(b.Format, v)
			c.bar(i, top, max(at(v)-left, 1), b.Series[i]+", "+g.Name+": "+value)
			if v > b.Top {
				value = "→ " + value
			}
			end := at(v)
			if g.Mark > v && at(g.Mark)-end < 40 { // the mark would go through the number
				end = at(g.Mark)
			}
			c.text("value", "start", end+5, top+bar-1.5, value)
		}
		if g.Mark > 0 {
			c.line("mark", at(g.Mark), y-2, at(g.Mark), y+block+2)
		}
		y += block + pause
	}
	return c.close()
}
