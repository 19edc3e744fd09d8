package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
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

var shop = filepath.Join("testdata", "shop")

func TestTypeScript(t *testing.T) {
	t.Parallel()
	code, out, errs := siogen(shop, "-ts", "-")
	if code != 0 {
		t.Fatal(errs)
	}
	golden(t, "shop.ts", out)
}

func TestAsyncAPI(t *testing.T) {
	t.Parallel()
	code, out, errs := siogen(shop, "-asyncapi", "-", "-title", "Shop", "-server", "wss://shop.example.com/socket.io/", ".")
	if code != 0 {
		t.Fatal(errs)
	}
	golden(t, "shop.json", out)
	if code, _, errs := siogen(shop, "-asyncapi", "-", "-server", "nowhere"); code != 1 || !strings.Contains(errs, "no URL") {
		t.Errorf("a server that is no URL: code %d, %s", code, errs)
	}
}

// Everything that is wrong is told at once, with its place and what to do.
func TestWhatCanNotBeReadIsToldWithItsPlace(t *testing.T) {
	t.Parallel()
	code, out, errs := siogen(filepath.Join("testdata", "wrong"), "-ts", "-")
	if code != 1 || out != "" {
		t.Errorf("code %d, wrote %q", code, out)
	}
	golden(t, "wrong.txt", errs)
}

func TestSourceWithoutContracts(t *testing.T) {
	t.Parallel()
	for folder, want := range map[string]string{
		"nothing": "no contract found in ",
		"broken":  "broken.go:4:13: cannot use",
	} {
		if code, _, errs := siogen(filepath.Join("testdata", folder), "-ts", "-"); code != 1 || !strings.Contains(errs, want) {
			t.Errorf("%s: code %d, %s", folder, code, errs)
		}
	}
	if code, _, errs := siogen("testdata", "-ts", "-", "./nowhere"); code != 1 || !strings.Contains(errs, "nowhere") {
		t.Errorf("a package that is not there: code %d, %s", code, errs)
	}
}

// With -check nothing is written, and a file that is not current, or not there, fails.
func TestCheck(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "events.ts")
	check := func(want int) {
		t.Helper()
		code, _, errs := siogen(shop, "-check", "-ts", file)
		if code != want || want == 1 && !strings.Contains(errs, "events.ts is not what the source gives") {
			t.Errorf("code %d, %s", code, errs)
		}
	}
	check(1)
	if _, err := os.Stat(file); err == nil {
		t.Error("-check has written a file")
	}
	if code, _, errs := siogen(shop, "-ts", file); code != 0 {
		t.Fatal(errs)
	}
	check(0)
	if err := os.WriteFile(file, append([]byte(read(t, file)), '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
	check(1)
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
