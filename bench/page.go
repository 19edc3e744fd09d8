//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// report prints what a whole run showed, and puts it into the documents.
func (r Record) report(o options) error {
	if !o.whole() {
		return nil
	}
	fmt.Printf("\n%s", r.text())
	if o.docs == "" {
		return nil
	}
	return r.write(o.docs)
}

// write puts a whole run into the project's documents: its text into performance.md, the plots and the figures of a run
// with rivals into plots.
func (r Record) write(docs string) error {
	page := filepath.Join(docs, "performance.md")
	if name := r.section(); name != "results" {
		return replace(page, name, r.text())
	}
	plots := filepath.Join(docs, "plots")
	if err := r.draw(plots); err != nil {
		return err
	}
	if err := r.save(filepath.Join(plots, "results.json")); err != nil {
		return err
	}
	return replace(page, "results", r.tables())
}

// section is where a whole run belongs in performance.md.
func (r Record) section() string {
	switch {
	case r.profiled():
		return "profiles"
	case r.Cores > 1:
		return "cores"
	}
	return "results"
}

// text is what is printed of a whole run.
func (r Record) text() string {
	switch r.section() {
	case "profiles":
		return profiles(r.Outcomes)
	case "cores":
		return r.together()
	}
	return r.tables()
}

func (r Record) profiled() bool {
	for _, o := range r.Outcomes {
		for _, run := range o.of("ours") {
			if run.Profile != nil {
				return true
			}
		}
	}
	return false
}

// replace puts text between the two comments of a page that bear a name.
func replace(page, name, text string) error {
	b, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	first, last := "<!-- "+name+" -->\n", "<!-- end of "+name+" -->"
	before, rest, begun := strings.Cut(string(b), first)
	_, after, ended := strings.Cut(rest, last)
	if !begun || !ended {
		return fmt.Errorf("%s has no place for the %s: %q and %q", page, name, first, last)
	}
	return os.WriteFile(page, []byte(before+first+text+last+after), 0o666)
}
