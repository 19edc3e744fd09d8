package layers

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestEveryFileKeepsItsFloor(t *testing.T) {
	all, err := sources(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 10 {
		t.Fatalf("only %d files found: is the module's root where this test looks for it?", len(all))
	}
	for _, s := range all {
		for _, complaint := range complaints(s) {
			t.Error(complaint)
		}
	}
}

// maxLines is where a file stops being one thing.
const maxLines = 600

// complaints lists the rules that s breaks.
func complaints(s source) []string {
	var broken []string
	complain := func(format string, args ...any) {
		broken = append(broken, s.path+": "+fmt.Sprintf(format, args...))
	}
	if s.lines > maxLines {
		complain("%d lines; a file stops at %d", s.lines, maxLines)
	}
	if s.standalone {
		return broken // a program beside the package, not a part of it
	}
	own, known := floorOf(s.pkg)
	if !known {
		complain("package %q is on no floor: give it one in internal/layers/floors_test.go", s.pkg)
		return broken
	}
	for _, imported := range s.imports {
		switch local, inModule := inside(imported); {
		case inModule:
			floor, known := floorOf(local)
			switch {
			case !known:
				complain("imports %q, which is on no floor", local)
			case matchAny(byValue, local) && local != s.pkg && own < programFloor:
				complain("imports %q, which is to be handed in as a value", local)
			case floor < own || local == s.pkg || s.isTest() && matchAny(testAids, local) || neighbours(s.pkg, local):
			default:
				complain("package %q (floor %d) imports %q (floor %d): imports point down", s.pkg, own, local, floor)
			}
		case thirdParty(imported):
			if s.isTest() && matchAny(testParties, imported) {
				continue
			}
			if matchAny(firstParty, s.pkg) {
				complain("imports %q: this package has no third party", imported)
			}
			for _, c := range confined {
				if match(c.module, imported) && !match(c.to, s.pkg) && !(s.isTest() && match(c.tests, s.pkg)) {
					complain("imports %q, which only %s may", imported, c.to)
				}
			}
		case matchAny(pure, s.pkg) && !s.isTest() && matchAny(impure, imported):
			complain("imports %q: this package is pure", imported)
		}
	}
	if matchAny(pure, s.pkg) && !s.isTest() {
		for _, at := range s.goStmts {
			complain("starts a goroutine in line %d: this package is pure", at.Line)
		}
	}
	return broken
}

// inside gives the folder of an import of this module.
func inside(imported string) (folder string, ok bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}

// thirdParty reports whether an import is neither ours nor the standard library's, whose paths begin without a dot.
func thirdParty(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return strings.Contains(first, ".")
}

// neighbours reports whether from may import to though both stand on one floor.
func neighbours(from, to string) bool {
	for _, b := range besides {
		if match(b.from, from) && match(b.to, to) {
			return true
		}
	}
	return false
}

func TestEveryPackageTellsItsStory(t *testing.T) {
	root := filepath.Join("..", "..")
	all, err := sources(root)
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, s := range all {
		if s.isTest() || s.standalone || slices.Contains(seen, s.pkg) {
			continue
		}
		seen = append(seen, s.pkg)
		if s.name == "main" {
			continue // a command tells its story above main
		}
		if _, err := os.Stat(filepath.Join(root, s.pkg, "doc.go")); err != nil {
			t.Errorf("package %q has no doc.go", s.pkg)
		}
	}
}

// TestRulesBite feeds the rules what they forbid, so that the test above cannot pass by seeing nothing.
func TestRulesBite(t *testing.T) {
	imports := func(path string) string { return "package p\nimport _ \"" + path + "\"\n" }
	tests := map[string]struct {
		path, text string
		want       string // part of the only complaint; "" means none
	}{
		"down":                          {"engineio/server.go", imports(module + "/engineio/packet"), ""},
		"down from the root":            {"server.go", imports(module + "/engineio"), ""},
		"up":                            {"engineio/packet/p.go", imports(module + "/engineio"), "imports point down"},
		"up to the root":                {"engineio/server.go", imports(module), "imports point down"},
		"sideways":                      {"client/client.go", imports(module), "imports point down"},
		"sideways between transports":   {"engineio/transport/polling/p.go", imports(module + "/engineio/transport/websocket"), "imports point down"},
		"sideways in a test":            {"client/client_test.go", imports(module), "imports point down"},
		"a test's aid":                  {"server_test.go", imports(module + "/test/nodejs"), ""},
		"own package from its test":     {"parser/p_test.go", imports(module + "/parser"), ""},
		"chat inside the house":         {"chatroom/web/w.go", imports(module + "/chatroom/chat"), ""},
		"chat knows no store":           {"chatroom/chat/c.go", imports(module + "/chatroom/store"), "imports point down"},
		"no floor":                      {"util/u.go", "package p", "is on no floor"},
		"import of no floor":            {"server.go", imports(module + "/util"), "is on no floor"},
		"third party in the root":       {"server.go", imports("github.com/alecthomas/kong"), "no third party"},
		"third party in a command":      {"cmd/chatroom/main.go", imports("github.com/alecthomas/kong"), ""},
		"goleak in a test":              {"server_test.go", imports("go.uber.org/goleak"), ""},
		"goleak outside tests":          {"server.go", imports("go.uber.org/goleak"), "no third party"},
		"the WebSocket library at home": {"engineio/transport/websocket/w.go", imports("github.com/gobwas/ws"), ""},
		"the WebSocket library outside": {"bench/b.go", imports("github.com/gobwas/ws"), "only engineio/transport/websocket may"},
		"a value of the user's":         {"engineio/server.go", imports(module + "/engineio/transport/webtransport"), "handed in as a value"},
		"its own test":                  {"engineio/transport/webtransport/w_test.go", imports(module + "/engineio/transport/webtransport"), ""},
		"a program that hands it in":    {"examples/webtransport/main.go", imports(module + "/engineio/transport/webtransport"), ""},
		"QUIC in tests that do wrong":   {"test/webtransport/w_test.go", imports("github.com/quic-go/quic-go"), ""},
		"QUIC in another test":          {"test/soak/s_test.go", imports("github.com/quic-go/quic-go"), "only engineio/transport/webtransport may"},
		"pure: network":                 {"parser/p.go", imports("net/http"), "is pure"},
		"pure: clock":                   {"engineio/packet/p.go", imports("time"), "is pure"},
		"pure: clock in a test":         {"parser/p_test.go", imports("time"), ""},
		"pure: goroutine":               {"internal/rooms/r.go", "package p\nfunc f() { go f() }", "starts a goroutine in line 2"},
		"left out of the build":         {"browser/g.go", "//go:build ignore\n\npackage main\nimport _ \"github.com/evanw/esbuild/pkg/api\"\n", ""},
		"too long":                      {"parser/p.go", "package p\n" + strings.Repeat("\n", maxLines), "a file stops at"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s, err := read(tt.path, []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			got := complaints(s)
			switch {
			case tt.want == "" && len(got) > 0:
				t.Errorf("unexpected complaints: %q", got)
			case tt.want != "" && (len(got) != 1 || !strings.Contains(got[0], tt.want)):
				t.Errorf("complaints %q; want one with %q", got, tt.want)
			}
		})
	}
}
