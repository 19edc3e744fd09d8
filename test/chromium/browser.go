package chromium

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/socketio-go/socketio/test/nodejs"
)

// patience ends the wait for a page that hangs; nothing is measured with it.
const patience = 2 * time.Minute

// Browser is a running Chromium. Pages may be opened from several goroutines.
type Browser struct {
	ctx context.Context
}

// Start starts Chromium; it ends with the test.
func Start(t testing.TB) *Browser {
	t.Helper()
	path := nodejs.Tool(t, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
	flags := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.NoSandbox,
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.WSURLReadTimeout(patience),
	)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), flags...)
	// A browser newer than the library sends events that the library can't read; no test needs them.
	quiet := func(string, ...any) {}
	ctx, cancel := chromedp.NewContext(allocator, chromedp.WithErrorf(quiet), chromedp.WithLogf(quiet))
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits for the browser's end; how it ended is of no interest
		cancel()
		stop()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	return &Browser{ctx: ctx}
}
