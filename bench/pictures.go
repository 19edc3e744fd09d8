//go:build linux

package main

import (
	"os"
	"path/filepath"

	"github.com/socketio-go/socketio/bench/plot"
)

// shown are the servers of the plots, in the order of their colours.
var shown = []string{"ours", "node", "bun"}

// pictures are the plots of a record, by the name of the file.
func (r Record) pictures() map[string]string {
	all := map[string]string{"cost.svg": r.costPlot().SVG(), "throughput.svg": r.throughputPlot().SVG(), "delay.svg": r.delayPlot().SVG()}
	for _, o := range r.Outcomes {
		if o.Kind == stand {
			all["connections.svg"] = o.standPlot().SVG()
		}
	}
	return all
}

func (r Record) draw(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for name, svg := range r.pictures() {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(svg), 0o666); err != nil {
			return err
		}
	}
	return nil
}

var names = []string{"ours", "Node", "Bun"}

func (r Record) costPlot() plot.Bars {
	b := plot.Bars{
		Title: "CPU of the server for a message", About: "Node's socket.io with ws is 1; less is better", Series: names,
		Mark: "our goal", Top: 1.25, Step: .25, Format: "%.2f",
	}
	for _, o := range r.Outcomes {
		if o.Kind == cost {
			b.Groups = append(b.Groups, plot.Group{
				Name: o.Scenario, Values: []float64{o.ratio("ours", "node"), o.ratio("node", "node"), o.ratio("bun", "node")}, Mark: o.Goal,
			})
		}
	}
	return b
}

// throughputPlot leaves out the scenarios whose pace is given.
func (r Record) throughputPlot() plot.Bars {
	b := plot.Bars{
		Title: "Messages a second, one core", About: "Node's socket.io with ws is 1; more is better", Series: names,
		Top: 10, Step: 2, Format: "%.1f",
	}
	for _, o := range r.Outcomes {
		node := o.mid("node", Result.Rate)
		if o.Kind != cost || o.Paced || node == 0 {
			continue
		}
		b.Groups = append(b.Groups, plot.Group{
			Name: o.Scenario, Values: []float64{o.mid("ours", Result.Rate) / node, 1, o.mid("bun", Result.Rate) / node},
		})
	}
	return b
}

// delayPlot has only the scenarios whose pace is given: elsewhere a delay says how long the queue is.
func (r Record) delayPlot() plot.Ranges {
	p := plot.Ranges{
		Title: "Delay of a message at a given pace, in milliseconds", About: "p50 and p99, from when it was due; less is better", Series: names,
		Mark: "our goal for p99", Low: .01, High: 100, Format: "%.2f",
	}
	for _, o := range r.Outcomes {
		if o.Kind != cost || !o.Paced {
			continue
		}
		span := plot.Span{Name: o.Scenario, Mark: o.P99}
		for _, server := range shown {
			span.Values = append(span.Values, [2]float64{o.mid(server, p50), o.mid(server, p99)})
		}
		p.Groups = append(p.Groups, span)
	}
	return p
}

func (o *Outcome) standPlot() plot.Bars {
	group := func(name string, of func(Result) float64, goal float64) plot.Group {
		node := o.mid("node", of)
		g := plot.Group{Name: name, Values: make([]float64, len(shown))}
		if node > 0 {
			g.Mark = goal / node
			for i, server := range shown {
				g.Values[i] = o.mid(server, of) / node
			}
		}
		return g
	}
	return plot.Bars{
		Title: "What a connection costs", About: "Node's socket.io with ws is 1; less is better", Series: names, Mark: "our goal",
		Top: 1.25, Step: .25, Format: "%.2f",
		Groups: []plot.Group{group("memory while idle", kib, o.Goal), group("CPU to set one up", Result.PerMillion, setUpGoal)},
	}
}
