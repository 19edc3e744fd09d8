package plot_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/bench/plot"
)

// texts reads an SVG strictly, and gives what is written in it.
func texts(t *testing.T, svg string) string {
	t.Helper()
	var all strings.Builder
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all.String()
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		if s, ok := token.(xml.CharData); ok {
			all.Write(s)
			all.WriteByte('|')
		}
	}
}

func holds(t *testing.T, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, "|"+w+"|") {
			t.Errorf("no %q in %s", w, text)
		}
	}
}

func TestBars(t *testing.T) {
	svg := plot.Bars{
		Title: "less < more", About: `"quoted"`, Series: []string{"ours", "theirs"}, Mark: "goal", Top: 1, Step: .5, Format: "%.2f",
		Groups: []plot.Group{{Name: "a & b", Values: []float64{.25, 1}, Mark: .3}, {Name: "cut", Values: []float64{0, 7.5}}},
	}.SVG()
	holds(t, texts(t, svg), "less < more", `"quoted"`, "ours", "theirs", "goal", "a & b", "0.25", "1.00", "→ 7.50", "0.5")
	if bars := strings.Count(svg, "<path"); bars != 3 {
		t.Errorf("%d bars: one has no value", bars)
	}
	if !strings.Contains(svg, "prefers-color-scheme:dark") {
		t.Error("not for the dark")
	}
}

func TestRanges(t *testing.T) {
	svg := plot.Ranges{
		Title: "delays", About: "ms", Series: []string{"ours", "theirs"}, Mark: "goal", Low: .1, High: 100, Format: "%.1f",
		Groups: []plot.Span{{Name: "x", Values: [][2]float64{{.5, 5}, {0, 0}}, Mark: 7}, {Name: "beyond", Values: [][2]float64{{.01, 1}, {10, 1000}}}},
	}.SVG()
	holds(t, texts(t, svg), "delays", "x", "0.5, 5.0", "beyond", "0.0, 1.0", "10.0, 1000.0", "0.1", "10", "100")
	if dots := strings.Count(svg, "<circle"); dots != 6 {
		t.Errorf("%d ends: one range has no value", dots)
	}
}
