package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/cmd/siogen/internal/asyncapi"
	"github.com/socketio-go/socketio/cmd/siogen/internal/shape"
	"github.com/socketio-go/socketio/cmd/siogen/internal/typescript"
)

// siogen runs the program in a folder.
func siogen(dir string, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(dir, args, &out, &errs)
	return code, out.String(), errs.String()
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// update writes the golden files anew: UPDATE=1 go test ./cmd/siogen.
var update = os.Getenv("UPDATE") != ""

// golden compares, or writes.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "golden", name)
	if update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want := read(t, file); got != want {
		t.Errorf("%s differs; it would be\n%s", file, got)
	}
}

// module makes a module of another author, with one file, and gives its folder.
func module(t *testing.T, source string) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	mod := "module example.com/events\n\ngo 1.27\n\nrequire github.com/socketio-go/socketio v0.0.0\n\nreplace github.com/socketio-go/socketio => " + root + "\n"
	for name, text := range map[string]string{"go.mod": mod, "events.go": source} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// One of everything, in both languages. Then nothing is to be done; and when something is, -check says what, writes nothing,
// and fails.
func TestWritesAndChecks(t *testing.T) {
	t.Parallel()
	shop, dir := filepath.Join("testdata", "shop"), t.TempDir()
	ts, doc := filepath.Join(dir, "shop.ts"), filepath.Join(dir, "shop.json")
	flags := []string{"-ts", ts, "-asyncapi", doc, "-title", "Shop", "-server", "wss://shop.example.com/socket.io/"}
	if code, out, errs := siogen(shop, flags...); code != 0 || out != "" || errs != "" {
		t.Fatalf("code %d, %s%s", code, out, errs)
	}
	golden(t, "shop.ts", read(t, ts))
	golden(t, "shop.json", read(t, doc))

	if err := os.Remove(ts); err != nil {
		t.Fatal(err)
	}
	code, _, errs := siogen(shop, append([]string{"-check"}, flags...)...)
	if code != 1 || !strings.Contains(errs, "shop.ts is not what the source gives") || strings.Contains(errs, "shop.json") {
		t.Errorf("code %d, %s", code, errs)
	}
	if _, err := os.Stat(ts); err == nil {
		t.Error("-check has written a file")
	}
}

// Everything that is wrong is told at once, with its place and what to do.
func TestWhatCanNotBeReadIsToldWithItsPlace(t *testing.T) {
	t.Parallel()
	dir := module(t, read(t, filepath.Join("testdata", "wrong.go.txt")))
	code, out, errs := siogen(dir, "-ts", "-")
	if code != 1 || out != "" {
		t.Errorf("code %d, wrote %q", code, out)
	}
	golden(t, "wrong.txt", errs)
}

func TestSourceWithoutContracts(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"package events": "no contract found in example.com/events",
		"package events\n\nvar x int = \"text\"\n":   "events.go:3:13: cannot use",
		"package events\n\nimport _ \"not/there\"\n": "not/there",
		"package events\n\nvar x =\n":                "events.go:3:9: expected",
	} {
		if code, _, errs := siogen(module(t, source), "-ts", "-"); code != 1 || !strings.Contains(errs, want) {
			t.Errorf("%q: code %d, %s", source, code, errs)
		}
	}
	if code, _, errs := siogen(".", "-ts", "-", "./nowhere"); code != 1 || !strings.Contains(errs, "nowhere") {
		t.Errorf("a package that is not there: code %d, %s", code, errs)
	}
}

// Two namespaces that would have one name in TypeScript, and a server that is no URL, are told.
func TestWhatCanNotBeWritten(t *testing.T) {
	t.Parallel()
	d := &shape.Document{Namespaces: []shape.Namespace{{Name: "/a-b"}, {Name: "/a/b"}}}
	if _, err := typescript.Write(d); err == nil || err.Error() != `the namespaces "/a-b" and "/a/b" would both be called "AB"` {
		t.Error(err)
	}
	if _, err := asyncapi.Write(d, asyncapi.Info{Server: "nowhere"}); err == nil || !strings.Contains(err.Error(), "no URL") {
		t.Error(err)
	}
}

// Names that would have one key in the document get keys of their own, and keep their names.
func TestKeysOfTheDocumentDiffer(t *testing.T) {
	t.Parallel()
	var events []shape.Event
	names := []string{"a:b", "a_b", "a b", "名", "字"}
	for _, name := range names {
		events = append(events, shape.Event{Name: name, From: shape.Client})
	}
	text, err := asyncapi.Write(&shape.Document{Namespaces: []shape.Namespace{{Name: "/", Events: events}}}, asyncapi.Info{Title: "Keys", Version: "1"})
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Channels struct {
			Root struct {
				Messages map[string]struct{ Name string }
			}
		}
		Operations map[string]any
	}
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	if len(d.Channels.Root.Messages) != len(names) || len(d.Operations) != len(names) {
		t.Errorf("%d messages and %d operations of %d events:\n%s", len(d.Channels.Root.Messages), len(d.Operations), len(names), text)
	}
	for key, m := range d.Channels.Root.Messages {
		if !slices.Contains(names, m.Name) || !regexp.MustCompile(`^[\w.-]+$`).MatchString(key) {
			t.Errorf("the message %q has the key %q", m.Name, key)
		}
	}
}

// What the chat's contract says is what is committed. go generate ./chatroom/wire makes it.
func TestTheFilesOfTheChatAreCurrent(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("..", "..", "chatroom", "wire")
	line := regexp.MustCompile(`(?m)^//go:generate go run ../../cmd/siogen (.*) -title "([^"]*)"$`).FindStringSubmatch(read(t, filepath.Join(dir, "doc.go")))
	if line == nil {
		t.Fatal("chatroom/wire/doc.go does not say how its files are made")
	}
	args := append([]string{"-check", "-title", line[2]}, strings.Fields(line[1])...)
	if code, _, errs := siogen(dir, args...); code != 0 {
		t.Error(errs)
	}
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"", 2, "-ts or -asyncapi"},
		{"-tss x", 2, "not defined"},
		{"-help", 0, "usage: siogen"},
	} {
		if code, _, errs := siogen(".", strings.Fields(c.args)...); code != c.code || !strings.Contains(errs, c.says) {
			t.Errorf("%q: code %d, %s", c.args, code, errs)
		}
	}
}
