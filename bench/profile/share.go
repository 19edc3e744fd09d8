package profile

import (
	"cmp"
	"io"
	"maps"
	"slices"
	"strings"
)

// Share is a part of all samples.
type Share struct {
	Name string
	Of   float64 // 0 to 1
}

// Profile is where the time of a server went, the largest parts first.
type Profile struct {
	Samples int
	Parts   []Share // system calls, scheduler, memory, packages
	Leaves  []Share // functions, without what they call
}

// Read reads the output of perf script -F ip,sym,dso.
func Read(r io.Reader) (Profile, error) {
	var p Profile
	parts, leaves := map[string]int{}, map[string]int{}
	err := stacks(r, func(stack []frame) {
		p.Samples++
		parts[part(stack)]++
		leaves[stack[0].symbol]++
	})
	p.Parts, p.Leaves = shares(parts, p.Samples), shares(leaves, p.Samples)
	return p, err
}

func shares(counts map[string]int, all int) []Share {
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(counts[b]-counts[a], strings.Compare(a, b))
	})
	shares := make([]Share, 0, len(names))
	for _, name := range names {
		shares = append(shares, Share{name, float64(counts[name]) / float64(all)})
	}
	return shares
}
