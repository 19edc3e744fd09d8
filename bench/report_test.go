//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/bench/profile"
)

// measured is a run of three servers, in which ours took costs seconds for a million and the others 10 and 5.
func measured(costs ...float64) Record {
	runs := func(costs ...float64) (all []Result) {
		for _, c := range costs {
			all = append(all, Result{Count: 1_000_000, Seconds: 2, CPU: c, P50: .5, P99: 2, KiB: 5, Busy: .5})
		}
		return all
	}
	servers := []Runs{{"ours", runs(costs...)}, {"node", runs(10, 10, 10)}, {"bun", runs(5, 5, 5)}}
	loads := append(servers[:3:3], Runs{limit, runs(1, 1, 1)})
	left := Result{Count: 1, Left: &Left{Heap: []float64{1, 2}, RSS: []float64{9, 10}, Descriptors: []int{7, 7}, Goroutines: []int{4, 4}}}
	return Record{Date: "today", Runs: 3, Outcomes: []Outcome{
		{Scenario: "saturated", Kind: cost, Goal: .2, Reach: .1, Servers: loads},
		{Scenario: "paced", Kind: cost, Goal: .5, Reach: .1, P99: 1, Paced: true, Servers: servers},
		{Scenario: "idle c=3", Kind: stand, Goal: 6, Reach: 3, Servers: servers},
		{Scenario: "readers that stop", Kind: jam, Servers: []Runs{{"ours", []Result{{P50: 1, P99: 2, KiB: 3, Stall: &Stall{P50: .5, P99: .25, Cut: 20}}}}}},
		{Scenario: "churn c=3", Kind: wave, Servers: []Runs{{"ours", []Result{left}}}},
	}}
}

func TestTables(t *testing.T) {
	tables := measured(3, 1.5, 2).tables()
	for _, row := range []string{
		"| saturated | 10.0 (10.0–10.0) | 5.00 (5.00–5.00) | 2.00 (1.50–3.00) | **.200** | .200 | .100 | met | .500 | .400 | .100 | 2.00 |",
		"| paced | 500000 | 500000 | 500000 | .500, 2.00 | .500, 2.00 | .500, 2.00 | ≤ 1: **missed** | .50, .50, .50 |",
		"| resident memory for each, KiB | 5.00 (5.00–5.00) | 5.00 (5.00–5.00) | 5.00 (5.00–5.00) | 6 | 3 | met |",
		"| ours | .500, .250 | 1.00, 2.00 | 3 | 20 |",
		"| ours | 1.0, 2.0 | 9.0, 10.0 | 7, 7 | 4, 4 |",
	} {
		if !strings.Contains(tables, row+"\n") {
			t.Errorf("no row %s in\n%s", row, tables)
		}
	}
	if tables := measured(1).tables(); !strings.Contains(tables, "| **.100** | .200 | .100 | reached | .500 | .200 | .100 | 1.00 |") {
		t.Errorf("the ratio .1 did not reach .1:\n%s", tables)
	}
	if tables := measured(2.1).tables(); !strings.Contains(tables, "| **.210** | .200 | .100 | **missed** |") {
		t.Errorf("the ratio .21 did not miss .2:\n%s", tables)
	}
}

func TestARunGoesIntoTheDocuments(t *testing.T) {
	docs := t.TempDir()
	page := filepath.Join(docs, "performance.md")
	if err := os.WriteFile(page, []byte("above\n<!-- results -->\nold\n<!-- end of results -->\nbetween\n<!-- profiles -->\n<!-- end of profiles -->\n<!-- cores -->\n<!-- end of cores -->\nbelow\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	r := measured(2)
	o := options{rivals: everyRival, docs: docs, cores: 1}
	for _, part := range []options{{rivals: o.rivals, docs: docs, cores: 1, run: "echo"}, {rivals: "node", docs: docs, cores: 1}} {
		if err := r.report(part); err != nil {
			t.Fatal(err)
		}
		if b, err := os.ReadFile(page); err != nil || !strings.Contains(string(b), "old") {
			t.Fatalf("a part of a run went into the page: %s, %v", b, err)
		}
	}
	if err := r.report(o); err != nil {
		t.Fatal(err)
	}
	r.Cores = 2
	if err := r.report(options{docs: docs, cores: 2}); err != nil {
		t.Fatal(err)
	}
	r.Outcomes[0].Servers[0].Runs[0].Profile = &profile.Profile{Samples: 2, Parts: []profile.Share{{Name: "kernel: send", Of: 1}}}
	if err := r.report(options{docs: docs, cores: 1, profile: docs}); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"above\n<!-- results -->\n- date: today", "<!-- end of results -->\nbetween\n", "| saturated | kernel: send 100 % |", "| paced | 1000000 ", "\nbelow\n"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %q in %s", want, b)
		}
	}
	for _, name := range []string{"cost.svg", "throughput.svg", "delay.svg", "connections.svg"} {
		if b, err := os.ReadFile(filepath.Join(docs, "plots", name)); err != nil || !strings.HasPrefix(string(b), "<svg") {
			t.Errorf("%s: %.40s, %v", name, b, err)
		}
	}
	again, err := loadRecord(filepath.Join(docs, "plots", "results.json"))
	if err != nil || again.tables() != measured(2).tables() {
		t.Errorf("the results came back as %+v, %v", again, err)
	}
}

func TestPairsAgainstAnotherBuild(t *testing.T) {
	o := Outcome{Scenario: "x", Servers: []Runs{
		{"ours", []Result{{Count: 1, CPU: 1}, {Count: 1, CPU: 3}, {Count: 1, CPU: 2}}},
		{"old", []Result{{Count: 1, CPU: 2}, {Count: 1, CPU: 3}, {Count: 1, CPU: 8}}},
	}}
	if p := o.pairs("ours", "old"); p != (spread{.25, .5, 1}) {
		t.Errorf("%+v", p)
	}
	var b strings.Builder
	if o.print(&b); !strings.Contains(b.String(), "to old 0.500 (0.250–1.000)") {
		t.Error(b.String())
	}
}
