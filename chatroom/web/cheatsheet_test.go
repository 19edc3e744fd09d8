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
		"`s.Emit`":                         regexp.MustCompile(`\bwire\.Welcome\.Emit\(s,`),
		"`s.Broadcast().Emit`":             regexp.MustCompile(`\bwire\.MemberJoin\.Emit\(s\.Broadcast\(\),`),
		"`s.To(room).Emit`":                regexp.MustCompile(`\bs\.To\(socketRoom\(`),
		"`s.To(a, b).Emit`":                regexp.MustCompile(`\bs\.To\(each\(r\.Members, userRoom\)\.\.\.\)`),
		"`io.In(room).Emit`":               regexp.MustCompile(`wire\.RoomJoin\.Emit\(w\.io\.In\(socketRoom\(`),
		"`io.In(room).SocketsJoin`":        regexp.MustCompile(`io\.In\(userRoom\([^)]*\)\)\.SocketsJoin\(`),
		"`DisconnectSockets`":              regexp.MustCompile(`io\.In\(userRoom\([^)]*\)\)\.DisconnectSockets\(true\)`),
		"`io.Of(\"/lobby\").Emit`":         regexp.MustCompile(`wire\.CountHere\.Emit\(w\.io\.Of\("/lobby"\),`),
		"`io.To(id).Emit` and its warning": regexp.MustCompile(`userRoom\(`),
		"acknowledgement":                  regexp.MustCompile(`OnEvent\(wire\.SendMessage\.Name\(\)`),
		"`s.Volatile()`":                   regexp.MustCompile(`wire\.Types\.Emit\(to\.Volatile\(\)`),
		"`io.Local()`":                     regexp.MustCompile(`wire\.Drain\.Emit\(w\.io\.Local\(\),`),
		"`io.Emit`":                        regexp.MustCompile(`wire\.MemberLeave\.Emit\(w\.io,`),
		"`s.Compress(false)`":              regexp.MustCompile(`wire\.Types\.Emit\(.*\.Compress\(false\),`),
		"`s.Binary(false)`":                regexp.MustCompile(`wire\.MessageNew\.Emit\(to\.Binary\(false\),`),
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
