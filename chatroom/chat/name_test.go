package chat_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/chatroom/chat"
)

func TestCleanName(t *testing.T) {
	tests := []struct {
		raw, want string
		err       error
	}{
		{raw: "Ann", want: "Ann"},
		{raw: "  Ann \t Lee ", want: "Ann Lee"},
		{raw: "张三", want: "张三"},
		{raw: "Zoë", want: "Zoë"},
		{raw: "o'Neil", want: "o'Neil"},
		{raw: "🦊", want: "🦊"},
		{raw: "👩‍🚀", want: "👩‍🚀"},
		{raw: strings.Repeat("名", chat.MaxName), want: strings.Repeat("名", chat.MaxName)},
		{raw: strings.Repeat("名", chat.MaxName+1), err: chat.Refuse(chat.CodeNameLong)},
		{raw: "", err: chat.Refuse(chat.CodeNameEmpty)},
		{raw: " \n ", err: chat.Refuse(chat.CodeNameEmpty)},
		{raw: "...", err: chat.Refuse(chat.CodeNameChars)},
		{raw: "An\x00n", err: chat.Refuse(chat.CodeNameChars)},
		{raw: "An\u200Bn", err: chat.Refuse(chat.CodeNameChars)},
		{raw: "\u202EnnA", err: chat.Refuse(chat.CodeNameChars)},
		{raw: "Zoe\u0308", err: chat.Refuse(chat.CodeNameChars)},
		{raw: "\u3164", err: chat.Refuse(chat.CodeNameChars)},
		{raw: "\u200D", err: chat.Refuse(chat.CodeNameChars)},
		{raw: "An\xffn", err: chat.Refuse(chat.CodeNameChars)},
	}
	for _, tt := range tests {
		got, err := chat.CleanName(tt.raw)
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("CleanName(%q) = %q, %v; want %q, %v", tt.raw, got, err, tt.want, tt.err)
		}
	}
}

// Names that a reader can't tell apart have one key.
func TestNameKeyImitations(t *testing.T) {
	for _, names := range [][]string{
		{"Ann", "ann", "ANN", "A n n", "Ａｎｎ", "Аnn" /* Cyrillic А */, "𝐀𝐧𝐧", "Ⓐⓝⓝ", "\U0001D4D0nn", "A-nn"},
		{"Kim", "\u212Aim", "кim", "ΚΙΜ"},
		{"Straße", "STRASSE", "straſſe"},
		{"Zoë", "ZOË"},
		{"张三", "张 三"},
		{"❤", "❤\uFE0F"},
	} {
		for _, name := range names[1:] {
			if got, want := chat.NameKey(name), chat.NameKey(names[0]); got != want {
				t.Errorf("NameKey(%q) = %q, but NameKey(%q) = %q", name, got, names[0], want)
			}
		}
	}
}

func TestNameKeyKeepsDifferentNamesApart(t *testing.T) {
	keys := make(map[string]string)
	for _, name := range []string{"Ann", "Anna", "Bo", "Zoe", "Zoë", "张三", "张四", "ann1", "ann2", "Иван", "Дима"} {
		key := chat.NameKey(name)
		if other, taken := keys[key]; taken {
			t.Errorf("%q and %q share the key %q", name, other, key)
		}
		keys[key] = name
	}
}

// Whatever is accepted is a fixed point, fits, and has a key.
func FuzzCleanName(f *testing.F) {
	for _, seed := range []string{"Ann", " a  b ", "张三", "\u202Ex", "👩‍🚀", "\xff", "ＡＢＣ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		name, err := chat.CleanName(raw)
		if err != nil {
			if name != "" {
				t.Fatalf("CleanName(%q) = %q with an error", raw, name)
			}
			return
		}
		again, err := chat.CleanName(name)
		if err != nil || again != name {
			t.Fatalf("CleanName(%q) = %q, and then %q, %v", raw, name, again, err)
		}
		if key := chat.NameKey(name); key == "" && strings.Trim(name, "- ") != "" {
			t.Fatalf("name %q has no key", name)
		}
	})
}

func TestCleanRoomName(t *testing.T) {
	tests := []struct {
		raw, want string
		err       error
	}{
		{raw: "#dev", want: "dev"},
		{raw: " release  party ", want: "release-party"},
		{raw: "茶水间", want: "茶水间"},
		{raw: "#", err: chat.Refuse(chat.CodeNameEmpty)},
	}
	for _, tt := range tests {
		got, err := chat.CleanRoomName(tt.raw)
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("CleanRoomName(%q) = %q, %v; want %q, %v", tt.raw, got, err, tt.want, tt.err)
		}
	}
}

func TestCleanTopic(t *testing.T) {
	if got, err := chat.CleanTopic(" what\nwe \x07do "); got != "what we do" || err != nil {
		t.Errorf("CleanTopic = %q, %v", got, err)
	}
	if _, err := chat.CleanTopic(strings.Repeat("题", chat.MaxTopic+1)); !errors.Is(err, chat.Refuse(chat.CodeTopicLong)) {
		t.Errorf("a long topic: %v", err)
	}
}
