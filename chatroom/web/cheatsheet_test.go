package web_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each line of the emit cheat sheet that the READMEs say is at work in the chat is there.
func TestCheatSheetIsAtWork(t *testing.T) {
	var source strings.Builder
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			source.WriteString(read(t, file))
		}
	}
	uses := map[string]*regexp.Regexp{
		"`s.Emit`":                         regexp.MustCompile(`\bs\.Emit\("hello"`),
		"`s.Broadcast().Emit`":             regexp.MustCompile(`\bs\.Broadcast\(\)\.Emit\("member:join"`),
		"`s.To(room).Emit`":                regexp.MustCompile(`\bs\.To\(socketRoom\(`),
		"`s.To(a, b).Emit`":                regexp.MustCompile(`\bs\.To\(each\(r\.Members, userRoom\)\.\.\.\)`),
		"`io.In(room).Emit`":               regexp.MustCompile(`io\.In\(socketRoom\([^)]*\)\)\.Emit\("room:join"`),
		"`io.In(room).SocketsJoin`":        regexp.MustCompile(`io\.In\(userRoom\([^)]*\)\)\.SocketsJoin\(`),
		"`DisconnectSockets`":              regexp.MustCompile(`io\.In\(userRoom\([^)]*\)\)\.DisconnectSockets\(true\)`),
		"`io.Of(\"/lobby\").Emit`":         regexp.MustCompile(`io\.Of\("/lobby"\)\.Emit\("here"`),
		"`io.To(id).Emit` and its warning": regexp.MustCompile(`userRoom\(`),
		"acknowledgement":                  regexp.MustCompile(`OnEvent\("msg:send"`),
		"`s.Volatile()`":                   regexp.MustCompile(`\.Volatile\(\).*\.Emit\("typing"`),
		"`io.Local()`":                     regexp.MustCompile(`io\.Local\(\)\.Emit\("sys:drain"\)`),
		"`io.Emit`":                        regexp.MustCompile(`io\.Emit\("member:leave"`),
		"`s.Compress(false)`":              regexp.MustCompile(`\.Compress\(false\)\.Emit\("typing"`),
		"`s.Binary(false)`":                regexp.MustCompile(`\.Binary\(false\)\.Emit\("msg:new"`),
	}
	for _, readme := range []string{"README.md", "README.zh-CN.md"} {
		text := read(t, filepath.Join("../..", readme))
		for call, use := range uses {
			if strings.HasPrefix(call, "`") && !strings.Contains(text, strings.TrimSuffix(call, " and its warning")) {
				t.Errorf("%s does not say where %s is at work", readme, call)
			}
			if !use.MatchString(source.String()) {
				t.Errorf("the chat does not use %s as %s says", call, readme)
			}
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
