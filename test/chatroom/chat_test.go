package chatroom

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/socketio-go/socketio/test/chromium"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestChat shares one browser between tests that share nothing else: each has a house of its own, and each visitor a
// profile.
func TestChat(t *testing.T) {
	b := chromium.Start(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, *chromium.Browser)
	}{
		{"Talk", testTalk},
		{"PrivateMessage", testPrivateMessage},
		{"RoomMessage", testRoomMessage},
		{"Restart", testRestart},
		{"WrittenWhileAway", testWrittenWhileAway},
		{"WrittenOffline", testWrittenOffline},
		{"TabClosedOffline", testTabClosedOffline},
		{"Reload", testReload},
		{"NameTaken", testNameTaken},
		{"SignOut", testSignOut},
		{"Haste", testHaste},
		{"NotSent", testNotSent},
		{"Gap", testGap},
		{"Compose", testCompose},
		{"InputMethod", testInputMethod},
		{"Draft", testDraft},
		{"History", testHistory},
		{"Unread", testUnread},
		{"TextIsText", testTextIsText},
		{"SelfContained", testSelfContained},
		{"Phone", testPhone},
		{"Chinese", testChinese},
		{"Keys", testKeys},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, b) })
	}
}
